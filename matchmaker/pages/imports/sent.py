"""A table as it was sent, and the rows of one that go back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response
from flask_babel import gettext

from matchmaker.files.rules import MOST_BYTES
from matchmaker.pages.shared.downloads import xlsx_file
from matchmaker.tables import apart
from matchmaker.tables.finding import Row, Table
from matchmaker.tables.reading import Reading
from matchmaker.tables.sheets import LONGEST_CELL, Cell, Fault, UnreadableTable, shown
from matchmaker.web.forms import visible


def read(name: str, data: bytes, kind: str) -> Reading:
    """Return what a file says. Raises UnreadableTable, also for one that is too large."""
    if len(data) > MOST_BYTES:
        raise UnreadableTable(Fault.TOO_LARGE, size=len(data), most=MOST_BYTES)
    if not data:
        raise UnreadableTable(Fault.EMPTY)
    return _clean(apart.read(name, data, kind))


def _clean(reading: Reading) -> Reading:
    """Take out of texts what a reader does not see, as of all that is typed."""

    def clean(table: Table) -> Table:
        columns = [one._replace(heading=visible(one.heading)[:200]) for one in table.columns]
        rows = [
            Row(row.number, [_cell(cell) for cell in row.cells], row.repeats) for row in table.rows
        ]
        return replace(table, sheet=visible(table.sheet)[:200], columns=columns, rows=rows)

    passed = [one._replace(sheet=visible(one.sheet)[:200]) for one in reading.passed]
    return Reading([clean(table) for table in reading.tables], passed)


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, list):
        return [_cell(part) for part in cell]
    return visible(cell[: LONGEST_CELL + 1]) if isinstance(cell, str) else cell


def sent_back(
    sheets: Sequence[Mapping[str, Any]], rows: Iterable[tuple[int, Sequence[Cell], Sequence[str]]]
) -> Response:
    """Send rows back under their own headings: of each its sheet, its cells, and its reasons."""
    places = [_places_by_heading(sheet) for sheet in sheets]
    headings = list(dict.fromkeys(heading for of_sheet in places for heading in of_sheet))

    def cells(sheet: int, own: Sequence[Cell], reasons: Sequence[str]) -> list[object]:
        at = [places[sheet].get(heading, len(own)) for heading in headings]
        texts = [shown(own[place]) if place < len(own) else "" for place in at]
        return ["\n".join(reasons), *texts]

    head = [gettext("Reasons sent back"), *headings]
    return xlsx_file("refused", head, (cells(*row) for row in rows))


def _places_by_heading(sheet: Mapping[str, Any]) -> Mapping[str, int]:
    """Return heading → place; of two columns with one heading, the second is told apart."""
    places: dict[str, int] = {}
    for place, heading, *_ in sheet["columns"]:
        places[heading if heading not in places else f"{heading} {place + 1}"] = place
    return places
