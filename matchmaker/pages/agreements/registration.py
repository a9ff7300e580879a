"""Registration of an agreement as a technology contract: kind, papers, clock, number."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker.agreements import contracts, queries
from matchmaker.agreements import registration as service
from matchmaker.agreements.models import Agreement
from matchmaker.db import db, today
from matchmaker.errors import Refusal, Refused
from matchmaker.pages.agreements.fields import plausible_day
from matchmaker.pages.agreements.forms import MOST_YUAN, PartForm
from matchmaker.pages.agreements.page import surroundings
from matchmaker.pages.agreements.views import done
from matchmaker.pages.listings.fields import DayField, YuanField
from matchmaker.pages.shared.refusals import sentence
from matchmaker.permissions import may
from matchmaker.web.forms import between, required, text_field
from matchmaker.web.guards import guard, refuse
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

blueprint = Blueprint("registration", __name__)


def given(form: Any, field: Any) -> None:
    """An amount, of which nought is one."""
    if field.data is None and not field.process_errors:
        raise StopValidation(gettext("%(field)s: please fill this in.", field=field.label.text))


class PrepareForm(PartForm):
    part = "prepare-"

    contract_type = RadioField(_l("Kind of contract"), [required], validate_choice=False)
    papers = SelectMultipleField(
        _l("Papers at hand"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    accepted_on = DayField(
        _l("Day on which the office accepted the application"),
        [plausible_day],
        description=_l("Leave it empty until then."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data, language = contracts.registration(), reader_language()
        self.contract_type.choices = [(c, one[language]) for c, one in data["types"].items()]
        self.papers.choices = [(c, one[language]) for c, one in data["papers"].items()]

    def validate_contract_type(self, field: Any) -> None:
        if field.data not in contracts.registration()["types"]:
            raise StopValidation(
                gettext("%(field)s: choose one from the list.", field=field.label.text)
            )


class NumberForm(PartForm):
    part = "number-"

    number = text_field(_l("Registration number"), required, longest=40)
    registered_on = DayField(_l("Registered on"), [required, plausible_day])
    contract_value = YuanField(_l("Contract value as registered"), [given, between(0, MOST_YUAN)])
    technology_value = YuanField(
        _l("Technology value as registered"), [given, between(0, MOST_YUAN)]
    )


@blueprint.get("/agreements/<int:agreement_id>/registration")
@guard("agreement.read", load=queries.agreement)
def show(agreement: Agreement) -> str:
    if not agreement.instrument.contract or agreement.current is None:
        refuse("agreement.read")
    return _page(agreement)


@blueprint.post("/agreements/<int:agreement_id>/registration")
@guard("agreement.edit", load=queries.agreement)
def prepare(agreement: Agreement) -> ResponseReturnValue:
    form = PrepareForm()
    if not form.validate():
        return _page(agreement, preparing=form), 422
    data = form.data
    try:
        service.prepare(
            db.session(),
            current_actor(),
            agreement,
            data["contract_type"],
            papers=data["papers"] or (),
            accepted_on=data["accepted_on"],
        )
    except Refused as refusal:
        form.accepted_on.errors = [sentence(refusal.refusal)]
        return _page(agreement, preparing=form), 422
    return done(agreement, gettext("Recorded."), "registration")


@blueprint.post("/agreements/<int:agreement_id>/registration/number")
@guard("agreement.edit", load=queries.agreement)
def record_number(agreement: Agreement) -> ResponseReturnValue:
    form = NumberForm()
    if not form.validate():
        return _page(agreement, numbering=form), 422
    data = form.data
    result = service.Result(
        number=data["number"],
        registered_on=data["registered_on"],
        contract_value=data["contract_value"],
        technology_value=data["technology_value"],
    )
    try:
        service.record_number(db.session(), current_actor(), agreement, result)
    except Refused as refusal:
        field = {
            Refusal.DAY_TO_COME: form.registered_on,
            Refusal.TECHNOLOGY_OVER_CONTRACT: form.technology_value,
        }.get(refusal.refusal, form.number)
        field.errors = [sentence(refusal.refusal, **refusal.data)]
        return _page(agreement, numbering=form), 422
    return done(agreement, gettext("The contract is registered."), "registration")


def _page(
    agreement: Agreement,
    *,
    preparing: PrepareForm | None = None,
    numbering: NumberForm | None = None,
) -> str:
    kept, terms = agreement.registration, agreement.current.terms if agreement.current else None
    values = terms.values if terms else {}
    prepared: dict[str, Any] = {
        "contract_type": kept.contract_type if kept else agreement.instrument.contract,
        "papers": kept.papers if kept else [],
        "accepted_on": kept.accepted_on if kept else None,
    }
    numbered = {
        "number": kept.number if kept else "",
        "registered_on": kept.registered_on if kept else None,
        "contract_value": (kept and kept.contract_value) or values.get("contract_value"),
        "technology_value": (kept and kept.technology_value) or values.get("technology_value"),
    }
    answer_by = contracts.answer_by(kept.accepted_on) if kept and kept.accepted_on else None
    return render_template(
        "agreements/registration.html",
        **surroundings(agreement),
        kept=kept,
        works=may(current_actor(), "agreement.edit", agreement),
        facts=contracts.registration(),
        answer_by=answer_by,
        working_days=contracts.calendar().working_days(today(), answer_by) if answer_by else None,
        today=today(),
        preparing=preparing or PrepareForm(formdata=None, data=prepared),
        numbering=numbering or NumberForm(formdata=None, data=numbered),
    )
