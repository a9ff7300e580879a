"""Workbooks, .xlsx and .xls. Sizes are looked at before the library takes the memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree  # nosec B405: small parts, without a DOCTYPE

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from matchmaker.tables.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Fault,
    Sheet,
    Span,
    UnreadableTable,
)

MOST_UNPACKED = 256 * 1024 * 1024
_MOST_SWELLING = 200  # times; the tables of offices swell tenfold to fiftyfold
_SWELLS_FROM = 16 * 1024 * 1024
_MOST_MEMBERS = 5000
_MOST_XML = 5 * 1024 * 1024  # of the parts that are parsed here
_CHUNK = 4 * 1024 * 1024
_CELL = re.compile(rb"""<(?:\w{1,20}:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']([^>]*)>""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_PADDED = re.compile(r"0{2,18}")
_PERCENT = re.compile(r"0(?:\.(0+))?%")
_BUILT_IN = {"9": "0%", "10": "0.00%"}


@dataclass(slots=True)
class _Extent:
    """Which part of a sheet holds cells, and the cells that are shown otherwise than stored."""

    left: int = MOST_COLUMNS * 100
    right: int = -1
    bottom: int = -1
    shown_as: dict[tuple[int, int], str] = field(default_factory=dict)


def xlsx(data: bytes) -> list[Sheet]:
    """Read the sheets of an .xlsx workbook.

    Raises UnreadableTable for one that is damaged, locked, or too large once unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            extents = _extents(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableTable(Fault.DAMAGED) from error
    except (KeyError, ElementTree.ParseError, UnicodeDecodeError, ValueError, OSError) as error:
        raise UnreadableTable(Fault.DAMAGED) from error
    return _sheets(data, extents)


def xls(data: bytes) -> list[Sheet]:
    """Read the sheets of an .xls workbook; raises UnreadableTable for a damaged or locked one."""
    return _sheets(data, {})


def _sheets(data: bytes, extents: dict[str, _Extent]) -> list[Sheet]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [
                _sheet(
                    book.get_sheet_by_name(one.name),
                    one.visible != SheetVisibleEnum.Visible,
                    extents.get(one.name, _Extent()),
                )
                for one in book.sheets_metadata
                if one.typ == SheetTypeEnum.WorkSheet
            ]
    except PasswordError as error:
        raise UnreadableTable(Fault.LOCKED) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableTable(Fault.DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the library's own failing, no Exception
            raise
        raise UnreadableTable(Fault.DAMAGED) from error


def _sheet(sheet: CalamineSheet, hidden: bool, extent: _Extent) -> Sheet:
    if sheet.total_height * max(sheet.total_width, 1) > MOST_CELLS:
        raise UnreadableTable(Fault.TOO_WIDE, most=MOST_COLUMNS)
    rows: list[list[Cell]] = [
        [None if cell == "" else cell for cell in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    for (row, column), shape in extent.shown_as.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = _as_shown(rows[row][column], shape)
    spans = [Span(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    return Sheet(sheet.name, rows, spans, hidden)


def _extents(archive: zipfile.ZipFile) -> dict[str, _Extent]:
    """Unpack every part once, and return the extents of the sheets by name."""
    members = [one for one in archive.infolist() if one.filename.endswith((".xml", ".rels"))]
    if len(members) > _MOST_MEMBERS:
        raise UnreadableTable(Fault.SWELLS)
    if not any(one.filename == "xl/workbook.xml" for one in members):
        raise UnreadableTable(Fault.SAVE_AS_XLSX)
    if sum(one.file_size for one in members) > MOST_UNPACKED:
        raise UnreadableTable(Fault.SWELLS)
    shapes = _shapes(archive)
    found: dict[str, _Extent] = {}
    for member in members:
        extent = _Extent() if member.filename.startswith("xl/worksheets/") else None
        for chunk in _chunks(archive, member):
            if extent is not None:
                _measure(extent, chunk, shapes)
        if extent is not None:
            found[member.filename] = extent
    return {name: found[part] for name, part in _parts(archive) if part in found}


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part by pieces that end between two tags, and no more than it declares."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    most = member.file_size
    if most > max(_SWELLS_FROM, _MOST_SWELLING * member.compress_size):
        raise UnreadableTable(Fault.SWELLS)
    member.file_size += 1  # one more than it declares tells that it lies
    rest = b""
    with archive.open(member) as part:
        while piece := part.read(_CHUNK):
            most -= len(piece)
            if most < 0:
                raise UnreadableTable(Fault.SWELLS)
            cut = piece.rfind(b"<")
            if cut > 0:
                yield rest + piece[:cut]
                rest = piece[cut:]
            elif len(rest) < _CHUNK:
                rest += piece
            else:
                yield rest
                rest = piece
    yield rest


def _measure(extent: _Extent, chunk: bytes, shapes: dict[int, str]) -> None:
    if extent.bottom < 0 and b"\0" in chunk[:100]:
        raise UnreadableTable(Fault.DAMAGED)  # in UTF-16, as no office program writes it
    for letters, digits, rest in _CELL.findall(chunk):
        if rest.endswith(b"/"):
            continue  # a style without a value
        row, column = int(digits) - 1, _column(letters)
        extent.left = min(extent.left, column)
        extent.right = max(extent.right, column)
        extent.bottom = max(extent.bottom, row)
        if shapes and (style := _STYLE.search(rest)) and int(style[1]) in shapes:
            extent.shown_as[row, column] = shapes[int(style[1])]
    if extent.right - extent.left >= MOST_COLUMNS:
        raise UnreadableTable(Fault.TOO_WIDE, most=MOST_COLUMNS)
    if extent.bottom >= MOST_ROWS * 2:
        raise UnreadableTable(Fault.TOO_MANY_ROWS, most=MOST_ROWS)
    if (extent.right + 1) * (extent.bottom + 1) > MOST_CELLS:
        raise UnreadableTable(Fault.TOO_WIDE, most=MOST_COLUMNS)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _parsed(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    with archive.open(name) as part:
        text = part.read(_MOST_XML + 1)
    if len(text) > _MOST_XML or b"<!DOCTYPE" in text:
        raise UnreadableTable(Fault.DAMAGED)
    return ElementTree.fromstring(text)  # noqa: S314 # nosec B314: small, and without entities


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the sheets' names with the parts that hold them."""
    targets = {
        one.get("Id"): str(one.get("Target", ""))
        for one in _parsed(archive, "xl/_rels/workbook.xml.rels")
    }
    return [
        (str(element.get("name")), f"xl/{target.removeprefix('/xl/').removeprefix('./')}")
        for element in _parsed(archive, "xl/workbook.xml").iter()
        if element.tag.endswith("}sheet")
        for key, value in element.items()
        if key.endswith("}id") and (target := targets.get(value))
    ]


def _shapes(archive: zipfile.ZipFile) -> dict[int, str]:
    """Return the styles that pad a number with zeros or show it in percent."""
    try:
        root = _parsed(archive, "xl/styles.xml")
    except (KeyError, UnreadableTable):  # none, or bloated by years of copying
        return {}
    codes = dict(_BUILT_IN)
    styles: list[str | None] = []
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmt":
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")
        elif tag == "cellXfs":
            styles = [one.get("numFmtId") for one in element]
    return {
        place: code
        for place, number in enumerate(styles)
        if (code := codes.get(number or ""))
        and (_PADDED.fullmatch(code) or _PERCENT.fullmatch(code))
    }


def _as_shown(cell: Cell, shape: str) -> Cell:
    if not isinstance(cell, float):
        return cell
    percent = _PERCENT.fullmatch(shape)
    if percent:
        return f"{cell * 100:.{len(percent[1] or '')}f}%"
    return str(int(cell)).zfill(len(shape)) if cell.is_integer() and cell >= 0 else cell
