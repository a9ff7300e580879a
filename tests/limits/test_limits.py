"""Acts are counted for those who do them, in the database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.errors import LimitReached
from matchmaker.limits import service
from matchmaker.limits.models import Use
from matchmaker.limits.rules import DAY, HOUR, LIMITS, LONGEST, WEEK
from matchmaker.limits.states import Act, Per
from matchmaker.paths import PACKAGE
from matchmaker.permissions import Actor
from tests.threads import at_once

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE = Actor(user_id=1, organisation_id=10, network="192.0.2.1")
OTHER = Actor(user_id=2, organisation_id=20, network="192.0.2.2")


def test_the_documented_table_is_the_one_in_use() -> None:
    page = (PACKAGE.parent / "docs" / "limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (\d+) \| (.+) \|$", page, re.MULTILINE)
    spans = {"an hour": HOUR, "a day": DAY, "a week": WEEK}
    assert [(act, per, int(most), spans[within]) for act, per, most, within in rows] == [
        (limit.act, limit.per, limit.most, limit.within) for limit in LIMITS
    ]


def interest(session: Session, actor: Actor, recipient: str, at: datetime) -> bool:
    try:
        service.count(session, actor, Act.INTEREST, recipient, at=at)
    except LimitReached:
        return False
    session.flush()
    return True


@pytest.mark.parametrize(
    ("actor", "recipient", "later", "expected"),
    [
        pytest.param(ONE, "a", timedelta(), False, id="the same"),
        pytest.param(ONE, "b", timedelta(), True, id="another recipient"),
        pytest.param(OTHER, "b", timedelta(), True, id="somebody else"),
        pytest.param(OTHER, "a", timedelta(), False, id="somebody else to the same"),
        pytest.param(ONE, "a", DAY - timedelta(minutes=1), False, id="nearly a day later"),
        pytest.param(ONE, "a", DAY, True, id="a day later"),
    ],
)
def test_the_eleventh_interest_in_one_partner(
    session: Session, actor: Actor, recipient: str, later: timedelta, expected: bool
) -> None:
    for _ in range(10):
        assert interest(session, ONE, "a", NOON)
    assert interest(session, actor, recipient, NOON + later) == expected


@pytest.mark.parametrize(
    ("per", "actor"),
    [
        (Per.ACCOUNT, Actor(user_id=1, organisation_id=99, network="192.0.2.99")),
        (Per.ORGANISATION, Actor(user_id=99, organisation_id=10, network="192.0.2.99")),
        (Per.NETWORK, Actor(user_id=99, organisation_id=99, network="192.0.2.1")),
        (None, Actor(user_id=99, organisation_id=99, network="192.0.2.99")),
    ],
)
def test_each_kind_has_a_limit_of_its_own(session: Session, per: Per | None, actor: Actor) -> None:
    most = next((one.most for one in LIMITS if (one.act, one.per) == (Act.INTEREST, per)), 100)
    crowd = {
        Per.ACCOUNT: lambda n: replace(ONE, organisation_id=1000 + n, network=str(n)),
        Per.ORGANISATION: lambda n: replace(ONE, user_id=1000 + n, network=str(n)),
        Per.NETWORK: lambda n: replace(ONE, user_id=1000 + n, organisation_id=1000 + n),
        None: lambda n: Actor(user_id=1000 + n, organisation_id=1000 + n, network=str(n)),
    }[per]
    assert all(interest(session, crowd(n), f"to {n}", NOON) for n in range(most))
    assert interest(session, actor, "to another", NOON) == (per is None)


def test_the_reader_learns_when_it_is_possible_again(session: Session) -> None:
    for minute in range(10):
        assert interest(session, ONE, "a", NOON + timedelta(minutes=minute))
    with pytest.raises(LimitReached) as reached:
        service.count(session, ONE, Act.INTEREST, "a", at=NOON + HOUR)
    assert reached.value.again_at == NOON + DAY


def test_uses_are_forgotten_when_no_limit_counts_them(session: Session) -> None:
    interest(session, ONE, "a", NOON)
    interest(session, ONE, "a", NOON + DAY)
    assert service.forget(session, at=NOON + LONGEST) == 4
    assert session.scalar(select(func.count()).select_from(Use)) == 4


def test_nobody_is_named(session: Session) -> None:
    service.count(session, ONE, Act.INVITATION, "mei@example.org", at=NOON)
    session.flush()
    kept = session.scalars(select(Use.key)).all()
    assert len(kept) == 4
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in kept)


@pytest.mark.both_databases
def test_of_several_at_once_no_more_get_through_than_may(app: Flask, session: Session) -> None:
    def deed(session: Session) -> None:
        audit.record(session, ONE, "match.interest", "match", 1, at=NOON)
        service.count(session, ONE, Act.INTEREST, "a", at=NOON)

    for _ in range(8):
        assert interest(session, ONE, "a", NOON)
    results = at_once(app, [deed] * 6)
    assert [type(result) for result in results if result is not None] == [LimitReached] * 4
