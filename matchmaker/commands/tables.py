"""Listings from the tables that offices fill, and rankings as tables that they open."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from matchmaker.commands import sayings
from matchmaker.commands.speech import Speech
from matchmaker.engine import Listing
from matchmaker.tables import reading, values
from matchmaker.tables.finding import Row, Table
from matchmaker.tables.headings import Field
from matchmaker.tables.reading import Reading
from matchmaker.tables.sheets import (
    LONGEST_CELL,
    MOST_BYTES,
    Cell,
    CellFault,
    Fault,
    UnreadableTable,
    shown,
    text_of,
)

SUFFIXES = (".jsonl", ".csv", ".xlsx")  # that are written
_LIST_BREAK = re.compile(r"[;；、,，|\n]")
_WAY_BREAK = re.compile(r"[;；、,，|\n/+]")
_LINE_BREAK = re.compile(r"[;；|\n]")
_BULLET = re.compile(
    r"^\s*(?:[-*–]\s+|[•·]\s*|\d{1,2}[.)]\s+|\d{1,2}[、）]\s*|[（(]\d{1,2}[)）]\s*)"
)
# Columns that the engine reads nothing from, beyond the names of both sides.
_NAMED_ONLY = (Field.ORGANISATION, Field.CONTACT, Field.PHONE, Field.EMAIL)


class UnreadableFileError(Exception):
    """Problems of an input file, one a line."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        super().__init__(f"{path}: {len(problems)} problem(s)")
        self.path = path
        self.problems = problems

    def report(self, say: Speech) -> str:
        """Return the problems as text, the first twenty in full."""
        return "\n".join([f"{self.path}:", *sayings.first(self.problems, say)])


class Problem(NamedTuple):
    """What is wrong with a row, or what of it was read otherwise than written."""

    sheet: str
    row: int
    fault: str
    data: Mapping[str, Any]


class Entry(NamedTuple):
    """A listing with its place in the file, and whose it is."""

    listing: Listing
    sheet: str
    row: int
    organisation: str
    contact: str


@dataclass(slots=True)
class Entries:
    """What was read of a file: its listings, the rows refused, and what is to be told."""

    path: Path
    reading: Reading
    listings: list[Entry] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


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
        found = Entries(path, reading.read(path.name, data, kind))
    except OSError as error:
        problem = say(sayings.NOT_OPENED, reason=error.strerror)
        raise UnreadableFileError(path, [problem]) from error
    except UnreadableTable as error:
        raise UnreadableFileError(path, [sayings.of_file(error, say)]) from error
    ids = _Ids(len(found.reading.tables) > 1)
    for table in found.reading.tables:
        for row in table.rows:
            _read_row(found, table, row, kind, names=names, ids=ids)
    if not found.listings:
        raise UnreadableFileError(path, sayings.refusals(found, say))
    return found


def _read_row(
    found: Entries, table: Table, row: Row, kind: str, *, names: Mapping[str, str], ids: _Ids
) -> None:
    remarks: list[Problem] = []

    def remark(fault: str, **data: Any) -> None:
        remarks.append(Problem(table.sheet, row.number, fault, data))

    try:
        listing = _listing(_Cells(table, row), kind, names, remark)
        listing_id = ids.given(table, row, remark)
    except CellFault as fault:
        found.refused.append(Problem(table.sheet, row.number, fault.fault, fault.data))
        return
    cells = _Cells(table, row)
    found.remarks.extend(remarks)
    contact = [shown(cell) for name in _NAMED_ONLY[1:] for cell in row.cells.get(name, ())]
    found.listings.append(
        Entry(
            listing(listing_id),
            table.sheet,
            row.number,
            cells.shown(Field.ORGANISATION),
            " ".join(dict.fromkeys(text for text in contact if text)),
        )
    )


class _Cells:
    """The cells of a row as texts. A fault tells the heading of its column."""

    def __init__(self, table: Table, row: Row) -> None:
        self._table = table
        self._row = row

    def shown(self, name: Field) -> str:
        return next((text for cell in self._all(name) if (text := shown(cell))), "")

    def text(self, name: Field) -> str:
        """Return the text of the first cell that is filled."""
        return next(iter(self.texts(name)), "")

    def texts(self, name: Field) -> list[str]:
        try:
            found = [text for cell in self._all(name) if (text := text_of(cell))]
        except CellFault as fault:
            raise self.named(fault, name) from fault
        if any(len(text) > LONGEST_CELL for text in found):
            raise self.named(CellFault(Fault.CELL_TOO_LONG, most=LONGEST_CELL), name)
        return found

    def parts(self, name: Field, at: re.Pattern[str]) -> tuple[str, ...]:
        """Return the entries of cells that list several."""
        self.texts(name)  # for what may be wrong with them
        found: list[str] = []
        for cell in self._all(name):
            whole = cell if isinstance(cell, list) else at.split(text_of(cell))
            found.extend(str(part).strip() for part in whole if part is not None)
        return tuple(dict.fromkeys(part for part in found if part))

    def named(self, fault: CellFault, name: Field) -> CellFault:
        headings = [one.heading for one in self._table.columns if one.field is name]
        return CellFault(fault.fault, column=next(filter(None, headings), name.value), **fault.data)

    def _all(self, name: Field) -> Sequence[Cell]:
        return self._row.cells.get(name, ())


def _listing(cells: _Cells, kind: str, names: Mapping[str, str], remark: Any) -> Any:
    """Return what makes the listing of a row once its id is known; raise CellFault."""
    title = cells.text(Field.TITLE)
    if not title:
        raise cells.named(CellFault(Fault.NO_TITLE), Field.TITLE)
    told = cells.texts(Field.DESCRIPTION)
    if kind != "need":
        told += cells.texts(Field.REQUIREMENTS)
    must_haves = cells.parts(Field.REQUIREMENTS, _LINE_BREAK) if kind == "need" else ()
    facts = {
        "title": title,
        "summary": cells.text(Field.SUMMARY),
        "description": "\n".join(dict.fromkeys(told)),
        "language": _read(cells, Field.LANGUAGE, values.language),
        "tags": cells.parts(Field.TAGS, _LIST_BREAK),
        "must_haves": tuple(text for one in must_haves if (text := _BULLET.sub("", one).strip())),
        "goal": _read(cells, Field.GOAL, lambda text: values.goal(text, names)),
        "modes": _modes(cells, names, remark),
        "province": _first(cells, Field.PROVINCE, values.province, remark),
        "org_type": cells.text(Field.ORG_TYPE) or None,
        "trl": _first(cells, Field.TRL, values.level, remark),
        "tasks": cells.parts(Field.TASKS, _LIST_BREAK),
    }
    return lambda listing_id: Listing(id=listing_id, kind=kind, **facts)


def _read(cells: _Cells, name: Field, reader: Any) -> Any:
    try:
        return reader(cells.text(name))
    except CellFault as fault:
        raise cells.named(fault, name) from fault


def _first(cells: _Cells, name: Field, reader: Any, remark: Any) -> Any:
    """Return the value of the first cell that tells one; refuse the row if none does."""
    wrong: CellFault | None = None
    for text in cells.texts(name):
        try:
            told = reader(text)
        except CellFault as fault:
            wrong = wrong or cells.named(fault, name)
            continue
        if told.value is not None:
            if told.more:
                remark(sayings.Remark.FIRST_ONLY, column=name.value, value=text, taken=told.value)
            return told.value
    if wrong is not None:
        raise wrong
    return None


def _modes(cells: _Cells, names: Mapping[str, str], remark: Any) -> tuple[str, ...]:
    codes: list[str] = []
    for text in cells.parts(Field.MODES, _WAY_BREAK):
        code = values.mode(text, names)
        if code:
            codes.append(code)
        elif not values.says_nothing(text):
            remark(sayings.Remark.UNKNOWN_MODE, value=text)
    return tuple(dict.fromkeys(codes))


class _Ids:
    """Gives each listing of a file an id of its own: what its row says, or else its number."""

    def __init__(self, many: bool) -> None:
        self._many = many  # sheets, each with numbers of its own
        self._used: dict[str, int] = {}

    def given(self, table: Table, row: Row, remark: Any) -> str:
        cells = _Cells(table, row)
        own = cells.text(Field.ID)
        if own and Field.ID not in row.repeats:
            if own in self._used:
                fault = CellFault(Fault.ID_USED, value=own, used=self._used[own])
                raise cells.named(fault, Field.ID)
        else:
            own = self._made(table, row, own)
            remark(
                sayings.Remark.NUMBERED if Field.NUMBER in table.fields else sayings.Remark.NO_ID,
                value=own,
            )
        self._used[own] = row.number
        return own

    def _made(self, table: Table, row: Row, own: str) -> str:
        number = own or _Cells(table, row).shown(Field.NUMBER) or f"row-{row.number}"
        base = f"{table.sheet}-{number}" if self._many and not own else number
        made, copy = base, 1
        while made in self._used:
            copy += 1
            made = f"{base}-{copy}"
        return made


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
