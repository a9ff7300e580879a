"""The table in a sheet: its headings, what its columns hold, and the rows that are listings."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from statistics import mean
from typing import NamedTuple

from matchmaker.tables import values
from matchmaker.tables.headings import Field, is_unused, plain, recognised
from matchmaker.tables.sheets import (
    MOST_COLUMNS,
    Cell,
    Fault,
    Sheet,
    Span,
    UnreadableTable,
    shown,
)

_LOOKED_AT = 40  # rows in which the headings are looked for
_SAMPLE = 60
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_LONGEST_MARK = 16  # characters of a word that begins a total or a remark
_MOST_FILLED = 2_000_000  # cells that merged cells may cover
_WIDE = 3  # merged columns from which a row is a line across the table


class Column(NamedTuple):
    """A column: its place, its heading, and the field it fills, if any."""

    place: int
    heading: str
    field: Field | None
    by_content: bool = False


class Row(NamedTuple):
    """The cells of a row by their place, whether a field is known for them or not."""

    number: int
    cells: Sequence[Cell]
    repeats: frozenset[int] = frozenset()  # places of a merged cell of a row above


@dataclass(frozen=True, slots=True)
class Table:
    """The listings of a sheet, not yet read, and what was made of the rest."""

    sheet: str
    heading_row: int
    columns: Sequence[Column]
    rows: Sequence[Row]
    left_out: Sequence[int] = field(default=())
    replaced: int = 0
    _places: Mapping[Field, Sequence[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places: dict[Field, list[int]] = {}
        for column in self.columns:
            if column.field:
                places.setdefault(column.field, []).append(column.place)
        object.__setattr__(self, "_places", places)

    @property
    def fields(self) -> set[Field]:
        """The fields that a column fills."""
        return set(self._places)

    def cells(self, row: Row, name: Field) -> list[Cell]:
        """Return the cells of a row that fill a field, in the order of the columns."""
        places = self._places.get(name, ())
        return [row.cells[place] for place in places if place < len(row.cells)]

    def repeats(self, row: Row, name: Field) -> bool:
        """Tell whether a row's field is from a merged cell of a row above."""
        return any(place in row.repeats for place in self._places.get(name, ()))

    def of_fields(self, fields: Container[Field]) -> Table:
        """Return the table with the columns of other fields as columns that are not used."""
        columns = [
            one if one.field in fields else one._replace(field=None, by_content=False)
            for one in self.columns
        ]
        return replace(self, columns=columns)


class _Headings(NamedTuple):
    row: int
    depth: int
    texts: Sequence[str]
    fields: Sequence[Field | None]


def table_of(sheet: Sheet, title: Field = Field.TITLE) -> Table | None:
    """Return the table of a sheet, or None where no column of titles is found.

    `title`: the field whose columns are titles too, in a list of what they name.
    """
    headings = _named(sheet, title) if sheet.names is not None else _found(sheet, title)
    if headings is None:
        return None
    start = headings.row + headings.depth
    columns = _columns(headings, sheet.rows[start : start + _SAMPLE])
    if not any(column.field is Field.TITLE for column in columns):
        return None
    rows, left_out = _rows(sheet, headings, columns)
    number = headings.row + headings.depth if sheet.names is None else 0
    return Table(sheet.name, number, columns, rows, left_out, sheet.replaced)


def headings_seen(sheet: Sheet) -> Sequence[str]:
    """Return the texts of the row that looks most like headings, for a sheet without a table."""
    if sheet.names is not None:
        return sheet.names
    texts = [_texts(row) for row in sheet.rows[:_LOOKED_AT]]
    known = ((row, _fields(row, Field.TITLE)) for row in texts)
    best = max(known, key=lambda one: (_worth(one[1]), sum(map(bool, one[0]))), default=([], []))
    return [text for text in best[0] if text]


def _named(sheet: Sheet, title: Field) -> _Headings:
    names = list(sheet.names or ())
    return _Headings(0, 0, names, _fields(names, title))


def _found(sheet: Sheet, title: Field) -> _Headings | None:
    best: _Headings | None = None
    spans = [span for span in sheet.spans if span.top < _LOOKED_AT]
    for place, row in enumerate(sheet.rows[:_LOOKED_AT]):
        texts = _texts(row)
        headings = _Headings(place, 1, texts, _fields(texts, title))
        below = _with_row_below(sheet, spans, headings, title)
        for one in (headings, below):
            if (
                one
                and _is_row_of_headings(one)
                and (best is None or _worth(one.fields) > _worth(best.fields))
            ):
                best = one
    return best


def _texts(row: Sequence[Cell]) -> list[str]:
    return [shown(cell) if isinstance(cell, str) else "" for cell in row]


def _fields(texts: Sequence[str], title: Field) -> list[Field | None]:
    return [_held("", text, title) if text else None for text in texts]


def _held(above: str, heading: str, title: Field) -> Field | None:
    held = recognised(above, heading)
    return Field.TITLE if held is title else held


def _worth(fields: Sequence[Field | None]) -> int:
    return len({one for one in fields if one})


def _is_row_of_headings(headings: _Headings) -> bool:
    known, filled = _worth(headings.fields), sum(map(bool, headings.texts))
    return known >= 2 or (known == 1 and filled <= 2 and Field.TITLE in headings.fields)


def _with_row_below(
    sheet: Sheet, spans: Sequence[Span], above: _Headings, title: Field
) -> _Headings | None:
    """Join two rows of headings: groups above, their columns below. One text above is a title."""
    if above.row + 1 >= len(sheet.rows) or sum(map(bool, above.texts)) < 2:
        return None
    lower = _texts(sheet.rows[above.row + 1])
    groups = list(above.texts) + [""] * (len(lower) - len(above.texts))
    lower += [""] * (len(groups) - len(lower))
    spread = _spread(spans, above.row, groups)
    for place in range(1, len(groups)):
        # A table saved as text has lost its merges: a group reaches over the blanks beside it.
        if not spread and lower[place] and not groups[place]:
            groups[place] = groups[place - 1]
    texts, fields = [], []
    for group, name in zip(groups, lower, strict=True):
        texts.append(f"{group} / {name}" if group and name else group or name)
        fields.append(_held(group if name else "", name or group, title))
    gained = _worth(fields) > _worth(above.fields)
    return _Headings(above.row, 2, texts, fields) if gained else None


def _spread(spans: Sequence[Span], row: int, groups: list[str]) -> bool:
    """Write each group over the columns that its merged cell covers; say whether there are any."""
    found = False
    for span in spans:
        if span.top <= row <= span.bottom and span.left < len(groups):
            found = True
            for place in range(span.left + 1, min(span.right + 1, len(groups))):
                groups[place] = groups[span.left]
    return found


def _columns(headings: _Headings, sample: Sequence[Sequence[Cell]]) -> list[Column]:
    width = max([len(headings.texts), *map(len, sample)])
    columns: list[Column] = []
    taken: set[Field] = set()
    for place in range(width):
        heading = headings.texts[place] if place < len(headings.texts) else ""
        held = headings.fields[place] if place < len(headings.fields) else None
        if held is Field.TITLE and held in taken:
            held = Field.DESCRIPTION  # a second name says more about the same
        if held:
            taken.add(held)
        columns.append(Column(place, " ".join(heading.split()), held))
    for place, column in enumerate(columns):
        cells = [shown(row[place]) for row in sample if place < len(row)]
        texts = [text for text in cells if text]
        if column.field or not texts or is_unused(column.heading):
            continue
        held = _by_content(texts, taken)
        if held:
            taken.add(held)
            columns[place] = column._replace(field=held, by_content=True)
    return [
        column
        for column in columns
        if column.heading
        or column.field
        or any(column.place < len(row) and shown(row[column.place]) for row in sample)
    ]


def _by_content(texts: Sequence[str], taken: set[Field]) -> Field | None:
    """Return what a column under an unknown heading holds, where its cells leave no doubt."""
    many, lengths = len(texts), mean(map(len, texts))
    if Field.EMAIL not in taken and all(_MAIL.fullmatch(text) for text in texts):
        return Field.EMAIL
    if Field.PROVINCE not in taken and all(values.is_place(text) for text in texts):
        return Field.PROVINCE
    if Field.TITLE not in taken and 4 <= lengths <= 80 and len(set(texts)) > many * 0.9:
        return Field.TITLE if not any(text.replace(".", "").isdigit() for text in texts) else None
    if Field.DESCRIPTION not in taken and lengths >= 40:
        return Field.DESCRIPTION
    return None


def _rows(
    sheet: Sheet, headings: _Headings, columns: Sequence[Column]
) -> tuple[list[Row], list[int]]:
    start = headings.row + headings.depth
    filled = _filled_down(sheet, start)
    across = {span.top for span in sheet.spans if span.right - span.left + 1 >= _WIDE}
    used = [column for column in columns if column.field]
    rows: list[Row] = []
    left_out: list[int] = []
    for place in range(start, len(sheet.rows)):
        own = sheet.rows[place]
        first = next((text for cell in own if cell is not None and (text := shown(cell))), "")
        if not first:
            continue
        if sheet.names is None and _is_no_listing(own, first, headings, used, place in across):
            left_out.append(place + 1)
            continue
        repeated = filled.get(place, {})
        rows.append(Row(place + 1, _with(own, repeated), frozenset(repeated)))
    return rows, left_out


def _with(own: Sequence[Cell], repeated: dict[int, Cell]) -> Sequence[Cell]:
    """Return the cells of a row with those of merged cells above."""
    if not repeated:
        return own
    cells = list(own) + [None] * (max(repeated) + 1 - len(own))
    for place, cell in repeated.items():
        cells[place] = cell
    return cells


def _filled_down(sheet: Sheet, start: int) -> dict[int, dict[int, Cell]]:
    """Return the cells that merged cells cover, by row and column; a line across covers none."""
    filled: dict[int, dict[int, Cell]] = {}
    left = _MOST_FILLED
    for span in sheet.spans:
        if span.top < start or span.top == span.bottom or span.right - span.left + 1 >= _WIDE:
            continue
        if span.top >= len(sheet.rows) or span.left >= len(sheet.rows[span.top]):
            continue
        value = sheet.rows[span.top][span.left]
        covered = range(span.top + 1, min(span.bottom + 1, len(sheet.rows)))
        left -= len(covered)
        if left < 0:
            raise UnreadableTable(Fault.TOO_WIDE, most=MOST_COLUMNS)
        for row in covered:
            filled.setdefault(row, {})[span.left] = value
    return filled


def _is_no_listing(
    cells: Sequence[Cell],
    first: str,
    headings: _Headings,
    used: Sequence[Column],
    is_across: bool,
) -> bool:
    """Tell a total, a remark under the table, a line across it, or headings that come again."""
    is_marked = _is_total(first) or _is_note(first)
    known = [text for text in headings.texts if text]
    if not is_marked and not is_across and first != known[0]:
        return False
    texts = [shown(cell) for cell in cells]
    written = [text for text in texts if text]
    if is_marked:
        places = [one.place for one in used if one.field is Field.TITLE]
        titles = [texts[place] for place in places if place < len(texts) and texts[place]]
        return len(written) <= 2 or not titles or first in titles
    if len(written) == 1 and is_across:
        return True
    return headings.depth == 1 and len(written) > 1 and written == known


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(plain(str(word)) for word in values.words()[name])


@cache
def _first_letters(name: str) -> frozenset[str]:
    return frozenset(word[0] for word in _words(name))


def _is_total(text: str) -> bool:
    if len(text) > _LONGEST_MARK or plain(text[0]) not in _first_letters("totals"):
        return False
    return plain(text) in _words("totals")


def _is_note(text: str) -> bool:
    bare = text.lstrip("（(")
    if not bare or plain(bare[0]) not in _first_letters("notes"):
        return False
    head, mark, _ = bare.replace("：", ":").partition(":")
    return bool(mark) and plain(re.sub(r"\d+$", "", head)[:_LONGEST_MARK]) in _words("notes")
