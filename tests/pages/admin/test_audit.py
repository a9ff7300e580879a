"""/admin/audit."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.permissions import VISITOR, Actor
from tests import factories
from tests.client import PageClient

ANA = Actor(user_id=1, name="Ana")
MORNING = datetime(2026, 5, 1, 16, tzinfo=UTC)  # the second of May has just begun in China
DAY = timedelta(days=1)


@pytest.fixture
def admin(client: PageClient, session: Session) -> PageClient:
    verify, suspend = "organisation.verify", "organisation.suspend"
    audit.record(session, ANA, verify, "organisation", 7, at=MORNING, until="2027-01-01")
    audit.record(session, ANA, suspend, "organisation", 8, at=MORNING)
    audit.record(session, VISITOR, "account.ask_reset", "account", None, at=MORNING + DAY)
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
        ("?actor=an", {"verified", "suspended"}),
        ("?actor=%25", set()),
        ("?since=2026-05-02&until=2026-05-02", {"verified", "suspended"}),
        ("?since=2026-05-03", {"asked"}),
        ("?until=2026-05-01", set()),
        ("?since=tomorrow&until=2026-13-45", {"verified", "suspended", "asked"}),
    ],
)
def test_the_log_is_narrowed(admin: PageClient, query: str, shown: set[str]) -> None:
    text = admin.page(f"/admin/audit{query}").text
    assert {word for word in ("verified", "suspended", "asked") if f"{word} " in text} == shown


def test_details_are_shown(admin: PageClient) -> None:
    assert "Until: 1 Jan 2027" in admin.page("/admin/audit").text


def test_a_visitor_is_called_so(admin: PageClient) -> None:
    assert "A visitor asked for a new password" in admin.page("/admin/audit").text


def test_the_log_is_paged(admin: PageClient, session: Session) -> None:
    for number in range(60):
        audit.record(session, ANA, "listing.create", "listing", number)
    session.commit()
    assert "Page 2 of 2" in admin.page("/admin/audit?page=2").text


@pytest.mark.parametrize(
    ("query", "ids"), [("", ["3", "2", "1"]), ("?subject_type=organisation&subject_id=7", ["1"])]
)
def test_what_is_shown_can_be_taken_along(admin: PageClient, query: str, ids: list[str]) -> None:
    response = admin.get(f"/admin/audit.csv{query}")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ids
    assert rows[-1]["detail"] == '{"until": "2027-01-01"}'
    assert len(rows[-1]["seal"]) == 64


def test_a_name_is_no_formula_in_a_spreadsheet(admin: PageClient, session: Session) -> None:
    audit.record(session, Actor(2, '=HYPERLINK("x")'), "listing.create", "listing", 1)
    session.commit()
    assert "\"'=HYPERLINK(" in admin.get("/admin/audit.csv").text
