"""What `matchmaker match` says of the files it reads: what was read, and what was not, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from matchmaker.commands.speech import Speech
from matchmaker.commands.speech import lazy_gettext as _l
from matchmaker.tables.headings import Field
from matchmaker.tables.reading import Passed
from matchmaker.tables.sheets import Fault, UnreadableTable

if TYPE_CHECKING:
    from matchmaker.commands.tables import Entries, Problem
    from matchmaker.tables.finding import Column, Table

_SHOWN = 20
_ROWS_SHOWN = 10


class Remark(StrEnum):
    """What of a row was read otherwise than it is written."""

    FIRST_ONLY = "first_only"
    UNKNOWN_MODE = "unknown_mode"
    NUMBERED = "numbered"
    NO_ID = "no_id"


NOT_OPENED = _l("The file cannot be opened: %(reason)s.")
_FILE: Mapping[Fault, str] = {
    Fault.UNKNOWN_KIND: _l(
        "%(kind)s files are not read. Save the table as .xlsx, .xls, .csv, .tsv or .jsonl."
    ),
    Fault.EMPTY: _l("The file is empty."),
    Fault.TOO_LARGE: _l("The file has %(size)s MB; at most %(most)s MB are read. Split it."),
    Fault.TOO_MANY_ROWS: _l("There are more than %(most)s rows. Split the table."),
    Fault.SWELLS: _l(
        "The workbook is too large when unpacked. Copy the table alone to a new workbook."
    ),
    Fault.TOO_WIDE: _l(
        "Cells far from the table make the sheet too large. Copy the table alone to a new workbook."
    ),
    Fault.LOCKED: _l("The workbook is locked. Remove its password and save it again."),
    Fault.DAMAGED: _l(
        "This is no workbook, or a damaged one. Open it in a spreadsheet and save it as .xlsx."
    ),
    Fault.SAVE_AS_XLSX: _l(
        "This is no workbook of a kind that is read. Open it in a spreadsheet and save it as .xlsx."
    ),
    Fault.UNKNOWN_ENCODING: _l(
        "The text is in no encoding that is read. Save it as UTF-8, or the table as .xlsx."
    ),
    Fault.NOT_JSON: _l("Row %(row)s is not JSON: %(reason)s."),
    Fault.NOT_AN_OBJECT: _l("Row %(row)s: an object {...} is expected."),
    Fault.OPEN_QUOTE: _l(
        "Row %(row)s: a cell has more than %(most)s characters. Is a quotation mark not closed?"
    ),
    Fault.NO_TABLE: _l(
        "No column of titles was recognised in the sheet “%(sheet)s”. Its headings: %(headings)s."
        " Call the column of titles 需求名称, 成果名称, title or título."
    ),
    Fault.NO_ROWS: _l("There are no rows under the headings."),
}
_ROW: Mapping[Fault, str] = {
    Fault.NO_TITLE: _l("there is no title. Fill in the column “%(column)s”."),
    Fault.ID_USED: _l(
        "“%(column)s” is %(value)s, as in row %(used)s. Give each row an id of its own."
    ),
    Fault.DIGITS_LOST: _l(
        "“%(column)s” holds a number that the spreadsheet has cut to 15 digits (%(value)s)."
        " Format the column as text and type it again."
    ),
    Fault.CELL_TOO_LONG: _l("“%(column)s” has more than %(most)s characters. Shorten it."),
    Fault.LANGUAGE: _l("“%(column)s” is “%(value)s”. Use zh, en, es or leave it empty."),
    Fault.GOAL: _l(
        "“%(column)s” is “%(value)s”. Use talent, technology_transfer, both or leave it empty."
    ),
    Fault.PROVINCE: _l(
        "“%(column)s” is “%(value)s”, a place that is not known. Write the province."
    ),
    Fault.LEVEL: _l(
        "“%(column)s” is “%(value)s”, no level of readiness. Use 1 to 9, or leave it empty."
    ),
}
_REMARKS: Mapping[str, str] = {
    Remark.FIRST_ONLY: _l("“%(value)s” was read as %(taken)s alone"),
    Remark.UNKNOWN_MODE: _l("“%(value)s” is no known way to cooperate, and was not used"),
    Remark.NUMBERED: _l("no ids; the numbers of the rows in the table were used"),
    Remark.NO_ID: _l("no ids; they were made of the rows' numbers"),
}
_PASSED: Mapping[Passed, str] = {
    Passed.HIDDEN: _l("The sheet “%(sheet)s” was passed over: it is hidden."),
    Passed.OTHER_KIND: _l("The sheet “%(sheet)s” was passed over: it holds the other kind."),
    Passed.VALUES: _l("The sheet “%(sheet)s” was passed over: it looks like a list of values."),
    Passed.NO_TABLE: _l("The sheet “%(sheet)s” was passed over: it has no column of titles."),
}
_FIELDS: Mapping[Field, str] = {
    Field.ID: _l("id"),
    Field.NUMBER: _l("number"),
    Field.LANGUAGE: _l("language"),
    Field.TITLE: _l("title"),
    Field.SUMMARY: _l("summary"),
    Field.DESCRIPTION: _l("description"),
    Field.REQUIREMENTS: _l("requirements"),
    Field.TAGS: _l("keywords"),
    Field.MODES: _l("ways to cooperate"),
    Field.GOAL: _l("goal"),
    Field.PROVINCE: _l("province"),
    Field.ORG_TYPE: _l("type of organisation"),
    Field.TRL: _l("readiness"),
    Field.TASKS: _l("key task"),
    Field.ORGANISATION: _l("organisation"),
    Field.CONTACT: _l("contact"),
    Field.PHONE: _l("telephone"),
    Field.EMAIL: _l("e-mail"),
}


def of_file(error: UnreadableTable, say: Speech) -> str:
    """Return the sentence for a file that cannot be read; it says what to change."""
    data = dict(error.data)
    if error.fault is Fault.TOO_LARGE:
        data = {name: f"{size / 1e6:,.0f}" for name, size in data.items()}
    elif "most" in data:
        data["most"] = f"{data['most']:,}"
    if "headings" in data:
        data["headings"] = say.names([f"“{text}”" for text in data["headings"]])
    return say(_FILE[error.fault], **data)


def refusals(found: Entries, say: Speech) -> list[str]:
    """Return a sentence for each row that was refused."""
    return [say.about(_place(found, one, say), _row(one, say)) for one in found.refused]


def _row(problem: Problem, say: Speech) -> str:
    data = dict(problem.data)
    if "most" in data:
        data["most"] = f"{data['most']:,}"
    return say(_ROW[Fault(problem.fault)], **data)


def _place(found: Entries, problem: Problem, say: Speech) -> str:
    if len(found.reading.tables) > 1:
        return say(
            _l("Sheet “%(sheet)s”, row %(rows)s"), sheet=problem.sheet, rows=str(problem.row)
        )
    return say(_l("Row %(rows)s"), rows=str(problem.row))


def first(problems: Sequence[str], say: Speech) -> list[str]:
    """Return the first twenty lines, and how many more there are."""
    more = len(problems) - _SHOWN
    lines = [f"  {problem}" for problem in problems[:_SHOWN]]
    if more > 0:
        lines.append("  " + say.ngettext("… and %(num)s more", "… and %(num)s more", more))
    return lines


def account(found: Entries, say: Speech) -> list[str]:
    """Return what was read of a file: its columns, its rows, and all that was left aside."""
    lines: list[str] = []
    for table in found.reading.tables:
        lines += [_counted(found, table, say), *_columns(table.columns, say)]
        if table.left_out:
            lines.append(
                "  "
                + say(
                    _l("Left out as totals, remarks or headings: rows %(rows)s."),
                    rows=numbers(table.left_out, say),
                )
            )
        if table.replaced:
            lines.append(
                "  "
                + say.ngettext(
                    "%(num)s character could not be read and stands as �.",
                    "%(num)s characters could not be read and stand as �.",
                    table.replaced,
                )
            )
    lines += [f"  {say(_PASSED[one.why], sheet=one.sheet)}" for one in found.reading.passed]
    lines += [f"  {line}" for line in _remarks(found.remarks, say)]
    refused = refusals(found, say)
    if refused:
        lines.append(
            "  " + say.ngettext("%(num)s row refused:", "%(num)s rows refused:", len(refused))
        )
        lines += [f"  {line}" for line in first(refused, say)]
    return lines


def _counted(found: Entries, table: Table, say: Speech) -> str:
    count = sum(entry.sheet == table.sheet for entry in found.listings)
    rows = say.ngettext("%(num)s row read", "%(num)s rows read", count)
    file = found.path.name
    if not table.heading_row:
        return say.about(file, rows)
    if table.sheet == file:
        text = _l("%(file)s: %(rows)s, headings in row %(row)s")
        return say(text, file=file, rows=rows, row=table.heading_row)
    text = _l("%(file)s, sheet “%(sheet)s”: %(rows)s, headings in row %(row)s")
    return say(text, file=file, sheet=table.sheet, rows=rows, row=table.heading_row)


def _columns(columns: Sequence[Column], say: Speech) -> list[str]:
    used = [_used(one, one.field, say) for one in columns if one.field]
    unused = [_name(one, say) for one in columns if not one.field]
    lines = ["  " + say(_l("Columns read: %(names)s"), names=say.names(used))]
    if unused:
        lines.append("  " + say(_l("Columns not used: %(names)s"), names=say.names(unused)))
    return lines


def _used(column: Column, held: Field, say: Speech) -> str:
    text = f"{_name(column, say)} → {say(_FIELDS[held])}"
    return say(_l("%(column)s, by its content"), column=text) if column.by_content else text


def _name(column: Column, say: Speech) -> str:
    return column.heading or say(_l("column %(number)s"), number=column.place + 1)


def _remarks(remarks: Iterable[Problem], say: Speech) -> list[str]:
    """Return a line for each remark, with all the rows that it is about."""
    rows: dict[str, list[int]] = defaultdict(list)
    for one in remarks:
        rows[say(_REMARKS[one.fault], **_said(one.data, say))].append(one.row)
    return [of_rows(of, remark, say) for remark, of in rows.items()]


def of_rows(rows: Sequence[int], remark: str, say: Speech) -> str:
    """Return a remark with the rows that it is about."""
    text = _l("Row %(rows)s: %(remark)s.") if len(rows) == 1 else _l("Rows %(rows)s: %(remark)s.")
    return say(text, rows=numbers(rows, say), remark=remark)


def _said(data: Mapping[str, Any], say: Speech) -> dict[str, Any]:
    """Return a remark's data with a province by its name."""
    from matchmaker.regions import region_name  # seldom needed

    said = dict(data)
    if data.get("column") == Field.PROVINCE:
        said["taken"] = region_name(data["taken"], say.language)
    return said


def numbers(rows: Sequence[int], say: Speech) -> str:
    """Return the first ten numbers of rows, and how many more there are."""
    shown, more = say.names([str(row) for row in rows[:_ROWS_SHOWN]]), len(rows) - _ROWS_SHOWN
    if more <= 0:
        return shown
    return say(_l("%(rows)s and %(more)s more"), rows=shown, more=more)
