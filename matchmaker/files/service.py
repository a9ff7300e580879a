"""Take files, keep them, and delete them."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.config import Settings
from matchmaker.db import moment
from matchmaker.errors import Refusal, Refused
from matchmaker.files import queries, rules, scanner
from matchmaker.files.inspection import inspect
from matchmaker.files.models import StoredFile
from matchmaker.files.states import FileType, Purpose
from matchmaker.permissions import Actor
from matchmaker.services import services

AT_ONCE = 2**16
# A file that no row knows belongs to a transaction that goes on, or to one that failed.
STRAY_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was checked, waiting to be kept."""

    name: str
    type: FileType
    path: Path
    size: int
    sha256: str
    is_scanned: bool


@contextmanager
def receiving(uploads: Iterable[tuple[IO[bytes], str]]) -> Iterator[Sequence[Received]]:
    """Check what was sent, as (stream, name). What is not kept is gone when the block ends.

    That takes a second a file: let no transaction be open meanwhile. Raises Refused for too many
    files, and, with its name, for a file that is not taken.
    """
    uploads, received = list(uploads), list[Received]()
    if len(uploads) > rules.MOST_AT_ONCE:
        raise Refused(Refusal.TOO_MANY_FILES, most=rules.MOST_AT_ONCE)
    try:
        for stream, name in uploads:
            received.append(_receive(services().settings, stream, name))
        yield received
    finally:
        for one in received:
            one.path.unlink(missing_ok=True)


def _receive(settings: Settings, stream: IO[bytes], name: str) -> Received:
    incoming = settings.home_path / rules.INCOMING
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_hex(16)
    source, target = incoming / f"{key}.sent", incoming / key
    try:
        _write(stream, source)
        if settings.clamd:
            scanner.scan(settings.clamd, source)
        kind = inspect(source, target)
        with target.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except Refused as error:
        target.unlink(missing_ok=True)
        raise Refused(error.refusal, name=name[: rules.LONGEST_STEM]) from error
    finally:
        source.unlink(missing_ok=True)
    shown, size = rules.shown_name(name, kind), target.stat().st_size
    return Received(shown, kind, target, size, digest, bool(settings.clamd))


def _write(stream: IO[bytes], path: Path) -> None:
    """Write a stream to a file for this user alone; stop where it is too long."""
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := stream.read(AT_ONCE):
            size += len(piece)
            if size > rules.MOST_BYTES:
                raise Refused(Refusal.FILE_TOO_LARGE)
            file.write(piece)
    if not size:
        raise Refused(Refusal.FILE_EMPTY)


def keep(
    session: Session,
    actor: Actor,
    organisation_id: int,
    received: Iterable[Received],
    *,
    purpose: Purpose,
    at: datetime | None = None,
) -> list[StoredFile]:
    """Keep checked files for an organisation. Raises Refused when its quota is used up."""
    at = moment(at)
    return [_keep(session, actor, organisation_id, one, purpose=purpose, at=at) for one in received]


def _keep(
    session: Session,
    actor: Actor,
    organisation_id: int,
    received: Received,
    *,
    purpose: Purpose,
    at: datetime,
) -> StoredFile:
    settings, key = services().settings, received.path.name
    file = StoredFile(
        organisation_id=organisation_id,
        uploaded_by_id=actor.user_id,
        purpose=purpose,
        name=received.name,
        type=received.type,
        size=received.size,
        sha256=received.sha256,
        key=key,
        scanned_at=at if received.is_scanned else None,
        created_at=at,
    )
    session.add(file)
    session.flush()
    detail = {"purpose": purpose, "size": received.size, "sha256": received.sha256}
    # Writers take turns at the audit log: of two files at once, the second counts the first.
    audit.record(session, actor, "file.store", "file", file.id, at=at, **detail)
    counts = purpose not in Purpose.UNCOUNTED
    if counts and space_of(session, organisation_id).is_exceeded:
        raise Refused(Refusal.FILES_FULL, name=received.name, most=settings.files_quota_mib)
    place = rules.place(settings.home_path, key)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    received.path.replace(place)
    return file


def space_of(session: Session, organisation_id: int) -> rules.Space:
    """Return how much of its quota an organisation uses."""
    quota = services().settings.files_quota_mib * rules.MIB
    return rules.Space(queries.bytes_of(session, organisation_id), quota)


def delete(session: Session, actor: Actor, file: StoredFile, *, at: datetime | None = None) -> None:
    """Delete a file; a job removes its bytes after the commit. The record of it stays."""
    at = moment(at)
    if file.deleted_at is None:
        file.deleted_at, file.deleted_by_id = at, actor.user_id
        audit.record(session, actor, "file.delete", "file", file.id, at=at)


def remove_deleted(session: Session, *, at: datetime | None = None) -> int:
    """Remove the bytes of deleted files; return how many."""
    at, home = moment(at), services().settings.home_path
    files = queries.to_remove(session)
    for file in files:
        rules.place(home, file.key).unlink(missing_ok=True)
        file.removed_at = at
    return len(files)


def forget_strays(session: Session) -> int:
    """Remove what a failed transaction or a killed process left behind; return how much."""
    limit, home = time.time() - STRAY_AFTER.total_seconds(), services().settings.home_path
    found = (*rules.folder(home).glob("*/*"), *(home / rules.INCOMING).glob("*"))
    old = {path.name: path for path in found if path.stat().st_mtime < limit}
    strays = old.keys() - queries.known_keys(session, old)
    for name in strays:
        old[name].unlink(missing_ok=True)
    return len(strays)
