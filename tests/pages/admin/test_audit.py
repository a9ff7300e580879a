"""/admin/audit."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.permissions import VISITOR, Actor
from tests import factories
from tests.client import PageClient

ANA = Actor(user_id=1, name="Ana")


@pytest.fixture
def admin(client: PageClient, session: Session) -> PageClient:
    audit.record(session, ANA, "organisation.verify", "organisation", 7, until="2027-01-01")
    audit.record(session, ANA, "organisation.suspend", "organisation", 8)
    audit.record(session, VISITOR, "account.ask_reset", "account", None)
    session.commit()
    return client.sign_in(factories.staff("administrator"))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"verified", "suspended", "asked"}),
        ("?subject_type=organisation", {"verified", "suspended"}),
        ("?subject_type=organisation&subject_id=7", {"verified"}),
        ("?subject_type=account", {"asked"}),
        ("?subject_type=nonsense&subject_id=x", {"verified", "suspended", "asked"}),
        ("?subject_type=organisation&subject_id=99", set()),
    ],
)
def test_the_log_is_narrowed_to_a_thing(admin: PageClient, query: str, shown: set[str]) -> None:
    text = admin.page(f"/admin/audit{query}").text
    assert {word for word in ("verified", "suspended", "asked") if f"{word} " in text} == shown


def test_details_are_shown(admin: PageClient) -> None:
    assert 'until="2027-01-01"' in admin.page("/admin/audit").text


def test_a_visitor_is_called_so(admin: PageClient) -> None:
    assert "A visitor asked for a new password" in admin.page("/admin/audit").text


def test_the_log_is_paged(admin: PageClient, session: Session) -> None:
    for number in range(60):
        audit.record(session, ANA, "listing.create", "listing", number)
    session.commit()
    assert "Page 2 of 2" in admin.page("/admin/audit?page=2").text
