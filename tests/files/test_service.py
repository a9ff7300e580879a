"""Files are kept for their organisation, under random names, for this user alone."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.config import Settings
from matchmaker.errors import Refusal, Refused
from matchmaker.files import jobs, queries, rules, scanner, service
from matchmaker.files.models import StoredFile
from matchmaker.files.states import Purpose
from matchmaker.permissions import Actor
from matchmaker.services import services
from tests import factories
from tests.files import samples
from tests.files.clamd import EICAR, Clamd
from tests.files.conftest import store
from tests.threads import at_once


def incoming(home: Path) -> list[Path]:
    return list((home / rules.INCOMING).glob("*"))


def test_a_file_is_kept_under_a_random_name_for_this_user_alone(
    session: Session, member: Actor, home: Path
) -> None:
    file = store(session, member)
    place = rules.place(home, file.key)
    content = place.read_bytes()
    assert (file.name, file.type, file.size) == ("plan.pdf", "pdf", len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.name not in str(place)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (place, place.parent)]
    assert modes == [0o600, 0o700]
    assert incoming(home) == []
    assert session.scalars(select(AuditRecord.action)).all() == ["file.store"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", Refusal.FILE_EMPTY, id="empty"),
        pytest.param(b"%PDF-" + b"a" * rules.MOST_BYTES, Refusal.FILE_TOO_LARGE, id="too large"),
        pytest.param(b"MZ", Refusal.FILE_TYPE, id="of another type"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    session: Session, member: Actor, home: Path, content: bytes, expected: Refusal
) -> None:
    with pytest.raises(Refused) as refused:
        store(session, member, content)
    assert (refused.value.refusal, refused.value.data) == (expected, {"name": "plan.pdf"})
    assert incoming(home) == []
    assert session.scalars(select(StoredFile)).all() == []


def test_too_many_at_once_are_refused_before_any_is_checked(home: Path) -> None:
    uploads = [(io.BytesIO(samples.pdf()), "plan.pdf")] * (rules.MOST_AT_ONCE + 1)
    with pytest.raises(Refused) as refused, service.receiving(uploads):
        pass
    assert (refused.value.refusal, incoming(home)) == (Refusal.TOO_MANY_FILES, [])


def test_a_quota_holds_and_deleting_makes_room(
    app: Flask, session: Session, member: Actor, settings: Settings, home: Path
) -> None:
    services(app).settings = replace(settings, files_quota_mib=1)
    session.add(StoredFile(**row(member), size=rules.MIB, key="a" * 32))
    session.flush()
    with pytest.raises(Refused) as refused:
        store(session, member)
    assert refused.value.refusal == Refusal.FILES_FULL
    session.rollback()
    session.add(full := StoredFile(**row(member), size=rules.MIB, key="b" * 32))
    session.flush()
    service.delete(session, member, full)
    assert store(session, member).id


def row(member: Actor) -> dict[str, object]:
    return {
        "organisation_id": 7,
        "uploaded_by_id": member.user_id,
        "purpose": Purpose.MESSAGE,
        "name": "a.pdf",
        "type": "pdf",
        "sha256": "0" * 64,
        "created_at": factories.now(),
    }


@pytest.mark.both_databases
def test_two_at_once_do_not_go_over_the_quota(
    app: Flask, session: Session, member: Actor, settings: Settings
) -> None:
    services(app).settings = replace(settings, files_quota_mib=1)
    first = store(session, member)
    session.add(StoredFile(**row(member), size=rules.MIB - 2 * first.size, key="a" * 32))
    session.commit()
    results = at_once(app, [lambda session: store(session, member).id] * 3)
    assert sorted(type(result).__name__ for result in results) == ["Refused", "Refused", "int"]
    assert queries.bytes_of(session, 7) == rules.MIB


def test_deleting_removes_the_bytes_and_keeps_the_record(
    session: Session, member: Actor, home: Path
) -> None:
    file = store(session, member)
    session.commit()
    service.delete(session, member, file)
    session.commit()
    assert rules.place(home, file.key).exists()
    assert queries.file(session, file.id) is None
    assert jobs.remove_files(session) == 1
    assert not rules.place(home, file.key).exists()
    kept = session.scalars(select(StoredFile)).one()
    assert (kept.name, kept.deleted_by_id) == ("plan.pdf", member.user_id)
    assert kept.deleted_at
    assert kept.removed_at
    assert len(kept.sha256) == 64
    assert jobs.remove_files(session) == 0


def test_bytes_that_no_file_has_are_removed_after_a_day(
    session: Session, member: Actor, home: Path
) -> None:
    kept, failed, fresh = (store(session, member) for _ in range(3))
    session.commit()
    for file in (failed, fresh):
        session.delete(file)
    session.commit()
    long_ago = time.time() - service.STRAY_AFTER.total_seconds() - 60
    for file in (kept, failed):
        os.utime(rules.place(home, file.key), (long_ago, long_ago))
    assert jobs.forget_stray_files(session) == 1
    left = [rules.place(home, file.key).exists() for file in (kept, failed, fresh)]
    assert left == [True, False, True]


def test_a_file_is_scanned_where_a_scanner_is_set(
    session: Session, member: Actor, clamd: Clamd
) -> None:
    content = samples.pdf()
    assert store(session, member, content).scanned_at is not None
    assert clamd.received == [content]


def test_without_a_scanner_a_file_says_so(session: Session, member: Actor) -> None:
    assert store(session, member).scanned_at is None


@pytest.mark.parametrize(
    ("content", "answer", "expected"),
    [
        pytest.param(EICAR, "stream: OK", Refusal.FILE_INFECTED, id="found"),
        pytest.param(b"a", "stream: broken ERROR", Refusal.SCANNER_SILENT, id="error"),
        pytest.param(
            b"a", "INSTREAM size limit exceeded. ERROR", Refusal.SCANNER_SILENT, id="size"
        ),
        pytest.param(b"a", "", Refusal.SCANNER_SILENT, id="no answer"),
    ],
)
def test_what_was_not_found_clean_is_not_stored(
    session: Session, member: Actor, clamd: Clamd, content: bytes, answer: str, expected: Refusal
) -> None:
    clamd.answer = answer
    with pytest.raises(Refused) as refused:
        store(session, member, content)
    assert refused.value.refusal == expected


@pytest.mark.parametrize("address", ["/nowhere/clamd.sock", "127.0.0.1:9"])
def test_a_scanner_that_is_not_there_lets_nothing_pass(tmp_path: Path, address: str) -> None:
    (tmp_path / "a").write_bytes(b"a")
    with pytest.raises(Refused) as refused:
        scanner.scan(address, tmp_path / "a")
    assert refused.value.refusal == Refusal.SCANNER_SILENT
