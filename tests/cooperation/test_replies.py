"""Reply rate and median days to answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.cooperation import clocks, queries, righting, service
from matchmaker.cooperation.replies import Asked, Replies, Said, asked, replies
from tests import factories
from tests.client import PageClient
from tests.cooperation.conftest import Stage

T0 = datetime(2026, 3, 1, 9, tzinfo=UTC)


def at(day: int) -> datetime:
    return T0 + timedelta(days=day)


def moves(*told: str) -> list[Said]:
    """One move a day: "interest need ended-before"."""
    found = []
    for day, text in enumerate(told):
        move, side, before = [*text.split(), "", ""][:3]
        found.append(
            Said(move, "" if side == "-" else side, "" if before == "-" else before, at(day))
        )
    return found


ASK, PROPOSE = "interest need", "propose"
YES, NO = "accept capability one_side_interested", "decline capability one_side_interested"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((ASK,), []),
        ((ASK, YES), [(0, 1)]),
        ((ASK, NO), [(0, 1)]),
        ((ASK, "expire - one_side_interested"), [(0, None)]),
        ((ASK, "interest need expired", YES), [(0, None), (1, 2)]),
        ((ASK, "interest capability expired"), [(0, None)]),
        ((ASK, "cancel need one_side_interested"), []),
        ((ASK, NO, "interest need declined", YES), [(0, 1), (2, 3)]),
        (("interest capability", "accept need one_side_interested"), []),
        ((PROPOSE, "accept need proposed", YES), [(0, 2)]),
        ((PROPOSE, "decline need proposed"), []),
        ((PROPOSE, "expire - proposed"), [(0, None)]),
        ((PROPOSE, "accept capability proposed", "expire - one_side_interested"), [(0, 1)]),
        ((ASK, "put_right - one_side_interested", "propose - cancelled", NO), [(2, 3)]),
        ((ASK, YES, "negotiate need mutual", "end need negotiating"), [(0, 1)]),
    ],
)
def test_when_the_capabilitys_side_was_asked(
    told: tuple[str, ...], expected: list[tuple[int, int | None]]
) -> None:
    found = asked(moves(*told), "capability")
    assert found == [
        Asked(at(since), None if until is None else at(until)) for since, until in expected
    ]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([1, 1, 1, 1], None),
        ([0, 1, 2, 3, 30], Replies(5, 100, 2)),
        ([1, 2, 3, None, None], Replies(5, 60, 2)),
        ([1, 2, 3, 4, None, None], Replies(6, 67, 3)),
        ([None] * 5, Replies(5, 0, None)),
    ],
)
def test_rate_and_median(days: list[int | None], expected: Replies | None) -> None:
    times = [Asked(T0, None if day is None else at(day)) for day in days]
    assert replies(times) == expected


def asked_times(session: Session, stage: Stage, number: int) -> None:
    """The east is asked and declines after two days, the last time not at all."""
    for place in range(number):
        need = factories.need(organisation=stage.need.organisation)
        begun = at(place)
        match = service.express_interest(session, stage.asker, need, stage.capability, at=begun)
        if place + 1 < number:
            service.decline(session, stage.answerer, match, "terms", at=begun + timedelta(days=2))
        else:
            clocks.expire(session, match, at=begun + timedelta(days=31))
    session.commit()


@pytest.mark.both_databases
def test_the_moves_of_an_organisation_are_counted(session: Session, stage: Stage) -> None:
    asked_times(session, stage, 5)
    assert queries.replies_of(session, stage.capability.organisation_id) == Replies(5, 80, 2)
    assert queries.replies_of(session, stage.need.organisation_id) is None


def test_what_was_taken_back_does_not_count(session: Session, stage: Stage) -> None:
    asked_times(session, stage, 5)
    need = factories.need(organisation=stage.need.organisation)
    match = service.express_interest(session, stage.asker, need, stage.capability, at=T0)
    service.decline(session, stage.answerer, match, "terms", at=T0)
    righting.take_back(session, stage.answerer, match, at=T0)
    session.commit()
    found = queries.replies_of(session, stage.capability.organisation_id)
    assert found is not None
    assert found.asked == 5


@pytest.mark.parametrize(("number", "shown"), [(4, False), (5, True)])
def test_it_stands_on_the_page_once_asked_five_times(
    client: PageClient, session: Session, stage: Stage, number: int, shown: bool
) -> None:
    asked_times(session, stage, number)
    text = client.page(f"/organisations/{stage.capability.organisation_id}").text
    assert ("80% of 5 times asked usually within 2 days" in text) is shown
