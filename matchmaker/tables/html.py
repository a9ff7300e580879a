"""Tables of a web page, which many offices' systems save under the name of a workbook."""

from __future__ import annotations

from html.parser import HTMLParser

from matchmaker.tables.sheets import (
    MOST_COLUMNS,
    Fault,
    Sheet,
    Span,
    UnreadableTable,
)
from matchmaker.tables.texts import decoded

_MOST_BYTES = 20 * 1024 * 1024
_MOST_ROWS = 20_000
_MOST_CELLS = 500_000
_MOST_TABLES = 100


def pages(data: bytes, name: str) -> list[Sheet]:
    """Return the tables of a page, each as a sheet."""
    if data.lower().count(b"<tr") > _MOST_ROWS:
        raise UnreadableTable(Fault.TOO_MANY_ROWS, most=_MOST_ROWS)
    if len(data) > _MOST_BYTES:
        raise UnreadableTable(Fault.TOO_LARGE, size=len(data), most=_MOST_BYTES)
    text, replaced = decoded(data)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_row()
    return [
        Sheet(
            name if len(reader.tables) == 1 else f"{name} {number}",
            rows,
            spans=spans,
            replaced=replaced,
        )
        for number, (rows, spans) in enumerate(reader.tables, start=1)
    ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[list[list[str]], list[Span]]] = []
        self._taken: set[tuple[int, int]] = set()  # by cells merged downwards
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._size = (1, 1)
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.end_row()
            if len(self.tables) == _MOST_TABLES:
                raise UnreadableTable(Fault.TOO_WIDE, most=MOST_COLUMNS)
            self.tables.append(([], []))
            self._taken = set()
        elif not self.tables:
            return
        elif tag == "tr":
            self.end_row()
        elif tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self._size = (_count(given.get("rowspan")), _count(given.get("colspan")))
            self._cell = []
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self.end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(" ".join(data.split()) if data.strip() else " ")

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        rows, spans = self.tables[-1]
        top = len(rows)
        while (top, len(self._row)) in self._taken:
            self._row.append("")
        left = len(self._row)
        down, right = self._size
        self._cells += down * right
        if self._cells > _MOST_CELLS or left + right > MOST_COLUMNS:
            raise UnreadableTable(Fault.TOO_WIDE, most=MOST_COLUMNS)
        self._row.extend(["".join(self._cell).strip(), *[""] * (right - 1)])
        if (down, right) != (1, 1):
            spans.append(Span(top, left, top + down - 1, left + right - 1))
            self._taken.update(
                (top + row, left + column) for row in range(1, down) for column in range(right)
            )
        self._cell = None

    def end_row(self) -> None:
        self._end_cell()
        if self._row:
            self.tables[-1][0].append(self._row)
            self._row = []


def _count(text: str | None) -> int:
    return min(int(text), MOST_COLUMNS) if text and text.isdecimal() and len(text) < 6 else 1
