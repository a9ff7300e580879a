"""A listing on the desk: read it, publish it or ask for changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.cooperation.readers import tell_listing_changed
from matchmaker.curation import queues
from matchmaker.curation.doubts import doubts_about
from matchmaker.db import db, today
from matchmaker.listings import aid, changes, queries, rules, service, tiers
from matchmaker.listings.models import Listing, PublishedChange
from matchmaker.listings.rules import Correction, FieldChange, Subject
from matchmaker.listings.states import ListingStatus, has_passed
from matchmaker.organisations.rules import may_post_now
from matchmaker.pages.desk import forms
from matchmaker.pages.listings.forms import ReviewForm, TakeBackForm
from matchmaker.pages.listings.remarks import remarks
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import one_page, version_sent, version_to_send, whole_number
from matchmaker.permissions import Actor
from matchmaker.plan.queries import plan_with_tasks
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.paging import Page, paginate
from matchmaker.web.session import current_actor
from matchmaker.web.templating import NO_SIDES

blueprint = Blueprint("listings", __name__)


@blueprint.route("/desk/listings/<int:listing_id>", methods=["GET", "POST"])
@guard("listing.review", load=queries.subject)
def review(subject: Subject) -> ResponseReturnValue:
    form = ReviewForm()
    if request.method != "POST":
        return _page(subject, form)
    asks, note = request.form.get("decision") != "publish", form.note.data or ""
    if not form.validate() or (asks and not note):
        if asks and not note:
            form.note.errors = [gettext("What should be changed: please describe it.")]
        return _page(subject, form), 422
    actor, listing = current_actor(), subject.listing
    filters = forms.review_filters(request.args, actor)
    following = _following(_queue(filters).items, listing)
    if asks:
        _give_back(actor, listing, note)
    else:
        _publish(actor, listing, note)
    jobs.commit("deliver_mail", "refresh_suggestions")
    title = listing.title
    flash(
        gettext("“%(title)s” is sent back with your comments.", title=title)
        if asks
        else gettext("“%(title)s” is published.", title=title)
    )
    query = filters.as_query()
    if following is None:
        return redirect_to("desk.index", queue="listings", _anchor="content", **query)
    return redirect_to("desk.listings.review", listing_id=following.id, _anchor="content", **query)


def _queue(filters: forms.ReviewFilters) -> Page[Listing]:
    """The first page of the queue that the listing was opened from."""
    query = queues.listing_queue(current_actor(), filters.province, filters.kind, filters.task_id)
    return paginate(db.session(), query, 1)


def _following(items: Sequence[Listing], open_one: Listing) -> Listing | None:
    return next((other for other in items if other.id != open_one.id), None)


@blueprint.get("/desk/corrections")
@guard("desk.read")
def corrections() -> str:
    """Show what writers changed of published texts without a review."""
    page = one_page(queries.small_corrections(current_actor()))
    shown = [_shown(rules.correction_of(one)) for one in page.items]
    return render_template("desk/corrections.html", page=page, corrections=shown)


@blueprint.route("/desk/corrections/<int:change_id>", methods=["GET", "POST"])
@guard("listing.review", load=queries.correction)
def correction(correction: Correction) -> ResponseReturnValue:
    """Show one correction, and take it back with a reason."""
    shown = _shown(correction)
    form = shown.form
    if shown.stands or not form.validate_on_submit():
        return form_page("desk/correction.html", form, one=shown)
    actor, reason = current_actor(), form.reason.data or ""
    changes.take_back(db.session(), actor, correction, version_sent(), reason)
    jobs.commit("deliver_mail", "refresh_suggestions")
    title = correction.listing.title
    flash(gettext("“%(title)s” shows its earlier text again.", title=title))
    return redirect_to("desk.listings.corrections", _anchor="content")


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """A correction on the desk: what it changed, and why it stands where it cannot go."""

    change: PublishedChange
    listing: Listing
    fields: Sequence[FieldChange]
    stands: str
    version: int | None
    form: TakeBackForm


def _shown(correction: Correction) -> ShownCorrection:
    refusal, listing = changes.obstacle(correction), correction.listing
    return ShownCorrection(
        correction.change,
        listing,
        rules.readable(correction.change, "members"),
        sentence(refusal) if refusal else "",
        version_to_send(listing.version),
        TakeBackForm(prefix=f"correction-{correction.change.id}-"),
    )


def _give_back(actor: Actor, listing: Listing, note: str) -> None:
    if rules.change_status(listing):
        changes.ask_again(db.session(), actor, listing, version_sent(), note, seen=_text_sent())
    else:
        service.request_changes(db.session(), actor, listing, version_sent(), note)


def _publish(actor: Actor, listing: Listing, note: str) -> None:
    """Put the text before readers, and tell partners of matches when they knew another."""
    if rules.change_status(listing):
        seen = _text_sent()
        change = changes.approve(db.session(), actor, listing, version_sent(), note, seen=seen)
    else:
        change = service.publish(db.session(), actor, listing, version_sent(), note)
    if change is not None:
        tell_listing_changed(db.session(), listing, at=change.at)


def _text_sent() -> int:
    return whole_number(request.form.get("text")) or 0


def _page(subject: Subject, form: ReviewForm) -> str:
    """Show the listing, the earlier reviews, and the changes since the last one."""
    listing = subject.listing
    doubts = None
    if listing.status == ListingStatus.IN_REVIEW:
        doubts = doubts_about(db.session(), listing, reader_language(), services().searching)
    last = next((review for review in listing.reviews if review.snapshot), None)
    plan = plan_with_tasks(db.session(), listing.plan_id)
    change = rules.change_status(listing)
    content = rules.writers_content(listing) if change else rules.content_of(listing)
    tasks = [task for initiative in plan.initiatives for task in initiative.tasks] if plan else []
    filters = forms.review_filters(request.args, current_actor())
    queue = _queue(filters)
    return render_template(
        "desk/review.html",
        form=form,
        subject=subject,
        listing=tiers.project_change(listing, content, tasks)
        if change
        else tiers.project(listing, "members"),
        change=change,
        text=listing.working_text.version if listing.working_text else 0,
        doubts=doubts,
        author=listing.author,
        reviews=listing.reviews,
        remarks=remarks(listing.kind, content),
        score=aid.score(listing.kind, content),
        changes=rules.changes(last.snapshot, rules.snapshot(content)) if last else (),
        task_titles={task.id: task.title for task in tasks},
        version=version_to_send(listing.version),
        is_late=has_passed(content.deadline, today()),
        may_post=may_post_now(listing.organisation, listing.kind, g.get("sides", NO_SIDES)),
        queue=queue,
        query=filters.as_query(),
        following=_following(queue.items, listing),
    )
