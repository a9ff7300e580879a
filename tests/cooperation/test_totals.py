"""Counts by key task and by corridor."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from matchmaker.cooperation import totals as queries
from matchmaker.cooperation.models import Step
from matchmaker.cooperation.queries import agreed_by_listing
from matchmaker.cooperation.states import MatchStatus
from tests import factories


@pytest.mark.both_databases
def test_counts_are_of_what_is_published(session: Session) -> None:
    task = factories.task("QH-1")
    factories.need()
    factories.need(draft=True)
    factories.capability()
    counts = queries.counts_by_task(session)[task.id]
    assert (counts.needs, counts.capabilities, counts.suggestions, counts.matches) == (1, 1, 0, 0)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({}, 1),
        ({"band": "weak"}, 0),
        ({"status": "held_back"}, 0),
        ({"status": "shortlisted"}, 1),
        ({"is_current": False}, 0),
    ],
)
def test_suggestions_count_while_they_stand(
    session: Session, fields: dict[str, object], counted: int
) -> None:
    task = factories.task("QH-1")
    factories.SuggestionFactory(**fields)
    counts = queries.counts_by_task(session)[task.id]
    assert (counts.suggestions, counts.unserved) == (counted, 1 - counted)


@pytest.mark.both_databases
@pytest.mark.parametrize("status", MatchStatus)
def test_matches_count_while_both_sides_are_together(session: Session, status: str) -> None:
    task, counted = factories.task("QH-1"), int(status in MatchStatus.TOGETHER)
    match = factories.MatchFactory(status=status)
    match.need.status = "closed"  # as solved
    session.commit()
    assert queries.counts_by_task(session)[task.id].matches == counted
    assert sum(corridor.matches for corridor in queries.corridors(session)) == counted
    assert agreed_by_listing(session, [match.need_id]).get(match.need_id, 0) == counted


@pytest.mark.both_databases
@pytest.mark.parametrize("status", ["published", "paused", "expired", "closed"])
def test_a_match_stays_counted_whatever_becomes_of_its_listings(
    session: Session, status: str
) -> None:
    task = factories.task("QH-1")
    match = factories.MatchFactory(status="mutual")
    match.need.status = status
    session.commit()
    assert queries.counts_by_task(session)[task.id].matches == 1
    assert [corridor.matches for corridor in queries.corridors(session, task.id)] == [1]


@pytest.mark.both_databases
def test_what_a_suspended_organisation_posted_is_not_counted(session: Session) -> None:
    task = factories.task("QH-1")
    suggestion = factories.SuggestionFactory()
    suggestion.capability.organisation.status = "suspended"
    session.commit()
    counts = queries.counts_by_task(session)[task.id]
    assert (counts.needs, counts.capabilities, counts.suggestions) == (1, 0, 0)
    assert queries.corridors(session) == []


@pytest.mark.parametrize(
    ("needs", "unserved", "gap"), [(0, 0, 0), (4, 0, 0), (4, 1, 1), (4, 2, 2), (4, 4, 2)]
)
def test_the_gap_grows_with_the_share_of_needs_without_partner(
    needs: int, unserved: int, gap: int
) -> None:
    assert queries.Counts(needs=needs, unserved=unserved).gap == gap


@pytest.mark.both_databases
def test_corridors_lead_from_the_needs_province_to_the_capabilitys(session: Session) -> None:
    factories.SuggestionFactory()
    corridor = queries.corridors(session)[0]
    assert (corridor.west, corridor.east, corridor.suggestions) == ("63", "37", 1)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("published_at", "months"),
    [
        (datetime(2025, 3, 31, 15, 59, tzinfo=UTC), {}),  # still March in Beijing
        (datetime(2025, 3, 31, 16, 0, tzinfo=UTC), {"2025-04-01": 1}),
        (datetime(2026, 3, 2, tzinfo=UTC), {"2026-03-01": 1}),
        (None, {}),
    ],
)
@pytest.mark.parametrize("status", ["published", "closed"])
def test_a_listing_counts_in_the_month_of_its_publication(
    session: Session, published_at: datetime | None, months: dict[str, int], status: str
) -> None:
    task = factories.task("QH-1")
    factories.need(published_at=published_at, status=status)
    session.commit()
    found = queries.by_month(session, task.id, date(2026, 3, 15))
    assert _told(found, found.needs) == months
    assert not any(found.capabilities + found.matches)


@pytest.mark.both_databases
def test_what_a_suspended_organisation_posted_counts_in_no_month(session: Session) -> None:
    task = factories.task("QH-1")
    need = factories.need(published_at=datetime(2026, 3, 2, tzinfo=UTC))
    need.organisation.status = "suspended"
    session.commit()
    assert queries.by_month(session, task.id, date(2026, 3, 15)).most == 0


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("status", "taken_back", "months"),
    [
        ("mutual", False, {"2026-02-01": 1}),
        ("completed", False, {"2026-02-01": 1}),
        ("mutual", True, {}),
        ("withdrawn", False, {}),
    ],
)
def test_a_match_counts_in_the_month_in_which_both_agreed(
    session: Session, status: str, taken_back: bool, months: dict[str, int]
) -> None:
    task = factories.task("QH-1")
    match = factories.MatchFactory(status=status)
    at = datetime(2026, 2, 10, tzinfo=UTC)
    step = Step(match_id=match.id, move="agree", before="one_side_interested", after="mutual")
    step.at, step.match_version, step.taken_back_at = at, 1, at if taken_back else None
    session.add(step)
    session.commit()
    found = queries.by_month(session, task.id, date(2026, 3, 15))
    assert _told(found, found.matches) == months


def _told(found: queries.Months, numbers: list[int]) -> dict[str, int]:
    months = (day.isoformat() for day in found.first_days)
    return {month: number for month, number in zip(months, numbers, strict=True) if number}
