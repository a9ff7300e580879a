"""Listings from the tables that offices fill, and rankings as tables that they open."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from matchmaker.commands import sayings
from matchmaker.commands.entries import Entries, Entry, Problem
from matchmaker.commands.speech import Speech
from matchmaker.engine import Listing
from matchmaker.tables import reading, rows, values
from matchmaker.tables.finding import Row, Table
from matchmaker.tables.headings import Field
from matchmaker.tables.rows import LIST_BREAK, Cells, Ids
from matchmaker.tables.sheets import MOST_BYTES, CellFault, Fault, UnreadableTable, shown

SUFFIXES = (".jsonl", ".csv", ".xlsx")  # that are written
# Columns that the engine reads nothing from, beyond the names of both sides.
_NAMED_ONLY = (Field.ORGANISATION, Field.CONTACT, Field.PHONE, Field.EMAIL)
_FIELDS = frozenset(
    (
        Field.ID,
        Field.NUMBER,
        Field.LANGUAGE,
        Field.TITLE,
        Field.SUMMARY,
        Field.DESCRIPTION,
        Field.REQUIREMENTS,
        Field.TAGS,
        Field.MODES,
        Field.GOAL,
        Field.PROVINCE,
        Field.ORG_TYPE,
        Field.TRL,
        Field.TASKS,
        *_NAMED_ONLY,
    )
)


class UnreadableFileError(Exception):
    """Problems of an input file, one a line."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        super().__init__(f"{path}: {len(problems)} problem(s)")
        self.path = path
        self.problems = problems

    def report(self, say: Speech) -> str:
        """Return the problems as text, the first twenty in full."""
        return "\n".join([f"{self.path}:", *sayings.first(self.problems, say)])


def read_listings(path: Path, kind: str, names: Mapping[str, str] | None = None) -> list[Listing]:
    """Read needs or capabilities from a file; raise UnreadableFileError if any row is wrong.

    ``names`` maps further names of modes and goals (labels in any language, in lower case) to
    codes.
    """
    say = Speech("en")
    found = read_entries(path, kind, names or {}, say)
    if found.refused:
        raise UnreadableFileError(path, sayings.refusals(found, say))
    return [entry.listing for entry in found.listings]


def read_entries(path: Path, kind: str, names: Mapping[str, str], say: Speech) -> Entries:
    """Read all rows of a file that can be read; raise UnreadableFileError where there are none."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        found = Entries(path, reading.read(path.name, data, kind).of_fields(_FIELDS))
    except OSError as error:
        problem = say(sayings.NOT_OPENED, reason=error.strerror)
        raise UnreadableFileError(path, [problem]) from error
    except UnreadableTable as error:
        raise UnreadableFileError(path, [sayings.of_file(error, say)]) from error
    ids = Ids(len(found.reading.tables) > 1)
    for table in found.reading.tables:
        for row in table.rows:
            _read_row(found, table, row, kind, names=names, ids=ids)
    if not found.listings:
        raise UnreadableFileError(path, sayings.refusals(found, say))
    return found


def _read_row(
    found: Entries, table: Table, row: Row, kind: str, *, names: Mapping[str, str], ids: Ids
) -> None:
    remarks: list[Problem] = []

    def remark(fault: str, **data: Any) -> None:
        remarks.append(Problem(table.sheet, row.number, fault, data))

    try:
        listing = _listing(Cells(table, row), kind, names, remark)
        listing_id = ids.given(table, row, remark)
    except CellFault as fault:
        found.refused.append(Problem(table.sheet, row.number, fault.fault, fault.data))
        return
    cells = Cells(table, row)
    found.remarks.extend(remarks)
    contact = [shown(cell) for name in _NAMED_ONLY[1:] for cell in table.cells(row, name)]
    found.listings.append(
        Entry(
            listing(listing_id),
            table.sheet,
            row.number,
            cells.shown(Field.ORGANISATION),
            " ".join(dict.fromkeys(text for text in contact if text)),
        )
    )


def _listing(cells: Cells, kind: str, names: Mapping[str, str], remark: Any) -> Any:
    """Return what makes the listing of a row once its id is known; raise CellFault."""
    title = cells.text(Field.TITLE)
    if not title:
        raise cells.named(CellFault(Fault.NO_TITLE), Field.TITLE)
    told = cells.texts(Field.DESCRIPTION)
    if kind != "need":
        told += cells.texts(Field.REQUIREMENTS)
    facts = {
        "title": title,
        "summary": cells.text(Field.SUMMARY),
        "description": "\n".join(dict.fromkeys(told)),
        "language": rows.read(cells, Field.LANGUAGE, values.language),
        "tags": cells.parts(Field.TAGS, LIST_BREAK),
        "must_haves": rows.lines(cells, Field.REQUIREMENTS) if kind == "need" else (),
        "goal": rows.read(cells, Field.GOAL, lambda text: values.goal(text, names)),
        "modes": rows.modes(cells, names, remark),
        "province": rows.first(cells, Field.PROVINCE, values.province, remark),
        "org_type": cells.text(Field.ORG_TYPE) or None,
        "trl": rows.first(cells, Field.TRL, values.level, remark),
        "tasks": cells.parts(Field.TASKS, LIST_BREAK),
    }
    return lambda listing_id: Listing(id=listing_id, kind=kind, **facts)


def neutralised(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def write_csv(rows: Iterable[Mapping[str, Any]], header: Mapping[str, str], path: Path) -> None:
    """Write rows as CSV that a spreadsheet opens with its accents and characters intact.

    ``header`` maps the names of cells to headings.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header.values())
        writer.writerows([neutralised(row.get(name, "")) for name in header] for row in rows)


def write_xlsx(rows: Iterable[Mapping[str, Any]], header: Mapping[str, str], path: Path) -> None:
    """Write rows as a workbook of one sheet: texts as texts, whatever they look like."""
    import openpyxl  # when it runs
    from openpyxl.cell import WriteOnlyCell  # when it runs
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # when it runs
    from openpyxl.styles import Alignment, Font  # when it runs
    from openpyxl.utils import get_column_letter  # when it runs

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("matches")
    sheet.freeze_panes = "A2"
    for place, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, 12)

    def cell(value: Any) -> Any:
        made = WriteOnlyCell(
            sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        )
        if isinstance(value, str):
            made.data_type = "s"  # no formula, and an id keeps its zeros
            made.alignment = Alignment(wrap_text=True, vertical="top")
        elif isinstance(value, float):
            made.number_format = "0.00"
        return made

    headings = [cell(heading) for heading in header.values()]
    for heading in headings:
        heading.font = Font(bold=True)
    sheet.append(headings)
    for row in rows:
        sheet.append([cell(row.get(name, "")) for name in header])
    book.save(path)


_WIDTHS = {
    "need_title": 36,
    "capability_title": 36,
    "need_organisation": 26,
    "capability_organisation": 26,
    "need_contact": 24,
    "capability_contact": 24,
    "reasons": 70,
}


def write_jsonl(rows: Iterable[Mapping[str, Any]], out: IO[str]) -> None:
    """Write rows as JSON, one object a line."""
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
