"""What a curator decides about one organisation."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.audit import queries as audit
from matchmaker.db import db
from matchmaker.organisations import queries, rules, service
from matchmaker.organisations.models import Organisation
from matchmaker.pages.organisation.forms import (
    GRANTS,
    AskForm,
    PostingForm,
    SuspendForm,
    VerifyForm,
)
from matchmaker.pages.organisation.posting import posting
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.requests import version_sent, version_to_send
from matchmaker.pages.shared.watching import Look, note_look
from matchmaker.permissions import may
from matchmaker.web.forms import Form
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.paging import paginate
from matchmaker.web.session import current_actor

blueprint = Blueprint("organisations", __name__)

GRANT_CODES = {grant: code for code, grant in GRANTS.items()}


@blueprint.route("/desk/organisations/<int:organisation_id>", methods=["GET", "POST"])
@guard("organisation.verify", load=queries.with_members)
def verify(organisation: Organisation) -> ResponseReturnValue:
    form = VerifyForm()
    if not form.validate_on_submit():
        return _item(organisation, form)
    service.verify(
        db.session(),
        current_actor(),
        organisation,
        version_sent(),
        evidence=form.evidence.data,
        verified_on=form.verified_on.data,
        expires_on=form.expires_on.data,
    )
    return _done(organisation, gettext("Verified. The owners have been told."))


@blueprint.post("/desk/organisations/<int:organisation_id>/ask")
@guard("organisation.verify", load=queries.with_members)
def ask_for_more(organisation: Organisation) -> ResponseReturnValue:
    form = AskForm()
    if not form.validate_on_submit():
        return _item(organisation, form)
    service.ask_for_more(
        db.session(), current_actor(), organisation, version_sent(), form.question.data
    )
    return _done(organisation, gettext("Your question is on its way to the owners."))


@blueprint.post("/desk/organisations/<int:organisation_id>/posting")
@guard("organisation.grant_posting", load=queries.with_members)
def grant_posting(organisation: Organisation) -> ResponseReturnValue:
    form = PostingForm()
    if not form.validate_on_submit():
        return _item(organisation, form)
    service.grant_posting(
        db.session(),
        current_actor(),
        organisation,
        version_sent(),
        needs=GRANTS[form.needs.data],
        capabilities=GRANTS[form.capabilities.data],
    )
    return _done(organisation, gettext("Saved. The owners have been told."))


@blueprint.route("/organisations/<int:organisation_id>/suspension", methods=["GET", "POST"])
@guard("organisation.suspend", load=queries.with_members)
def suspend(organisation: Organisation) -> ResponseReturnValue:
    """Suspend on a page of its own, since administrators see no desk."""
    form = SuspendForm()
    if not form.validate_on_submit():
        version = version_to_send(organisation.version)
        return form_page("desk/suspend.html", form, organisation=organisation, version=version)
    service.suspend(db.session(), current_actor(), organisation, version_sent(), form.reason.data)
    return _done(organisation, gettext("Suspended. The owners have been told."))


@blueprint.post("/organisations/<int:organisation_id>/reinstate")
@guard("organisation.suspend", load=queries.with_members)
def reinstate(organisation: Organisation) -> ResponseReturnValue:
    service.reinstate(db.session(), current_actor(), organisation, version_sent())
    return _done(organisation, gettext("Reinstated. The owners have been told."))


def _item(organisation: Organisation, form: Form) -> tuple[str, int]:
    """Show the organisation and the forms; the sent form keeps its text and errors."""
    grants = {
        "needs": GRANT_CODES[organisation.needs_grant],
        "capabilities": GRANT_CODES[organisation.capabilities_grant],
    }
    fresh: dict[type[Form], Form] = {
        VerifyForm: VerifyForm(formdata=None),
        AskForm: AskForm(formdata=None),
        PostingForm: PostingForm(formdata=None, data=grants),
    }
    forms = {**fresh, type(form): form}
    note_look(Look.CONTACTS, organisation.id)
    queue = paginate(db.session(), queries.select_awaiting(current_actor()), 1)
    html = render_template(
        "desk/verify.html",
        organisation=organisation,
        queue=queue,
        following=next((other for other in queue.items if other.id != organisation.id), None),
        version=version_to_send(organisation.version),
        sent=form,
        verifying=forms[VerifyForm],
        asking=forms[AskForm],
        granting=forms[PostingForm],
        posting=posting(organisation),
        code_fault=rules.uscc_fault(organisation.uscc),
        code_agrees=rules.uscc_agrees(organisation.uscc, organisation.province),
        records=audit.about(db.session(), "organisation", organisation.id),
    )
    return html, 422 if form.is_submitted() else 200


def _done(organisation: Organisation, sentence: str) -> ResponseReturnValue:
    jobs.commit("deliver_mail")
    flash(sentence)
    if may(current_actor(), "organisation.verify", organisation):
        return redirect_to("desk.organisations.verify", organisation_id=organisation.id)
    return redirect(url_for("organisation.show", organisation_id=organisation.id), code=303)
