from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.security.messages import KINDS
from matchmaker.security.models import SecurityEvent
from matchmaker.security.service import Seen, forget, note
from matchmaker.security.states import SecurityKind

pytestmark = pytest.mark.both_databases
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HERE, THERE = "192.0.2.7", "2001:db8::1"


@pytest.mark.parametrize(
    ("kind", "other", "seconds", "kept"),
    [
        (SecurityKind.LIMITED, {}, 30, False),
        (SecurityKind.LIMITED, {}, 90, True),
        (SecurityKind.LIMITED, {"address": THERE}, 30, True),
        (SecurityKind.LIMITED, {"account_id": 8}, 30, True),
        (SecurityKind.REFUSED, {}, 30, False),
        (SecurityKind.SIGN_IN_FAILED, {}, 30, True),
    ],
)
def test_of_what_is_repeated_one_a_minute_is_kept(
    session: Session, kind: SecurityKind, other: dict[str, object], seconds: int, *, kept: bool
) -> None:
    first = {"kind": kind, "account_id": None, "account": "ana@example.org", "address": HERE}
    assert note(session, Seen(**first), at=NOON)  # type: ignore[arg-type]
    again = note(session, Seen(**{**first, **other}), at=NOON + timedelta(seconds=seconds))  # type: ignore[arg-type]
    session.commit()
    assert again is kept
    assert session.scalar(select(func.count()).select_from(SecurityEvent)) == 1 + kept


def test_old_events_are_deleted(session: Session) -> None:
    for days in range(3):
        seen = Seen(SecurityKind.SIGN_IN_FAILED, None, "ana@example.org", HERE)
        note(session, seen, at=NOON + timedelta(days=days))
    assert forget(session, NOON + timedelta(days=1)) == 1
    assert session.scalars(select(SecurityEvent.at).order_by(SecurityEvent.at)).all() == [
        NOON + timedelta(days=1),
        NOON + timedelta(days=2),
    ]


def test_every_kind_has_words(session: Session) -> None:
    assert set(KINDS) == set(SecurityKind)
