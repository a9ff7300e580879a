"""Organisations that a curator enters from a table. Each waits for its owner, unverified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.imports import batches, queries, rules
from matchmaker.imports.models import ImportBatch, ImportedOrganisation
from matchmaker.imports.organisations import ReadOrganisation, read_all
from matchmaker.imports.states import BatchStatus, EntryStatus
from matchmaker.organisations import entering, members
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.names import alike, comparable
from matchmaker.organisations.rules import Profile
from matchmaker.permissions import Actor
from matchmaker.tables.reading import Reading

MOST_ROWS = 500  # of one table: each sends a mail


@dataclass(frozen=True, slots=True)
class Entry:
    """A row, what comes of it, and the organisations that it is or is like."""

    place: int  # among the rows of the table
    row: ReadOrganisation
    status: EntryStatus
    others: Sequence[Organisation] = ()


def begin(
    session: Session, actor: Actor, reading: Reading, *, name: str, at: datetime | None = None
) -> ImportBatch:
    """Keep a table of organisations, until somebody has looked at what would come of it."""
    return batches.keep(
        session,
        actor,
        reading,
        kind="organisation",
        name=name,
        status=BatchStatus.CHECKED,
        most=MOST_ROWS,
        at=moment(at),
    )


def look(session: Session, actor: Actor, batch: ImportBatch) -> list[Entry]:
    """Return what would come of each row now."""
    tables = [rules.table_of(sheet) for sheet in batch.sheets]
    rows = read_all(tables, batches.rows_of(batch), actor.curates)
    profiles = [row.profile for row in rows if row.profile]
    by_code = organisations.by_codes(session, [one.uscc for one in profiles if one.uscc])
    by_key = queries.entered(session, [row.key for row in rows if row.key])
    names = comparable(organisations.names_of_others(session, 0))
    likes = [_alike(row.profile, names) for row in rows]
    known = organisations.by_ids(session, {one for found in likes for one in found})
    entries = []
    for place, (row, found) in enumerate(zip(rows, likes, strict=True)):
        if row.profile is None:
            entries.append(Entry(place, row, EntryStatus.REFUSED))
            continue
        here = by_code.get(row.profile.uscc or "") or by_key.get((row.profile.province, row.key))
        if here is not None:
            entries.append(Entry(place, row, EntryStatus.HERE, [here]))
            continue
        others = [known[one] for one in found]
        entries.append(Entry(place, row, EntryStatus.ALIKE if others else EntryStatus.NEW, others))
    return entries


def _alike(profile: Profile | None, names: Sequence[tuple[int, str]]) -> list[int]:
    return alike([profile.name_zh, profile.name_other], names) if profile else []


def take(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    version: int,
    *,
    others: Collection[int],
    path: members.Path,
    at: datetime | None = None,
) -> None:
    """Enter the organisations, and ask each contact to take theirs over.

    `others`: the places of rows that are other organisations than those they are like. Raises
    Refused when nothing would be entered.
    """
    at, number = moment(at), batch.id
    batches.check(batch, version, BatchStatus.CHECKED)
    entries = look(session, actor, batch)
    taken = [
        one
        for one in entries
        if one.status == EntryStatus.NEW
        or (one.status == EntryStatus.ALIKE and one.place in others)
    ]
    if not taken:
        raise Refused(Refusal.NOTHING_ENTERED)
    profiles = [one.row.profile for one in taken if one.row.profile]
    try:
        made = entering.enter(session, actor, profiles, path=path, at=at)
    except IntegrityError as error:  # somebody has registered with one of the codes meanwhile
        session.rollback()
        raise Conflict("import_batch", number) from error
    session.add_all(
        ImportedOrganisation(
            organisation_id=organisation.id,
            batch_id=number,
            key=one.row.key,
            organisation_version=organisation.version,
        )
        for organisation, one in zip(made, taken, strict=True)
    )
    places = {one.place for one in taken}
    left = [one for one in entries if one.place not in places]
    counts = dict(Counter(str(one.status) for one in left)) | {str(EntryStatus.MADE): len(made)}
    refused = {one.place for one in left if one.status == EntryStatus.REFUSED}
    batch.rows = [row for place, row in enumerate(batch.rows) if place in refused]
    batch.counts, batch.finished_at = counts, at
    batches.move(session, batch, BatchStatus.DONE, at=at)
    audit.record(session, actor, "import.take_batch", "import_batch", number, at=at, **counts)


def may_undo(batch: ImportBatch, at: datetime) -> bool:
    """Tell whether the organisations may still be taken back."""
    ended = batch.finished_at
    return (
        batch.status == BatchStatus.DONE and ended is not None and at - ended <= rules.UNDO_WITHIN
    )


def undo(
    session: Session, actor: Actor, batch: ImportBatch, version: int, *, at: datetime | None = None
) -> None:
    """Delete the organisations again, but for those that somebody has worked with since."""
    at = moment(at)
    batches.check(batch, version, BatchStatus.DONE)
    if not may_undo(batch, at):
        raise Refused(Refusal.UNDO_TOO_LATE)
    untouched = queries.untouched(session, batch.id)
    ids = [one.organisation_id for one in untouched]
    for one in untouched:
        session.delete(one)
    session.flush()
    entering.remove(session, actor, ids, at=at)
    kept = batch.counts[EntryStatus.MADE] - len(ids)
    counts = {str(EntryStatus.TAKEN_BACK): len(ids), str(EntryStatus.KEPT): kept}
    batch.counts = {**counts, EntryStatus.REFUSED: batch.counts.get(EntryStatus.REFUSED, 0)}
    batches.move(session, batch, BatchStatus.UNDONE, at=at)
    audit.record(session, actor, "import.undo_batch", "import_batch", batch.id, at=at, **counts)
