"""What `matchmaker match` says of the files it reads: what was read, and what was not, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matchmaker.commands.speech import Speech
from matchmaker.commands.speech import lazy_gettext as _l
from matchmaker.tables.headings import Field
from matchmaker.tables.messages import FIELDS, FILE, PASSED, REMARKS, ROW
from matchmaker.tables.sheets import Fault, UnreadableTable

if TYPE_CHECKING:
    from matchmaker.commands.entries import Entries, Problem
    from matchmaker.tables.finding import Column, Table

_SHOWN = 20
_ROWS_SHOWN = 10

NOT_OPENED = _l("The file cannot be opened: %(reason)s.")


def of_file(error: UnreadableTable, say: Speech) -> str:
    """Return the sentence for a file that cannot be read; it says what to change."""
    data = dict(error.data)
    if error.fault is Fault.TOO_LARGE:
        data = {name: f"{size / 1e6:,.0f}" for name, size in data.items()}
    elif "most" in data:
        data["most"] = f"{data['most']:,}"
    if "headings" in data:
        data["headings"] = say.names([f"“{text}”" for text in data["headings"]])
    return say(FILE[error.fault], **data)


def refusals(found: Entries, say: Speech) -> list[str]:
    """Return a sentence for each row that was refused."""
    return [say.about(_place(found, one, say), _row(one, say)) for one in found.refused]


def _row(problem: Problem, say: Speech) -> str:
    data = dict(problem.data)
    if "most" in data:
        data["most"] = f"{data['most']:,}"
    return say(ROW[Fault(problem.fault)], **data)


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
                    "%(num)s character could not be read and is shown as �.",
                    "%(num)s characters could not be read and are shown as �.",
                    table.replaced,
                )
            )
    lines += [f"  {say(PASSED[one.why], sheet=one.sheet)}" for one in found.reading.passed]
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
    text = f"{_name(column, say)} → {say(FIELDS[held])}"
    return say(_l("%(column)s, by its content"), column=text) if column.by_content else text


def _name(column: Column, say: Speech) -> str:
    return column.heading or say(_l("column %(number)s"), number=column.place + 1)


def _remarks(remarks: Iterable[Problem], say: Speech) -> list[str]:
    """Return a line for each remark, with all the rows that it is about."""
    rows: dict[str, list[int]] = defaultdict(list)
    for one in remarks:
        rows[say(REMARKS[one.fault], **_said(one.data, say))].append(one.row)
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
