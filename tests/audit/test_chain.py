"""What tampering with the log is found, where, and why."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matchmaker.audit import anchors, queries
from matchmaker.audit import service as audit
from matchmaker.audit.jobs import anchor_audit
from matchmaker.audit.models import AuditHead, AuditRecord
from matchmaker.audit.rules import (
    GENESIS,
    Anchor,
    Broken,
    Fault,
    key_from,
    link,
    make_anchor,
    nameless,
    seal,
    sealed_parts,
)
from matchmaker.db import db, now
from matchmaker.permissions import SYSTEM, Actor
from matchmaker.services import services
from tests.conftest import SECRET

ANA = Actor(user_id=1, name="Ana")
KEY = key_from(SECRET)


@pytest.fixture
def three_records(session: Session) -> None:
    for number in (1, 2, 3):
        audit.record(session, ANA, "thing.change", "thing", number, note=f"变更 {number}")
    session.commit()


def anchored(session: Session) -> list[Anchor]:
    head = queries.head(session)
    return [make_anchor(KEY, now(), head.number, head.hash)]


def relink(session: Session, key: bytes | None) -> None:
    """Bind every record to the one before again, as a forger does who reads the code."""
    session.flush()
    previous = GENESIS
    records = session.scalars(select(AuditRecord).order_by(AuditRecord.id)).all()
    for record in records:
        content = audit._content(record)
        record.hash = previous = link(previous, nameless(content))
        if key is not None:
            record.seal = seal(key, *sealed_parts(content, record.hash))
    session.execute(update(AuditHead).values(count=len(records), hash=previous))
    session.commit()


def as_earlier_versions(session: Session, *, sealed: bool | None) -> None:
    """Bind every record as versions did that had the name in its hash; None leaves the seals."""
    session.expire_all()
    previous = GENESIS
    for record in session.scalars(select(AuditRecord).order_by(AuditRecord.id)):
        record.hash = previous = link(previous, audit._content(record))
        if sealed is not None:
            record.seal = seal(KEY, record.hash) if sealed else ""
    session.execute(update(AuditHead).values(hash=previous))
    session.commit()


@pytest.mark.both_databases
def test_an_untouched_chain_is_whole(session: Session, three_records: None) -> None:
    assert audit.verify(session, anchored(session)) is None


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        pytest.param(
            update(AuditRecord).where(AuditRecord.id == 2).values(actor_id=9),
            Broken(2, Fault.ALTERED),
            id="altered",
        ),
        pytest.param(
            update(AuditRecord).where(AuditRecord.id == 2).values(actor_name="Eva"),
            Broken(2, Fault.UNSEALED),
            id="under another name",
        ),
        pytest.param(
            update(AuditRecord).where(AuditRecord.id == 1).values(actor_name="Eva", seal=""),
            Broken(1, Fault.UNSEALED),
            id="under another name, without its seal",
        ),
        pytest.param(
            delete(AuditRecord).where(AuditRecord.id == 2),
            Broken(2, Fault.ALTERED),
            id="removed from the middle",
        ),
        pytest.param(
            delete(AuditRecord).where(AuditRecord.id == 3),
            Broken(3, Fault.MISSING),
            id="cut off the end",
        ),
        pytest.param(delete(AuditHead), Broken(1, Fault.MISSING), id="without a head"),
        pytest.param(
            update(AuditRecord).values(seal=""), Broken(1, Fault.UNSEALED), id="without seals"
        ),
    ],
)
def test_tampering_is_found_where_it_happened(
    session: Session, three_records: None, tamper: object, broken: Broken
) -> None:
    session.execute(tamper)  # type: ignore[call-overload]
    session.commit()
    assert audit.verify(session) == broken


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("key", "with_anchors", "broken"),
    [
        (None, [], Broken(2, Fault.UNSEALED)),
        (
            key_from("another secret key, with which nothing was sealed"),
            [],
            Broken(1, Fault.UNSEALED),
        ),
        (KEY, anchored, Broken(3, Fault.ANCHOR)),
    ],
    ids=["without a key", "with another key", "by somebody who knows the secret"],
)
def test_a_forgery_that_is_linked_again_is_found(
    session: Session,
    three_records: None,
    key: bytes | None,
    with_anchors: object,
    broken: Broken,
) -> None:
    known: Sequence[Anchor] = with_anchors(session) if callable(with_anchors) else []
    session.execute(update(AuditRecord).where(AuditRecord.id == 2).values(action="thing.make"))
    relink(session, key)
    assert audit.verify(session, known) == broken


@pytest.mark.both_databases
@pytest.mark.parametrize(("kept", "broken_at"), [(2, 3), (1, 2), (0, 1)])
def test_a_log_cut_off_or_emptied_is_found_by_its_anchor(
    session: Session, three_records: None, kept: int, broken_at: int
) -> None:
    known = anchored(session)
    session.execute(delete(AuditRecord).where(AuditRecord.id > kept))
    relink(session, None)
    assert audit.verify(session) is None  # from inside the database nothing is missing
    assert audit.verify(session, known) == Broken(broken_at, Fault.MISSING)


def test_an_anchor_that_was_not_made_here_is_named(session: Session, three_records: None) -> None:
    [good] = anchored(session)
    false = Anchor(good.at, 2, good.hash, good.seal)
    assert audit.verify(session, [good, false]) == Broken(2, Fault.FALSE_ANCHOR)


@pytest.mark.parametrize(("old", "is_whole"), [(SECRET, True), ("", False)])
def test_a_secret_is_changed_and_the_old_one_still_counts(
    app: Flask, session: Session, three_records: None, monkeypatch: pytest.MonkeyPatch,
    old: str, *, is_whole: bool,
) -> None:  # fmt: skip
    changed = services(app).settings.__class__(
        home=services(app).settings.home, secret_key=SECRET[::-1], old_secret_keys=old
    )
    monkeypatch.setattr(services(app), "settings", changed)
    audit.record(session, ANA, "thing.change", "thing", 4)
    session.commit()
    assert (audit.verify(session) is None) is is_whole


@pytest.mark.both_databases
def test_records_of_a_time_without_seals_are_bound_by_the_next(
    session: Session, three_records: None
) -> None:
    as_earlier_versions(session, sealed=False)
    assert audit.seal_rest(session)
    session.commit()
    assert audit.verify(session) is None
    assert not audit.seal_rest(session)
    session.execute(update(AuditRecord).where(AuditRecord.id == 1).values(actor_name="Eva"))
    as_earlier_versions(session, sealed=None)
    assert audit.verify(session) == Broken(4, Fault.UNSEALED)


@pytest.mark.both_databases
def test_records_that_lost_their_seals_are_sealed_again(
    session: Session, three_records: None
) -> None:
    """As after going back to a release without seals, and coming again."""
    session.execute(update(AuditRecord).values(seal=""))
    session.commit()
    session.expire_all()
    assert audit.seal_rest(session)
    session.commit()
    assert audit.verify(session) is None
    session.execute(update(AuditRecord).where(AuditRecord.id == 1).values(actor_name="Eva"))
    session.commit()
    assert audit.verify(session) == Broken(1, Fault.UNSEALED)


@pytest.fixture
def anchors_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings = services(app).settings
    kept = settings.__class__(
        home=settings.home, secret_key=SECRET, audit_anchors=str(tmp_path / "anchors")
    )
    monkeypatch.setattr(services(app), "settings", kept)
    return anchors.path_of(kept)


def test_a_day_leaves_an_anchor_unless_nothing_was_recorded(
    session: Session, three_records: None, anchors_file: Path
) -> None:
    assert [anchor_audit(session) for _ in range(2)] == [3, None]
    audit.record(session, ANA, "thing.change", "thing", 4)
    session.commit()
    assert anchor_audit(session) == 4
    assert [anchor.number for anchor in anchors.read(anchors_file)] == [3, 4]
    assert audit.verify(session, anchors.read(anchors_file)) is None


@pytest.mark.both_databases
def test_writers_do_not_wait_for_a_check(
    app: Flask, session: Session, three_records: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check stands still in the middle: somebody else records meanwhile, and is not in it."""
    begun, go_on, outcome = threading.Event(), threading.Event(), []
    real = audit._stored

    def slowly(entry: AuditRecord) -> object:
        begun.set()
        assert go_on.wait(60)
        return real(entry)

    monkeypatch.setattr(audit, "_stored", slowly)

    def check() -> None:
        with app.app_context():
            outcome.append(audit.verify(db.session()))
            db.session.remove()

    thread = threading.Thread(target=check)
    thread.start()
    assert begun.wait(60)
    audit.record(session, ANA, "thing.change", "thing", 4)
    session.commit()
    go_on.set()
    thread.join(60)
    assert outcome == [None]


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
def test_a_person_is_renamed_and_the_log_stays_whole(session: Session, three_records: None) -> None:
    audit.record(session, SYSTEM, "thing.change", "thing", 4)
    audit.record(session, Actor(user_id=2, name="Eva"), "thing.change", "thing", 5)
    session.commit()
    known = anchored(session)
    audit.rename_actor(session, 1, "#1")
    session.commit()
    names = session.scalars(select(AuditRecord.actor_name).order_by(AuditRecord.id)).all()
    assert names == ["#1", "#1", "#1", SYSTEM.name, "Eva"]
    assert audit.verify(session, known) is None


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"actor_name": "Eva"}, Broken(2, Fault.UNSEALED)),
        ({"actor_name": "Eva", "seal": ""}, Broken(2, Fault.UNSEALED)),
        ({"action": "thing.make"}, Broken(2, Fault.ALTERED)),
    ],
)
def test_renaming_hides_no_tampering(
    session: Session, three_records: None, values: dict[str, str], broken: Broken
) -> None:
    session.execute(update(AuditRecord).where(AuditRecord.id == 2).values(**values))
    session.commit()
    session.expire_all()
    audit.rename_actor(session, 1, "#1")
    session.commit()
    assert audit.verify(session) == broken


def test_the_system_has_one_name(session: Session) -> None:
    audit.record(session, SYSTEM, "thing.change", "thing", 1)
    session.execute(update(AuditRecord).values(actor_name="Eva"))
    session.commit()
    assert audit.verify(session) == Broken(1, Fault.ALTERED)


@pytest.mark.parametrize("sealed", [True, False])
def test_records_of_earlier_versions_keep_the_name(
    session: Session, three_records: None, *, sealed: bool
) -> None:
    as_earlier_versions(session, sealed=sealed)
    audit.record(session, ANA, "thing.change", "thing", 4)
    session.commit()
    audit.rename_actor(session, 1, "#1")
    session.commit()
    names = session.scalars(select(AuditRecord.actor_name).order_by(AuditRecord.id)).all()
    assert names == ["Ana", "Ana", "Ana", "#1"]
    assert audit.verify(session) is None
    session.execute(update(AuditRecord).where(AuditRecord.id == 2).values(actor_name="Eva"))
    session.commit()
    assert audit.verify(session) == Broken(2, Fault.ALTERED)
