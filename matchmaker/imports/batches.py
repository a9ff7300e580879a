"""Tables that curators bring for organisations: the rows are placed, and each part goes its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.imports import rules, service
from matchmaker.imports.models import CuratedImport, Import, ImportBatch
from matchmaker.imports.states import BatchStatus, ImportStatus
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.names import comparable, folded, likely
from matchmaker.organisations.rules import may_post_now, normalised_uscc
from matchmaker.permissions import Actor
from matchmaker.plan.models import Plan
from matchmaker.tables.finding import Row
from matchmaker.tables.headings import Field
from matchmaker.tables.reading import Passed, PassedSheet, Reading
from matchmaker.tables.sheets import shown

_NAMING = {Field.ORGANISATION, Field.CODE}


@dataclass(slots=True)
class NameInTable:
    """An organisation as a table calls it, its rows, and whom that may stand for.

    `exact` has this code or name; it may be one that posts no listings of the kind. `likely` may
    post them, the likest first.
    """

    name: str
    code: str
    places: list[int] = field(default_factory=list)  # of its rows, among those of the table
    exact: Organisation | None = None
    may_post: bool = False
    likely: Sequence[Organisation] = ()


def begin_for(
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
    """Keep a table that a curator brings for one organisation. Raises Refused as for its own."""
    at = moment(at)
    service.check_may_post(session, organisation, kind)
    rows = service.rows_of(reading, rules.MOST_ROWS)
    told = {"rows": rows, "kind": kind, "name": name, "at": at}
    held = _part(session, actor, organisation, plan, reading, told=told)
    limits.count(session, actor, Act.IMPORT, at=at)
    return held


def _part(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    plan: Plan,
    reading: Reading,
    *,
    told: Mapping[str, Any],
    batch_id: int | None = None,
) -> Import:
    """Keep the part of a table that is one organisation's; `told`: what `service.keep` takes."""
    held = service.keep(session, actor, organisation, plan, reading, **told)
    held.origin = CuratedImport(curator_id=actor.user_id, batch_id=batch_id)
    session.flush()
    whose = {"organisation": organisation.id, "rows": held.row_count}
    audit.record(session, actor, "import.begin_for", "import", held.id, at=told["at"], **whose)
    return held


def begin(
    session: Session,
    actor: Actor,
    reading: Reading,
    *,
    kind: str,
    name: str,
    at: datetime | None = None,
) -> ImportBatch:
    """Keep a table of listings of several organisations, until it is said whose each row is.

    Raises Refused, with nothing stored, when no column names organisations.
    """
    if not all(table.fields & _NAMING for table in reading.tables):
        raise Refused(Refusal.TABLE_WITHOUT_ORGANISATIONS)
    status = BatchStatus.NAMING
    return keep(session, actor, reading, kind=kind, name=name, status=status, at=moment(at))


def keep(
    session: Session,
    actor: Actor,
    reading: Reading,
    *,
    kind: str,
    name: str,
    status: BatchStatus,
    at: datetime,
    most: int = rules.MOST_ROWS,
) -> ImportBatch:
    """Keep what a curator's table says. Raises Refused for too many rows, or none."""
    rows = service.rows_of(reading, most)
    batch = ImportBatch(
        user_id=actor.user_id,
        kind=kind,
        name=name,
        sheets=[
            {
                "name": table.sheet,
                "heading_row": table.heading_row,
                "columns": [list(column) for column in table.columns],
                "left_out": list(table.left_out),
                "replaced": table.replaced,
            }
            for table in reading.tables
        ],
        passed=[[one.sheet, one.why] for one in reading.passed],
        rows=[[sheet, row.number, list(row.cells), sorted(row.repeats)] for sheet, row in rows],
        status=status,
        counts={},
        created_at=at,
        updated_at=at,
    )
    session.add(batch)
    session.flush()
    told = {"kind": kind, "rows": len(rows)}
    audit.record(session, actor, "import.begin_batch", "import_batch", batch.id, at=at, **told)
    limits.count(session, actor, Act.IMPORT, at=at)
    return batch


def rows_of(batch: ImportBatch) -> list[tuple[int, Row]]:
    """Return the rows of a kept table that have no organisation, with the place of the sheet."""
    return [
        (sheet, Row(number, cells, frozenset(repeats)))
        for sheet, number, cells, repeats in batch.rows
    ]


def names_in(session: Session, actor: Actor, batch: ImportBatch) -> list[NameInTable]:
    """Return whom a table names, in its order; the last one may be the rows without a name."""
    named: dict[str, NameInTable] = {}
    for place, (name, code) in enumerate(_called(batch)):
        one = named.setdefault(code or folded(name), NameInTable(name, code))
        one.places.append(place)
    known = session.scalars(organisations.curated(actor)).all()
    sides = organisations.current_sides(session)
    open_to = {one.id: one for one in known if may_post_now(one, batch.kind, sides)}
    names = comparable({one.id: (one.name_zh, one.name_other) for one in open_to.values()})
    by_code = {one.uscc: one for one in known if one.uscc}
    by_name = {folded(name): one for one in known for name in (one.name_zh, one.name_other) if name}
    for one in named.values():
        one.exact = by_code.get(one.code) if one.code else by_name.get(folded(one.name))
        one.exact = one.exact or by_name.get(folded(one.name))
        one.may_post = one.exact is not None and one.exact.id in open_to
        if one.exact is None and one.name:
            one.likely = [open_to[number] for number in likely(one.name, names)]
    return sorted(named.values(), key=lambda one: not (one.name or one.code))


def _called(batch: ImportBatch) -> list[tuple[str, str]]:
    tables = [rules.table_of(sheet) for sheet in batch.sheets]

    def said(sheet: int, row: Row, name: Field) -> str:
        return next((text for c in tables[sheet].cells(row, name) if (text := shown(c))), "")

    return [
        (said(sheet, row, Field.ORGANISATION), normalised_uscc(said(sheet, row, Field.CODE)))
        for sheet, row in rows_of(batch)
    ]


def left_out(batch: ImportBatch) -> Mapping[str, int]:
    """Return the names that no organisation was chosen for, and how many rows each has."""
    return Counter(name or code for name, code in _called(batch))


def place(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    version: int,
    plan: Plan,
    *,
    chosen: Mapping[int, int],
    at: datetime | None = None,
) -> list[Import]:
    """Give rows to organisations: number of a name → organisation. The others are left out.

    Raises Refused when there are none, or for an organisation that may not post the kind.
    """
    at = moment(at)
    check(batch, version, BatchStatus.NAMING)
    known = {one.id: one for one in session.scalars(organisations.curated(actor))}
    names = names_in(session, actor, batch)
    parts: dict[int, list[int]] = {}
    for number, organisation_id in chosen.items():
        if number < len(names) and organisation_id in known:
            parts.setdefault(organisation_id, []).extend(names[number].places)
    if not parts:
        raise Refused(Refusal.NOTHING_PLACED)
    rows = rows_of(batch)
    reading = Reading(
        [rules.table_of(sheet) for sheet in batch.sheets],
        [PassedSheet(sheet, Passed(why)) for sheet, why in batch.passed],
    )
    made = []
    for organisation_id, places in parts.items():
        organisation = known[organisation_id]
        service.check_may_post(session, organisation, batch.kind)
        of_it = [rows[one] for one in sorted(places)]
        told = {"rows": of_it, "kind": batch.kind, "name": batch.name, "at": at}
        made.append(
            _part(session, actor, organisation, plan, reading, batch_id=batch.id, told=told)
        )
    placed = {one for places in parts.values() for one in places}
    batch.rows = [row for number, row in enumerate(batch.rows) if number not in placed]
    move(session, batch, BatchStatus.DONE, at=at)
    return made


def map_columns(
    session: Session,
    actor: Actor,
    parts: Sequence[Import],
    fields: Sequence[Mapping[int, str]],
    *,
    at: datetime | None = None,
) -> None:
    """Say what the columns of a table hold, for all its parts of which no draft was made."""
    for part in parts:
        if part.status in (ImportStatus.MAPPING, ImportStatus.CHECKED):
            service.map_columns(session, actor, part, part.version, fields, at=at)


def run(
    session: Session, actor: Actor, parts: Sequence[Import], *, at: datetime | None = None
) -> None:
    """Begin to make drafts of all parts whose rows were checked."""
    for part in parts:
        if part.status == ImportStatus.CHECKED:
            service.run(session, actor, part, part.version, at=at)


def undo(
    session: Session, actor: Actor, parts: Sequence[Import], *, at: datetime | None = None
) -> None:
    """Begin to take back what was made of all parts, where it is not too late."""
    at = moment(at)
    for part in parts:
        if rules.may_undo(part.status, part.finished_at, at):
            service.undo(session, actor, part, part.version, at=at)


def discard(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    """Put a table away of which nothing was made."""
    check(batch, version, BatchStatus.NAMING, BatchStatus.CHECKED)
    number = batch.id
    session.delete(batch)
    session.flush()
    audit.record(session, actor, "import.discard", "import_batch", number, at=moment(at))


def check(batch: ImportBatch, version: int, *statuses: str) -> None:
    if batch.version != version or batch.status not in statuses:
        raise Conflict("import_batch", batch.id)


def move(session: Session, batch: ImportBatch, status: BatchStatus, *, at: datetime) -> None:
    """Bring the table a step on; what it holds is written."""
    batch.status, batch.updated_at = status, at
    session.flush()
