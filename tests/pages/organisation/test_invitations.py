"""Inviting a colleague and joining."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.db import now
from matchmaker.organisations import belonging
from matchmaker.organisations.models import Invitation, Organisation, Verification
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import PASSWORD, REGISTRATION, mails
from tests.pages.organisation.conftest import PERSON

MEI = "mei@example.org"
NEW = {"name": "Mei", "password": PASSWORD, "language": "en"}


def invite(browser: PageClient, email: str = MEI, role: str = "editor") -> Any:
    return browser.submit("/organisation/invitations", {"email": email, "role": role})


def link(session: Session) -> str:
    return mails(session, "organisation.invitation")[-1].path


def role_of(session: Session, email: str) -> str | None:
    user = session.query(User).filter_by(email=email).one_or_none()
    membership = next(iter(belonging.memberships_of(session, user.id)), None) if user else None
    return membership.role if membership else None


@pytest.fixture
def invited(own: PageClient, session: Session) -> str:
    """The link in the mail."""
    invite(own)
    return link(session)


def test_the_colleague_is_mailed(own: PageClient, session: Session) -> None:
    invite(own, email="Mei@Example.org")
    (mail,) = mails(session)
    assert (mail.recipient, mail.kind) == (MEI, "organisation.invitation")
    assert mail.params == {
        "inviter": "Olga Owner",
        "organisation": "Qinghai Brine Works",
        "role": "editor",
    }


def test_the_database_does_not_hold_the_token(invited: str, session: Session) -> None:
    assert session.query(Invitation).one().token_hash not in invited


def test_the_invitation_is_listed_until_answered(
    own: PageClient, invited: str, another_browser: PageClient
) -> None:
    assert MEI in own.page("/organisation").text
    another_browser.submit(invited, NEW)
    assert "Withdraw" not in own.page("/organisation").text


def test_whoever_has_no_account_opens_one_and_is_in(
    another_browser: PageClient, invited: str, session: Session
) -> None:
    another_browser.page(invited)
    assert another_browser.submit(invited, NEW).location == "/organisation"
    assert "Qinghai Brine Works" in another_browser.page("/organisation").text
    assert role_of(session, MEI) == "editor"


def test_that_confirms_the_address(
    another_browser: PageClient, invited: str, session: Session
) -> None:
    another_browser.submit(invited, NEW)
    assert session.query(User).filter_by(email=MEI).one().email_confirmed_at is not None


def test_whoever_has_an_account_signs_in_first(another_browser: PageClient, invited: str) -> None:
    factories.UserFactory(email=MEI)
    page = another_browser.page(invited)
    assert f"/sign-in?next={invited}" in page.links
    assert another_browser.submit(invited, NEW).status_code == 404


def test_whoever_is_signed_in_joins_with_one_button(
    another_browser: PageClient, invited: str, session: Session
) -> None:
    another_browser.sign_in(factories.UserFactory(email=MEI))
    another_browser.page(invited)
    another_browser.submit(invited)
    assert role_of(session, MEI) == "editor"


def test_somebody_else_cannot_join_by_it(
    another_browser: PageClient, invited: str, session: Session
) -> None:
    another_browser.sign_in(factories.UserFactory(email="eve@example.org"))
    assert "another address" in another_browser.page(invited).text
    assert another_browser.submit(invited).status_code == 404
    assert role_of(session, "eve@example.org") is None


def test_it_works_once(another_browser: PageClient, client: PageClient, invited: str) -> None:
    another_browser.submit(invited, NEW)
    another_browser.submit("/sign-out")
    another_browser.page(invited, status=404)


def test_it_is_good_for_two_weeks(another_browser: PageClient, invited: str) -> None:
    with time_machine.travel(now() + timedelta(days=14, minutes=1)):
        assert "no longer valid" in another_browser.page(invited, status=404).text


def test_withdrawn_it_is_no_longer_good(
    own: PageClient, another_browser: PageClient, invited: str, session: Session
) -> None:
    invitation = session.query(Invitation).one()
    own.submit(f"/organisation/invitations/{invitation.id}/withdraw")
    another_browser.page(invited, status=404)


def test_a_new_one_replaces_the_older(
    own: PageClient, another_browser: PageClient, invited: str
) -> None:
    invite(own, role="owner")
    another_browser.page(invited, status=404)


def test_it_rests_while_the_organisation_is_suspended(
    another_browser: PageClient, invited: str, organisation: Organisation, session: Session
) -> None:
    organisation.status = "suspended"
    session.commit()
    another_browser.page(invited, status=404)


def test_a_member_elsewhere_belongs_to_both_and_acts_for_the_new_one(
    another_browser: PageClient, invited: str, organisation: Organisation
) -> None:
    first = factories.OrganisationFactory(name_other="First Works")
    another_browser.sign_in(factories.member_of(first, email=MEI))
    response = another_browser.submit(invited)
    assert organisation.name_other in another_browser.page(response.location).text
    assert "First Works" in another_browser.page("/acting").text


def test_curators_belong_to_no_organisation(another_browser: PageClient, invited: str) -> None:
    another_browser.sign_in(factories.provincial_curator("63", email=MEI))
    assert another_browser.submit(invited).status_code == 422


def test_an_unfinished_registration_gives_way(
    client: PageClient, another_browser: PageClient, own: PageClient, session: Session
) -> None:
    another_browser.submit("/register", {**REGISTRATION, **PERSON})
    confirm = mails(session, "account.confirm")[-1].path
    invite(own, email=PERSON["email"])
    another_browser.submit(link(session), NEW)
    assert role_of(session, PERSON["email"]) == "editor"
    another_browser.page(confirm, status=404)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"email": ""}, "email"),
        ({"email": "mei"}, "email"),
        ({"email": MEI, "role": "king"}, "role"),
        ({"email": MEI, "role": ""}, "role"),
    ],
)
def test_what_is_wrong_is_named(
    own: PageClient, data: dict[str, str], wrong: str, session: Session
) -> None:
    response = own.submit("/organisation/invitations", {"role": "editor", **data})
    assert response.status_code == 422
    assert f'href="#{wrong}"' in response.text
    assert mails(session) == []


def test_a_member_is_not_invited_again(own: PageClient, owner: User, session: Session) -> None:
    assert "already a member" in invite(own, email=owner.email).text
    assert mails(session) == []


@pytest.mark.parametrize("has_account", [False, True])
def test_the_inviter_does_not_learn_who_has_an_account(
    own: PageClient, has_account: bool, session: Session
) -> None:
    if has_account:
        factories.UserFactory(email=MEI, language="es")
    assert invite(own).location == "/organisation"
    assert mails(session)[-1].language == "en"


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_owners_invite(client: PageClient, organisation: Organisation, role: str) -> None:
    assert invite(client.sign_in(factories.member_of(organisation, role))).status_code == 404


def test_an_owner_elsewhere_cannot_withdraw(
    another_browser: PageClient, invited: str, session: Session
) -> None:
    stranger = factories.member_of(factories.OrganisationFactory(), "owner")
    invitation = session.query(Invitation).one()
    path = f"/organisation/invitations/{invitation.id}/withdraw"
    assert another_browser.sign_in(stranger).submit(path).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("password", "short"), ("password", MEI)]
)
def test_a_new_account_needs_what_every_account_needs(
    another_browser: PageClient, invited: str, field: str, value: str, session: Session
) -> None:
    response = another_browser.submit(invited, {**NEW, field: value})
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert role_of(session, MEI) is None


def test_an_invited_colleague_signs_in_with_the_password_chosen(
    another_browser: PageClient, client: PageClient, invited: str
) -> None:
    another_browser.submit(invited, NEW)
    another_browser.submit("/sign-out")
    assert (
        another_browser.submit("/sign-in", {"email": MEI, "password": PASSWORD}).location == "/home"
    )


def test_a_hash_is_made_of_it(another_browser: PageClient, invited: str, session: Session) -> None:
    another_browser.submit(invited, NEW)
    found = session.query(User).filter_by(email=MEI).one()
    assert found.password_hash[:9] == hash_password(PASSWORD)[:9]


def invitees(session: Session) -> list[str]:
    return [mail.recipient for mail in mails(session)]


@pytest.mark.parametrize(("status", "sent"), [("registered", 3), ("verified", 5), ("lapsed", 5)])
def test_an_unverified_organisation_invites_three(
    own: PageClient, session: Session, organisation: Organisation, status: str, sent: int
) -> None:
    organisation.status = status
    answers = [invite(own, f"p{number}@example.org").status_code for number in range(5)]
    assert answers == [303] * sent + [422] * (5 - sent)
    assert len(invitees(session)) == sent


@pytest.mark.parametrize(("status", "told"), [("registered", True), ("verified", False)])
def test_the_form_says_how_many_there_are(
    own: PageClient, organisation: Organisation, status: str, told: bool
) -> None:
    organisation.status = status
    assert ("you can send 3 invitations" in own.page("/organisation").text) is told


def test_the_fourth_is_refused_with_a_sentence_and_keeps_what_was_typed(
    own: PageClient, organisation: Organisation
) -> None:
    organisation.status = "registered"
    for number in range(3):
        invite(own, f"p{number}@example.org")
    response = invite(own, "p4@example.org")
    assert "before your organisation is verified, you can send 3 invitations" in response.text
    assert 'value="p4@example.org"' in response.text


def test_withdrawing_makes_no_room(
    own: PageClient, session: Session, organisation: Organisation
) -> None:
    organisation.status = "registered"
    for number in range(3):
        invite(own, f"p{number}@example.org")
    for invitation in session.query(Invitation):
        own.submit(f"/organisation/invitations/{invitation.id}/withdraw")
    assert invite(own, "p4@example.org").status_code == 422


def test_invitations_of_an_earlier_verification_do_not_count(
    own: PageClient, session: Session, organisation: Organisation
) -> None:
    for number in range(3):
        invite(own, f"p{number}@example.org")
    organisation.status = "registered"
    for verification in session.query(Verification):
        verification.ended_at = now()
    assert invite(own, "p4@example.org").status_code == 303


def test_the_mail_of_an_unverified_organisation_says_so(
    own: PageClient, session: Session, organisation: Organisation
) -> None:
    organisation.status = "registered"
    invite(own)
    assert [mail.kind for mail in mails(session)] == ["organisation.first_invitation"]
