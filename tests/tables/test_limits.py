"""Files made to exhaust memory or time are refused before they do."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from matchmaker.tables.reading import read
from matchmaker.tables.sheets import Fault, UnreadableTable
from tests.tables import office_tables

SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(folder: Path, old: bytes, new: bytes) -> bytes:
    """Return the clean workbook with a change in its sheet."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(office_tables.clean_needs(folder)) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for name in whole.namelist():
            data = whole.read(name)
            changed.writestr(name, data.replace(old, new, 1) if name == SHEET else data)
    return out.getvalue()


def declaring(size: int, data: bytes) -> bytes:
    """Return a workbook whose sheet declares so many bytes, whatever it has."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        begin = archive.getinfo(SHEET).header_offset
        listed = data.index(SHEET.encode(), archive.start_dir) - 46
    struct.pack_into("<I", changed, begin + 22, size)
    struct.pack_into("<I", changed, listed + 24, size)
    return bytes(changed)


def cell(place: str) -> bytes:
    row = "".join(filter(str.isdigit, place))
    return f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()


def fault(name: str, data: bytes) -> Fault:
    with pytest.raises(UnreadableTable) as caught:
        read(name, data, "need")
    return caught.value.fault


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("bomb")
    return with_sheet(folder, b"<sheetData>", b"<sheetData>" + b" " * 300_000_000)


@pytest.mark.parametrize(("lies", "expected"), [(False, Fault.SWELLS), (True, Fault.DAMAGED)])
def test_a_workbook_that_swells(bomb: bytes, lies: bool, expected: Fault) -> None:
    assert fault("x.xlsx", declaring(1000, bomb) if lies else bomb) is expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("XFD1048576", Fault.TOO_WIDE),
        ("XFD9", Fault.TOO_WIDE),
        ("A1000000", Fault.TOO_MANY_ROWS),
        ("SA390000", Fault.TOO_WIDE),
    ],
)
def test_cells_far_from_the_table(tmp_path: Path, place: str, expected: Fault) -> None:
    assert fault("x.xlsx", with_sheet(tmp_path, b"</sheetData>", cell(place))) is expected


def test_a_style_far_from_the_table_is_none(tmp_path: Path) -> None:
    style = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    data = with_sheet(tmp_path, b"</sheetData>", style)
    assert len(read("x.xlsx", data, "need").tables[0].rows) == 4


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("x.xls", b"<table><tr><td rowspan=99999 colspan=900>x</td></tr></table>", Fault.TOO_WIDE),
        ("x.xls", b"<table><tr><td>" * 20_000, Fault.TOO_WIDE),
        ("x.xls", b"<table>" + b"<tr><td>x</td></tr>" * 30_000, Fault.TOO_MANY_ROWS),
        ("x.csv", b"a," * 1_000_000, Fault.TOO_WIDE),
        ("x.csv", b"title\n" * 500_000, Fault.TOO_MANY_ROWS),
        ("x.csv", b'title\n"' + b"x" * 10_000_000, Fault.OPEN_QUOTE),
        ("x.jsonl", b"[" * 1_000_000, Fault.NOT_JSON),
        (
            "x.jsonl",
            b"{" + b",".join(b'"k%d":1' % number for number in range(100_000)) + b"}",
            Fault.TOO_WIDE,
        ),
    ],
)
def test_texts_without_end(name: str, data: bytes, expected: Fault) -> None:
    assert fault(name, data) is expected


@pytest.mark.parametrize("suffix", [".xls", ".xlsx"])
def test_a_damaged_file_is_refused_or_read_and_never_fails(tmp_path: Path, suffix: str) -> None:
    if suffix == ".xls":
        path = office_tables.real_xls(tmp_path / "x.xls")
    else:
        path = office_tables.clean_needs(tmp_path)
    whole, chance = path.read_bytes(), random.Random(7)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read(path.name, bytes(data), "need")
        except UnreadableTable:
            continue
