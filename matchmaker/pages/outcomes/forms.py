from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import ValidationError

from matchmaker import codelists
from matchmaker.agreements.results import Known
from matchmaker.db import today
from matchmaker.errors import Refusal
from matchmaker.files.models import StoredFile
from matchmaker.outcomes import rules
from matchmaker.outcomes.measures import Kind, Measure, all_measures
from matchmaker.outcomes.models import OutcomeVersion
from matchmaker.outcomes.rules import Values
from matchmaker.pages.listings.fields import DayField
from matchmaker.pages.shared.amounts import plain_number
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.uploads import FilesForm, KeptFilesField, files_field
from matchmaker.web.forms import CHOOSE, CodeField, Form, required, text_area, text_field
from matchmaker.web.i18n import AMOUNT_IN_HINTS, reader_language

LONGEST_WORDS = 2000


class ReportForm(FilesForm):
    """A result: what, how much, when, and what shows it. A correction keeps the measure."""

    beside: ClassVar = {Refusal.REPORTED_ALREADY: "amount"}

    measure = CodeField(_l("What came of it"), "outcome_measure", [required], blank=CHOOSE)
    amount = text_field(
        _l("How much"),
        required,
        longest=40,
        hint=_l("As you write it: 1,200,000 or 120万 yuan, 36 people, 12.5 ha or 300亩."),
    )
    first_day = DayField(_l("From"), [required])
    last_day = DayField(_l("Until"), [required])
    contract_number = text_field(
        _l("Contract number"),
        longest=100,
        hint=_l("From the technology contract register. Required for the value of a contract."),
    )
    evidence = text_area(
        _l("Evidence"),
        longest=LONGEST_WORDS,
        rows=4,
        hint=_l("What shows it, and who can be asked. A curator reads this, and the other side."),
    )
    evidence_number = text_field(
        _l("Number"),
        longest=100,
        hint=_l("The number of a patent, standard or certificate, if there is one."),
    )
    evidence_link = text_field(
        _l("Link"), longest=500, hint=_l("A page that shows it, if there is one.")
    )
    kept = KeptFilesField(_l("Earlier files that also show this"))
    files = files_field()

    def __init__(
        self, known: Measure | None = None, before: Sequence[StoredFile] = (), **kwargs: Any
    ) -> None:
        """`known`: the measure of the result that is corrected; `before`: its files."""
        super().__init__(**kwargs)
        self.known, self._amount = known, 0
        self.kept.choices = [(one.id, one.name) for one in before]
        if known is not None:
            del self.measure
        if not before:
            del self.kept

    @property
    def chosen(self) -> Measure | None:
        return self.known or all_measures().get(self.measure.data)

    def validate_amount(self, field: Any) -> None:
        if self.chosen is None:
            return
        try:
            self._amount = self.chosen.read(field.data)
        except ValueError:
            raise ValidationError(_unreadable(self.chosen.kind, field.label.text)) from None

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators) or self.chosen is None:
            return False
        has_files = bool(self.uploads or self.kept_ids)
        found = rules.faults(self.chosen, self.values(), today(), has_files=has_files)
        for name, refusal in found.items():
            self[name].errors = [sentence(refusal)]
        return not found

    @property
    def kept_ids(self) -> frozenset[int]:
        """The files of the version before that are to show this one, too."""
        return frozenset(self.kept.data or ()) if "kept" in self else frozenset()

    def values(self) -> Values:
        return Values(
            amount=self._amount,
            first_day=self.first_day.data or date.max,
            last_day=self.last_day.data or date.max,
            evidence=self.evidence.data or "",
            evidence_link=self.evidence_link.data or "",
            evidence_number=self.evidence_number.data or "",
            contract_number=self.contract_number.data or "",
        )


def correction(measure: Measure, version: OutcomeVersion) -> ReportForm:
    """A form that holds what a version of a result says."""
    kept = {name: getattr(version, name) for name in Values.__dataclass_fields__}
    amount, files = plain_number(version.amount, measure), [one.id for one in version.files]
    return ReportForm(measure, version.files, data={**kept, "amount": amount, "kept": files})


def filled(known: Known, chosen: str) -> ReportForm:
    """A form that holds what an agreement says of one measure, for who changes what differs."""
    measure, amount = all_measures().get(chosen), known.amounts.get(chosen)
    data = {
        "measure": chosen if measure else "",
        "first_day": known.first_day,
        "last_day": known.last_day,
        "contract_number": known.contract_number if measure and measure.needs_contract else "",
    }
    if measure and amount is not None:
        data["amount"] = plain_number(round(amount * measure.scale), measure)
    return ReportForm(data=data)


def _unreadable(kind: Kind, field: str) -> str:
    if kind == Kind.MONEY:
        return str(
            gettext(
                "%(field)s: enter an amount in yuan, for example %(amount)s.",
                field=field,
                amount=AMOUNT_IN_HINTS,
            )
        )
    if kind == Kind.AREA:
        return str(gettext("%(field)s: an area, such as 12.5 ha or 300亩.", field=field))
    if kind == Kind.MASS:
        return str(gettext("%(field)s: a mass, such as 12.5 t.", field=field))
    if kind == Kind.DATA:
        return str(gettext("%(field)s: a volume of data, such as 2.5 TB.", field=field))
    return str(gettext("%(field)s: enter a whole number.", field=field))


class WordsForm(Form):
    """Why a result is disputed or sent back."""

    words = text_area(
        _l("What is wrong"),
        required,
        hint=_l("Both sides and the curators read this."),
        longest=LONGEST_WORDS,
        rows=3,
    )


class _Coded(RadioField):
    """One code of a list, as radio buttons."""

    def __init__(self, label: Any, codelist: str, **kwargs: Any) -> None:
        self.codelist = codelist
        super().__init__(label, choices=self._labelled, validate_choice=False, **kwargs)

    def _labelled(self) -> list[tuple[str, str]]:
        language = reader_language()
        return [
            (code, codelists.label(self.codelist, code, language))
            for code in codelists.codes(self.codelist)
        ]

    def pre_validate(self, form: Any) -> None:
        if self.data not in codelists.codes(self.codelist):
            self.errors = []
            raise ValidationError(
                gettext("%(field)s: choose one from the list.", field=self.label.text)
            )


class SatisfactionForm(Form):
    again = _Coded(_l("We would work with them again"), "satisfaction_mark")
    useful = _Coded(_l("The platform was useful to us"), "satisfaction_mark")
    words = text_area(_l("Explanation"), hint=_l("Optional."), longest=LONGEST_WORDS, rows=3)


class ProgressForm(Form):
    """How a match goes, by the link of a mail."""

    answer = _Coded(_l("How is it going?"), "match_progress")
    reason = CodeField(_l("If it has ended: why"), "end_reason", blank=_l("I would rather not say"))
