"""What matters asks for the password again where the last time is long ago."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User, UserSession
from matchmaker.accounts.passwords import hash_password
from matchmaker.db import now
from matchmaker.organisations.models import Membership
from tests import factories
from tests.accounts.conftest import PASSWORD
from tests.client import PageClient
from tests.pages.account.test_resume import hidden


def long_ago(session: Session, minutes: int = 31) -> None:
    session.execute(update(UserSession).values(proved_at=now() - timedelta(minutes=minutes)))
    session.commit()


@pytest.fixture
def own(client: PageClient, ana: User) -> PageClient:
    return client.sign_in(ana)


@pytest.mark.parametrize(("minutes", "asked"), [(29, False), (31, True)])
def test_it_is_asked_for_after_a_while(
    own: PageClient, session: Session, minutes: int, asked: bool
) -> None:
    long_ago(session, minutes)
    assert ("/account/prove" in own.submit("/account/second-factor/begin").text) is asked


def test_what_was_sent_goes_on_after_the_password(
    client: PageClient, session: Session, ana: User
) -> None:
    client.sign_in(factories.staff("administrator", password_hash=hash_password(PASSWORD)))
    long_ago(session)
    path = f"/admin/accounts/{ana.id}/suspend"
    asked = client.submit(path, {"reason": "Left the park."})
    assert asked.status_code == 401
    assert ana.suspended_at is None
    wrong = client.submit("/account/prove", {**hidden(asked.text), "password": "wrong password"})
    assert wrong.status_code == 422
    offered = client.submit("/account/prove", {**hidden(wrong.text), "password": PASSWORD})
    assert f'action="{path}"' in offered.text
    client.submit(path, hidden(offered.text))
    assert ana.suspension_reason == "Left the park."


def test_a_page_is_come_back_to(client: PageClient, session: Session) -> None:
    owner = factories.member_of(factories.OrganisationFactory())
    client.sign_in(owner)
    long_ago(session)
    assert client.get("/organisation/edit").location == "/account/prove?next=/organisation/edit"


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("administrator", "GET", "/admin/accounts/new"),
        ("administrator", "POST", "/admin/accounts/{ana}/roles"),
        ("administrator", "POST", "/admin/accounts/{ana}/reinstate"),
        ("administrator", "POST", "/admin/accounts/{ana}/second-factor/remove"),
        ("administrator", "GET", "/admin/audit.csv"),
        ("administrator", "GET", "/admin/security.csv"),
        ("national_curator", "GET", "/desk/quality/judged.zip"),
    ],
)
def test_roles_and_exports_ask(
    client: PageClient, session: Session, ana: User, role: str, method: str, path: str
) -> None:
    client.sign_in(factories.staff(role))
    long_ago(session)
    address = path.format(ana=ana.id)
    answer = client.submit(address) if method == "POST" else client.get(address)
    assert answer.status_code == (401 if method == "POST" else 303)
    assert "/account/prove" in (answer.location or answer.text)


def test_members_and_sessions_ask(client: PageClient, session: Session) -> None:
    organisation = factories.OrganisationFactory()
    owner, viewer = factories.member_of(organisation), factories.member_of(organisation, "viewer")
    elsewhere = factories.UserSessionFactory(user_id=owner.id, generation=owner.generation)
    member = session.query(Membership).filter_by(user_id=viewer.id).one()
    client.sign_in(owner)
    long_ago(session)
    for path in (
        "/organisation/invitations",
        f"/organisation/members/{member.id}/remove",
        f"/account/sessions/{elsewhere.id}/end",
        "/account/sessions/end-others",
    ):
        assert client.submit(path).status_code == 401, path
    assert elsewhere.ended_at is None


def test_who_may_not_is_not_even_asked(own: PageClient, session: Session, ana: User) -> None:
    long_ago(session)
    assert own.submit(f"/admin/accounts/{ana.id}/roles").status_code == 404


def test_guessing_is_limited(own: PageClient) -> None:
    answers = [
        own.submit("/account/prove", {"password": "not the password"}).status_code
        for _ in range(11)
    ]
    assert answers[-2:] == [422, 429]
