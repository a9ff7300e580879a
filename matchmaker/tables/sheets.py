"""A sheet as it stands in a file: cells in rows, and which of them are merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

Cell = Any  # str, float, bool, date, a list of JSON, or None

MOST_BYTES = 100 * 1024 * 1024
MOST_ROWS = 200_000
MOST_CELLS = 8_000_000
MOST_COLUMNS = 1000
LONGEST_CELL = 50_000
_EDGES = " \t\r\n\v\f\xa0\u3000\u200b\ufeff"
_DIGITS_KEPT = 15  # a spreadsheet's number has no more


class Fault(StrEnum):
    """What is wrong with a file or with one of its rows."""

    UNKNOWN_KIND = "unknown_kind"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    SWELLS = "swells"
    TOO_WIDE = "too_wide"
    LOCKED = "locked"
    DAMAGED = "damaged"
    SAVE_AS_XLSX = "save_as_xlsx"
    UNKNOWN_ENCODING = "unknown_encoding"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    OPEN_QUOTE = "open_quote"
    NO_TABLE = "no_table"
    NO_NAMES = "no_names"
    NO_ROWS = "no_rows"
    # of a row
    NO_TITLE = "no_title"
    ID_USED = "id_used"
    DIGITS_LOST = "digits_lost"
    CELL_TOO_LONG = "cell_too_long"
    LANGUAGE = "language"
    GOAL = "goal"
    PROVINCE = "province"
    LEVEL = "level"


class UnreadableTable(Exception):
    """A file that is no table which can be read."""

    def __init__(self, fault: Fault, **data: Any) -> None:
        super().__init__(fault)
        self.fault = fault
        self.data = data


class CellFault(ValueError):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, fault: Fault, **data: Any) -> None:
        super().__init__(fault)
        self.fault = fault
        self.data = data


class Span(NamedTuple):
    """Merged cells, from the first row and column to the last, counted from zero."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells; `names` are the headings of a file whose rows name their cells themselves."""

    name: str
    rows: Sequence[Sequence[Cell]]
    spans: Sequence[Span] = ()
    hidden: bool = False
    names: Sequence[str] | None = None
    replaced: int = 0  # characters that could not be read


def text_of(cell: Cell) -> str:
    """Return a cell as text; a number typed for a name comes without decimals.

    Raises CellFault for a number so long that the spreadsheet has lost its last digits.
    """
    if isinstance(cell, str):
        return cell.strip(_EDGES)
    if cell is None:
        return ""
    if isinstance(cell, list):
        return "; ".join(str(part).strip() for part in cell if part is not None)
    if isinstance(cell, float) and cell.is_integer():
        if abs(cell) >= 10**_DIGITS_KEPT:
            raise CellFault(Fault.DIGITS_LOST, value=f"{cell:.2E}")
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.12g}"
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def shown(cell: Cell) -> str:
    """Return the text of a cell by which a person recognises it."""
    try:
        return text_of(cell)
    except CellFault as fault:
        return str(fault.data["value"])
