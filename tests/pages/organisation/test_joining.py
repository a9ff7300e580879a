"""Asking to join an organisation that is registered already."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.organisations import belonging
from matchmaker.organisations.models import JoinRequest, Organisation
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import REGISTRATION, USCC, mails, notices
from tests.pages.organisation.conftest import PERSON


@pytest.fixture
def known(app: Flask) -> Organisation:
    """Not verified: a stranger learns nothing of it."""
    found: Organisation = factories.OrganisationFactory(
        uscc=USCC, unverified=True, name_zh="隐名公司", name_other="Hidden Works"
    )
    return found


@pytest.fixture
def olga(known: Organisation) -> User:
    return factories.member_of(known, "owner")


@pytest.fixture
def asking(client: PageClient, olga: User, session: Session) -> PageClient:
    """The browser of somebody who has asked to join."""
    client.submit("/register", {**REGISTRATION, **PERSON, "joins": "y"})
    client.submit(mails(session, "account.confirm")[-1].path)
    return client


@pytest.fixture
def own(another_browser: PageClient, olga: User) -> PageClient:
    return another_browser.sign_in(olga)


def test_a_request_waits_for_an_owner(asking: PageClient, own: PageClient) -> None:
    assert "is waiting for an account manager" in asking.page("/organisation").text
    assert "Li Na" in own.page("/organisation").text
    assert "asks to join your organisation" in own.page("/home").text


def test_who_asks_learns_nothing_of_the_organisation(
    asking: PageClient, known: Organisation, session: Session
) -> None:
    texts = [asking.page(path).text for path in ("/organisation", "/home", "/account/data")]
    texts += [str(mail.params) for mail in mails(session) if mail.recipient == PERSON["email"]]
    assert not [text for text in texts if known.name_other in text or known.name_zh in text]


def test_nobody_asks_before_the_address_is_confirmed(
    client: PageClient, olga: User, session: Session
) -> None:
    client.submit("/register", {**REGISTRATION, **PERSON, "joins": "y"})
    assert session.query(JoinRequest).count() == 0


def test_an_owner_lets_them_in(
    asking: PageClient, own: PageClient, known: Organisation, session: Session
) -> None:
    request = session.query(JoinRequest).one()
    path = f"/organisation/requests/{request.id}/accept"
    assert own.submit(path, {"role": "editor"}).status_code == 303
    membership = belonging.membership_of(session, request.user_id, known.id)
    assert membership is not None
    assert (membership.organisation_id, membership.role) == (known.id, "editor")
    assert "Hidden Works" in asking.page("/organisation").text


@pytest.mark.parametrize("move", ["decline", "withdraw"])
def test_a_request_ends(asking: PageClient, own: PageClient, move: str, session: Session) -> None:
    request = session.query(JoinRequest).one()
    browser = own if move == "decline" else asking
    path = f"/organisation/requests/{request.id}/{move}"
    assert browser.submit(path).status_code == 303
    assert own.submit(f"/organisation/requests/{request.id}/accept", {"role": "owner"}).status_code
    assert not belonging.memberships_of(session, request.user_id)


def test_somebody_with_an_account_asks_at_once(
    client: PageClient, known: Organisation, olga: User, session: Session
) -> None:
    client.sign_in(factories.UserFactory())
    client.submit("/register", {**REGISTRATION, "joins": "y"})
    client.submit("/register", {**REGISTRATION, "joins": "y"})
    assert session.query(JoinRequest).one().organisation_id == known.id


def test_who_belongs_elsewhere_by_now_belongs_to_both(
    asking: PageClient, own: PageClient, session: Session
) -> None:
    request = session.query(JoinRequest).one()
    user = session.get(User, request.user_id)
    factories.MembershipFactory(user=user)
    path = f"/organisation/requests/{request.id}/accept"
    assert own.submit(path, {"role": "editor"}).status_code == 303
    assert len(belonging.memberships_of(session, request.user_id)) == 2


def test_staff_by_now_are_not_let_in(asking: PageClient, own: PageClient, session: Session) -> None:
    request = session.query(JoinRequest).one()
    factories.StaffRoleFactory(
        user=session.get(User, request.user_id), role="evaluator", province=""
    )
    path = f"/organisation/requests/{request.id}/accept"
    assert own.submit(path, {"role": "editor"}).status_code == 422


# where nobody can decide


def test_without_an_owner_the_curators_are_told(
    client: PageClient, known: Organisation, session: Session
) -> None:
    curator = factories.provincial_curator("63")
    client.sign_in(factories.UserFactory(name="Li Na"))
    client.submit("/register", {**REGISTRATION, "joins": "y"})
    assert notices(session, curator) == ["organisation.join_ownerless"]
    client.sign_in(curator)
    assert "asks to join" in client.page(f"/desk/organisations/{known.id}").text


@pytest.mark.parametrize("way", ["invited", "registers"])
def test_who_belongs_somewhere_asks_no_longer(
    asking: PageClient, another_browser: PageClient, olga: User, session: Session, way: str
) -> None:
    if way == "invited":
        another_browser.sign_in(olga)
        invitation = {"email": PERSON["email"], "role": "owner"}
        another_browser.submit("/organisation/invitations", invitation)
        asking.submit(mails(session, "organisation.first_invitation")[-1].path)
    else:
        other = factories.social_credit_code(12)
        asking.submit("/register", {**REGISTRATION, "uscc": other})
    request = session.query(JoinRequest).one()
    assert request.status == {"invited": "accepted", "registers": "withdrawn"}[way]
