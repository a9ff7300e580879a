"""The sentences for what a table is and what is wrong with it; who says them fills in the data."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.tables.headings import Field
from matchmaker.tables.reading import Passed
from matchmaker.tables.rows import Remark
from matchmaker.tables.sheets import Fault


def _l(text: str) -> str:
    """Mark a text that is translated when it is said."""
    return text


FILE: Mapping[Fault, str] = {
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
        "This is not a workbook, or it is damaged. Open it in a spreadsheet and save it as .xlsx."
    ),
    Fault.SAVE_AS_XLSX: _l(
        "This kind of workbook is not supported. Open it in a spreadsheet and save it as .xlsx."
    ),
    Fault.UNKNOWN_ENCODING: _l(
        "The encoding of the text is not supported. Save it as UTF-8, or the table as .xlsx."
    ),
    Fault.NOT_JSON: _l("Row %(row)s is not JSON: %(reason)s."),
    Fault.NOT_AN_OBJECT: _l("Row %(row)s: an object {...} is expected."),
    Fault.OPEN_QUOTE: _l(
        "Row %(row)s: a cell has more than %(most)s characters. Perhaps a quotation mark is not "
        "closed."
    ),
    Fault.NO_TABLE: _l(
        "No column of titles was recognised in the sheet “%(sheet)s”. Its headings: %(headings)s."
        " Call the column of titles 需求名称, 成果名称, title or título."
    ),
    Fault.NO_NAMES: _l(
        "No column of names was recognised in the sheet “%(sheet)s”. Its headings: %(headings)s."
        " Call the column of names 单位名称, organisation or entidad."
    ),
    Fault.NO_ROWS: _l("There are no rows under the headings."),
}
ROW: Mapping[Fault, str] = {
    Fault.NO_TITLE: _l("there is no title. Fill in the column “%(column)s”."),
    Fault.ID_USED: _l("“%(column)s” is %(value)s, as in row %(used)s. Give each row its own id."),
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
        "“%(column)s” is “%(value)s”, which is not a level of readiness. Use 1 to 9, or "
        "leave it empty."
    ),
}
REMARKS: Mapping[str, str] = {
    Remark.FIRST_ONLY: _l("“%(value)s” was read as %(taken)s alone"),
    Remark.UNKNOWN_MODE: _l("“%(value)s” is not a known way to cooperate, and was not used"),
    Remark.NUMBERED: _l("no ids; the row numbers of the table were used"),
    Remark.NO_ID: _l("no ids; they were made from the row numbers"),
}
PASSED: Mapping[Passed, str] = {
    Passed.HIDDEN: _l("The sheet “%(sheet)s” was skipped: it is hidden."),
    Passed.OTHER_KIND: _l("The sheet “%(sheet)s” was skipped: it holds the other kind."),
    Passed.VALUES: _l("The sheet “%(sheet)s” was skipped: it looks like a list of values."),
    Passed.NO_TABLE: _l("The sheet “%(sheet)s” was skipped: it has no column of titles."),
}
FIELDS: Mapping[Field, str] = {
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
