"""The steps from a table to drafts: rows are checked, taken, and taken back.

A step goes through the rows by parts, in the request that begins it and in the worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import day_of, moment
from matchmaker.imports import queries, rules
from matchmaker.imports.models import Import, ImportedListing, ImportRow
from matchmaker.imports.rows import Problem, ReadRow, RowReader
from matchmaker.imports.states import ImportStatus, RowFault, RowStatus
from matchmaker.listings import drafts
from matchmaker.listings import rules as listing_rules
from matchmaker.listings import service as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import Content
from matchmaker.listings.states import ListingStatus
from matchmaker.notices import service as notices
from matchmaker.organisations.acting import actor_of
from matchmaker.organisations.belonging import writers
from matchmaker.permissions import SYSTEM, Actor, may
from matchmaker.plan.models import Plan
from matchmaker.plan.queries import plan_with_tasks
from matchmaker.tables.finding import Row
from matchmaker.tables.headings import Field, plain

AT_ONCE = 250  # rows of one transaction: nobody waits long for it


def advance(session: Session, held: Import, *, at: datetime | None = None) -> None:
    """Go through the next rows of a step; after the last, the step is over."""
    at = moment(at)
    found = actor_of(session, held.user_id, held.organisation_id)
    actor = found[0] if found else None
    if actor is None or not may(actor, "import.act", held):
        _end(session, held, at=at)  # who asked for it may no longer: what is left stays undone
        return
    rows = queries.rows_from(session, held.id, held.done, AT_ONCE)
    if held.status == ImportStatus.CHECKING:
        _check(session, held, rows, at=at)
    elif held.status == ImportStatus.RUNNING:
        _take(session, actor, held, rows, at=at)
    else:
        _take_back(session, actor, held, rows, at=at)
    held.done += len(rows)
    held.updated_at = at
    if held.done >= held.row_count:
        _end(session, held, at=at)
    session.flush()


def _end(session: Session, held: Import, *, at: datetime) -> None:
    after = {
        ImportStatus.CHECKING: ImportStatus.CHECKED,
        ImportStatus.RUNNING: ImportStatus.DONE,
        ImportStatus.UNDOING: ImportStatus.UNDONE,
    }
    ended = held.status
    held.status, held.updated_at = after[ImportStatus(ended)], at
    session.flush()
    if ended == ImportStatus.CHECKING:
        return
    held.finished_at = at if ended == ImportStatus.RUNNING else held.finished_at
    counts = dict(queries.counts(session, [held.id])[held.id])
    audit.record(session, SYSTEM, "import.finish", "import", held.id, at=at, **counts)
    if held.is_by_curator:
        _tell(session, held, ended, counts, at=at)


def _tell(
    session: Session, held: Import, ended: str, counts: Mapping[str, int], *, at: datetime
) -> None:
    """Tell the organisation what a curator has brought for it, or taken back."""
    is_undone = ended == ImportStatus.UNDOING
    statuses = (RowStatus.TAKEN_BACK,) if is_undone else RowStatus.TAKEN
    many = sum(counts.get(status, 0) for status in statuses)
    if not many:
        return
    curator = actor_of(session, held.user_id)
    for user in writers(session, held.organisation_id):
        notices.notify(
            session,
            [user],
            "import.taken_back" if is_undone else "import.arrived",
            "/our/listings?status=draft",
            organisation=held.organisation.name_for(user.language),
            name=curator[0].name if curator else "",
            number=many,
            concerning=held.organisation_id,
            at=at,
        )


class _Part:
    """Some rows of an import as they are read now, with what was made of them before."""

    def __init__(
        self, session: Session, held: Import, rows: Sequence[ImportRow], at: datetime
    ) -> None:
        self.plan = plan_with_tasks(session, held.plan_id)
        tables = [rules.table_of(sheet) for sheet in held.sheets]
        reader = RowReader(held.kind, _tasks(self.plan), day_of(at))
        self.read: list[ReadRow] = [
            reader.read(tables[row.sheet], Row(row.number, row.cells, frozenset(row.repeats)))
            for row in rows
        ]
        keys = {one.key for one in self.read}
        self.made = queries.made_of(session, held.organisation_id, held.kind, keys)
        first = rows[0].position if rows else 0
        self._used = dict(queries.earlier_keys(session, held.id, first, keys))

    def judge(self, row: ImportRow, read: ReadRow) -> RowStatus:
        """Return what comes of a row, and note why it is refused."""
        if not read.faults and read.key in self._used:
            by_id = read.key.startswith("#")
            code = RowFault.KEY_USED if by_id else RowFault.TITLE_USED
            self._refuse(read, Field.ID if by_id else Field.TITLE, code, self._used[read.key])
        if read.faults:
            return RowStatus.REFUSED
        self._used[read.key] = row.number
        if read.key not in self.made:
            return RowStatus.NEW
        imported, listing = self.made[read.key]
        told = rules.as_kept(read.values)
        if not rules.differing(imported.told, told):
            return RowStatus.SAME
        current = rules.some_of(listing_rules.content_of(listing), list(told))
        code_ = rules.fault_of(listing.standing, current, imported.told, told)
        if code_ is None:
            return RowStatus.CHANGED
        self._refuse(read, Field.ID, code_, row.number)
        return RowStatus.REFUSED

    @staticmethod
    def _refuse(read: ReadRow, field: Field, code: RowFault, used: int) -> None:
        read.faults.append(Problem(field, "", code, {"used": used}))


def _tasks(plan: Plan | None) -> dict[str, int]:
    """Return the plan's tasks by code and by title in each language."""
    tasks = [task for initiative in plan.initiatives for task in initiative.tasks] if plan else []
    return {plain(name): task.id for task in tasks for name in (*task.title.values(), task.code)}


def _check(session: Session, held: Import, rows: Sequence[ImportRow], *, at: datetime) -> None:
    part = _Part(session, held, rows, at)
    changes = [
        {
            "id": row.id,
            "status": part.judge(row, read),
            "key": read.key,
            "faults": [list(one) for one in read.faults],
            "remarks": [list(one) for one in read.remarks],
            "is_remarked": bool(read.remarks),
        }
        for row, read in zip(rows, part.read, strict=True)
    ]
    session.execute(update(ImportRow), changes)


def _take(
    session: Session, actor: Actor, held: Import, rows: Sequence[ImportRow], *, at: datetime
) -> None:
    part = _Part(session, held, rows, at)
    changes: list[dict[str, Any]] = []
    new: list[tuple[ImportRow, ReadRow]] = []
    for row, read in zip(rows, part.read, strict=True):
        status = part.judge(row, read)
        if status == RowStatus.NEW:
            new.append((row, read))
        elif status == RowStatus.CHANGED:
            changes.append(_update(session, actor, row, read, part.made[read.key], at=at))
        else:
            faults = [list(one) for one in read.faults]
            changes.append(_change(row, status=status, faults=faults))
    changes += _create(session, actor, held, part.plan, new, at=at)
    session.execute(update(ImportRow), changes)


def _change(row: ImportRow, **values: Any) -> dict[str, Any]:
    """Return a row's change with a value for each column, as one statement needs it."""
    kept = {
        name: getattr(row, name)
        for name in ("status", "faults", "listing_id", "listing_version", "before")
    }
    return {"id": row.id, **kept, **values}


def _create(
    session: Session,
    actor: Actor,
    held: Import,
    plan: Plan | None,
    new: Sequence[tuple[ImportRow, ReadRow]],
    *,
    at: datetime,
) -> list[dict[str, Any]]:
    if plan is None or not new:
        return []
    empty = Content(province=held.organisation.province)
    contents = [rules.content_with(empty, read.values) for _, read in new]
    made = listings.create_all(
        session, actor, held.organisation, plan, contents, kind=held.kind, at=at
    )
    imported = [
        {
            "listing_id": listing.id,
            "organisation_id": held.organisation_id,
            "kind": held.kind,
            "key": read.key,
            "told": rules.as_kept(read.values),
        }
        for listing, (_, read) in zip(made, new, strict=True)
    ]
    session.execute(insert(ImportedListing), imported)
    return [
        _change(
            row,
            status=RowStatus.CREATED,
            listing_id=listing.id,
            listing_version=listing.version,
        )
        for listing, (row, _) in zip(made, new, strict=True)
    ]


def _update(
    session: Session,
    actor: Actor,
    row: ImportRow,
    read: ReadRow,
    made: tuple[ImportedListing, Listing],
    *,
    at: datetime,
) -> dict[str, Any]:
    imported, listing = made
    content = listing_rules.content_of(listing)
    # What the row says as before is not written again: somebody may have changed it here.
    new = rules.differing(imported.told, rules.as_kept(read.values))
    before = rules.some_of(content, new)
    told = {"listing": before, "told": imported.told}
    listings.revise(
        session,
        actor,
        listing,
        listing.version,
        rules.content_with(content, {name: read.values[name] for name in new}),
        at=at,
    )
    imported.told = {**imported.told, **rules.as_kept(read.values)}
    return _change(
        row,
        status=RowStatus.UPDATED,
        listing_id=listing.id,
        listing_version=listing.version,
        before=told,
    )


def _take_back(
    session: Session, actor: Actor, held: Import, rows: Sequence[ImportRow], *, at: datetime
) -> None:
    taken = [row for row in rows if row.status in RowStatus.TAKEN]
    ids = [row.listing_id for row in taken if row.listing_id is not None]
    found = queries.listings_by_ids(session, ids)
    told = queries.told_of(session, ids)
    changes, created = [], []
    for row in taken:
        listing = found.get(row.listing_id or 0)
        untouched = (
            listing is not None
            and listing.version == row.listing_version
            and listing.status in ListingStatus.WITH_AUTHOR
        )
        changes.append(
            {"id": row.id, "status": RowStatus.TAKEN_BACK if untouched else RowStatus.KEPT}
        )
        if listing is None or not untouched:
            continue
        if row.status == RowStatus.CREATED:
            created.append(listing)
        elif row.before is not None:
            before = rules.as_told(row.before["listing"])
            content = rules.content_with(listing_rules.content_of(listing), before)
            listings.revise(session, actor, listing, listing.version, content, at=at)
            told[listing.id].told = row.before["told"]
    if changes:
        session.execute(update(ImportRow), changes)
    if created:
        session.flush()
        drafts.discard(session, actor, created, at=at)
