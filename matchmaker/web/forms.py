"""The base of forms: trimmed text, validators that name the field, choices from code lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker import codelists
from matchmaker.web.i18n import reader_language

MOST_CLEANED = 50_000
_UNSEEN = {"Cc", "Cf", "Cs"}
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

Check = Callable[[Any, Field], None]


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False  # one token for every unsafe request is checked before any view: web.security

        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """No form takes a file: one that is sent in the place of a text counts as nothing."""
            sent = super().wrap_formdata(form, formdata)
            return request.form if isinstance(sent, CombinedMultiDict) else sent

    @property
    def error_list(self) -> list[tuple[str, str]]:
        """(field id, sentence) of every error, in the form's order, for the summary at the top."""
        return [
            (field.id, str(sentence))
            for field in self
            for sentence in field.errors
            if isinstance(sentence, str)
        ]


def trimmed(text: str | None) -> str:
    """Form text without outer blanks, invisible characters and the browser's carriage returns."""
    return visible((text or "").replace("\r\n", "\n")).strip()


def visible(text: str) -> str:
    """Return what a reader sees of a text: the one rule for everything that is typed.

    Left out are control characters but line breaks and tabs, marks of direction and of width
    nought, and letters that look like nothing. With them two names look the same and differ, or a
    title reads backwards. PRECIS would also refuse rare characters that Python does not know yet,
    and write Chinese brackets as Latin ones.
    """
    if len(text) > MOST_CLEANED:
        return text  # too long for any field, which will say so
    return "".join(
        character
        for character in text
        if character in "\n\t"
        or not (unicodedata.category(character) in _UNSEEN or character in _BLANK_LETTERS)
    )


def half_width(text: str | None) -> str:
    """Form text whose letters, digits and marks are plain ones: for codes, addresses and numbers.

    A Chinese keyboard writes them at full width.
    """
    return unicodedata.normalize("NFKC", trimmed(text))


def text_field(
    label: Any,
    *checks: Check,
    hint: Any = "",
    longest: int = 200,
    clean: Callable[[str | None], str] = trimmed,
    **render: Any,
) -> StringField:
    checks = (*checks, at_most(longest))
    return StringField(
        label,
        list(checks),
        filters=[clean],
        description=hint,
        render_kw={**render, "data-most": longest},
    )


def text_area(
    label: Any, *checks: Check, hint: Any = "", longest: int = 20_000, rows: int = 6
) -> TextAreaField:
    checks = (*checks, at_most(longest))
    return TextAreaField(
        label,
        list(checks),
        filters=[trimmed],
        description=hint,
        render_kw={"rows": rows, "data-most": longest},
    )


def left_empty(field: Any) -> str:
    """Say that a field was left empty: a list asks for a choice, other fields for text."""
    if hasattr(field, "choices"):
        return str(gettext("%(field)s: please choose.", field=field.label.text))
    return str(gettext("%(field)s: please fill this in.", field=field.label.text))


def required(form: Any, field: Field) -> None:
    if field.process_errors:
        raise StopValidation  # something was given: what is wrong with it has been said
    if not field.data or (isinstance(field.data, str) and not field.data.strip()):
        field.errors = []
        raise StopValidation(left_empty(field))


def optional(form: Any, field: Field) -> None:
    """Stop, content, when nothing was given."""
    if not field.raw_data or not str(field.raw_data[0]).strip():
        field.errors = []
        raise StopValidation


def at_most(longest: int) -> Check:
    def check(form: Any, field: Field) -> None:
        if field.data and len(field.data) > longest:
            raise ValidationError(
                gettext(
                    "%(field)s: %(longest)s characters at most; yours has %(length)s.",
                    field=field.label.text,
                    longest=longest,
                    length=len(field.data),
                )
            )

    return check


def between(low: int, high: int) -> Check:
    def check(form: Any, field: Field) -> None:
        if field.data is not None and not low <= field.data <= high:
            raise ValidationError(
                gettext(
                    "%(field)s: from %(low)s to %(high)s.",
                    field=field.label.text,
                    low=low,
                    high=high,
                )
            )

    return check


class CodeField(SelectField):
    """One code that a code list offers, labelled in the reader's language; `blank` allows none."""

    def __init__(
        self,
        label: Any,
        codelist: str,
        checks: Iterable[Check] = (),
        blank: Any = None,
        **kwargs: Any,
    ):
        self.codelist, self.blank = codelist, blank
        super().__init__(
            label, list(checks), choices=self._labelled, validate_choice=False, **kwargs
        )

    def _labelled(self) -> list[tuple[str, str]]:
        language = reader_language()
        labelled = [
            (code, codelists.label(self.codelist, code, language))
            for code in codelists.offered(self.codelist)
        ]
        return labelled if self.blank is None else [("", str(self.blank)), *labelled]

    def pre_validate(self, form: Any) -> None:
        if self.data in (None, ""):
            self.data = ""
        elif self.data not in codelists.offered(self.codelist):
            raise StopValidation(
                gettext("%(field)s: choose one from the list.", field=self.label.text)
            )


class CodesField(SelectMultipleField):
    """Several codes of a code list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, codelist: str, checks: Iterable[Check] = (), **kwargs: Any):
        self.codelist = codelist
        super().__init__(
            label, list(checks), choices=self._labelled, validate_choice=False, **kwargs
        )

    def _labelled(self) -> list[tuple[str, str]]:
        language = reader_language()
        return [
            (code, codelists.label(self.codelist, code, language))
            for code in codelists.codes(self.codelist)
        ]

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - set(codelists.codes(self.codelist)):
            raise StopValidation(gettext("%(field)s: choose from the list.", field=self.label.text))


CHOOSE = _l("Choose…")
