"""What a curator decides about one organisation."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.audit import queries as audit
from matchmaker.curation import service as curation
from matchmaker.curation import twins
from matchmaker.db import db, now
from matchmaker.organisations import belonging, dialogue, entering, queries, rules, service
from matchmaker.organisations.models import Organisation, ProfileChange
from matchmaker.pages.account.forms import LANGUAGE_NAMES
from matchmaker.pages.organisation.forms import (
    GRANTS,
    AskForm,
    OwnerForm,
    PostingForm,
    RefuseForm,
    RefuseVerificationForm,
    SuspendForm,
    VerifyForm,
)
from matchmaker.pages.organisation.posting import posting
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.requests import version_sent, version_to_send
from matchmaker.pages.shared.watching import Look, note_look
from matchmaker.permissions import may
from matchmaker.services import services
from matchmaker.web.forms import Form
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.paging import paginate
from matchmaker.web.session import current_actor

blueprint = Blueprint("organisations", __name__)

GRANT_CODES = {grant: code for code, grant in GRANTS.items()}


@blueprint.route("/desk/organisations/<int:organisation_id>", methods=["GET", "POST"])
@guard("organisation.verify", load=queries.standing_with_members)
def verify(organisation: Organisation) -> ResponseReturnValue:
    own = url_for("desk.organisations.verify", organisation_id=organisation.id)
    if request.path != own:  # of one that is part of this by now
        return redirect(own)
    form = VerifyForm()
    if not form.validate_on_submit():
        return _item(organisation, form)
    curation.verify_organisation(
        db.session(),
        current_actor(),
        organisation,
        version_sent(),
        evidence=form.evidence.data,
        checks=form.checks.data or (),
        verified_on=form.verified_on.data,
        expires_on=form.expires_on.data,
        four_eyes=services().settings.four_eyes,
    )
    if services().settings.four_eyes:
        return _done(organisation, gettext("Checked. A second curator has to confirm it."))
    return _done(organisation, gettext("Verified. The account managers have been told."))


@blueprint.post("/desk/organisations/<int:organisation_id>/confirm")
@guard("organisation.verify", load=queries.with_members)
def confirm(organisation: Organisation) -> ResponseReturnValue:
    """Agree to another officer's check."""
    curation.confirm_organisation(db.session(), current_actor(), organisation, version_sent())
    return _done(organisation, gettext("Verified. The account managers have been told."))


@blueprint.post("/desk/organisations/<int:organisation_id>/ask")
@guard("organisation.verify", load=queries.with_members)
def ask_for_more(organisation: Organisation) -> ResponseReturnValue:
    form = AskForm()
    if not form.validate_on_submit():
        return _item(organisation, form)
    dialogue.ask(db.session(), current_actor(), organisation, version_sent(), form.question.data)
    return _done(organisation, gettext("Your question is on its way to the account managers."))


@blueprint.post("/desk/organisations/<int:organisation_id>/refuse")
@guard("organisation.verify", load=queries.with_members)
def refuse(organisation: Organisation) -> ResponseReturnValue:
    """Refuse the first verification, with a reason that can be appealed against."""
    form = RefuseVerificationForm()
    if not form.validate_on_submit():
        return _item(organisation, form)
    dialogue.refuse(db.session(), current_actor(), organisation, version_sent(), form.reason.data)
    return _done(organisation, gettext("Refused. The account managers have been told why."))


@blueprint.post("/desk/organisations/<int:organisation_id>/refuse-identity")
@guard("organisation.verify", load=queries.with_members)
def refuse_identity(organisation: Organisation) -> ResponseReturnValue:
    form = RefuseForm()
    if not form.validate_on_submit():
        return _item(organisation, form)
    dialogue.refuse_identity(
        db.session(), current_actor(), organisation, version_sent(), form.note.data
    )
    return _done(organisation, gettext("Refused. The verified details remain."))


@blueprint.post("/desk/organisations/<int:organisation_id>/changes/<int:change_id>/revert")
@guard("organisation.verify", load=queries.change)
def revert(change: ProfileChange) -> ResponseReturnValue:
    service.revert(db.session(), current_actor(), change, version_sent())
    return _done(change.organisation, gettext("Changed back. The account managers have been told."))


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
    return _done(organisation, gettext("Saved. The account managers have been told."))


@blueprint.post("/desk/organisations/<int:organisation_id>/owner")
@guard("organisation.invite_owner", load=queries.with_members)
def invite_owner(organisation: Organisation) -> ResponseReturnValue:
    """Ask somebody again to take over what a curator has entered."""
    form = OwnerForm()
    if not form.validate_on_submit():
        return _item(organisation, form)
    entering.invite_again(
        db.session(),
        current_actor(),
        organisation,
        form.email.data,
        path=lambda token: url_for("organisation.members.invitation", token=token),
    )
    return _done(organisation, gettext("The invitation is on its way."))


@blueprint.route("/organisations/<int:organisation_id>/suspension", methods=["GET", "POST"])
@guard("organisation.suspend", load=queries.with_members)
def suspend(organisation: Organisation) -> ResponseReturnValue:
    """Suspend on a page of its own, since administrators see no desk."""
    form = SuspendForm()
    if not form.validate_on_submit():
        version = version_to_send(organisation.version)
        return form_page("desk/suspend.html", form, organisation=organisation, version=version)
    service.suspend(db.session(), current_actor(), organisation, version_sent(), form.reason.data)
    return _done(organisation, gettext("Suspended. The account managers have been told."))


@blueprint.post("/organisations/<int:organisation_id>/reinstate")
@guard("organisation.suspend", load=queries.with_members)
def reinstate(organisation: Organisation) -> ResponseReturnValue:
    service.reinstate(db.session(), current_actor(), organisation, version_sent())
    return _done(organisation, gettext("Reinstated. The account managers have been told."))


def _item(organisation: Organisation, form: Form) -> tuple[str, int]:
    """Show the organisation and the forms; the sent form keeps its text and errors."""
    grants = {
        "needs": GRANT_CODES[organisation.needs_grant],
        "capabilities": GRANT_CODES[organisation.capabilities_grant],
    }
    fresh: dict[type[Form], Form] = {
        VerifyForm: VerifyForm(formdata=None),
        AskForm: AskForm(formdata=None),
        RefuseForm: RefuseForm(formdata=None),
        RefuseVerificationForm: RefuseVerificationForm(formdata=None),
        PostingForm: PostingForm(formdata=None, data=grants),
        OwnerForm: OwnerForm(formdata=None, email=organisation.contact_email),
    }
    forms = {**fresh, type(form): form}
    proposed = organisation.proposal.after if organisation.proposal else {}
    code = proposed.get("uscc", organisation.uscc)
    messages = queries.messages(db.session(), organisation.id)
    province = proposed.get("province", organisation.province)
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
        refusing=forms[RefuseForm],
        denying=forms[RefuseVerificationForm],
        messages=messages,
        question=rules.open_question(messages),
        is_appeal=rules.refused_by(messages) is not None,
        granting=forms[PostingForm],
        inviting=forms[OwnerForm],
        invitations=belonging.open_invitations(db.session(), organisation.id, now()),
        posting=posting(organisation),
        code=code,
        code_fault=rules.uscc_fault(code) if code else None,
        code_agrees=code is not None and rules.uscc_agrees(code, province),
        still_stands=rules.still_stands,
        candidates=twins.candidates(db.session(), organisation),
        may_merge=lambda other: may(
            current_actor(), "organisation.merge", twins.Twins(organisation, other)
        ),
        merges=queries.merges_into(db.session(), organisation.id),
        may_undo=lambda one: (
            may(current_actor(), "organisation.merge", one) and rules.may_undo_merge(one.at, now())
        ),
        requests=belonging.join_requests(db.session(), organisation.id),
        language_names=LANGUAGE_NAMES,
        records=audit.about(db.session(), "organisation", organisation.id),
    )
    return html, 422 if form.is_submitted() else 200


def _done(organisation: Organisation, sentence: str) -> ResponseReturnValue:
    jobs.commit("deliver_mail", "refresh_suggestions")
    flash(sentence)
    if may(current_actor(), "organisation.verify", organisation):
        return redirect_to("desk.organisations.verify", organisation_id=organisation.id)
    if not may(current_actor(), "organisation.read", organisation):
        return redirect_to("desk.index")
    return redirect(url_for("organisation.show", organisation_id=organisation.id), code=303)
