"""From the bytes of a file to its tables. The name of the file decides nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from matchmaker.tables import finding, html, texts
from matchmaker.tables.finding import Table
from matchmaker.tables.headings import Field, kind_told
from matchmaker.tables.sheets import (
    MOST_BYTES,
    MOST_ROWS,
    Fault,
    Sheet,
    UnreadableTable,
)

SUFFIXES = (".xlsx", ".xls", ".csv", ".tsv", ".txt", ".jsonl")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|meta|table|style)", re.I)
_OTHERS = (b"%PDF", b"{\\rtf", b"MIME-Version:", b"<?xml", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


class Passed(StrEnum):
    """Why a sheet was passed over."""

    HIDDEN = "hidden"
    OTHER_KIND = "other_kind"
    NO_TABLE = "no_table"
    VALUES = "values"


class PassedSheet(NamedTuple):
    sheet: str
    why: Passed


@dataclass(frozen=True, slots=True)
class Reading:
    """The tables of a file, and the sheets that were passed over."""

    tables: Sequence[Table]
    passed: Sequence[PassedSheet] = ()

    def of_fields(self, fields: Container[Field]) -> Reading:
        """Return the same with the columns of other fields as columns that are not used."""
        return Reading([table.of_fields(fields) for table in self.tables], self.passed)


# What names the rows of a list of organisations.
_TITLES = {"organisation": Field.ORGANISATION}


def read(name: str, data: bytes, kind: str) -> Reading:
    r"""Return the tables of a file in which listings of a kind stand, or organisations.

    ``name`` is the file's name; what the file holds counts more than its suffix. Raises
    UnreadableTable for a file that holds no such table, and says what there is instead.

    >>> table = "需求名称,省份\n盐湖提锂,青海".encode("gb18030")
    >>> read("needs.csv", table, "need").tables[0].rows[0].number
    2
    """
    if not data:
        raise UnreadableTable(Fault.EMPTY)
    if len(data) > MOST_BYTES:
        raise UnreadableTable(Fault.TOO_LARGE, size=len(data), most=MOST_BYTES)
    sheets = _sheets(name, data)
    reading = _chosen(sheets, kind)
    if not any(table.rows for table in reading.tables):
        raise UnreadableTable(Fault.NO_ROWS)
    if sum(len(table.rows) for table in reading.tables) > MOST_ROWS:
        raise UnreadableTable(Fault.TOO_MANY_ROWS, most=MOST_ROWS)
    return reading


def _sheets(name: str, data: bytes) -> list[Sheet]:
    from matchmaker.tables import workbook  # noqa: PLC0415 - its library takes time, and texts need none

    if data.startswith(b"PK\x03\x04"):
        return workbook.xlsx(data)
    if data.startswith(_OLE):
        return workbook.xls(data)
    if _PAGE.match(data[:2000].removeprefix(b"\xef\xbb\xbf")):
        return html.pages(data, name)
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if data.startswith(_OTHERS) or suffix not in SUFFIXES:
        raise UnreadableTable(Fault.UNKNOWN_KIND, kind=suffix or name)
    if suffix == ".xlsx" or (suffix == ".xls" and b"\0" in data[:1000]):
        raise UnreadableTable(Fault.DAMAGED)
    return [(texts.json_lines if suffix == ".jsonl" else texts.delimited)(data, name)]


def _chosen(sheets: Sequence[Sheet], kind: str) -> Reading:
    """Choose the sheets that hold listings of this kind; hidden ones only where no other does."""
    title = _TITLES.get(kind, Field.TITLE)
    found = [(sheet, finding.table_of(sheet, title)) for sheet in sheets]
    seen = [sheet for sheet, table in found if table and not sheet.hidden]
    use = [(sheet, table) for sheet, table in found if table and (sheet in seen or not seen)]
    if not use:
        _refuse(sheets, Fault.NO_NAMES if title is Field.ORGANISATION else Fault.NO_TABLE)
    passed = [
        PassedSheet(sheet.name, Passed.HIDDEN if sheet.hidden else Passed.NO_TABLE)
        for sheet, _ in found
        if not any(sheet is one for one, _ in use) and _is_filled(sheet)
    ]
    tables = [table for _, table in use]
    of_kind = [table for table in tables if _kind(table) in (kind, None)] or tables
    passed += [PassedSheet(one.sheet, Passed.OTHER_KIND) for one in tables if one not in of_kind]
    # A list of values, such as 行业代码 with 行业名称, has a title too, and little else.
    widest = max(len(table.fields) for table in of_kind)
    whole = [table for table in of_kind if len(table.fields) * 2 >= widest]
    passed += [PassedSheet(one.sheet, Passed.VALUES) for one in of_kind if one not in whole]
    return Reading(whole, passed)


def _kind(table: Table) -> str | None:
    titles = [column.heading for column in table.columns if column.field is Field.TITLE]
    headings = [column.heading for column in table.columns]
    told = (kind_told(texts) for texts in ([table.sheet], titles, headings))
    return next(filter(None, told), None)


def _is_filled(sheet: Sheet) -> bool:
    return any(cell is not None and cell != "" for row in sheet.rows for cell in row)


def _refuse(sheets: Sequence[Sheet], fault: Fault) -> None:
    filled = [sheet for sheet in sheets if _is_filled(sheet)]
    if not filled:
        raise UnreadableTable(Fault.NO_ROWS)
    sheet = max(filled, key=lambda one: len(finding.headings_seen(one)))
    headings = list(finding.headings_seen(sheet))[:30]
    raise UnreadableTable(fault, sheet=sheet.name, headings=headings)
