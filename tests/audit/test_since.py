"""Records after a mark, and marks that belong to another record."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.audit import queries, service
from matchmaker.audit.models import AuditRecord
from matchmaker.audit.queries import Mark
from matchmaker.permissions import SYSTEM

pytestmark = pytest.mark.both_databases


def record(session: Session, subject_type: str, subject_id: int | None = 1) -> Mark:
    entry = service.record(session, SYSTEM, "listing.publish", subject_type, subject_id)
    session.commit()
    return Mark(entry.id, entry.hash)


def test_an_empty_record_is_known_and_has_nothing(session: Session) -> None:
    assert queries.head(session) == Mark()
    assert queries.since(session, Mark(), ["listing"]) == queries.Since(frozenset(), Mark())


def test_only_what_was_asked_for_and_only_what_came_after(session: Session) -> None:
    first = record(session, "listing", 1)
    record(session, "listing", 2)
    record(session, "listing", 2)
    record(session, "account", 3)
    last = record(session, "listing", None)
    found = queries.since(session, first, ["listing", "match"])
    assert found == queries.Since(frozenset({("listing", 2), ("listing", None)}), last)
    assert queries.since(session, last, ["listing"]) == queries.Since(frozenset(), last)
    assert queries.head(session) == last


def test_other_things_move_the_mark(session: Session) -> None:
    last = record(session, "account")
    assert queries.since(session, Mark(), ["listing"]) == queries.Since(frozenset(), last)


@pytest.mark.parametrize("mark", [Mark(1, "f" * 64), Mark(3, "f" * 64), Mark(0, "f" * 64)])
def test_a_mark_of_another_record_is_not_known(session: Session, mark: Mark) -> None:
    record(session, "listing")
    assert queries.since(session, mark, ["listing"]) is None


def test_a_record_that_was_replaced_is_not_known(session: Session) -> None:
    mark = record(session, "listing")
    record(session, "listing")
    session.execute(update(AuditRecord).where(AuditRecord.id == mark.number).values(hash="0" * 64))
    assert queries.since(session, mark, ["listing"]) is None


def test_what_is_not_committed_is_seen_by_its_own_transaction_alone(session: Session) -> None:
    before = record(session, "listing")
    service.record(session, SYSTEM, "listing.pause", "listing", 7)
    inside = queries.since(session, before, ["listing"])
    assert inside is not None
    session.rollback()
    assert queries.since(session, inside.mark, ["listing"]) is None
