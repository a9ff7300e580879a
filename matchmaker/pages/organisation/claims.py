"""Asking to manage an organisation's account, and objecting to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.db import db, now
from matchmaker.errors import Refused
from matchmaker.files.service import receiving
from matchmaker.organisations import belonging, queries
from matchmaker.organisations.claims import queries as claims
from matchmaker.organisations.claims import rules, service
from matchmaker.organisations.claims.models import Claim
from matchmaker.organisations.claims.queries import Case
from matchmaker.organisations.claims.states import ClaimStatus
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.pages.account.own import own_account
from matchmaker.pages.organisation.forms import ClaimForm, ClaimReplyForm, ObjectionForm
from matchmaker.pages.shared.curators import contacts_of
from matchmaker.permissions import MemberRole
from matchmaker.web.forms import Form
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.security import begin_to_write, takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("claims", __name__)


@dataclass(frozen=True, slots=True)
class Askable:
    """An organisation, whether the reader may ask for its account, and read its name."""

    organisation: Organisation
    may_be_asked_for: bool
    is_named: bool


def askable(session: Session, organisation_id: int) -> Askable | None:
    """Who asks knows the organisation: all see it, or they belong to it, or asked to join it."""
    organisation, user_id = queries.organisation(session, organisation_id), current_actor().user_id
    if organisation is None or organisation.status in OrganisationStatus.OUT:
        return None
    own = belonging.membership_of(session, user_id, organisation.id)
    is_named = organisation.is_shown or own is not None
    asked = belonging.join_requests_of(session, user_id)
    is_known = is_named or any(one.organisation_id == organisation.id for one in asked)
    manages = own is not None and own.role == MemberRole.OWNER
    return Askable(organisation, is_known and not manages, is_named)


@blueprint.get("/organisations/<int:organisation_id>/account")
@guard("claim.ask", load=askable)
def new(found: Askable) -> ResponseReturnValue:
    own = _waiting(found.organisation)
    if own is not None:
        return redirect_to("organisation.claims.show", claim_id=own.id)
    return _ask_page(found, ClaimForm(formdata=None))


@blueprint.post("/organisations/<int:organisation_id>/account")
@takes_files
@guard("claim.ask", load=askable)
def ask(found: Askable) -> ResponseReturnValue:
    """Send the request with its evidence. What is refused comes back with its text."""
    form, organisation_id = ClaimForm(), found.organisation.id
    if not form.validate():
        return _ask_page(found, form), 422
    try:
        with receiving(form.uploads) as received:
            begin_to_write()
            claim = service.ask(
                db.session(),
                current_actor(),
                own_account(),
                queries.held(db.session(), organisation_id),
                received,
                position=form.position.data,
                reason=form.reason.data,
                path=lambda one: url_for("organisation.claims.answer_mail", token=make_token(one)),
            )
            jobs.commit("deliver_mail")
    except Refused as error:
        db.session.rollback()
        form.refuse(error)
        again = askable(db.session(), organisation_id)
        return _ask_page(again or found, form), 422
    flash(gettext("Sent. You will be told by mail and here what becomes of it."))
    return redirect_to("organisation.claims.show", claim_id=claim.id)


@blueprint.get("/organisation/claims/<int:claim_id>")
@guard("claim.read", load=claims.case)
def show(case: Case) -> str:
    """Show who asked what became of it, and an account manager what they can object to."""
    if case.user_id == current_actor().user_id:
        return _own_page(case, ClaimReplyForm(formdata=None))
    return _objection_page(case.claim, ObjectionForm(formdata=None), current_actor().user_id)


@blueprint.post("/organisation/claims/<int:claim_id>/reply")
@takes_files
@guard("claim.answer", load=claims.case)
def reply(case: Case) -> ResponseReturnValue:
    form, claim_id = ClaimReplyForm(), case.claim.id
    if not form.validate():
        return _own_page(case, form), 422
    try:
        with receiving(form.uploads) as received:
            begin_to_write()
            claim, text = _again(claim_id).claim, form.text.data or ""
            service.reply(db.session(), current_actor(), claim, text, received)
            jobs.commit("deliver_mail")
    except Refused as error:
        db.session.rollback()
        form.refuse(error)
        return _own_page(_again(claim_id), form), 422
    flash(gettext("Sent. The curators have been told."))
    return redirect_to("organisation.claims.show", claim_id=claim_id)


@blueprint.post("/organisation/claims/<int:claim_id>/withdraw")
@guard("claim.answer", load=claims.case)
def withdraw(case: Case) -> ResponseReturnValue:
    service.withdraw(db.session(), current_actor(), case.claim)
    jobs.commit("deliver_mail")
    flash(gettext("Your request is withdrawn."))
    return redirect_to("organisation.claims.show", claim_id=case.claim.id)


@blueprint.post("/organisation/claims/<int:claim_id>/objection")
@guard("claim.object", load=claims.case)
def object_to(case: Case) -> ResponseReturnValue:
    form = ObjectionForm()
    if not form.validate():
        return _objection_page(case.claim, form, current_actor().user_id), 422
    service.object_to(db.session(), current_actor(), case.claim, form.reason.data)
    jobs.commit("deliver_mail")
    flash(gettext("Sent. The curators read it before they decide."))
    return redirect_to("organisation.claims.show", claim_id=case.claim.id)


def load_mailed(session: Session, token: str) -> Case | None:
    """The request of a link that is ours, while its address is the organisation's contact."""
    try:
        claim_id, address = _serializer().loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    found = claims.case(session, claim_id)
    return found if found and found.claim.organisation.contact_email == address else None


@blueprint.route("/account-requests/<token>", methods=["GET", "POST"])
@guard("claim.object_by_mail", load=load_mailed)
def answer_mail(case: Case) -> ResponseReturnValue:
    """Let the organisation's contact object, who may have no account here."""
    form = ObjectionForm()
    if not form.validate_on_submit():
        return _objection_page(case.claim, form, None), 422 if form.is_submitted() else 200
    service.object_to(db.session(), current_actor(), case.claim, form.reason.data, by_contact=True)
    jobs.commit("deliver_mail")
    flash(gettext("Sent. The curators read it before they decide."))
    return redirect_to("organisation.claims.answer_mail", token=make_token(case.claim))


def make_token(claim: Claim) -> str:
    """Return the token of the link by which the organisation's contact objects."""
    return str(_serializer().dumps([claim.id, claim.organisation.contact_email]))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="matchmaker.claim")


def _again(claim_id: int) -> Case:
    """The request as it is in the transaction that has begun now."""
    found = claims.case(db.session(), claim_id)
    if found is None:
        raise LookupError(claim_id)  # requests are never deleted
    return found


def _ask_page(found: Askable, form: Form) -> str:
    waiting = _waiting(found.organisation)
    return render_template("organisation/claim.html", found=found, form=form, waiting=waiting)


def _waiting(organisation: Organisation) -> Claim | None:
    """The reader's request that waits: of a form that was sent twice, the second finds it."""
    own = claims.open_of(db.session(), current_actor().user_id)
    return next((one for one in own if one.organisation_id == organisation.id), None)


def _own_page(case: Case, form: ClaimReplyForm) -> str:
    claim, session = case.claim, db.session()
    said = claims.messages(session, claim.id, with_objections=False)
    own = belonging.membership_of(session, claim.user_id, claim.organisation_id)
    is_named = claim.organisation.is_shown or own is not None
    return render_template(
        "organisation/claimed.html",
        claim=claim,
        is_named=is_named,
        messages=said,
        question=rules.open_question(said),
        form=form,
        curators=contacts_of(claim.organisation.province) if is_named else (),
    )


def _objection_page(claim: Claim, form: ObjectionForm, user_id: int | None) -> str:
    until = service.objections_until(db.session(), claim)
    action = (
        url_for("organisation.claims.object_to", claim_id=claim.id)
        if user_id is not None
        else url_for("organisation.claims.answer_mail", token=make_token(claim))
    )
    return render_template(
        "organisation/objection.html",
        action=action,
        claim=claim,
        form=form,
        said=claims.objection_of(db.session(), claim.id, user_id),
        until=until,
        may_object=_may_object(claim, until),
        curators=contacts_of(claim.organisation.province),
    )


def _may_object(claim: Claim, until: datetime) -> bool:
    return claim.status == ClaimStatus.OPEN and now() < until
