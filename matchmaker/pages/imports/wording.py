"""What is said of tables: why a file or a row is refused, and what of a row is not used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _l

from matchmaker import codelists, regions
from matchmaker.imports import rules
from matchmaker.imports.models import Import, ImportBatch, ImportRow
from matchmaker.imports.organisations import FIELDS, ReadOrganisation
from matchmaker.imports.resources import DETAILS
from matchmaker.imports.rows import CONTENT
from matchmaker.imports.states import EntryFault, RowFault, RowRemark
from matchmaker.organisations.states import Tie
from matchmaker.pages.shared.detail_fields import detail_heading
from matchmaker.tables import messages
from matchmaker.tables.finding import Column
from matchmaker.tables.headings import Field
from matchmaker.tables.reading import Passed
from matchmaker.tables.rows import Remark
from matchmaker.tables.sheets import Fault, UnreadableTable
from matchmaker.web.i18n import reader_language

_FAULTS: Mapping[RowFault, Any] = {
    RowFault.TOO_LONG: _l("At most %(most)s characters; this has %(length)s."),
    RowFault.TOO_MANY: _l("At most %(most)s lines; this has %(number)s."),
    RowFault.LONG_LINE: _l("A line may have %(most)s characters at most; one has %(length)s."),
    RowFault.AMOUNT: _l("“%(value)s” is not an amount. Write 1,200,000, 120万 or 80-150万."),
    RowFault.TOO_MUCH: _l("“%(value)s” is more than a budget can be: at most %(most)s yuan."),
    RowFault.BACKWARDS: _l("The upper end of the budget is below the lower end."),
    RowFault.DAY: _l("“%(value)s” is not a date. Write 2027-12-31."),
    RowFault.DAY_OVER: _l("%(value)s has passed. Write a later day, or leave it empty."),
    RowFault.DAY_FAR: _l("%(value)s is more than %(most)s years ahead."),
    RowFault.NUMBER: _l("“%(value)s” is not a whole number from %(least)s to %(most)s."),
    RowFault.MEASURE: _l(
        "“%(value)s” is not a number in the unit of the heading. Write 12 or 12.5."
    ),
    RowFault.KEY_USED: _l("Row %(used)s has the same id. Give each row its own."),
    RowFault.TITLE_USED: _l("Row %(used)s has the same title. Give both rows an id."),
    RowFault.UNDER_REVIEW: _l("Its listing is waiting for review. Change it on its own page."),
    RowFault.PUBLISHED: _l("Its listing has been published. Change it on its own page."),
    RowFault.CLOSED: _l("Its listing is closed. Give the row another id to post it again."),
    RowFault.EDITED_HERE: _l(
        "Its draft was changed here since the last import. Change it on its own page."
    ),
}
_ENTRY_FAULTS: Mapping[EntryFault, Any] = {
    EntryFault.NO_NAME: _l("The name is missing."),
    EntryFault.NO_KEY: _l("Give the social credit code, or an id of your own for this row."),
    EntryFault.CODE_LENGTH: _l("A code has 18 characters; this has %(length)s."),
    EntryFault.CODE_CHARACTERS: _l("“%(value)s” has characters that no social credit code has."),
    EntryFault.CODE_AUTHORITY: _l("No registering authority has the first character %(first)s."),
    EntryFault.CODE_CHECK: _l(
        "The check digit of %(value)s is wrong. Compare it with the licence."
    ),
    EntryFault.TYPE: _l("“%(value)s” is not a kind of organisation. Choose one from the list."),
    EntryFault.NO_PROVINCE: _l("Neither this column nor the code tells the province."),
    EntryFault.PROVINCE_OF_OTHERS: _l("You are not a curator of this province: %(province)s."),
    EntryFault.NO_CONTACT: _l("Name a contact person."),
    EntryFault.EMAIL: _l("“%(value)s” is not an e-mail address. The contact is invited there."),
    EntryFault.CODE_USED: _l("Row %(used)s has the same code."),
    EntryFault.NAME_USED: _l("Row %(used)s has the same name."),
    EntryFault.EMAIL_USED: _l(
        "Row %(used)s has the same e-mail address. One person manages one organisation."
    ),
}
_REMARKS: Mapping[str, Any] = {
    RowRemark.UNKNOWN_WORD: _l("“%(value)s” is not on the list, and is not used."),
    RowRemark.UNKNOWN_TASK: _l("“%(value)s” is not a key task of the plan, and is not used."),
    RowRemark.READ_AS: _l(
        "“%(value)s” may mean several ways to cooperate. It is read as: %(taken)s. Choose others "
        "on the draft."
    ),
    RowRemark.UNKNOWN_NUMBER: _l(
        "“%(value)s” is not the number of a patent, paper or standard, or its check digit is "
        "wrong. It is not used."
    ),
    RowRemark.MORE_THAN_FIT: _l("Only the first %(most)s are used."),
    RowRemark.RESOURCE_TOLD: _l(
        "The row does not say what it is. By this column it is taken as: %(resource)s."
    ),
    RowRemark.OTHER_RESOURCE: _l(
        "This is not used: only what is called “%(resource)s” has this field."
    ),
    RowRemark.CODE_OF_OTHERS: _l("The code was issued elsewhere: %(province)s."),
}
_LABELS: Mapping[Field, Any] = {
    Field.ID: _l("Id"),
    Field.TITLE: _l("Title"),
    Field.SUMMARY: _l("Summary"),
    Field.DESCRIPTION: _l("Description"),
    Field.REQUIREMENTS: _l("Must have"),
    Field.WISHES: _l("Nice to have"),
    Field.LANGUAGE: _l("Language of the text"),
    Field.TAGS: _l("Sectors"),
    Field.TASKS: _l("Key tasks"),
    Field.GOAL: _l("Goal"),
    Field.MODES: _l("Ways to cooperate"),
    Field.PROVINCE: _l("Province"),
    Field.DEADLINE: _l("Deadline"),
    Field.RESOURCE: _l("What it is"),
    Field.TRL: _l("Readiness (TRL)"),
    Field.TRL_HIGH: _l("Readiness level, up to"),
    Field.BUDGET: _l("Budget"),
    Field.BUDGET_MIN: _l("Budget from"),
    Field.BUDGET_MAX: _l("Budget up to"),
    Field.FUND_SOURCE: _l("Source of funds"),
    Field.EVIDENCE: _l("Evidence"),
    Field.REFERENCES: _l("Patents, papers and standards"),
    Field.DEPLOYMENTS: _l("Where it is in use"),
    Field.IP_STATUS: _l("Intellectual property"),
    Field.LICENCES: _l("Licensing options"),
    Field.TALENT_NUMBER: _l("How many people"),
    Field.TALENT_MONTHS: _l("Months of work"),
    Field.SEATS: _l("Places for trainees"),
    Field.ORGANISATION: _l("Organisation"),
    Field.CODE: _l("Unified social credit code"),
}
_LABELS_OF_KIND: Mapping[str, Mapping[Field, Any]] = {
    "need": {Field.TALENT_KIND: _l("People wanted")},
    "capability": {
        Field.TALENT_KIND: _l("People offered"),
        Field.REQUIREMENTS: _l("Technical figures"),
    },
    "organisation": {
        Field.TITLE: _l("Legal name"),
        Field.ORG_TYPE: _l("Kind of organisation"),
        Field.CITY: _l("City within the province"),
        Field.CONTACT: _l("Contact person"),
        Field.EMAIL: _l("Contact's e-mail"),
        Field.PHONE: _l("Contact's telephone (optional)"),
    },
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about a cell, or about a whole row where the column is empty."""

    column: str
    sentence: str


_TIES: Mapping[Tie, Any] = {
    Tie.MEMBER: _l("members"),
    Tie.LISTING: _l("listings that were sent for review or published"),
    Tie.MATCH: _l("matches"),
    Tie.AGREEMENT: _l("agreements"),
    Tie.REQUEST: _l("an open request to join it or to manage its account"),
    Tie.TABLE: _l("a table imported in the last 30 days"),
    Tie.RECORD: _l("records of decisions, suggestions or papers"),
}


def of_file(error: UnreadableTable) -> str:
    """Return the sentence for a file that cannot be read; it says what to change."""
    data = dict(error.data)
    if error.fault is Fault.TOO_LARGE:
        data = {name: f"{size / 2**20:,.0f}" for name, size in data.items()}
    if "headings" in data:
        data["headings"] = _names([f"“{text}”" for text in data["headings"]])
    return str(gettext(messages.FILE[error.fault])) % data


def faults(row: ImportRow) -> list[Said]:
    """Return why a row is refused, cell by cell."""
    return [_said(*one) for one in row.faults]


def reasons(row: ImportRow) -> list[str]:
    """The same as whole sentences, each with its column."""
    return [_whole(one) for one in faults(row)]


def entry_faults(row: ReadOrganisation) -> list[Said]:
    """Return why a row of a table of organisations is refused, and what to look at."""
    return [_said(*one) for one in (*row.faults, *row.remarks)]


def entry_reasons(row: ReadOrganisation) -> list[str]:
    """The same as whole sentences, each with its column."""
    return [_whole(one) for one in entry_faults(row)]


def _whole(one: Said) -> str:
    if not one.column:
        return one.sentence
    return str(gettext("%(name)s: %(value)s", name=one.column, value=one.sentence))


def remarks(row: ImportRow) -> list[Said]:
    """Return what of a row is not used, or read otherwise."""
    return [_said(*one) for one in row.remarks]


def _said(field: str, column: str, code: str, data: Mapping[str, Any]) -> Said:
    told: dict[str, Any] = {
        name: format_decimal(value) if isinstance(value, int) and value > 999 else value
        for name, value in data.items()
    }
    if code == Remark.FIRST_ONLY:
        if field == Field.PROVINCE:
            told["taken"] = regions.region_name(told["taken"], reader_language())
        return Said(column, str(gettext(messages.REMARKS[Remark.FIRST_ONLY])) % told)
    language = reader_language()
    if "resource" in told:
        told["resource"] = codelists.label("resource", told["resource"], language)
    if code == RowRemark.READ_AS:
        codes = told["taken"].split(",")
        told["taken"] = _names([codelists.label("mode", one, language) for one in codes])
    if code in _REMARKS:
        return Said(column, str(_REMARKS[code]) % told)
    if "province" in told:
        told["province"] = regions.region_name(told["province"], reader_language())
    if code in _ENTRY_FAULTS:
        return Said(column, str(_ENTRY_FAULTS[EntryFault(code)]) % told)
    if code in RowFault.__members__.values():
        return Said(column, str(_FAULTS[RowFault(code)]) % told)
    sentence = str(gettext(messages.ROW[Fault(code)])) % {"column": column, **told}
    return Said(column, sentence[:1].upper() + sentence[1:])


def passed(held: Import | ImportBatch) -> list[str]:
    """Return the sheets that were passed over, and why."""
    return [
        str(gettext(messages.PASSED[Passed(why)])) % {"sheet": sheet} for sheet, why in held.passed
    ]


def used_columns(batch: ImportBatch) -> list[Column]:
    """Return the columns that a table of organisations is read from."""
    tables = [rules.table_of(sheet) for sheet in batch.sheets]
    return [one for table in tables for one in table.columns if one.field in FIELDS]


def unused_columns(batch: ImportBatch) -> list[str]:
    """Return the headings of its other columns."""
    tables = [rules.table_of(sheet) for sheet in batch.sheets]
    return [one.heading for table in tables for one in table.columns if one.field not in FIELDS]


def ties(found: Mapping[int, Collection[Tie]]) -> Mapping[int, list[str]]:
    """Return organisation → why it is not deleted, in words."""
    return {
        number: [str(word) for tie, word in _TIES.items() if tie in of_it]
        for number, of_it in found.items()
    }


def label(kind: str, field: Field | None) -> str:
    """Return what a column is called in templates and exports. The reader of tables knows it."""
    if field and field in DETAILS:
        return detail_heading(field)
    return str(_LABELS_OF_KIND[kind].get(field) or _LABELS[field]) if field else ""


def content_label(name: str) -> str:
    """Return what a field of a capability's content is called."""
    field = next((one for one, content in CONTENT.items() if content == name), None)
    return label("capability", field or Field(name))


def _names(texts: Sequence[str]) -> str:
    return ("、" if reader_language() == "zh" else ", ").join(texts)
