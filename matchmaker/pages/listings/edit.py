"""Writing a listing: on one page or in steps, and nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import Blueprint, abort, flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh
from werkzeug.datastructures import MultiDict

from matchmaker import jobs
from matchmaker.audit import queries as audit
from matchmaker.codelists import LANGUAGES
from matchmaker.db import db
from matchmaker.errors import Conflict, Refused
from matchmaker.listings import aid, changes, drafts, ours, queries, rules, service
from matchmaker.listings.models import Listing
from matchmaker.listings.proposals import DECIDING, Proposal, understand, with_proposals
from matchmaker.listings.resources import TECHNOLOGY, codes
from matchmaker.listings.rules import Content, Subject
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import organisation as organisation_by_id
from matchmaker.pages.listings.examples import EXAMPLES
from matchmaker.pages.listings.forms import ListingForm, listing_form
from matchmaker.pages.listings.layout import SECTIONS, STEPS, of_resource
from matchmaker.pages.listings.remarks import remarks, twin_remarks
from matchmaker.pages.listings.writing import (
    Difference,
    accepted,
    differences,
    kept_of,
    newest,
    offers,
    said_in,
    sent_over,
    texts_of,
    unfinished,
)
from matchmaker.pages.shared.curators import contacts_of
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import version_sent, version_to_send, whole_number
from matchmaker.permissions import may
from matchmaker.plan.models import Plan
from matchmaker.plan.queries import plan_with_tasks
from matchmaker.recommendation import queries as recommendation
from matchmaker.recommendation.preview import partners_for
from matchmaker.recommendation.twins import twins_of
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import show_time
from matchmaker.web.session import current_actor

blueprint = Blueprint("edit", __name__)

JOBS = ("deliver_mail", "refresh_suggestions")
_KEY = re.compile(r"[0-9a-f-]{36}")
FIRST = 1  # the version of a listing that was just made
FIRST_STEP, WHOLE = "words", "whole"
ADVISED = (FIRST_STEP, "check", WHOLE)  # pages that say what would make a text better


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
    if request.method == "POST" and (made := _made_before(organisation)):
        return _write(made, request.form.get("version", FIRST, type=int))
    _switch_language()
    form = _form(kind, plan, Content(province=organisation.province), step=_step(kind, FIRST_STEP))
    if not _is_to_be_stored():
        return _form_page(form, plan)
    if "X-Draft" in request.headers and not form.title.data:
        return {}
    try:
        return _begin(form, plan, organisation)
    except Conflict:  # the same form, sent a second time at the same moment
        db.session.rollback()
        made = _made_before(organisation)
        if made is None:
            raise
        return _write(made, FIRST)


@blueprint.route("/listings/<int:listing_id>/edit", methods=["GET", "POST"])
@guard("listing.edit", load=queries.subject)
def revise(subject: Subject) -> ResponseReturnValue:
    if not rules.may_move("revise", subject.listing.standing):
        return redirect_to("listings.show", listing_id=subject.listing.id)
    return _write(subject, version_sent())


def _made_before(organisation: Organisation) -> Subject | None:
    """The listing that this very form has made already."""
    key = _key()
    return ours.made_with(db.session(), organisation.id, key) if key else None


def _key() -> str | None:
    key = request.form.get("key", "")
    return key if _KEY.fullmatch(key) else None


def _begin(form: ListingForm, plan: Plan, organisation: Organisation) -> ResponseReturnValue:
    """Store a new listing: as a draft, whatever is wrong with it, or sent for review."""
    is_autosave = "X-Draft" in request.headers
    valid = form.validate()
    typed = kept_of(form, [name for name in form.names if name != "resource"])
    if not any(text.strip() for texts in typed.values() for text in texts):
        return _form_page(form, plan)
    listing = None
    if form.submitting and valid:
        try:
            listing = _create(form.content(), form, plan, organisation, submit=True)
        except Refused as refusal:
            form.form_errors.append(sentence(refusal.refusal, **refusal.data))
    if listing is not None:
        return _done(listing, form)
    listing = _create(form.draft(), form, plan, organisation, submit=False)
    drafts.keep(db.session(), current_actor(), listing, listing.version, _faulty(form))
    if is_autosave:
        return _kept(listing, form)
    return _done(listing, form)


def _create(
    content: Content, form: ListingForm, plan: Plan, organisation: Organisation, *, submit: bool
) -> Listing:
    return service.create(
        db.session(),
        current_actor(),
        organisation,
        plan,
        content,
        kind=form.kind,
        submit=submit,
        key=_key(),
    )


def _write(subject: Subject, version: int) -> ResponseReturnValue:
    """Show the form of a listing, or store what was sent."""
    listing = subject.listing
    plan = plan_with_tasks(db.session(), listing.plan_id)
    if plan is None:
        abort(404)
    _switch_language()
    form = _form(listing.kind, plan, _with_answer(subject), listing, step=_step(listing.kind))
    if not _is_to_be_stored():
        return _form_page(form, plan, subject)
    try:
        if "X-Draft" in request.headers:
            form.validate()
            typed = kept_of(form, form.all_names)
            seen = whole_number(request.form.get("text")) or 0
            drafts.keep(db.session(), current_actor(), listing, version, typed, seen=seen)
            return _kept(listing, form)
        _store(form, listing, version)
    except Conflict:
        return _overtaken(form, listing.id)
    return _done(listing, form)


def _store(form: ListingForm, listing: Listing, version: int) -> None:
    """Save what was sent: for review, as a draft, or beside a text that others read.

    Raises Conflict when somebody was quicker. What cannot be sent is saved, with a sentence.
    """
    actor, seen = current_actor(), whole_number(request.form.get("text")) or 0
    if form.validate() and form.submitting:
        try:
            if changes.needs_no_review(db.session(), listing, form.content()):
                changes.correct(db.session(), actor, listing, version, form.content(), seen=seen)
                form.is_corrected = True
                return
            if listing.standing == ListingStatus.PUBLISHED:
                changes.submit(db.session(), actor, listing, version, form.content(), seen=seen)
                return
            service.revise(db.session(), actor, listing, version, form.content(), submit=True)
        except Refused as refusal:
            form.form_errors.append(sentence(refusal.refusal, **refusal.data))
        else:
            drafts.keep(db.session(), actor, listing, listing.version, {}, seen=seen)
            return
    is_read = listing.status in ListingStatus.REVIEWED_ONCE
    if is_read or (form.submitting and listing.status == ListingStatus.IN_REVIEW):
        typed = kept_of(form, form.all_names)
        drafts.keep(db.session(), actor, listing, version, typed, seen=seen)
        return
    service.revise(db.session(), actor, listing, version, form.draft())
    drafts.keep(db.session(), actor, listing, listing.version, _faulty(form), seen=seen)


def _faulty(form: ListingForm) -> dict[str, list[str]]:
    """What was typed and cannot be read yet."""
    kept = kept_of(form, form.faulty)
    return {name: texts for name, texts in kept.items() if any(texts)}


def _done(listing: Listing, form: ListingForm) -> ResponseReturnValue:
    """After saving: on, or back to the form with what keeps it from being sent."""
    jobs.commit(*JOBS)
    goes_on = request.form.get("action") in ("next", "all") and form.step != WHOLE
    if form.errors and (form.submitting or (goes_on and form.error_list)):
        subject = queries.subject(db.session(), listing.id)
        plan = plan_with_tasks(db.session(), listing.plan_id)
        if subject is None or plan is None:
            abort(404)
        text = listing.working_text
        return _form_page(
            form, plan, subject, version=listing.version, text=text.version if text else 0
        )
    if goes_on:
        steps = list(form.steps)
        following = steps[min(steps.index(form.step) + 1, len(steps) - 1)]
        return redirect_to("listings.edit.revise", listing_id=listing.id, step=following)
    flash(_said(listing, form))
    return redirect_to("listings.show", listing_id=listing.id)


def _said(listing: Listing, form: ListingForm) -> str:
    if form.is_corrected:
        said = gettext("Corrected: readers see it now. Curators find it in their list.")
    elif form.submitting:
        said = gettext("Sent for review. You will be told what the curator says.")
    elif listing.status in ListingStatus.REVIEWED_ONCE:
        said = gettext("Saved for your organisation. Readers see the published text as before.")
    else:
        said = gettext("Saved as a draft. Only your organisation and its curators see it.")
    return str(said)


def _kept(listing: Listing, form: ListingForm) -> ResponseReturnValue:
    """What the page needs to go on writing, after it saved by itself."""
    jobs.commit()
    text = listing.working_text
    return {
        "version": listing.version,
        "text": text.version if text else 0,
        "address": url_for("listings.edit.revise", listing_id=listing.id),
        "time": show_time(text.at if text else listing.updated_at),
        "remarks": _remarks(form, listing),
    }


def _remarks(form: ListingForm, listing: Listing | None) -> list[str]:
    """What would make the text better, and what other listings it repeats, where a page says so."""
    if form.step not in ADVISED:
        return []
    content = form.draft()
    said = remarks(form.kind, content, form.shown or ())
    if listing is None:
        return said
    owner, searching = listing.organisation_id, services().searching
    twins = twins_of(db.session(), owner, form.kind, content, searching, but=listing.id)
    return said + twin_remarks(twins, owner)


def _switch_language() -> None:
    """Show the form in another language, with all that was typed."""
    if (language := request.form.get("switch")) in LANGUAGES:
        session["language"] = language
        refresh()


def _is_to_be_stored() -> bool:
    asks = request.form.get("action") in ("propose", "fields") or "switch" in request.form
    return request.method == "POST" and not asks


def _step(kind: str, otherwise: str = WHOLE) -> str:
    """The step that is asked for or was sent, or the whole form on one page."""
    if request.method == "POST":
        step = request.form.get("step", WHOLE)
    else:
        step = request.args.get("step", otherwise)
    return step if step in STEPS[kind] else WHOLE


def _form(
    kind: str, plan: Plan, content: Content, listing: Listing | None = None, *, step: str
) -> ListingForm:
    """The form with what was sent, over what its writers have kept."""
    base = newest(listing, content) if listing else texts_of(content)
    typed = None
    if request.method == "POST":
        names = _names_sent(kind, step)
        taken = request.form.getlist("offer" if request.form.get("action") == "all" else "take")
        typed = accepted(sent_over(base, request.form, names), taken)
    elif listing and listing.working_text:
        typed = base
    tasks = [task for initiative in plan.initiatives for task in initiative.tasks]
    form = listing_form(kind, tasks, content, MultiDict(typed) if typed is not None else None)
    form.submitting = request.form.get("action") == "submit"
    form.step, form.shown = step, form.steps.get(step)
    return form


def _names_sent(kind: str, step: str) -> list[str]:
    """The names of the fields on the page that was sent: of the resource it showed."""
    shown = request.form.get("shown") or request.form.get("resource")
    code = shown if shown in codes() else TECHNOLOGY
    fields = of_resource(SECTIONS[kind] if step == WHOLE else STEPS[kind], code)
    return fields[step] if step != WHOLE else [name for names in fields.values() for name in names]


def _with_answer(subject: Subject) -> Content:
    """The listing's content; with the words of the answer that the address names, as evidence."""
    content = rules.writers_content(subject.listing)
    answer = recommendation.answer_of(
        db.session(), subject.listing.id, whole_number(request.args.get("answer"))
    )
    if answer is None:
        return content
    said = gettext("%(name)s: %(value)s", name=answer.must_have, value=answer.words)
    return replace(content, evidence=f"{content.evidence}\n{said}".strip())


def _form_page(
    form: ListingForm,
    plan: Plan,
    subject: Subject | None = None,
    *,
    conflicts: tuple[Difference, ...] = (),
    **more: Any,
) -> ResponseReturnValue:
    """Show the form as it was typed, with proposed key tasks when asked for."""
    listing = subject.listing if subject else None
    asked = request.form.get("action") if request.method == "POST" else None
    if request.method == "GET" and listing and listing.working_text:
        form.validate()  # says at the fields what is wrong with what was kept
    kept = listing.working_text if listing else None
    understands = asked == "propose" or form.step == "understood"
    province = listing.organisation.province if listing else form.province.data
    context = {
        "form": form,
        "plan": plan,
        "subject": subject,
        "address": url_for("listings.edit.revise", listing_id=listing.id)
        if listing
        else url_for("listings.edit.create", kind=form.kind),
        "version": version_to_send(listing.version if listing else None),
        "text": request.form.get("text", kept.version if kept else 0, type=int),
        "key": None if listing else _key() or str(uuid4()),
        "kept": kept,
        "sections": form.sections,
        "steps": list(form.steps),
        "offers": offers(form, _proposals(form, plan, province)) if understands else (),
        "examples": EXAMPLES[form.kind],
        "proposing": asked == "propose",
        "reviews": listing.reviews if listing else (),
        "remarks": _remarks(form, listing) if subject or asked else (),
        "conflicts": conflicts,
        **more,
    }
    if listing and form.step == "check":
        context["unfinished"] = unfinished(listing)
        context["said"] = said_in(form)
        context["score"] = aid.score(form.kind, form.draft())
    if listing and form.step == "partners":
        context |= _partners(form, listing, plan)
    is_asked = asked is None or not _is_to_be_stored()
    status = more.get("http_status", 200 if is_asked else 422)
    template = "listings/form.html" if form.step == WHOLE else "listings/step.html"
    return render_template(template, **context), status


def _partners(form: ListingForm, listing: Listing, plan: Plan) -> dict[str, Any]:
    """Who could meet a draft; and how many more, if its author took what the text says."""
    held, content = services(), form.draft()
    said = _proposals(form, plan, listing.organisation.province)
    said = [one for one in said if one.field in DECIDING and one.field in form.names]
    found = partners_for(
        db.session(),
        current_actor(),
        listing,
        held.recommender,
        held.searching,
        improved=with_proposals(content, said),
    )
    return {
        "partners": found.partners if found else None,
        "more": found.more if found else 0,
        "taking": list(dict.fromkeys(str(form[one.field].label.text) for one in said)),
    }


def _proposals(form: ListingForm, plan: Plan, province: str) -> list[Proposal]:
    tasks = [task for initiative in plan.initiatives for task in initiative.tasks]
    return understand(form.kind, form.draft(), tasks, province)


def _overtaken(form: ListingForm, listing_id: int) -> ResponseReturnValue:
    """Show who changed the listing first and both texts, and let the author choose."""
    db.session.rollback()
    db.session.expire_all()
    if "X-Draft" in request.headers:
        return {"taken": True}, 409
    subject = queries.subject(db.session(), listing_id)
    if subject is None or not may(current_actor(), "listing.edit", subject):
        abort(404)
    listing = subject.listing
    if not rules.may_move("revise", listing.status):
        raise Conflict("listing", listing_id)
    found = differences(form, newest(listing))
    is_sent = listing.status == ListingStatus.IN_REVIEW
    if not found and form.submitting == is_sent:  # the same form, sent twice
        flash(_said(listing, form))
        return redirect_to("listings.show", listing_id=listing_id)
    plan = plan_with_tasks(db.session(), listing.plan_id)
    if plan is None:
        abort(404)
    return _form_page(
        form,
        plan,
        subject,
        http_status=409,
        conflicts=tuple(found),
        records=audit.about(db.session(), "listing", listing_id, limit=3),
        version=listing.version,
        text=listing.working_text.version if listing.working_text else 0,
    )
