"""Tables of text: their encoding, their delimiter, JSON by lines."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator

from matchmaker.tables.sheets import (
    MOST_COLUMNS,
    MOST_ROWS,
    Fault,
    Sheet,
    UnreadableTable,
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A wrong encoding gives characters that nobody uses: the true one has many of these.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民"
    "得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社"
    "义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并"
    "提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强"
    "技术需求名称描述编号省市单位企业研究院大学科成果领域联系电话"
    "這為個國時來們對會發動過說產種後經進電裡現實體應開還從業長點題與關樣間線數質氣變條沒結問無係軍題黨員總設資邊級圖統計別論運農"
    "幾區強技術稱編號單位企業聯絡話"
)
_WESTERN = frozenset("áéíóúñüçÁÉÍÓÚÑÜÇàèòâêôãõÀ¿¡ªº«»–—‘’“”·°€±²³µ×§®©´…")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MOST_REPLACED = 0.002
_DELIMITERS = ",;\t|，"
_LOOKED_AT = 100
# The apostrophe before a text that spreadsheets would take for a formula.
_FORMULA_SHOWN = re.compile(r"^'(?=[=+\-@\t\r])")
_SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def decoded(data: bytes) -> tuple[str, int]:
    """Return a text, and how many characters of it could not be read.

    Raises UnreadableTable where no encoding that offices use gives a text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replacing(data, encoding)
    for encoding in _wide(data) or ("utf-8",):
        try:
            return data.decode(encoding), 0
        except UnicodeDecodeError:
            continue
    spoilt = _replacing_if_few(data, "utf-8")
    if spoilt is not None:
        return spoilt
    western = data.decode("cp1252", errors="replace")
    if all(char in _WESTERN for char in western if not char.isascii()):
        return western, 0
    found = [
        (text, lost)
        for encoding in ("gb18030", "big5hkscs")
        if (read := _replacing_if_few(data, encoding)) is not None
        for text, lost in [read]
    ]
    if not found:
        raise UnreadableTable(Fault.UNKNOWN_ENCODING)
    return max(found, key=lambda one: (_plausible(one[0]), -one[1]))


def _wide(data: bytes) -> tuple[str, ...]:
    """Return the UTF-16 that a text without a mark is in, told by the zeros of its ASCII."""
    even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    few = len(data[:4000]) // 20
    if max(even, odd) <= few:
        return ()
    return ("utf-16-le",) if odd > even else ("utf-16-be",)


def _replacing(data: bytes, encoding: str) -> tuple[str, int]:
    text = data.decode(encoding, errors="replace")
    return text, text.count("\ufffd")


def _replacing_if_few(data: bytes, encoding: str) -> tuple[str, int] | None:
    text, lost = _replacing(data, encoding)
    foreign = sum(1 for char in text[:200_000] if not char.isascii())
    if lost > 3 and lost > max(len(text), 1) * _MOST_REPLACED:
        return None
    if lost and (encoding == "utf-8" or foreign <= lost) and foreign < lost * 4:
        return None
    return text, lost


def _plausible(text: str) -> float:
    han = _HAN.findall(text[:100_000])
    others = sum(1 for char in text[:100_000] if not char.isascii()) - len(han)
    common = sum(1 for char in han if char in _COMMON)
    return common / max(len(han) + others / 4, 1)


def delimited(data: bytes, name: str) -> Sheet:
    """Read a table whose cells stand between commas, semicolons, tabs or bars."""
    text, replaced = decoded(data)
    text = text.lstrip("\ufeff")
    declared = _SEPARATOR.match(text)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else _delimiter(text)
    rows = _cells(text, delimiter, MOST_ROWS * 2)
    if declared:
        rows.insert(0, [])  # rows keep the numbers that they have in the file
    return Sheet(name, rows, replaced=replaced)


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts most rows into the same number of cells, two or more."""
    head = "\n".join(text[:200_000].splitlines()[:_LOOKED_AT])
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        try:
            rows = _cells(head, delimiter, _LOOKED_AT)
        except UnreadableTable:
            continue
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            continue
        width, often = max(widths.items(), key=lambda one: one[0] * one[1])
        score = width * often
        if score > most:
            best, most = delimiter, score
    return best


def _cells(text: str, delimiter: str, most: int) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(rows) >= most:
                raise UnreadableTable(Fault.TOO_MANY_ROWS, most=MOST_ROWS)
            if len(row) > MOST_COLUMNS:
                raise UnreadableTable(Fault.TOO_WIDE, most=MOST_COLUMNS)
            rows.append([_FORMULA_SHOWN.sub("", cell) for cell in row])
    except csv.Error as error:
        raise UnreadableTable(
            Fault.OPEN_QUOTE, row=len(rows) + 1, most=csv.field_size_limit()
        ) from error
    return rows


def json_lines(data: bytes, name: str) -> Sheet:
    """Read an object a line; the headings are the names that any of them has."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text, _ = decoded(data)
    columns: dict[str, int] = {}
    rows: list[list[object]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        cells: list[object] = []
        if line.strip():
            for key, value in _flat(_object(line, number)):
                place = columns.setdefault(key, len(columns))
                cells.extend([None] * (place + 1 - len(cells)))
                cells[place] = value
        rows.append(cells)
        if len(columns) > MOST_COLUMNS:
            raise UnreadableTable(Fault.TOO_WIDE, most=MOST_COLUMNS)
        if len(rows) > MOST_ROWS * 2:
            raise UnreadableTable(Fault.TOO_MANY_ROWS, most=MOST_ROWS)
    return Sheet(name, rows, names=list(columns))


def _flat(row: dict[str, object]) -> Iterator[tuple[str, object]]:
    """Go through the values of an object; those of an object inside it have both names."""
    for key, value in row.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", one) for inner, one in value.items())
        else:
            yield key, value


def _object(line: str, number: int) -> dict[str, object]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableTable(Fault.NOT_JSON, row=number, reason=str(error)) from error
    if not isinstance(row, dict):
        raise UnreadableTable(Fault.NOT_AN_OBJECT, row=number)
    return row
