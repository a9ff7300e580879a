"""Tables to fill in: headings, lists to choose from, and one row as an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

from flask import Blueprint, Response
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l

from matchmaker import codelists, regions
from matchmaker.db import db, today
from matchmaker.details import DetailKind
from matchmaker.imports import organisations
from matchmaker.imports.resources import DETAILS
from matchmaker.imports.rows import FIELDS
from matchmaker.imports.rules import EXAMPLE
from matchmaker.pages.account.forms import LANGUAGE_NAMES
from matchmaker.pages.imports.wording import label
from matchmaker.pages.shared.downloads import XLSX, attachment
from matchmaker.plan import queries as plans
from matchmaker.plan.models import KeyTask
from matchmaker.tables.headings import Field
from matchmaker.web.guards import guard
from matchmaker.web.i18n import AMOUNT_IN_HINTS, LOCALES

blueprint = Blueprint("templates", __name__)

EXAMPLE_CODE = "91630000710595412E"
ROWS = 1000  # that have lists to choose from
_LISTS = {
    Field.RESOURCE: "resource",
    Field.GOAL: "goal",
    Field.TAGS: "sector",
    Field.MODES: "mode",
    Field.FUND_SOURCE: "fund_source",
    Field.IP_STATUS: "ip_status",
    Field.LICENCES: "licence_type",
    Field.TALENT_KIND: "talent_kind",
    Field.ORG_TYPE: "organisation_type",
}
_AS_TEXT = (Field.ID, Field.DEADLINE, Field.CODE, Field.PHONE)
_TWICE = (Field.BUDGET, Field.TRL_HIGH)  # what other columns of a template say
_SEVERAL = (Field.TAGS, Field.MODES, Field.TASKS, Field.LICENCES)
_HINTS: Mapping[Field, Any] = {
    Field.ID: _l("A number of your own. A later table with the same id changes the same draft."),
    Field.TITLE: _l("Required. One line that an outsider can understand, 160 characters at most."),
    Field.REQUIREMENTS: _l("One per line, or separated by semicolons."),
    Field.WISHES: _l("One per line, or separated by semicolons."),
    Field.DEADLINE: _l("As 2027-12-31."),
    Field.BUDGET_MIN: _l("In yuan, for example %(amount)s", amount=AMOUNT_IN_HINTS),
    Field.BUDGET_MAX: _l("In yuan, for example %(amount)s", amount=AMOUNT_IN_HINTS),
    Field.ORGANISATION: _l("The legal name, or the code in the next column."),
    Field.CODE: _l("18 characters. A row with a code that is here already makes nothing new."),
    Field.EMAIL: _l("The contact is invited here to take the account over."),
    Field.RESOURCE: _l(
        "Leave it empty for a technology. The last columns are for the other kinds."
    ),
    **dict.fromkeys(_SEVERAL, _l("Choose one, or write several separated by semicolons.")),
}
_WIDE = (Field.TITLE, Field.SUMMARY, Field.DESCRIPTION, Field.REQUIREMENTS, Field.WISHES)
# What the example says in the fields that no list has.
_EXAMPLE: Mapping[str, Mapping[Field, Any]] = {
    "need": {
        Field.TITLE: _l("Example: higher recovery of lithium from brine"),
        Field.SUMMARY: _l(
            "We lose 40 percent of the lithium in old brine and are looking for an adsorbent."
        ),
        Field.DESCRIPTION: _l(
            "Our plant treats 300 tonnes of old brine a day. The adsorbent loses 3 percent of its "
            "mass each cycle, and recovery is below 60 percent. We tried two suppliers in 2025."
        ),
        Field.REQUIREMENTS: _l("Recovery of at least 85 percent; loss below 0.5 percent a cycle"),
        Field.WISHES: _l("Works below 5 °C"),
    },
    "capability": {
        Field.TITLE: _l("Example: an adsorbent that takes lithium from brine"),
        Field.SUMMARY: _l(
            "A titanium adsorbent recovers 90 percent of the lithium in 2,000 cycles."
        ),
        Field.DESCRIPTION: _l(
            "The adsorbent works in columns, at 0 to 40 °C, in brine with a high magnesium content."
        ),
        Field.REQUIREMENTS: _l("Recovery 90 percent; loss 0.3 percent a cycle"),
        Field.EVIDENCE: _l("Third-party test in 2025: 2,000 cycles with brine from Qinghai."),
        Field.REFERENCES: "ZL202010123456.2",
        Field.DEPLOYMENTS: _l("A pilot line of 50 tonnes a day since March 2026."),
    },
    "organisation": {
        Field.TITLE: _l("Example: Plateau Salt Lake Technology Co., Ltd."),
        Field.CODE: EXAMPLE_CODE,
        Field.CONTACT: _l("Li Na"),
        Field.EMAIL: "li.na@example.org",
        Field.PHONE: "0971-8212345",
    },
}


@blueprint.get(
    "/our/imports/templates/<any(need, capability):kind>-<any(zh, en, es):language>.xlsx"
)
@guard("import.begin")
def download(kind: str, language: str) -> Response:
    """Answer with the table for a kind of listing, in a language."""
    tasks = plans.tasks_of_current(db.session())
    with force_locale(LOCALES[language]):
        data = workbook(kind, language, tasks)
    return Response(data, mimetype=XLSX, headers=attachment(f"{kind}-{language}.xlsx"))


@blueprint.get(
    "/desk/imports/templates/"
    "<any(need, capability, organisation):kind>-<any(zh, en, es):language>.xlsx"
)
@guard("import.bring")
def download_for_curators(kind: str, language: str) -> Response:
    """Answer with a table in which each row names its organisation, or is one."""
    tasks = plans.tasks_of_current(db.session())
    with force_locale(LOCALES[language]):
        data = workbook(kind, language, tasks, of_many=True)
    return Response(data, mimetype=XLSX, headers=attachment(f"{kind}-{language}.xlsx"))


def fields_of(kind: str, *, of_many: bool = False) -> Sequence[Field]:
    """Return the columns of a template; a budget stands in two, a range of readiness in one.

    `of_many`: each row of listings says whose it is.
    """
    if kind == "organisation":
        return organisations.FIELDS
    named = [Field.ORGANISATION, Field.CODE] if of_many else []
    return [*named, *(field for field in FIELDS[kind] if field not in _TWICE)]


def workbook(kind: str, language: str, tasks: Sequence[KeyTask], *, of_many: bool = False) -> bytes:
    """Return the table, in the language that is in force."""
    import openpyxl  # noqa: PLC0415  # a quarter of a second; most pages do without
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet: Any = book.active
    of_listings = kind != "organisation"
    name = codelists.label("listing_kind", kind, language) if of_listings else None
    sheet.title = name or gettext("Organisations")
    lists = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    sheet.freeze_panes = "A2"
    choices = _choices(language, tasks)
    example = _example(kind, choices)
    for place, field in enumerate(fields_of(kind, of_many=of_many), start=1):
        letter = get_column_letter(place)
        heading = sheet.cell(1, place, label(kind, field))
        heading.font = Font(bold=True)
        heading.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter].width = 40 if field in _WIDE else 18
        cell = sheet.cell(2, place, example.get(field))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if field in _AS_TEXT:
            for row in range(2, ROWS + 2):  # as text: numbers keep their zeros and last digits
                sheet.cell(row, place).number_format = "@"
        for row, choice in enumerate(choices.get(field, ()), start=1):
            lists.cell(row, place, choice)
        _help(sheet, letter, field, len(choices.get(field, ())))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _help(sheet: Any, letter: str, field: Field, choices: int) -> None:
    """Give a column its hint, and its list to choose from."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    hint = _hint(field)
    if not choices and not hint:
        return
    validation = DataValidation(
        type="list" if choices else None,
        formula1=f"lists!${letter}$1:${letter}${choices}" if choices else None,
        allow_blank=True,
        showErrorMessage=bool(choices) and field not in _SEVERAL,
        showInputMessage=bool(hint),
        prompt=hint or None,
    )
    validation.add(f"{letter}2:{letter}{ROWS + 1}")
    sheet.add_data_validation(validation)


def _hint(field: Field) -> str:
    if field in DETAILS and DETAILS[field].kind == DetailKind.LINES:
        return str(gettext("One per line, or separated by semicolons."))
    return str(_HINTS.get(field, ""))


def _choices(language: str, tasks: Sequence[KeyTask]) -> Mapping[Field, Sequence[str]]:
    named = partial(codelists.label, language=language)
    choices: dict[Field, Sequence[str]] = {
        field: [named(name, code) for code in codelists.codes(name)]
        for field, name in _LISTS.items()
    }
    for field, one in DETAILS.items():
        choices[field] = [labels[language] for labels in one.options.values()]
    choices[Field.LANGUAGE] = list(LANGUAGE_NAMES.values())
    choices[Field.PROVINCE] = [
        regions.region_name(code, language) for code in regions.all_regions()
    ]
    choices[Field.TRL] = [str(level) for level in range(1, 10)]
    choices[Field.TASKS] = [task.code for task in tasks]
    return choices


def _example(kind: str, choices: Mapping[Field, Sequence[str]]) -> Mapping[Field, str]:
    first = {field: named[0] for field, named in choices.items() if named and field not in DETAILS}
    return {
        **first,
        **{field: str(text) for field, text in _EXAMPLE[kind].items()},
        Field.ID: EXAMPLE,
        Field.TRL: "6",
        Field.DEADLINE: (today() + timedelta(days=365)).isoformat(),
        Field.BUDGET_MIN: "80万",
        Field.BUDGET_MAX: "1,200,000",
        Field.TALENT_NUMBER: "2",
        Field.TALENT_MONTHS: "6",
        Field.SEATS: "10",
    }
