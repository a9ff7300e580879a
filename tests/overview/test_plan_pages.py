from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.cooperation import totals as queries
from matchmaker.permissions import SYSTEM
from matchmaker.plan import service as plans
from tests import factories
from tests.client import PageClient


def test_without_a_plan_the_page_says_how_to_load_one(client: PageClient) -> None:
    assert "matchmaker plan load" in client.page("/plan").text


def test_the_plan_shows_every_initiative_and_task_with_its_side(client: PageClient) -> None:
    factories.plan()
    text = client.page("/plan").text
    for words in ("QH initiative", "XJ task 2", "Western beneficiary: Qinghai"):
        assert words in text


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
@pytest.mark.parametrize(
    ("status", "counted"), [("mutual", 1), ("one_side_interested", 0), ("declined", 0)]
)
def test_matches_count_once_both_sides_agreed(session: Session, status: str, counted: int) -> None:
    task = factories.task("QH-1")
    factories.MatchFactory(status=status)
    assert queries.counts_by_task(session)[task.id].matches == counted


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


def test_a_task_page_names_its_partners_and_what_is_posted(client: PageClient) -> None:
    task = factories.task("QH-1")
    factories.need(title="Brine that clogs")
    text = client.page(f"/plan/tasks/{task.id}").text
    for words in ("What it asks.", "Shandong", "lithium", "Brine that clogs", "Source."):
        assert words in text


def test_a_task_that_does_not_exist_is_a_404(client: PageClient) -> None:
    client.page("/plan/tasks/999", status=404)


def test_the_regions_page_has_34_divisions_in_a_table_and_on_the_map(client: PageClient) -> None:
    factories.plan()
    page = client.page("/regions")
    assert page.text.count("Other region") > 1
    for code in ("11", "71", "81", "82"):
        assert code in page.text


@pytest.mark.parametrize(
    "query", ["west=63&east=37", "west=63&east=", "west=99&east=<script>", "west=63&west=64"]
)
def test_any_corridor_asked_for_is_answered(client: PageClient, query: str) -> None:
    factories.plan()
    client.page(f"/regions?{query}")


@pytest.mark.parametrize("query", ["plan=999999", "plan=x", "plan=-1", "plan=" + "9" * 40])
def test_an_unknown_plan_falls_back_politely(client: PageClient, query: str) -> None:
    factories.plan()
    client.page(f"/plan?{query}")


@pytest.mark.both_databases
def test_a_second_plan_loads_beside_the_first_and_old_listings_keep_theirs(
    session: Session,
) -> None:
    first = factories.plan()
    listing = factories.need()
    second, new = plans.load(session, SYSTEM, {**factories.PLAN, "id": "successor"})
    session.commit()
    assert (new, second.is_current, first.is_current) == (True, True, False)
    session.refresh(listing)
    assert listing.plan_id == first.id


@pytest.mark.both_databases
def test_loading_the_same_plan_again_changes_nothing(session: Session) -> None:
    first = factories.plan()
    again, new = plans.load(session, SYSTEM, factories.PLAN)
    assert (again.id, new) == (first.id, False)
