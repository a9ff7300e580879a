"""What everybody reads of results: counts always, amounts where they tell nothing of one pair."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.cooperation import service as cooperation
from matchmaker.db import today
from matchmaker.listings import service as listings
from matchmaker.outcomes import service, totals
from matchmaker.outcomes.totals import Figure, Tally
from tests import factories
from tests.counting import statements
from tests.outcomes.conftest import Pair, another_pair, values

pytestmark = pytest.mark.both_databases


def figures(session: Session) -> list[Figure]:
    return list(totals.of_task(session, factories.task("QH-1").id))


def tally(session: Session) -> Tally:
    return totals.tally_by_task(session).get(factories.task("QH-1").id, Tally())


def three(session: Session, pair: Pair) -> list[Pair]:
    return [pair, *(another_pair(session, pair.curator) for _ in range(2))]


@pytest.mark.parametrize("step", ["nothing", "report", "confirm", "verify"])
def test_a_match_is_counted_as_reported_or_as_verified(
    session: Session, pair: Pair, step: str
) -> None:
    if step == "verify":
        pair.verify(session)
    elif step != "nothing":
        outcome = pair.report(session)
        if step == "confirm":
            pair.confirm(session, outcome)
    expected = {"nothing": Tally(), "report": Tally(0, 1), "confirm": Tally(0, 1)}
    assert tally(session) == expected.get(step, Tally(1, 0))


@pytest.mark.parametrize("move", ["dispute", "withdraw"])
def test_what_does_not_stand_is_not_counted(session: Session, pair: Pair, move: str) -> None:
    outcome = pair.report(session)
    if move == "dispute":
        service.dispute(session, pair.east, outcome, "It was ten.")
    else:
        service.withdraw(session, pair.west, outcome)
    assert tally(session) == Tally()


def test_amounts_show_once_three_organisations_of_each_side_have_a_part(
    session: Session, pair: Pair
) -> None:
    for number, one in enumerate(three(session, pair), start=1):
        one.verify(session, amount=10 * number)
        shown = None if number < 3 else 60
        assert figures(session) == [Figure("people_trained", shown, None, shown is None)]


def test_many_matches_of_two_organisations_show_no_amount(session: Session, pair: Pair) -> None:
    west = pair.stage.need.organisation
    pair.verify(session)
    for _ in range(3):
        another_pair(session, pair.curator, organisation=west).verify(session)
    assert figures(session) == [Figure("people_trained", None, None, True)]


def test_reported_amounts_stand_apart(session: Session, pair: Pair) -> None:
    for one in three(session, pair):
        one.verify(session, amount=10)
        one.report(session, amount=7)
    assert figures(session) == [Figure("people_trained", 30, 21)]


def test_a_correction_is_not_counted_beside_what_it_corrects(session: Session, pair: Pair) -> None:
    for one in three(session, pair):
        service.correct(session, one.west, one.verify(session, amount=10), values(amount=11))
    session.commit()
    assert figures(session) == [Figure("people_trained", 30, None)]


def test_of_a_level_the_newest_counts(session: Session, pair: Pair) -> None:
    for one in three(session, pair):
        one.verify(session, "jobs", amount=30, last_day=today() - timedelta(days=10))
        one.verify(session, "jobs", amount=20)
    assert figures(session) == [Figure("jobs", 60, None)]


def test_results_count_when_the_need_is_closed_and_the_match_has_ended(
    session: Session, pair: Pair
) -> None:
    for one in three(session, pair):
        one.verify(session, amount=10)
        need = one.stage.need
        listings.close(session, one.west, need, need.version, "solved_here")
        cooperation.end(session, one.east, one.match, "other")
    session.commit()
    assert (tally(session), figures(session)) == (Tally(3), [Figure("people_trained", 30, None)])


def test_corridors_and_provinces(session: Session, pair: Pair) -> None:
    pair.verify(session)
    another_pair(session, pair.curator).report(session)
    found = totals.tally_by_corridor(session)
    assert found == {("63", "37"): Tally(1, 1)}
    assert totals.by_province(found) == {"63": Tally(1, 1), "37": Tally(1, 1)}


def test_an_organisation_shows_its_results_from_three_partners_on(
    session: Session, pair: Pair
) -> None:
    west = pair.stage.need.organisation
    pair.verify(session, amount=10)
    another_pair(session, pair.curator, organisation=west).verify(session, amount=10)
    assert list(totals.of_organisation(session, west.id)) == []
    assert list(totals.of_organisation(session, west.id, exact=True)) == [
        Figure("people_trained", 20, None)
    ]
    another_pair(session, pair.curator, organisation=west).verify(session, amount=10)
    assert list(totals.of_organisation(session, west.id)) == [Figure("people_trained", 30, None)]


def test_each_figure_is_one_query(session: Session, pair: Pair) -> None:
    pair.verify(session)
    task = factories.task("QH-1")
    for ask in (
        lambda: totals.tally_by_task(session),
        lambda: totals.tally_by_corridor(session),
        lambda: totals.of_task(session, task.id),
        lambda: totals.of_organisation(session, pair.stage.need.organisation_id),
    ):
        assert statements(ask) == 1
