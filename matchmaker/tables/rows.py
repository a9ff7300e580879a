"""Rows of a table as texts and values, with what is wrong with a cell or was read otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from matchmaker.tables import values
from matchmaker.tables.finding import Row, Table
from matchmaker.tables.headings import Field
from matchmaker.tables.sheets import LONGEST_CELL, Cell, CellFault, Fault, shown, text_of

LIST_BREAK = re.compile(r"[;；、,，|\n]")
WAY_BREAK = re.compile(r"[;；、,，|\n/+]")
LINE_BREAK = re.compile(r"[;；|\n]")
_BULLET = re.compile(
    r"^\s*(?:[-*–]\s+|[•·]\s*|\d{1,2}[.)]\s+|\d{1,2}[、）]\s*|[（(]\d{1,2}[)）]\s*)"
)


class Remark(StrEnum):
    """What of a row was read otherwise than it is written."""

    FIRST_ONLY = "first_only"
    UNKNOWN_MODE = "unknown_mode"
    NUMBERED = "numbered"
    NO_ID = "no_id"


class Cells:
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

    def parts(
        self, name: Field, at: re.Pattern[str], is_one: Callable[[str], Any] = lambda line: False
    ) -> tuple[str, ...]:
        """Return the entries of cells that list several.

        `is_one`: tells of a line that it is one entry, although it could be split.
        """
        self.texts(name)  # for what may be wrong with them
        found: list[str] = []
        for cell in self._all(name):
            lines = cell if isinstance(cell, list) else text_of(cell).split("\n")
            for line in (str(one).strip() for one in lines if one is not None):
                is_whole = isinstance(cell, list) or is_one(line)
                found += [line] if is_whole else map(str.strip, at.split(line))
        return tuple(dict.fromkeys(part for part in found if part))

    def named(self, fault: CellFault, name: Field) -> CellFault:
        """Return the fault with the heading of the field's column."""
        return CellFault(fault.fault, column=self.heading(name), **fault.data)

    def heading(self, name: Field) -> str:
        headings = [one.heading for one in self._table.columns if one.field is name]
        return next(filter(None, headings), name.value)

    def _all(self, name: Field) -> Sequence[Cell]:
        return [cell for cell in self._table.cells(self._row, name) if cell is not None]


def lines(cells: Cells, name: Field) -> tuple[str, ...]:
    """Return the lines of cells, without bullets and numbers."""
    bare = (_BULLET.sub("", one).strip() for one in cells.parts(name, LINE_BREAK))
    return tuple(text for text in bare if text)


def read(cells: Cells, name: Field, reader: Any) -> Any:
    """Return what a reader makes of a field's first text; a fault names its column."""
    try:
        return reader(cells.text(name))
    except CellFault as fault:
        raise cells.named(fault, name) from fault


def first(cells: Cells, name: Field, reader: Any, remark: Any) -> Any:
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
                remark(Remark.FIRST_ONLY, column=name.value, value=text, taken=told.value)
            return told.value
    if wrong is not None:
        raise wrong
    return None


def modes(cells: Cells, names: Mapping[str, str], remark: Any) -> tuple[str, ...]:
    """Return the codes of ways to cooperate, and remark on those that are not known."""
    codes: list[str] = []
    for text in cells.parts(Field.MODES, WAY_BREAK):
        code = values.mode(text, names)
        if code:
            codes.append(code)
        elif not values.says_nothing(text):
            remark(Remark.UNKNOWN_MODE, value=text)
    return tuple(dict.fromkeys(codes))


class Ids:
    """Gives each listing of a file an id of its own: what its row says, or else its number."""

    def __init__(self, many: bool) -> None:
        self._many = many  # sheets, each with numbers of its own
        self._used: dict[str, int] = {}

    def given(self, table: Table, row: Row, remark: Any) -> str:
        cells = Cells(table, row)
        own = cells.text(Field.ID)
        if own and not table.repeats(row, Field.ID):
            if own in self._used:
                fault = CellFault(Fault.ID_USED, value=own, used=self._used[own])
                raise cells.named(fault, Field.ID)
        else:
            own = self._made(table, row, own)
            remark(
                Remark.NUMBERED if Field.NUMBER in table.fields else Remark.NO_ID,
                value=own,
            )
        self._used[own] = row.number
        return own

    def _made(self, table: Table, row: Row, own: str) -> str:
        number = own or Cells(table, row).shown(Field.NUMBER) or f"row-{row.number}"
        base = f"{table.sheet}-{number}" if self._many and not own else number
        made, copy = base, 1
        while made in self._used:
            copy += 1
            made = f"{base}-{copy}"
        return made
