"""What is noted of requests, and /admin/security."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import StaffRole, User
from matchmaker.security.models import SecurityEvent
from matchmaker.security.service import Seen, note
from matchmaker.security.states import SecurityKind
from tests import factories
from tests.client import PageClient
from tests.pages.account.conftest import PASSWORD, ana

__all__ = ["ana"]  # a fixture

pytestmark = pytest.mark.both_databases
Noted = list[tuple[str, int | None, str, str]]


def noted(session: Session) -> Noted:
    session.rollback()
    events = session.scalars(select(SecurityEvent).order_by(SecurityEvent.id))
    return [(event.kind, event.account_id, event.account, event.address) for event in events]


@pytest.mark.parametrize(
    ("password", "kind"), [(PASSWORD, "signed_in"), ("wrong horse wrong", "sign_in_failed")]
)
def test_sign_ins_are_noted_with_account_and_address(
    client: PageClient, session: Session, ana: User, password: str, kind: str
) -> None:
    client.submit("/sign-in", {"email": "ana@example.org", "password": password})
    good = kind == "signed_in"
    who = (ana.id, "Ana") if good else (None, "ana@example.org")
    assert noted(session) == [(kind, *who, "127.0.0.1")]


def test_a_limit_is_noted_once_a_minute(client: PageClient, session: Session, ana: User) -> None:
    for _ in range(14):
        client.submit("/sign-in", {"email": "ana@example.org", "password": "wrong horse wrong"})
    limited = [event for event in noted(session) if event[0] == "limited"]
    assert limited == [("limited", None, "ana@example.org", "127.0.0.1")]


@pytest.mark.parametrize("path", ["/admin/accounts", "/listings/999999", "/desk"])
def test_a_page_that_is_not_open_is_noted_as_one_that_is_absent(
    client: PageClient, session: Session, ana: User, path: str
) -> None:
    client.page(path, status=404) if path.startswith("/l") else None
    session.query(SecurityEvent).delete()
    session.commit()
    client.sign_in(ana).page(path, status=404)
    assert noted(session) == [("refused", ana.id, "Ana", "127.0.0.1")]


def test_a_visitor_who_asks_for_what_is_not_there_is_not_noted(
    client: PageClient, session: Session
) -> None:
    client.page("/listings/999999", status=404)
    assert noted(session) == []


def test_roles_and_suspensions_are_noted_with_who_gave_them(
    client: PageClient, session: Session, ana: User
) -> None:
    administrator = factories.staff("administrator")
    client.sign_in(administrator)
    client.submit(f"/admin/accounts/{ana.id}/roles", {"role": "evaluator"})
    role = session.query(StaffRole).filter_by(user_id=ana.id).one()
    client.submit(f"/admin/accounts/{ana.id}/roles/{role.id}/take")
    client.submit(f"/admin/accounts/{ana.id}/suspend", {"reason": "Left."})
    client.submit(f"/admin/accounts/{ana.id}/reinstate")
    kinds = [(kind, who) for kind, who, *_ in noted(session)]
    assert kinds == [
        (kind, administrator.id) for kind in ("role_given", "role_taken", "suspended", "reinstated")
    ]


def test_a_role_that_was_refused_is_not_noted(
    client: PageClient, session: Session, ana: User
) -> None:
    client.sign_in(factories.staff("administrator"))
    client.submit(f"/admin/accounts/{ana.id}/roles", {"role": "king"})
    assert noted(session) == []


@pytest.mark.parametrize("path", ["/admin/audit.csv", "/admin/security.csv?kind=exported"])
def test_what_is_taken_along_is_noted(client: PageClient, session: Session, path: str) -> None:
    administrator = factories.staff("administrator")
    _ = client.sign_in(administrator).get(path).text
    assert [(kind, who) for kind, who, *_ in noted(session)] == [("exported", administrator.id)]


@pytest.fixture
def log(client: PageClient, session: Session) -> PageClient:
    note(session, Seen(SecurityKind.SIGN_IN_FAILED, None, "eva@example.org", "192.0.2.7"))
    note(session, Seen(SecurityKind.ROLE_GIVEN, 7, "Ana", "2001:db8::1", {"of": 8, "role": "x"}))
    session.commit()
    return client.sign_in(factories.staff("administrator"))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"192.0.2.7", "2001:db8::1"}),
        ("?kind=role_given", {"2001:db8::1"}),
        ("?kind=nonsense", {"192.0.2.7", "2001:db8::1"}),
        ("?text=EVA", {"192.0.2.7"}),
        ("?text=192.0.2", {"192.0.2.7"}),
        ("?since=2040-01-01", set()),
        ("?until=2020-01-01", set()),
    ],
)
def test_the_log_is_narrowed(log: PageClient, query: str, shown: set[str]) -> None:
    text = log.page(f"/admin/security{query}").text
    assert {address for address in ("192.0.2.7", "2001:db8::1") if address in text} == shown
    taken = csv.DictReader(
        io.StringIO(log.get(f"/admin/security.csv{query}").data.decode("utf-8-sig"))
    )
    assert {row["address"] for row in taken} == shown


def test_the_log_says_for_how_long_it_is_kept(log: PageClient) -> None:
    assert "Kept for 180 days." in log.page("/admin/security").text
