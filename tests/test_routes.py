"""Every route for every kind of visitor: who is let through. A route that is not in the table fails the suite.

Let through means anything but "there is no such page" for somebody signed in, and anything but "please sign in" or "there
is no such page" for a visitor: a form may still find fault with what is sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from matchmaker.accounts import links
from matchmaker.accounts.models import StaffRole, User
from matchmaker.db import db, now
from matchmaker.notices.models import Notice
from matchmaker.organisations.members import hash_token
from matchmaker.organisations.models import Invitation, Membership
from tests import factories
from tests.client import PageClient

OWN = {"owner", "editor", "viewer"}  # of the western organisation that owns the things below
WRITERS = {"owner", "editor"}
PARTNER = {"partner"}  # the owner of the eastern organisation, the other party of the suggestion and the match
MEMBERS = OWN | PARTNER | {"stranger", "unverified"}  # everybody with an organisation
CURATORS = {"curator", "national"}  # in charge of the western organisation
ALL_CURATORS = CURATORS | {"elsewhere"}
STAFF = ALL_CURATORS | {"evaluator", "admin"}
SIGNED_IN = MEMBERS | STAFF | {"loner"}
ALL = SIGNED_IN | {"visitor"}
Route = tuple[str, str]

DESK = "/desk/organisations/{west}"

# endpoint and method → (address, who is let through)
ROUTES: dict[Route, tuple[str, set[str]]] = {
    # the site and the plan
    ("overview.front", "GET"): ("/", ALL),
    ("overview.plan", "GET"): ("/plan", ALL),
    ("overview.task", "GET"): ("/plan/tasks/{task}", ALL),
    ("overview.regions", "GET"): ("/regions", ALL),
    ("overview.health", "GET"): ("/health", ALL),
    ("overview.ready", "GET"): ("/ready", ALL),
    ("overview.choose_language", "POST"): ("/language", ALL),
    ("overview.home", "GET"): ("/home", SIGNED_IN),
    ("notices.index", "GET"): ("/notices", SIGNED_IN),
    ("notices.open_notice", "POST"): ("/notices/{notice}/open", {"owner"}),
    ("notices.read_all", "POST"): ("/notices/read", SIGNED_IN),
    # one's own account
    ("accounts.sign_in", "GET"): ("/sign-in", ALL),
    ("accounts.sign_in", "POST"): ("/sign-in", ALL),
    ("accounts.sign_out", "POST"): ("/sign-out", SIGNED_IN),
    ("accounts.forgot", "GET"): ("/forgot-password", ALL),
    ("accounts.forgot", "POST"): ("/forgot-password", ALL),
    ("accounts.reset", "GET"): ("/reset-password/{reset}", ALL),
    ("accounts.reset", "POST"): ("/reset-password/{reset}", ALL),
    ("accounts.profile", "GET"): ("/account", SIGNED_IN),
    ("accounts.profile", "POST"): ("/account", SIGNED_IN),
    ("accounts.change_password", "GET"): ("/account/password", SIGNED_IN),
    ("accounts.change_password", "POST"): ("/account/password", SIGNED_IN),
    # administration
    ("accounts.manage", "GET"): ("/admin/accounts", {"admin"}),
    ("accounts.create", "GET"): ("/admin/accounts/new", {"admin"}),
    ("accounts.create", "POST"): ("/admin/accounts/new", {"admin"}),
    ("accounts.account", "GET"): ("/admin/accounts/{loner}", {"admin"}),
    ("accounts.suspend", "POST"): ("/admin/accounts/{loner}/suspend", {"admin"}),
    ("accounts.reinstate", "POST"): ("/admin/accounts/{loner}/reinstate", {"admin"}),
    ("accounts.give_role", "POST"): ("/admin/accounts/{loner}/roles", {"admin"}),
    ("accounts.take_role", "POST"): ("/admin/accounts/{evaluator}/roles/{role}/take", {"admin"}),
    ("audit.index", "GET"): ("/admin/audit", {"admin"}),
    ("overview.processes", "GET"): ("/admin/processes", {"admin"}),
    # organisations
    ("organisations.register", "GET"): ("/register", ALL),
    ("organisations.register", "POST"): ("/register", ALL),
    ("organisations.confirm", "GET"): ("/confirm/{confirm}", ALL),
    ("organisations.confirm", "POST"): ("/confirm/{confirm}", ALL),
    ("organisations.invitation", "GET"): ("/invitations/{invited}", ALL),
    ("organisations.invitation", "POST"): ("/invitations/{invited}", {"visitor"}),  # it is for another address
    ("organisations.mine", "GET"): ("/organisation", SIGNED_IN),
    ("organisations.edit", "GET"): ("/organisation/edit", {"owner", "partner", "stranger", "unverified"}),
    ("organisations.edit", "POST"): ("/organisation/edit", {"owner", "partner", "stranger", "unverified"}),
    ("organisations.invite", "POST"): ("/organisation/invitations", {"owner", "partner", "stranger", "unverified"}),
    ("organisations.withdraw_invitation", "POST"): ("/organisation/invitations/{invitation}/withdraw", {"owner"}),
    ("organisations.change_role", "POST"): ("/organisation/members/{membership}/role", {"owner"}),
    ("organisations.remove_member", "POST"): ("/organisation/members/{membership}/remove", {"owner"}),
    ("organisations.leave", "POST"): ("/organisation/leave", MEMBERS),
    ("organisations.show", "GET"): ("/organisations/{west}", ALL),
    ("organisations.verify", "GET"): (DESK, CURATORS),
    ("organisations.verify", "POST"): (DESK, CURATORS),
    ("organisations.ask_for_more", "POST"): (DESK + "/ask", CURATORS),
    ("organisations.grant_posting", "POST"): (DESK + "/posting", CURATORS),
    ("organisations.suspend", "GET"): ("/organisations/{west}/suspension", CURATORS | {"admin"}),
    ("organisations.suspend", "POST"): ("/organisations/{west}/suspension", CURATORS | {"admin"}),
    ("organisations.reinstate", "POST"): ("/organisations/{west}/reinstate", CURATORS | {"admin"}),
    # needs and capabilities
    ("listings.browse", "GET"): ("/listings", ALL),
    ("listings.show", "GET"): ("/listings/{need}", ALL),
    ("listings.mine", "GET"): ("/our/listings", MEMBERS),
    ("listings.of_organisation", "GET"): ("/organisations/{west}/listings", ALL),
    ("listings.create", "GET"): ("/listings/new/need", MEMBERS - {"viewer"}),
    ("listings.create", "POST"): ("/listings/new/need", MEMBERS - {"viewer"}),
    ("listings.edit", "GET"): ("/listings/{need}/edit", WRITERS),
    ("listings.edit", "POST"): ("/listings/{need}/edit", WRITERS),
    ("listings.submit", "POST"): ("/listings/{need}/submit", WRITERS),
    ("listings.pause", "POST"): ("/listings/{need}/pause", WRITERS),
    ("listings.resume", "POST"): ("/listings/{need}/resume", WRITERS),
    ("listings.renew", "POST"): ("/listings/{need}/renew", WRITERS),
    ("listings.close", "POST"): ("/listings/{need}/close", WRITERS),
    ("listings.review", "GET"): ("/desk/listings/{need}", CURATORS),
    ("listings.review", "POST"): ("/desk/listings/{need}", CURATORS),
    # suggested partners and matches
    ("recommendation.mine", "GET"): ("/partners", MEMBERS),
    ("recommendation.show", "GET"): ("/suggestions/{suggestion}", OWN | PARTNER | CURATORS),
    ("recommendation.keep", "POST"): ("/suggestions/{suggestion}/keep", WRITERS | PARTNER),
    ("recommendation.unkeep", "POST"): ("/suggestions/{suggestion}/unkeep", WRITERS | PARTNER),
    ("recommendation.dismiss", "POST"): ("/suggestions/{suggestion}/dismiss", WRITERS | PARTNER),
    ("recommendation.restore", "POST"): ("/suggestions/{suggestion}/restore", WRITERS | PARTNER),
    ("cooperation.express", "POST"): ("/suggestions/{suggestion}/interest", WRITERS | PARTNER),
    ("cooperation.mine", "GET"): ("/matches", MEMBERS),
    ("cooperation.show", "GET"): ("/matches/{match}", OWN | PARTNER | CURATORS),
    ("cooperation.accept", "POST"): ("/matches/{match}/accept", WRITERS | PARTNER),
    ("cooperation.decline", "POST"): ("/matches/{match}/decline", WRITERS | PARTNER),
    ("cooperation.withdraw", "POST"): ("/matches/{match}/withdraw", WRITERS | PARTNER),
    ("cooperation.again", "POST"): ("/matches/{match}/again", WRITERS | PARTNER),
    ("cooperation.promise", "POST"): ("/matches/{match}/promise", WRITERS | PARTNER),
    # the desk
    ("curation.desk", "GET"): ("/desk", ALL_CURATORS),
    ("curation.suggestions", "GET"): ("/desk/suggestions", ALL_CURATORS),
    ("curation.suggestion", "GET"): ("/desk/suggestions/{suggestion}", CURATORS),
    ("curation.shortlist", "POST"): ("/desk/suggestions/{suggestion}/shortlist", CURATORS),
    ("curation.release", "POST"): ("/desk/suggestions/{suggestion}/release", CURATORS),
    ("curation.hold_back", "POST"): ("/desk/suggestions/{suggestion}/hold-back", CURATORS),
    ("curation.propose", "POST"): ("/desk/suggestions/{suggestion}/propose", CURATORS),
    ("curation.judge", "POST"): ("/desk/suggestions/{suggestion}/judge", CURATORS),
    ("curation.quality", "GET"): ("/desk/quality", ALL_CURATORS | {"evaluator"}),
    ("curation.measure_quality", "POST"): ("/desk/quality/measure", ALL_CURATORS),
    ("curation.download_judged", "GET"): ("/desk/quality/judged.zip", ALL_CURATORS),
    ("curation.decide", "POST"): ("/desk/suggestions/decide", ALL_CURATORS),
    ("curation.nudge", "POST"): ("/desk/matches/{match}/nudge", CURATORS),
    ("curation.add_pair", "GET"): ("/desk/pairs/new", ALL_CURATORS),
    ("curation.create_pair", "POST"): ("/desk/pairs/new", ALL_CURATORS),
}


@pytest.fixture
def world(app: Flask) -> dict[str, Any]:
    """One of each thing, and a person of each kind; name → id."""
    west = factories.OrganisationFactory(province="63")
    east = factories.OrganisationFactory(eastern=True)
    north = factories.OrganisationFactory(province="64")
    new = factories.OrganisationFactory(unverified=True, province="65")
    people = {
        "owner": factories.member_of(west),
        "editor": factories.member_of(west, "editor"),
        "viewer": factories.member_of(west, "viewer"),
        "partner": factories.member_of(east),
        "stranger": factories.member_of(north),
        "unverified": factories.member_of(new),
        "curator": factories.provincial_curator("63"),
        "elsewhere": factories.provincial_curator("65"),
        "national": factories.staff("national_curator"),
        "evaluator": factories.staff("evaluator"),
        "admin": factories.staff("administrator"),
        "loner": factories.UserFactory(),
    }
    need = factories.need(organisation=west, author=people["owner"])
    capability = factories.capability(organisation=east, author=people["partner"])
    suggestion = factories.SuggestionFactory(need=need, capability=capability)
    match = factories.MatchFactory(need=need, capability=capability)
    notice = Notice(user_id=people["owner"].id, kind="account.exists", params={}, path="/", created_at=now())
    invitation = Invitation(
        organisation_id=west.id, email="new@example.org", role="viewer", token_hash=hash_token("invited"),
        invited_by_id=people["owner"].id, created_at=now(), expires_at=now() + timedelta(days=1),
    )  # fmt: skip
    db.session.add_all([notice, invitation])
    db.session.commit()
    viewer = db.session.query(Membership).filter_by(user_id=people["viewer"].id).one()
    return {
        **{name: person.id for name, person in people.items()},
        "confirm": links.make(links.CONFIRM, people["loner"]),
        "reset": links.make(links.RESET, people["loner"]),
        "invited": "invited",
        "task": factories.task("QH-1").id,
        "west": west.id,
        "need": need.id,
        "suggestion": suggestion.id,
        "match": match.id,
        "notice": notice.id,
        "invitation": invitation.id,
        "membership": viewer.id,
        "role": db.session.query(StaffRole).filter_by(user_id=people["evaluator"].id).one().id,
    }


def ask(app: Flask, world: dict[str, Any], route: Route, who: str, address: str | None = None) -> int:
    """The status that a kind of visitor gets; a visitor's being sent to sign in counts as 401."""
    client: PageClient = app.test_client()  # type: ignore[assignment]
    if who != "visitor":
        client.sign_in(db.session.get(User, world[who]))
    address = address or ROUTES[route][0].format(**world)
    response = client.get(address) if route[1] == "GET" else client.submit(address)
    sent_to_sign_in = response.status_code == 303 and response.location.startswith("/sign-in?next=")
    return 401 if sent_to_sign_in else response.status_code


def of(app: Flask) -> set[Route]:
    """Every route of the application but static files."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


def test_the_table_has_every_route_and_no_other(app: Flask) -> None:
    assert set(ROUTES) == of(app)


def test_every_view_declares_its_permission(app: Flask) -> None:
    assert [name for name, _ in of(app) if not hasattr(app.view_functions[name], "action")] == []


@pytest.mark.parametrize("route", sorted(ROUTES), ids=" ".join)
def test_everybody_else_finds_no_such_page(app: Flask, world: dict[str, Any], route: Route) -> None:
    denied = ALL - ROUTES[route][1]
    answers = {who: ask(app, world, route, who) for who in sorted(denied)}
    assert {who for who, status in answers.items() if status not in (401, 404)} == set()
    assert answers.get("visitor") in (None, 401)


READS = sorted(route for route in ROUTES if route[1] == "GET")
WRITES = sorted((route, who) for route in ROUTES if route[1] == "POST" for who in ROUTES[route][1])


@pytest.mark.parametrize("route", READS, ids=" ".join)
def test_who_may_read_is_let_through(app: Flask, world: dict[str, Any], route: Route) -> None:
    answers = {who: ask(app, world, route, who) for who in sorted(ROUTES[route][1])}
    assert {who: status for who, status in answers.items() if status not in (200, 303)} == {}


@pytest.mark.parametrize(("route", "who"), WRITES, ids=lambda part: part if isinstance(part, str) else part[0])
def test_who_may_write_is_let_through(app: Flask, world: dict[str, Any], route: Route, who: str) -> None:
    status = ask(app, world, route, who)
    assert status not in (401, 403, 404)
    assert status < 500


@pytest.mark.parametrize("route", [r for r in sorted(ROUTES) if "{" in ROUTES[r][0]], ids=" ".join)
def test_what_is_absent_answers_as_what_is_forbidden(app: Flask, world: dict[str, Any], route: Route) -> None:
    nothing = dict.fromkeys(world, 999_999)
    for who in ("visitor", "loner", "owner", "national", "admin"):
        address = ROUTES[route][0].format(**nothing)
        expected = (401, 404) if who == "visitor" else (404,)
        assert ask(app, world, route, who, address) in expected, who
