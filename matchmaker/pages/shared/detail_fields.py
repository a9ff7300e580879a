"""Fields of a form that a data file describes: their labels follow the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from matchmaker import codelists
from matchmaker.details import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_LINES,
    NUMBER,
    Detail,
    DetailKind,
)
from matchmaker.imports.resources import DETAILS, OWNER
from matchmaker.tables.headings import Field as ColumnField
from matchmaker.web.forms import half_width, text_field, trimmed
from matchmaker.web.i18n import reader_language

DETAIL = "detail_"  # before the code of a field, in its form


class ListField(TextAreaField):
    """One thing a line, as a list."""

    data: Any

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = trimmed(valuelist[0]).split("\n") if valuelist else []
        self.data = [line.strip() for line in lines if line.strip()]


def lines_fit(form: Any, field: Field) -> None:
    if len(field.data) > MOST_LINES or any(len(line) > LONGEST_LINE for line in field.data):
        raise ValidationError(
            gettext(
                "%(field)s: at most %(most)s lines of %(longest)s characters.",
                field=field.label.text,
                most=MOST_LINES,
                longest=LONGEST_LINE,
            )
        )


def plain_number(form: Any, field: Field) -> None:
    """Take a number as people write it; an empty field is none."""
    text = (field.data or "").replace(",", "").replace(" ", "")
    if text and not NUMBER.fullmatch(text):
        raise ValidationError(gettext("%(field)s: this is not a number.", field=field.label.text))
    field.data = text


def detail_field(one: Detail) -> Any:
    """Return the field of a form for a field of a data file."""
    label: Any = LazyString(lambda: one.label(reader_language()))
    if one.kind == DetailKind.LINES:
        return ListField(label, [lines_fit], description=_l("One per line."), render_kw={"rows": 3})
    if one.kind == DetailKind.CHOICE:

        def listed(form: Any, field: Field) -> None:
            field.data = field.data or ""
            if field.data and field.data not in one.options:
                raise StopValidation(
                    gettext("%(field)s: choose one from the list.", field=field.label.text)
                )

        return SelectField(label, [listed], choices=lambda: _options(one), validate_choice=False)
    if one.kind == DetailKind.NUMBER:
        return text_field(label, plain_number, longest=12, clean=half_width, inputmode="decimal")
    return text_field(label, longest=LONGEST_TEXT)


def detail_heading(field: ColumnField) -> str:
    """Return what the column of a resource's own field is called, with the resource before it."""
    language = reader_language()
    owner = codelists.label("resource", OWNER[field], language)
    return str(gettext("%(name)s: %(value)s", name=owner, value=DETAILS[field].label(language)))


def _options(one: Detail) -> dict[str, str]:
    language = reader_language()
    return {"": "–"} | {code: labels[language] for code, labels in one.options.items()}
