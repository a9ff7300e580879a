"""What an organisation does with its own listings: write, send, pause, renew, close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.audit import queries as audit
from matchmaker.db import db
from matchmaker.errors import Conflict, Refused
from matchmaker.listings import queries, rules, service
from matchmaker.listings.proposals import propose
from matchmaker.listings.rules import Content, Subject
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations.queries import organisation as organisation_by_id
from matchmaker.pages.listings.forms import (
    SECTIONS,
    CloseForm,
    ListingForm,
    RenewForm,
    listing_form,
)
from matchmaker.pages.listings.remarks import remarks
from matchmaker.pages.listings.shown import show_context
from matchmaker.pages.shared.curators import contacts_of
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import version_sent, version_to_send, whole_number
from matchmaker.permissions import may
from matchmaker.plan.models import Plan
from matchmaker.plan.queries import plan_with_tasks
from matchmaker.recommendation import queries as recommendation
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("edit", __name__)

JOBS = ("deliver_mail", "refresh_suggestions")


@blueprint.route("/listings/new/<any(need, capability):kind>", methods=["GET", "POST"])
@guard("listing.create")
def create(kind: str) -> ResponseReturnValue:
    actor = current_actor()
    organisation = organisation_by_id(db.session(), actor.organisation_id)
    plan = plan_with_tasks(db.session())
    if organisation is None or plan is None:
        abort(404)
    if not (actor.may_post_needs if kind == "need" else actor.may_post_capabilities):
        return render_template(
            "listings/may_not_post.html",
            kind=kind,
            organisation=organisation,
            curators=contacts_of(organisation.province),
        )
    form = _form(kind, plan, Content(province=organisation.province))
    if not _is_to_be_saved(form):
        return _form_page(form, plan)
    try:
        listing = service.create(
            db.session(),
            actor,
            organisation,
            plan,
            form.content(),
            kind=kind,
            submit=form.submitting,
        )
    except Refused as refusal:
        return _refused(form, plan, refusal)
    jobs.commit(*JOBS)
    flash(_done(form))
    return redirect_to("listings.show", listing_id=listing.id)


@blueprint.route("/listings/<int:listing_id>/edit", methods=["GET", "POST"])
@guard("listing.edit", load=queries.subject)
def revise(subject: Subject) -> ResponseReturnValue:
    listing = subject.listing
    if not rules.may_move("revise", listing.standing):
        return redirect_to("listings.show", listing_id=listing.id)
    plan = plan_with_tasks(db.session(), listing.plan_id)
    if plan is None:
        abort(404)
    form = _form(listing.kind, plan, _with_answer(subject))
    form.submitting = form.submitting or listing.status in ListingStatus.REVIEWED_ONCE
    if not _is_to_be_saved(form):
        return _form_page(form, plan, subject)
    try:
        service.revise(
            db.session(),
            current_actor(),
            listing,
            version_sent(),
            form.content(),
            submit=form.submitting,
        )
    except Refused as refusal:
        return _refused(form, plan, refusal, subject)
    except Conflict:
        return _overtaken(form, listing.id)
    jobs.commit(*JOBS)
    flash(_done(form))
    return redirect_to("listings.show", listing_id=listing.id)


@blueprint.post("/listings/<int:listing_id>/submit")
@guard("listing.edit", load=queries.subject)
def submit(subject: Subject) -> ResponseReturnValue:
    service.submit(db.session(), current_actor(), subject.listing, version_sent())
    return _moved(subject, gettext("Sent for review. You will be told what the curator says."))


@blueprint.post("/listings/<int:listing_id>/pause")
@guard("listing.edit", load=queries.subject)
def pause(subject: Subject) -> ResponseReturnValue:
    service.pause(db.session(), current_actor(), subject.listing, version_sent())
    return _moved(subject, gettext("Paused: it is no longer shown."))


@blueprint.post("/listings/<int:listing_id>/resume")
@guard("listing.edit", load=queries.subject)
def resume(subject: Subject) -> ResponseReturnValue:
    service.resume(db.session(), current_actor(), subject.listing, version_sent())
    return _moved(subject, gettext("It is shown again."))


@blueprint.post("/listings/<int:listing_id>/renew")
@guard("listing.edit", load=queries.subject)
def renew(subject: Subject) -> ResponseReturnValue:
    form = RenewForm()
    if not form.validate() or form.deadline.data is None:
        return render_template(
            "listings/show.html", **show_context(subject, "confidential", renewing=form)
        ), 422
    service.renew(
        db.session(), current_actor(), subject.listing, version_sent(), form.deadline.data
    )
    return _moved(subject, gettext("Renewed: it is shown again."))


@blueprint.post("/listings/<int:listing_id>/close")
@guard("listing.edit", load=queries.subject)
def close(subject: Subject) -> ResponseReturnValue:
    form = CloseForm(subject.listing.kind)
    if not form.validate():
        return render_template(
            "listings/show.html", **show_context(subject, "confidential", closing=form)
        ), 422
    service.close(db.session(), current_actor(), subject.listing, version_sent(), form.reason.data)
    return _moved(subject, gettext("Closed."))


def _moved(subject: Subject, sentence: str) -> ResponseReturnValue:
    jobs.commit(*JOBS)
    flash(sentence)
    return redirect_to("listings.show", listing_id=subject.listing.id)


def _form(kind: str, plan: Plan, content: Content) -> ListingForm:
    form = listing_form(
        kind, [task for initiative in plan.initiatives for task in initiative.tasks], content
    )
    form.submitting = request.form.get("action") == "submit"
    return form


def _with_answer(subject: Subject) -> Content:
    """The listing's content; with the words of the answer that the address names, as evidence."""
    content = rules.content_of(subject.listing)
    answer = recommendation.answer_of(
        db.session(), subject.listing.id, whole_number(request.args.get("answer"))
    )
    if answer is None:
        return content
    said = f"{answer.must_have}: {answer.words}"
    return replace(content, evidence=f"{content.evidence}\n{said}".strip())


def _is_to_be_saved(form: ListingForm) -> bool:
    """Whether the form was sent to be stored, and is valid."""
    return bool(form.is_submitted() and request.form.get("action") != "propose" and form.validate())


def _done(form: ListingForm) -> str:
    sent = gettext("Sent for review. You will be told what the curator says.")
    saved = gettext("Saved as a draft. Only your organisation and its curators see it.")
    return str(sent if form.submitting else saved)


def _form_page(
    form: ListingForm, plan: Plan, subject: Subject | None = None, **more: Any
) -> ResponseReturnValue:
    """Show the form as it was typed, with proposed key tasks when asked for."""
    proposals, proposing = [], request.method == "POST" and request.form.get("action") == "propose"
    if proposing:
        tasks = [task for initiative in plan.initiatives for task in initiative.tasks]
        proposals = propose(form.text, form.language.data, tasks, form.province.data)
    context = {
        "form": form,
        "plan": plan,
        "subject": subject,
        "version": version_to_send(subject.listing.version if subject else None),
        "sections": SECTIONS[form.kind],
        "proposals": {proposal.task_id: proposal.words for proposal in proposals},
        "proposing": proposing,
        "reviews": subject.listing.reviews if subject else (),
        "remarks": remarks(form.content()) if subject or form.is_submitted() else (),
        **more,
    }
    status = 200 if proposing or not form.is_submitted() else 422
    return render_template("listings/form.html", **context), more.get("http_status", status)


def _refused(
    form: ListingForm, plan: Plan, refusal: Refused, subject: Subject | None = None
) -> ResponseReturnValue:
    """Show the form as it was typed, with the reason of a refusal above it."""
    form.form_errors.append(sentence(refusal.refusal, **refusal.data))
    return _form_page(form, plan, subject)


def _overtaken(form: ListingForm, listing_id: int) -> ResponseReturnValue:
    """Show who changed the listing first, keep the typed text, and let the author decide."""
    db.session.rollback()
    db.session.expire_all()
    subject = queries.subject(db.session(), listing_id)
    if subject is None or not may(current_actor(), "listing.edit", subject):
        abort(404)
    if not rules.may_move("revise", subject.listing.status):
        raise Conflict("listing", listing_id)
    plan = plan_with_tasks(db.session(), subject.listing.plan_id)
    if plan is None:
        abort(404)
    records = audit.about(db.session(), "listing", listing_id, limit=3)
    return _form_page(
        form, plan, subject, http_status=409, records=records, version=subject.listing.version
    )
