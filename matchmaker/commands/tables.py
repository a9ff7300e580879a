"""Listings and rankings in files: .jsonl, .csv and .xlsx, as offices fill them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from matchmaker.engine import LANGUAGES, Listing, fold, fold_word, group_of
from matchmaker.listingrows import COLUMNS
from matchmaker.regions import all_regions

MAX_BYTES = 100 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_ROWS = 200_000
MAX_CELL = 50_000
MAX_ERRORS = 20
SUFFIXES = (".jsonl", ".csv", ".xlsx")

Row = dict[str, Any]

_LIST_BREAK = re.compile(r"[;；、,，|\n]")
_LISTS = ("tags", "must_haves", "modes", "tasks")
# What offices call the columns, beside their own names.
_ALIASES = {
    "id": "编号|序号|identificador|código|codigo|listing_id|need_id|capability_id",
    "language": "language|语言|语种|idioma|lengua",
    "title": "name|标题|名称|题目|需求名称|成果名称|título|titulo|nombre",
    "summary": "abstract|摘要|概述|简述|resumen",
    "description": "details|text|描述|详细描述|说明|内容|详情|需求描述|成果简介|descripción"
    "|descripcion|detalle|texto",
    "tags": "sector|tags|keywords|领域|行业|标签|关键词|所属领域|sectores|etiquetas|palabras clave",
    "must_haves": "must haves|requirements|必备条件|硬性要求|requisitos|imprescindibles",
    "modes": "modes|cooperation modes|合作方式|方式|modalidades|modalidades de cooperación"
    "|modalidad",
    "goal": "目标|目的|合作目标|objetivo",
    "province": "region|省份|省|地区|所在地区|所在省份|provincia|región",
    "org_type": "organisation_type|organization_type|单位类型|单位性质|tipo de entidad"
    "|tipo_entidad",
    "trl": "readiness|技术就绪水平|成熟度|技术成熟度|madurez",
    "tasks": "tasks|task|重点任务|任务|tarea|tareas|tarea clave",
}
_LANGUAGE_NAMES = {
    "中文": "zh", "汉语": "zh", "chinese": "zh", "chino": "zh",
    "英文": "en", "英语": "en", "english": "en", "inglés": "en",
    "西班牙文": "es", "西班牙语": "es", "西语": "es", "spanish": "es", "español": "es",
}  # fmt: skip


_OTHER_NAMES = {
    "Xizang": "54",
    "Beijing": "11",
    "Nei Mongol": "15",
    "Hong Kong": "81",
    "Macau": "82",
    "新疆生产建设兵团": "65",
}


class UnreadableFileError(Exception):
    """Problems of an input file, one a line, numbered by spreadsheet row."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__(f"{path}: {len(problems)} problem(s)")
        self.path = path
        self.problems = problems

    def report(self) -> str:
        """Return the problems as text, the first twenty in full."""
        shown = [f"{self.path}:", *(f"  {problem}" for problem in self.problems[:MAX_ERRORS])]
        more = len(self.problems) - MAX_ERRORS
        return "\n".join([*shown, *([f"  … and {more} more"] if more > 0 else [])])


def read_listings(path: Path, kind: str, names: Mapping[str, str] | None = None) -> list[Listing]:
    """Read needs or capabilities from a file; raise UnreadableFileError with all that is wrong.

    ``names`` maps further names of modes and goals (labels in any language, in lower case) to
    codes.
    """
    return [listing for _, listing in read_numbered(path, kind, names)]


def read_numbered(
    path: Path, kind: str, names: Mapping[str, str] | None = None
) -> list[tuple[int, Listing]]:
    """Read listings as ``read_listings`` does, each with the number of its row."""
    problems: list[str] = []
    listings: list[tuple[int, Listing]] = []
    seen: dict[str, int] = {}
    for number, row in _rows(path):
        if len(listings) >= MAX_ROWS:
            raise UnreadableFileError(path, [f"more than {MAX_ROWS:,} rows"])
        try:
            listing = _listing(row, kind, names or {})
        except ValueError as error:
            problems.append(f"row {number}: {error}")
            continue
        if listing.id in seen:
            problems.append(
                f"row {number}: id {listing.id!r} is used in row {seen[listing.id]} already"
            )
        seen.setdefault(listing.id, number)
        listings.append((number, listing))
    if not listings and not problems:
        problems.append("no rows")
    if problems:
        raise UnreadableFileError(path, problems)
    return listings


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield (row number, cells by field name) of a file, after a look at its size."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UnreadableFileError(
            path, [f"unknown kind of file {suffix or path.name!r}: use {', '.join(SUFFIXES)}"]
        )
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFileError(path, [f"cannot be read: {error.strerror}"]) from error
    if size == 0:
        raise UnreadableFileError(path, ["the file is empty"])
    if size > MAX_BYTES:
        raise UnreadableFileError(
            path, [f"{size / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:,.0f} MB are read"]
        )
    readers = {".jsonl": _jsonl_rows, ".csv": _csv_rows, ".xlsx": _xlsx_rows}
    yield from readers[suffix](path)


def _decoded(path: Path, encodings: tuple[str, ...]) -> str:
    data = path.read_bytes()
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(path, [f"the text is not in {' or '.join(encodings)}"])


def _jsonl_rows(path: Path) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(_decoded(path, ("utf-8-sig",)).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UnreadableFileError(path, [f"row {number}: not JSON ({error})"]) from error
        if not isinstance(row, dict):
            raise UnreadableFileError(path, [f"row {number}: an object {{...}} is expected"])
        yield number, _by_field(path, list(row), list(row.values()))


def _csv_rows(path: Path) -> Iterator[tuple[int, Row]]:
    text = _decoded(path, ("utf-8-sig", "gb18030"))
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = next(reader, [])
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, _by_field(path, header, cells)
    except csv.Error as error:
        raise UnreadableFileError(path, [f"line {reader.line_num}: {error}"]) from error


def _xlsx_rows(path: Path) -> Iterator[tuple[int, Row]]:
    import openpyxl  # when it runs
    from openpyxl.utils.exceptions import InvalidFileException  # when it runs

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableFileError(path, ["the workbook is too large when unpacked"])
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise UnreadableFileError(path, [f"not an .xlsx workbook ({error})"]) from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        header = ["" if cell is None else str(cell) for cell in next(rows, ())]
        for number, cells in enumerate(rows, start=2):
            if any(cell is not None and str(cell).strip() for cell in cells):
                yield number, _by_field(path, header, list(cells))
    finally:
        book.close()


_FIELD_OF = {column: name for name, column in COLUMNS.items()} | {
    alias: name for name, aliases in _ALIASES.items() for alias in aliases.split("|")
}


def _by_field(path: Path, header: list[str], cells: list[Any]) -> Row:
    """Return a row by field name; columns that mean nothing to the engine are left out."""
    row: Row = {}
    for title, cell in zip(header, cells, strict=False):
        name = _FIELD_OF.get(title.strip().lower())
        if name and cell is not None and name not in row:
            row[name] = cell
    if not any(_FIELD_OF.get(title.strip().lower()) == "title" for title in header):
        raise UnreadableFileError(path, ["row 1: no title column (title, 标题, título)"])
    return row


def _listing(row: Row, kind: str, names: Mapping[str, str]) -> Listing:
    """Return the listing of a row; raise ValueError saying what is wrong."""
    lists = {name: _split(row.get(name), name) for name in _LISTS}
    listing_id, title = _text(row, "id"), _text(row, "title")
    if not listing_id:
        raise ValueError("no id")
    if not title:
        raise ValueError("no title")
    return Listing(
        id=listing_id,
        kind=kind,
        title=title,
        summary=_text(row, "summary"),
        description=_text(row, "description"),
        language=_language(_text(row, "language")),
        tags=lists["tags"],
        must_haves=lists["must_haves"],
        goal=_goal(_text(row, "goal"), names),
        modes=tuple(code for mode in lists["modes"] if (code := _mode(mode, names))),
        province=_province(_text(row, "province")),
        org_type=_text(row, "org_type") or None,
        trl=_trl(row.get("trl")),
        tasks=lists["tasks"],
    )


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet gives an id typed as a number back as 12.0
    text = "" if value is None else str(value).strip()
    if len(text) > MAX_CELL:
        raise ValueError(f"{name} is longer than {MAX_CELL:,} characters")
    return text


def _split(value: Any, name: str) -> tuple[str, ...]:
    if isinstance(value, list):
        parts = [str(part) for part in value if part is not None]
    else:
        text = _text({name: value}, name)
        parts = (
            (re.split(r"[;；|\n]", text) if name == "must_haves" else _LIST_BREAK.split(text))
            if text
            else []
        )
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _language(text: str) -> str | None:
    if not text:
        return None
    code = _LANGUAGE_NAMES.get(text.lower()) or re.split("[-_]", text.lower())[0]
    if code not in LANGUAGES:
        raise ValueError(f"language {text!r} is none of {', '.join(LANGUAGES)}")
    return code


def _goal(text: str, names: Mapping[str, str]) -> str | None:
    if not text:
        return None
    code = names.get(text.lower(), text.lower().replace(" ", "_"))
    if code not in ("talent", "technology_transfer", "both"):
        raise ValueError(f"goal {text!r} is none of talent, technology_transfer, both")
    return code


def _mode(text: str, names: Mapping[str, str]) -> str | None:
    """An unknown mode says nothing, but is no reason to refuse the row."""
    code = names.get(text.lower(), text.lower().replace(" ", "_"))
    return code if group_of(code) else None


def _province(text: str) -> str | None:
    if not text:
        return None
    code = _province_codes().get(_plain(text))
    if code is None:
        raise ValueError(f"province {text!r} is not known")
    return code


@cache
def _province_codes() -> dict[str, str]:
    """Return codes by names of provinces in three languages, and of unambiguous cities."""
    codes: dict[str, str] = {}
    provinces = all_regions().items()
    for code, region in provinces:
        for city in region.cities:
            for name in city.values():
                codes[_plain(name)] = "" if codes.get(_plain(name), code) != code else code
    for code, region in provinces:
        codes.update(
            (_plain(name), code) for name in (code, region.full_name, *region.name.values())
        )
    codes.update((_plain(name), code) for name, code in _OTHER_NAMES.items())
    return {name: code for name, code in codes.items() if code}


def _plain(name: str) -> str:
    return re.sub(r"province|provincia de|provincia|[省市]$|\s", "", fold_word(fold(name)))


def _trl(value: Any) -> int | None:
    text = str(value).strip() if value is not None else ""
    if not text or text.lower() in ("none", "null", "-", "n/a", "无"):
        return None
    found = re.fullmatch(r"(?:trl)?\s*-?\s*([1-9])(?:\.0)?\s*级?", text, re.IGNORECASE)
    if not found:
        raise ValueError(f"trl {text!r} is not a level from 1 to 9")
    return int(found.group(1))


def neutralised(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def write_csv(rows: Iterable[Row], header: list[str], path: Path) -> None:
    """Write rows as CSV that a spreadsheet opens with its accents and characters intact."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows([neutralised(row.get(name, "")) for name in header] for row in rows)


def write_xlsx(rows: Iterable[Row], header: list[str], path: Path) -> None:
    """Write rows as a workbook of one sheet."""
    import openpyxl  # when it runs
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # when it runs

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("matches")
    sheet.append(header)
    for row in rows:
        cells = [neutralised(row.get(name, "")) for name in header]
        sheet.append(
            [
                ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell
                for cell in cells
            ]
        )
    book.save(path)


def write_jsonl(rows: Iterable[Row], out: IO[str]) -> None:
    """Write rows as JSON, one object a line."""
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
