from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.audit.models import AuditHead, AuditRecord
from matchmaker.audit.rules import GENESIS, link
from matchmaker.audit.service import _content
from matchmaker.permissions import SYSTEM, Actor

ANA = Actor(user_id=1, name="Ana")


@pytest.fixture
def three_records(session: Session) -> None:
    for number in (1, 2, 3):
        audit.record(session, ANA, "thing.change", "thing", number, note=f"变更 {number}")
    session.commit()


@pytest.mark.both_databases
def test_an_untouched_chain_is_whole(session: Session, three_records: None) -> None:
    assert audit.verify(session) is None


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("tamper", "broken_at"),
    [
        pytest.param(
            update(AuditRecord).where(AuditRecord.id == 2).values(actor_id=9), 2, id="altered"
        ),
        pytest.param(
            delete(AuditRecord).where(AuditRecord.id == 2), 2, id="removed from the middle"
        ),
        pytest.param(delete(AuditRecord).where(AuditRecord.id == 3), 3, id="cut off the end"),
    ],
)
def test_tampering_is_found_where_it_happened(
    session: Session, three_records: None, tamper: object, broken_at: int
) -> None:
    session.execute(tamper)  # type: ignore[call-overload]
    session.commit()
    assert audit.verify(session) == broken_at


@pytest.mark.both_databases
@pytest.mark.parametrize("together", [0, 1, 4])
def test_records_written_together_go_on_from_those_before(
    session: Session, three_records: None, together: int
) -> None:
    events = [
        audit.Event(ANA, "thing.make", "thing", number, {"kind": "need"})
        for number in range(together)
    ]
    written = audit.record_all(session, events)
    audit.record(session, ANA, "thing.change", "thing", 9)
    session.commit()
    assert [entry.id for entry in written] == list(range(4, 4 + together))
    assert [(entry.subject_id, entry.detail) for entry in written] == [
        (n, {"kind": "need"}) for n in range(together)
    ]
    assert audit.verify(session) is None


@pytest.mark.both_databases
def test_a_person_can_be_renamed_and_the_system_cannot(session: Session) -> None:
    audit.record(session, ANA, "thing.change", "thing", 1)
    audit.record(session, SYSTEM, "thing.change", "thing", 1)
    audit.rename_actor(session, 1, "#1")
    assert audit.verify(session) is None
    session.execute(update(AuditRecord).where(AuditRecord.id == 2).values(actor_name="Eva"))
    assert audit.verify(session) == 2


def test_records_of_earlier_versions_are_bound_to_the_name(session: Session) -> None:
    record = audit.record(session, ANA, "thing.change", "thing", 1)
    legacy = link(GENESIS, {**_content(record), "actor_name": "Ana"})
    record.hash = legacy
    session.execute(update(AuditHead).values(hash=legacy))
    session.flush()
    assert audit.verify(session) is None
    audit.rename_actor(session, 1, "#1")
    assert record.actor_name == "Ana"
    record.actor_name = "Eva"
    session.flush()
    assert audit.verify(session) == 1
