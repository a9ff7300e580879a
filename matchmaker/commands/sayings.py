"""What `matchmaker match` says of the files it reads: what was read, and what was not, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from matchmaker.commands.speech import N_, Speech
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


NOT_OPENED = N_("The file cannot be opened: %(reason)s.")
_FILE: Mapping[Fault, str] = {
    Fault.UNKNOWN_KIND: N_(
        "%(kind)s files are not read. Save the table as .xlsx, .xls, .csv, .tsv or .jsonl."
    ),
    Fault.EMPTY: N_("The file is empty."),
    Fault.TOO_LARGE: N_("The file has %(size)s MB; at most %(most)s MB are read. Split it."),
    Fault.TOO_MANY_ROWS: N_("There are more than %(most)s rows. Split the table."),
    Fault.SWELLS: N_(
        "The workbook is too large when unpacked. Copy the table alone to a new workbook."
    ),
    Fault.TOO_WIDE: N_(
        "Cells far from the table make the sheet too large. Copy the table alone to a new workbook."
    ),
    Fault.LOCKED: N_("The workbook is locked. Remove its password and save it again."),
    Fault.DAMAGED: N_(
        "This is no workbook, or a damaged one. Open it in a spreadsheet and save it as .xlsx."
    ),
    Fault.SAVE_AS_XLSX: N_(
        "This is no workbook of a kind that is read. Open it in a spreadsheet and save it as .xlsx."
    ),
    Fault.UNKNOWN_ENCODING: N_(
        "The text is in no encoding that is read. Save it as UTF-8, or the table as .xlsx."
    ),
    Fault.NOT_JSON: N_("Row %(row)s is not JSON: %(reason)s."),
    Fault.NOT_AN_OBJECT: N_("Row %(row)s: an object {...} is expected."),
    Fault.OPEN_QUOTE: N_(
        "Row %(row)s: a cell has more than %(most)s characters. Is a quotation mark not closed?"
    ),
    Fault.NO_TABLE: N_(
        "No column of titles was recognised in the sheet “%(sheet)s”. Its headings: %(headings)s."
        " Call the column of titles 需求名称, 成果名称, title or título."
    ),
    Fault.NO_ROWS: N_("There are no rows under the headings."),
}
_ROW: Mapping[Fault, str] = {
    Fault.NO_TITLE: N_("there is no title. Fill in the column “%(column)s”."),
    Fault.ID_USED: N_(
        "“%(column)s” is %(value)s, as in row %(used)s. Give each row an id of its own."
    ),
    Fault.DIGITS_LOST: N_(
        "“%(column)s” holds a number that the spreadsheet has cut to 15 digits (%(value)s)."
        " Format the column as text and type it again."
    ),
    Fault.CELL_TOO_LONG: N_("“%(column)s” has more than %(most)s characters. Shorten it."),
    Fault.LANGUAGE: N_("“%(column)s” is “%(value)s”. Use zh, en, es or leave it empty."),
    Fault.GOAL: N_(
        "“%(column)s” is “%(value)s”. Use talent, technology_transfer, both or leave it empty."
    ),
    Fault.PROVINCE: N_(
        "“%(column)s” is “%(value)s”, a place that is not known. Write the province."
    ),
    Fault.LEVEL: N_(
        "“%(column)s” is “%(value)s”, no level of readiness. Use 1 to 9, or leave it empty."
    ),
}
_REMARKS: Mapping[str, str] = {
    Remark.FIRST_ONLY: N_("“%(value)s” was read as %(taken)s alone"),
    Remark.UNKNOWN_MODE: N_("“%(value)s” is no known way to cooperate, and was not used"),
    Remark.NUMBERED: N_("no ids; the numbers of the rows in the table were used"),
    Remark.NO_ID: N_("no ids; they were made of the rows' numbers"),
}
_PASSED: Mapping[Passed, str] = {
    Passed.HIDDEN: N_("The sheet “%(sheet)s” was passed over: it is hidden."),
    Passed.OTHER_KIND: N_("The sheet “%(sheet)s” was passed over: it holds the other kind."),
    Passed.NO_TABLE: N_("The sheet “%(sheet)s” was passed over: it has no column of titles."),
}
_FIELDS: Mapping[Field, str] = {
    Field.ID: N_("id"),
    Field.NUMBER: N_("number"),
    Field.LANGUAGE: N_("language"),
    Field.TITLE: N_("title"),
    Field.SUMMARY: N_("summary"),
    Field.DESCRIPTION: N_("description"),
    Field.REQUIREMENTS: N_("requirements"),
    Field.TAGS: N_("keywords"),
    Field.MODES: N_("ways to cooperate"),
    Field.GOAL: N_("goal"),
    Field.PROVINCE: N_("province"),
    Field.ORG_TYPE: N_("type of organisation"),
    Field.TRL: N_("readiness"),
    Field.TASKS: N_("key task"),
    Field.ORGANISATION: N_("organisation"),
    Field.CONTACT: N_("contact"),
    Field.PHONE: N_("telephone"),
    Field.EMAIL: N_("e-mail"),
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
    return [f"{_place(found, one, say)}: {_row(one, say)}" for one in found.refused]


def _row(problem: Problem, say: Speech) -> str:
    data = dict(problem.data)
    if "most" in data:
        data["most"] = f"{data['most']:,}"
    return say(_ROW[Fault(problem.fault)], **data)


def _place(found: Entries, problem: Problem, say: Speech) -> str:
    if len(found.reading.tables) > 1:
        return say(
            N_("Sheet “%(sheet)s”, row %(rows)s"), sheet=problem.sheet, rows=str(problem.row)
        )
    return say(N_("Row %(rows)s"), rows=str(problem.row))


def first(problems: Sequence[str], say: Speech) -> list[str]:
    """Return the first twenty lines, and how many more there are."""
    more = len(problems) - _SHOWN
    lines = [f"  {problem}" for problem in problems[:_SHOWN]]
    if more > 0:
        lines.append("  " + say.count("… and %(num)s more", "… and %(num)s more", more))
    return lines


def account(found: Entries, say: Speech) -> list[str]:
    """Return what was read of a file: its columns, its rows, and all that was left aside."""
    lines: list[str] = []
    for table in found.reading.tables:
        lines += [f"{found.path.name}{_counted(found, table, say)}", *_columns(table.columns, say)]
        if table.left_out:
            lines.append(
                say(
                    N_("  Left out as totals, remarks or headings: rows %(rows)s."),
                    rows=numbers(table.left_out, say),
                )
            )
        if table.replaced:
            lines.append(
                "  "
                + say.count(
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
            "  " + say.count("%(num)s row refused:", "%(num)s rows refused:", len(refused))
        )
        lines += [f"  {line}" for line in first(refused, say)]
    return lines


def _counted(found: Entries, table: Table, say: Speech) -> str:
    count = sum(entry.sheet == table.sheet for entry in found.listings)
    name = "" if table.sheet == found.path.name else say(N_(", sheet “%(name)s”"), name=table.sheet)
    rows = say.count("%(num)s row read", "%(num)s rows read", count)
    if not table.heading_row:
        return f"{name}: {rows}"
    return name + say(N_(": %(rows)s, headings in row %(row)s"), rows=rows, row=table.heading_row)


def _columns(columns: Sequence[Column], say: Speech) -> list[str]:
    used = [
        f"{_name(one, say)} → {say(_FIELDS[one.field])}"
        + (say(N_(" (by its content)")) if one.by_content else "")
        for one in columns
        if one.field
    ]
    unused = [_name(one, say) for one in columns if not one.field]
    lines = ["  " + say(N_("Columns read: %(names)s"), names=say.names(used))]
    if unused:
        lines.append("  " + say(N_("Columns not used: %(names)s"), names=say.names(unused)))
    return lines


def _name(column: Column, say: Speech) -> str:
    return column.heading or say(N_("column %(number)s"), number=column.place + 1)


def _remarks(remarks: Iterable[Problem], say: Speech) -> list[str]:
    """Return a line for each remark, with all the rows that it is about."""
    rows: dict[str, list[int]] = defaultdict(list)
    for one in remarks:
        rows[say(_REMARKS[one.fault], **_said(one.data, say))].append(one.row)
    return [
        say(N_("Rows %(rows)s: %(remark)s."), rows=numbers(of, say), remark=remark)
        for remark, of in rows.items()
    ]


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
    return say(N_("%(rows)s and %(more)s more"), rows=shown, more=more)
