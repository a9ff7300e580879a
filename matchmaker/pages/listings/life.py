"""What an organisation does with a listing that stands: send, pause, renew, close, copy, delete."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.listings import drafts, queries, service
from matchmaker.listings.rules import Subject
from matchmaker.pages.listings.forms import CloseForm, RenewForm
from matchmaker.pages.listings.shown import show_context
from matchmaker.pages.shared.requests import version_sent
from matchmaker.plan.queries import plan_with_tasks
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("life", __name__)

JOBS = ("deliver_mail", "refresh_suggestions")


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


@blueprint.post("/listings/<int:listing_id>/confirm")
@guard("listing.edit", load=queries.subject)
def confirm(subject: Subject) -> ResponseReturnValue:
    service.confirm(db.session(), current_actor(), subject.listing, version_sent())
    return _moved(subject, gettext("Thank you: readers see that it is still open."))


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
    return _moved(subject, gettext("Renewed: it is shown until its new deadline."))


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


@blueprint.post("/listings/<int:listing_id>/copy")
@guard("listing.edit", load=queries.subject)
def copy(subject: Subject) -> ResponseReturnValue:
    listing, plan = subject.listing, plan_with_tasks(db.session())
    if plan is None:
        abort(404)
    made = drafts.copy(db.session(), current_actor(), listing, listing.organisation, plan)
    jobs.commit()
    flash(gettext("Copied as a new draft, without the deadline."))
    return redirect_to("listings.edit.revise", listing_id=made.id)


@blueprint.post("/listings/<int:listing_id>/delete")
@guard("listing.edit", load=queries.subject)
def delete(subject: Subject) -> ResponseReturnValue:
    drafts.delete(db.session(), current_actor(), subject.listing, version_sent())
    jobs.commit()
    flash(gettext("The draft is deleted."))
    return redirect_to("listings.mine")


def _moved(subject: Subject, sentence: str) -> ResponseReturnValue:
    jobs.commit(*JOBS)
    flash(sentence)
    return redirect_to("listings.show", listing_id=subject.listing.id)
