"""/admin/organisations: who owns an organisation when its members cannot say."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import queries as audit
from matchmaker.db import now
from matchmaker.organisations import belonging
from matchmaker.organisations.models import Handover, Invitation, Organisation
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published
from tests.organisations.conftest import mails, notices, organisation, owner

__all__ = ["organisation", "owner"]

SENT = {"email": "rightful@example.org", "evidence": "Licence and a letter with its seal."}


@pytest.fixture
def admin(client: PageClient, administrator: User) -> PageClient:
    return client.sign_in(administrator)


def decide(admin: PageClient, organisation: Organisation, **changes: Any) -> Any:
    path = f"/admin/organisations/{organisation.id}/owner"
    return admin.submit(path, {"version": organisation.version, **SENT, **changes})


@pytest.mark.parametrize(
    ("ownership", "is_listed"),
    [("owner", False), ("editor only", True), ("suspended owner", True), ("nobody", True)],
)
def test_organisations_without_an_owner_are_found(
    admin: PageClient, organisation: Organisation, ownership: str, is_listed: bool
) -> None:
    if ownership != "nobody":
        role = "editor" if ownership == "editor only" else "owner"
        suspended = now() if ownership == "suspended owner" else None
        factories.member_of(organisation, role, suspended_at=suspended)
    text = admin.page("/admin/organisations?ownerless=yes").text
    assert (organisation.name_other in text) is is_listed


@pytest.mark.parametrize("part", ["Qinghai", "uscc", "nowhere"])
def test_they_are_found_by_name_and_code(
    admin: PageClient, organisation: Organisation, part: str
) -> None:
    text = organisation.uscc if part == "uscc" else part
    shown = admin.page(f"/admin/organisations?search={text}").text
    assert (organisation.name_other in shown) is (part != "nowhere")


def test_the_rightful_owner_is_invited_on_evidence(
    admin: PageClient, organisation: Organisation, owner: User, session: Session
) -> None:
    curator = factories.provincial_curator("63")
    assert decide(admin, organisation).status_code == 303
    invitation = session.query(Invitation).one()
    assert (invitation.email, invitation.role) == (SENT["email"], "owner")
    handover = session.query(Handover).one()
    assert (handover.evidence, handover.cleared) == (SENT["evidence"], False)
    actions = [record.action for record in audit.about(session, "organisation", organisation.id)]
    assert "organisation.hand_over" in actions
    told = [notices(session, user) for user in (owner, curator)]
    assert told == [["organisation.handed_over"]] * 2
    assert SENT["email"] in [mail.recipient for mail in mails(session)]
    assert organisation.status == "verified"


def test_a_member_becomes_an_owner_at_once(
    admin: PageClient, organisation: Organisation, session: Session
) -> None:
    editor = factories.member_of(organisation, "editor", email=SENT["email"])
    decide(admin, organisation)
    assert [user.id for user in belonging.owners(session, organisation.id)] == [editor.id]
    assert session.query(Invitation).count() == 0


def test_who_was_never_entitled_leaves_and_nothing_stays_verified(
    admin: PageClient,
    another_browser: PageClient,
    organisation: Organisation,
    owner: User,
    session: Session,
) -> None:
    listing = published(organisation=organisation)
    organisation.needs_grant = True
    session.commit()
    decide(admin, organisation, clear="y")
    assert belonging.people_of(session, [organisation.id], ["owner"]) == {}
    assert (organisation.status, organisation.verified_until) == ("registered", None)
    assert organisation.needs_grant is None
    assert notices(session, owner) == ["organisation.handed_over"]
    another_browser.page(f"/listings/{listing.id}", status=404)


@pytest.mark.parametrize("wrong", ["email", "evidence"])
def test_what_is_missing_is_named(
    admin: PageClient, organisation: Organisation, session: Session, wrong: str
) -> None:
    answer = decide(admin, organisation, **{wrong: " "})
    assert answer.status_code == 422
    assert f'href="#{wrong}"' in answer.text
    assert session.query(Handover).count() == 0


def test_an_old_page_decides_nothing(admin: PageClient, organisation: Organisation) -> None:
    assert decide(admin, organisation, version=organisation.version + 1).status_code == 409
