"""/desk/organisations/<id>: what a curator decides about an organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import queries as audit
from matchmaker.db import today
from matchmaker.organisations import belonging
from matchmaker.organisations.models import Organisation, Verification
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import mails, notices

TODAY = today()
GOOD = {
    "evidence": "Licence seen, called back.",
    "checks": ["licence", "call"],
    "verified_on": TODAY.isoformat(),
    "expires_on": (TODAY + timedelta(days=365)).isoformat(),
}


@pytest.fixture
def new(app: Flask) -> Organisation:
    """Registered in Qinghai, with an owner."""
    found: Organisation = factories.OrganisationFactory(unverified=True, name_other="New Brine")
    factories.member_of(found, "owner", name="Olga Owner", email="olga@example.org")
    factories.member_of(found, "viewer", name="Vera Viewer")
    return found


def owner_of(session: Session, organisation: Organisation) -> User:
    return belonging.owners(session, organisation.id)[0]


def decide(browser: PageClient, organisation: Organisation, move: str = "", **data: Any) -> Any:
    path = f"/desk/organisations/{organisation.id}" + (f"/{move}" if move else "")
    return browser.submit(path, {"version": organisation.version, **data})


def settle(browser: PageClient, organisation: Organisation, move: str, **data: Any) -> Any:
    path = f"/organisations/{organisation.id}/{move}"
    return browser.submit(path, {"version": organisation.version, **data})


# the page


def test_the_page_shows_facts_people_and_history(desk: PageClient, new: Organisation) -> None:
    factories.VerificationFactory(
        organisation=new, curator=factories.UserFactory(name="Old Curator")
    )
    text = desk.page(f"/desk/organisations/{new.id}").text
    for shown in (
        "New Brine",
        new.uscc,
        new.contact_email,
        "Olga Owner",
        "Vera Viewer",
        "Old Curator",
        "licence seen",
    ):
        assert shown in text


@pytest.mark.parametrize(
    ("region", "said"), [("63", "agrees with the code"), ("65", "the code was issued elsewhere")]
)
def test_the_code_is_compared_with_the_province(desk: PageClient, region: str, said: str) -> None:
    organisation = factories.OrganisationFactory(
        unverified=True, uscc=factories.social_credit_code(77, region)
    )
    assert said in desk.page(f"/desk/organisations/{organisation.id}").text


@pytest.mark.parametrize("who", ["curator elsewhere", "administrator", "its owner", "evaluator"])
def test_nobody_else_sees_it(
    client: PageClient, new: Organisation, who: str, session: Session
) -> None:
    people = {
        "curator elsewhere": lambda: factories.provincial_curator("65"),
        "administrator": lambda: factories.staff("administrator"),
        "its owner": lambda: owner_of(session, new),
        "evaluator": lambda: factories.staff("evaluator"),
    }
    client.sign_in(people[who]()).page(f"/desk/organisations/{new.id}", status=404)


def test_nobody_verifies_their_own_organisation(
    client: PageClient, new: Organisation, session: Session
) -> None:
    owner = owner_of(session, new)
    factories.StaffRoleFactory(user=owner, role="national_curator")
    client.sign_in(owner)
    assert decide(client, new, **GOOD).status_code == 404


def test_a_near_name_is_shown(desk: PageClient, new: Organisation) -> None:
    factories.OrganisationFactory(name_other="New Brine Co., Ltd.", province="65")
    factories.OrganisationFactory(name_other="Old Wool")
    text = desk.page(f"/desk/organisations/{new.id}").text
    assert "New Brine Co., Ltd." in text
    assert "Old Wool" not in text


# verifying


def test_verifying_is_recorded_with_its_evidence(
    desk: PageClient, new: Organisation, curator: User, session: Session
) -> None:
    decide(desk, new, **GOOD)
    verification = session.query(Verification).one()
    assert new.status == "verified"
    assert (verification.curator_id, verification.evidence) == (curator.id, GOOD["evidence"])
    assert (verification.verified_on, verification.expires_on) == (
        TODAY,
        TODAY + timedelta(days=365),
    )


def test_the_owners_are_told_and_only_they(
    desk: PageClient, new: Organisation, session: Session
) -> None:
    decide(desk, new, **GOOD)
    assert notices(session, owner_of(session, new)) == ["organisation.verified"]
    assert [mail.recipient for mail in mails(session)] == ["olga@example.org"]


def test_the_log_holds_the_day_not_the_evidence(
    desk: PageClient, new: Organisation, session: Session
) -> None:
    decide(desk, new, **GOOD)
    (record,) = audit.about(session, "organisation", new.id)
    assert (record.action, record.detail) == ("organisation.verify", {"until": GOOD["expires_on"]})


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"evidence": " "}, "evidence"),
        ({"checks": []}, "checks"),
        ({"checks": ["stars"]}, "checks"),
        ({"verified_on": ""}, "verified_on"),
        ({"verified_on": "yesterday"}, "verified_on"),
        ({"verified_on": (TODAY + timedelta(days=1)).isoformat()}, "verified_on"),
        ({"expires_on": ""}, "expires_on"),
        ({"expires_on": TODAY.isoformat()}, "expires_on"),
        ({"expires_on": (TODAY + timedelta(days=3 * 366)).isoformat()}, "expires_on"),
    ],
)
def test_what_is_wrong_is_named_and_kept(
    desk: PageClient, new: Organisation, change: dict[str, str], wrong: str
) -> None:
    response = decide(desk, new, **{**GOOD, **change})
    assert response.status_code == 422
    assert f'href="#{wrong}"' in response.text
    assert (str(GOOD["evidence"]) in response.text) is (wrong != "evidence")
    assert new.status == "registered"


def test_a_verification_is_renewed(
    desk: PageClient, organisation: Organisation, session: Session
) -> None:
    decide(desk, organisation, **GOOD)
    assert session.query(Verification).count() == 2


# two curators


@pytest.mark.parametrize("move", ["", "ask", "posting"])
def test_the_second_of_two_curators_is_told(
    desk: PageClient, another_browser: PageClient, new: Organisation, move: str
) -> None:
    another_browser.sign_in(factories.staff("national_curator"))
    seen = new.version
    decide(desk, new, **GOOD)
    data = {"": GOOD, "ask": {"question": "Why?"}, "posting": {"needs": "yes", "capabilities": ""}}[
        move
    ]
    response = decide(another_browser, new, move, **data, version=seen)
    assert response.status_code == 409
    assert "Li Na" in response.text
    assert "verified the organisation" in response.text


def test_renewing_twice_at_once_conflicts_too(
    desk: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    """Nothing of the organisation's own row changes, but somebody has decided."""
    another_browser.sign_in(factories.staff("national_curator"))
    seen = organisation.version
    decide(desk, organisation, **GOOD)
    assert decide(another_browser, organisation, **GOOD, version=seen).status_code == 409
    assert session.query(Verification).count() == 2


def test_a_form_without_a_version_decides_nothing(desk: PageClient, new: Organisation) -> None:
    assert desk.submit(f"/desk/organisations/{new.id}", GOOD).status_code == 409


# asking for more


def test_asking_for_more_is_mailed_in_the_curators_words(
    desk: PageClient, new: Organisation, session: Session
) -> None:
    decide(desk, new, "ask", question="Please send the licence.")
    (mail,) = mails(session)
    assert (mail.kind, mail.params["note"]) == (
        "organisation.more_needed",
        "Please send the licence.",
    )
    assert new.status == "registered"


def test_asking_nothing_is_refused(desk: PageClient, new: Organisation, session: Session) -> None:
    response = decide(desk, new, "ask", question="")
    assert response.status_code == 422
    assert 'href="#question"' in response.text
    assert mails(session) == []


# what may be posted


@pytest.mark.parametrize(
    ("needs", "capabilities", "stored"),
    [
        ("yes", "", (True, None)),
        ("", "yes", (None, True)),
        ("no", "no", (False, False)),
        ("", "", (None, None)),
    ],
)
def test_posting_is_granted_refused_or_left_to_the_plan(
    desk: PageClient,
    new: Organisation,
    needs: str,
    capabilities: str,
    stored: tuple[bool | None, bool | None],
) -> None:
    decide(desk, new, "posting", needs=needs, capabilities=capabilities)
    assert (new.needs_grant, new.capabilities_grant) == stored


def test_the_form_shows_what_was_decided(desk: PageClient, new: Organisation) -> None:
    decide(desk, new, "posting", needs="no", capabilities="yes")
    text = desk.get(f"/desk/organisations/{new.id}").text
    assert text.count('<option selected value="no">') == 1
    assert text.count('<option selected value="yes">') == 1


# suspension


@pytest.mark.parametrize("role", ["curator", "administrator"])
def test_suspending_ends_what_members_may_do(
    client: PageClient,
    another_browser: PageClient,
    organisation: Organisation,
    owner: User,
    role: str,
) -> None:
    who = (
        factories.provincial_curator("63")
        if role == "curator"
        else factories.staff("administrator")
    )
    client.sign_in(who).page(f"/organisations/{organisation.id}/suspension")
    settle(client, organisation, "suspension", reason="False papers.")
    assert organisation.status == "suspended"
    another_browser.sign_in(owner).page("/organisation/edit", status=404)


def test_suspending_tells_the_owners_why(
    desk: PageClient, organisation: Organisation, owner: User, session: Session
) -> None:
    settle(desk, organisation, "suspension", reason="False papers.")
    assert mails(session)[0].params["note"] == "False papers."


def test_suspending_needs_a_reason(desk: PageClient, organisation: Organisation) -> None:
    response = settle(desk, organisation, "suspension", reason="")
    assert response.status_code == 422
    assert organisation.status == "verified"


@pytest.mark.parametrize(
    ("days", "status"), [(10, "verified"), (0, "verified"), (-1, "lapsed"), (None, "registered")]
)
def test_reinstating_gives_back_what_the_verification_says(
    desk: PageClient, days: int | None, status: str
) -> None:
    until = None if days is None else TODAY + timedelta(days=days)
    organisation = factories.OrganisationFactory(status="suspended", verified_until=until)
    settle(desk, organisation, "reinstate")
    assert organisation.status == status


def test_suspending_twice_conflicts(desk: PageClient, organisation: Organisation) -> None:
    settle(desk, organisation, "suspension", reason="False papers.")
    assert settle(desk, organisation, "suspension", reason="Again.").status_code == 409


def test_a_suspended_organisation_is_not_verified(desk: PageClient) -> None:
    suspended = factories.OrganisationFactory(status="suspended")
    assert decide(desk, suspended, **GOOD).status_code == 422
    assert suspended.status == "suspended"
