"""What people do with a table that they bring. Each begins a step, which `steps` goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.audit import service as audit
from matchmaker.db import chunks, moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.imports import queries, rules
from matchmaker.imports.models import DraftSource, Import, ImportRow, TableForm
from matchmaker.imports.records import Filled
from matchmaker.imports.states import ImportStatus, RowStatus
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings import service as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import Content
from matchmaker.organisations import rules as organisations
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import current_sides
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import SYSTEM, Actor
from matchmaker.plan.models import Plan
from matchmaker.tables.finding import Row, Table
from matchmaker.tables.headings import Field
from matchmaker.tables.reading import Reading


def begin(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    plan: Plan,
    reading: Reading,
    *,
    kind: str,
    name: str,
    at: datetime | None = None,
) -> Import:
    """Keep what was read of a file, its columns as this office's form was last understood.

    Raises Refused, with nothing stored, when the organisation may not post the kind, or when there
    are too many rows.
    """
    at = moment(at)
    check_may_post(session, organisation, kind)
    rows = rows_of(reading, rules.MOST_ROWS)
    held = keep(session, actor, organisation, plan, reading, rows=rows, kind=kind, name=name, at=at)
    audit.record(session, actor, "import.begin", "import", held.id, rows=len(rows), at=at)
    limits.count(session, actor, Act.IMPORT, at=at)
    return held


def check_may_post(session: Session, organisation: Organisation, kind: str) -> None:
    """Raise Refused when no listing of the kind may be drafted for the organisation."""
    is_out = organisation.status in OrganisationStatus.OUT
    if is_out or not organisations.may_post_now(organisation, kind, current_sides(session)):
        raise Refused(Refusal.KIND_NOT_OPEN)


def rows_of(reading: Reading, most: int) -> list[tuple[int, Row]]:
    """Return the rows of a file, each with the place of its sheet; raises Refused for too many."""
    rows = [
        (sheet, row)
        for sheet, table in enumerate(reading.tables)
        for row in table.rows
        if rules.EXAMPLE not in table.cells(row, Field.ID)
    ]
    if len(rows) > most:
        raise Refused(Refusal.TABLE_TOO_LONG, most=f"{most:,}", number=f"{len(rows):,}")
    if not rows:
        raise Refused(Refusal.TABLE_EMPTY)
    return rows


def keep(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    plan: Plan,
    reading: Reading,
    *,
    rows: Sequence[tuple[int, Row]],
    kind: str,
    name: str,
    at: datetime,
) -> Import:
    """Keep some rows of a file for an organisation. Nothing is audited or counted."""
    held = Import(
        organisation=organisation,
        origin=None,
        user_id=actor.user_id,
        plan_id=plan.id,
        kind=kind,
        name=name,
        sheets=[_sheet(session, organisation.id, kind, table) for table in reading.tables],
        passed=[[one.sheet, one.why] for one in reading.passed],
        status=ImportStatus.MAPPING,
        row_count=len(rows),
        created_at=at,
        updated_at=at,
    )
    session.add(held)
    session.flush()
    kept = [
        {
            "import_id": held.id,
            "position": position,
            "sheet": sheet,
            "number": row.number,
            "cells": list(row.cells),
            "repeats": sorted(row.repeats),
            "status": RowStatus.WAITING,
        }
        for position, (sheet, row) in enumerate(rows)
    ]
    for part in chunks(kept):
        session.execute(insert(ImportRow), part)
    return held


def _sheet(session: Session, organisation_id: int, kind: str, table: Table) -> dict[str, Any]:
    columns = [rules.column_of(column, kind) for column in table.columns]
    known = queries.form(session, organisation_id, kind, rules.signature(columns))
    if known is not None:
        columns = [
            [place, heading, known.fields.get(str(place)) or None, False]
            for place, heading, *_ in columns
        ]
    return {
        "name": table.sheet,
        "heading_row": table.heading_row,
        "columns": columns,
        "left_out": list(table.left_out),
        "replaced": table.replaced,
        "is_known": known is not None,
    }


def map_columns(
    session: Session,
    actor: Actor,
    held: Import,
    version: int,
    fields: Sequence[Mapping[int, str]],
    *,
    at: datetime | None = None,
) -> None:
    """Say for each sheet what its columns hold, by their places, and begin to check the rows.

    What is said is remembered for this form. Raises Refused when a sheet is left without titles.
    """
    at = moment(at)
    _may_begin(held, version, ImportStatus.MAPPING, ImportStatus.CHECKED)
    sheets = [
        {
            **sheet,
            "columns": [
                [place, heading, said.get(place) or None, by_content and said.get(place) == name]
                for place, heading, name, by_content in sheet["columns"]
            ],
        }
        for sheet, said in zip(held.sheets, fields, strict=True)
    ]
    if not rules.has_title(sheets):
        raise Refused(Refusal.TABLE_WITHOUT_TITLES)
    held.sheets = sheets
    for sheet in sheets:
        _remember(session, held, sheet["columns"])
    _begin(session, actor, held, ImportStatus.CHECKING, at=at)
    audit.record(session, actor, "import.map", "import", held.id, at=at, **_whose(held))


def _remember(session: Session, held: Import, columns: Sequence[Sequence[Any]]) -> None:
    signature = rules.signature(columns)
    fields = {str(place): name or "" for place, _, name, _ in columns}
    known = queries.form(session, held.organisation_id, held.kind, signature)
    if known is None:
        known = TableForm(organisation_id=held.organisation_id, kind=held.kind, signature=signature)
        session.add(known)
    known.fields = fields


def run(
    session: Session, actor: Actor, held: Import, version: int, *, at: datetime | None = None
) -> None:
    """Begin to make drafts of the good rows."""
    at = moment(at)
    _may_begin(held, version, ImportStatus.CHECKED)
    _begin(session, actor, held, ImportStatus.RUNNING, at=at)
    audit.record(session, actor, "import.run", "import", held.id, at=at, **_whose(held))


def undo(
    session: Session, actor: Actor, held: Import, version: int, *, at: datetime | None = None
) -> None:
    """Begin to take back what was made, but for drafts that somebody has worked on since."""
    at = moment(at)
    _may_begin(held, version, ImportStatus.DONE)
    if not rules.may_undo(held.status, held.finished_at, at):
        raise Refused(Refusal.UNDO_TOO_LATE)
    _begin(session, actor, held, ImportStatus.UNDOING, at=at)
    audit.record(session, actor, "import.undo", "import", held.id, at=at, **_whose(held))


def discard(
    session: Session, actor: Actor, held: Import, version: int, *, at: datetime | None = None
) -> None:
    """Put a table away of which nothing was made, with its rows."""
    at = moment(at)
    _may_begin(held, version, *ImportStatus.BEFORE)
    number, whose = held.id, _whose(held)
    _delete(session, [number])
    audit.record(session, actor, "import.discard", "import", number, at=at, **whose)


def _whose(held: Import) -> dict[str, int]:
    """For whom a curator acts, as an audit record says it; an organisation acts for itself."""
    return {"organisation": held.organisation_id} if held.is_by_curator else {}


def _delete(session: Session, ids: Sequence[int]) -> None:
    unseen = {"synchronize_session": False}
    for part in chunks(ids):
        of_these = delete(ImportRow).where(ImportRow.import_id.in_(part))
        session.execute(of_these, execution_options=unseen)
        session.execute(delete(Import).where(Import.id.in_(part)), execution_options=unseen)


def draft_from(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    plan: Plan,
    filled: Filled,
    *,
    name: str,
    at: datetime | None = None,
) -> Listing:
    """A draft of a capability, filled from a file, that remembers what its fields rest on."""
    at = moment(at)
    content = rules.content_with(Content(province=organisation.province), filled.values)
    listing = listings.create(session, actor, organisation, plan, content, kind="capability", at=at)
    source = DraftSource(
        listing_id=listing.id, name=name, sentences=filled.sentences, created_at=at
    )
    session.add(source)
    session.flush()
    audit.record(session, actor, "listing.fill", "listing", listing.id, at=at)
    return listing


def forget_old(session: Session, *, at: datetime | None = None) -> int:
    """Delete imports that nobody has touched for long, and return how many. Drafts stay."""
    at = moment(at)
    batches = queries.batches_older_than(session, at - rules.KEPT)
    for batch in batches:
        session.delete(batch)
    session.flush()
    ids = queries.older_than(session, at - rules.KEPT)
    if ids:
        _delete(session, ids)
    if ids or batches:
        audit.record(
            session, SYSTEM, "import.forget", "import", None, at=at, imports=len(ids) + len(batches)
        )
    return len(ids) + len(batches)


def _may_begin(held: Import, version: int, *statuses: str) -> None:
    if held.version != version or held.status not in statuses:
        raise Conflict("import", held.id)


def _begin(
    session: Session, actor: Actor, held: Import, status: ImportStatus, *, at: datetime
) -> None:
    number = held.id
    held.status, held.done, held.updated_at = status, 0, at
    held.user_id = actor.user_id or held.user_id
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("import", number) from error
