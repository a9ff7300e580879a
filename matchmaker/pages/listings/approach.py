"""The first step towards a listing: what one may do there, or why not, and the form for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from matchmaker import jobs
from matchmaker.cooperation import first_steps, rules
from matchmaker.cooperation.first_steps import Draft, Hindrance
from matchmaker.db import db
from matchmaker.errors import Refusal, Refused
from matchmaker.listings import queries
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import Subject
from matchmaker.pages.listings.forms import DRAFT, NOTHING, ApproachForm
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import whole_number
from matchmaker.permissions import Actor, may
from matchmaker.recommendation import queries as recommendation
from matchmaker.recommendation.rules import whole
from matchmaker.recommendation.run import pair
from matchmaker.recommendation.run.pair import Comparison
from matchmaker.recommendation.service import Scored
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to, refuse
from matchmaker.web.session import current_actor

blueprint = Blueprint("approach", __name__)

MOST_COMPARED = 20  # of one's own listings
# Where a hindrance can be changed: endpoint and the name of the link.
CHANGES: Mapping[Refusal, tuple[str, Any]] = {
    Refusal.NO_ORGANISATION: ("organisation.register", _l("Register your organisation")),
    Refusal.NOT_A_WRITER: ("organisation.members.mine", _l("See who is an account manager")),
    Refusal.OWN_ORGANISATION_UNVERIFIED: (
        "organisation.members.mine",
        _l("Open your organisation"),
    ),
    Refusal.OTHER_KIND_NOT_OPEN: (
        "organisation.members.mine",
        _l("See what your organisation may post"),
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What the page of a listing offers: the step itself, or a sentence that says why not."""

    sentence: str = ""
    href: str = ""  # where that can be changed
    text: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A listing of one's own to approach with; `points` of 100, where it was compared."""

    listing: Listing
    band: str = ""
    points: int | None = None


def step_for(actor: Actor, listing: Listing) -> Step | None:
    """Return what a listing's page offers its reader: nothing to its owner and to the staff."""
    if actor.roles or actor.organisation_id == listing.organisation_id:
        return None
    found = first_steps.hindrance(db.session(), actor, listing) if actor.signed_in else None
    return said(found) if found else Step()


def said(found: Hindrance) -> Step:
    """Say what stands in the way and what would change it."""
    words = sentence(found.refusal)
    if found.match_id is not None and found.refusal == Refusal.LISTING_MATCHED:
        return Step(
            words, url_for("matches.show", match_id=found.match_id), gettext("Open the match")
        )
    if found.refusal == Refusal.STAFF_CANNOT_APPROACH and may(current_actor(), "pair.add"):
        return Step(words, url_for("desk.pairs.add"), gettext("Add a pair"))
    if found.refusal in CHANGES:
        endpoint, text = CHANGES[found.refusal]
        return Step(words, url_for(endpoint), str(text))
    return Step(words)


@blueprint.get("/listings/<int:listing_id>/approach")
@guard("listing.consider", load=queries.subject)
def consider(subject: Subject) -> str:
    """Show the form, or why the reader cannot use it; a listing that fits best is chosen."""
    actor, listing = current_actor(), subject.listing
    found = first_steps.hindrance(db.session(), actor, listing)
    if found is not None:
        return render_template("listings/approach.html", listing=listing, step=said(found))
    choices = _choices(actor, listing)
    best = next((one for one in choices if one.band in ("strong", "possible")), None)
    form = ApproachForm((), formdata=None, offer=str(best.listing.id) if best else None)
    return _page(listing, form, choices)


@blueprint.post("/listings/<int:listing_id>/approach")
@guard("listing.approach", load=queries.subject)
def send(subject: Subject) -> ResponseReturnValue:
    """Ask the organisation, with a listing, with a draft, or with words alone."""
    actor, listing = current_actor(), subject.listing
    form = ApproachForm({str(one.id) for one in _own_listings(actor, listing)})
    if not form.validate():
        return _page(listing, form, _choices(actor, listing)), 422
    chosen = whole_number(form.offer.data)
    scored = _scored(listing, chosen) if chosen is not None else None
    if chosen is not None:
        listing = _read_again(listing.id)
    message = form.message.data or ""
    try:
        offer = _draft(form) if chosen is None else _chosen(actor, listing, chosen)
        match = first_steps.approach(db.session(), actor, listing, offer, message, scored=scored)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(sentence(refusal.refusal, **refusal.data))
        return _page(listing, form, _choices(actor, listing)), 422
    jobs.commit("deliver_mail", "refresh_suggestions")
    flash(gettext("We have told the other organisation. It has until the date shown to answer."))
    if form.offer.data == DRAFT:
        flash(
            gettext(
                "Your draft is under “Our listings”. Complete it and send it for review: until "
                "then the other side cannot read its text."
            )
        )
    return redirect_to("matches.show", match_id=match.id)


def _page(listing: Listing, form: ApproachForm, choices: Sequence[Choice]) -> str:
    return render_template(
        "listings/approach.html",
        listing=listing,
        step=None,
        form=form,
        choices=choices,
        other_kind=rules.other(listing.kind),
        draft=DRAFT,
        nothing=NOTHING,
    )


def _draft(form: ApproachForm) -> Draft:
    if form.offer.data == NOTHING:
        return Draft(form.language)
    return Draft(form.language, form.title.data or "", form.summary.data or "")


def _chosen(actor: Actor, listing: Listing, own_id: int) -> Listing:
    """One's own listing as it is now. Raises Refused when it was withdrawn at this moment."""
    found = next((one for one in _own_listings(actor, listing) if one.id == own_id), None)
    if found is None:
        raise Refused(Refusal.LISTING_WITHDRAWN)
    return found


def _own_listings(actor: Actor, listing: Listing) -> Sequence[Listing]:
    if actor.organisation_id is None:
        return ()
    kind = rules.other(listing.kind)
    return queries.shown_of_kind(db.session(), actor.organisation_id, kind, MOST_COMPARED)


def _choices(actor: Actor, listing: Listing) -> list[Choice]:
    """One's own listings of the other kind, what the engine thinks of each, the best first."""
    own = _own_listings(actor, listing)
    comparison = _comparison(listing, own)
    db.session.commit()  # nothing was written, and nobody waits to write while they are compared
    scores = pair.compare(comparison, explain=False) if comparison else {}
    by_own = {ids[listing.kind == "need"]: one.pair for ids, one in scores.items()}
    choices = [
        Choice(one, by_own[one.id].band, whole(by_own[one.id].score))
        if one.id in by_own
        else Choice(one)
        for one in own
    ]
    return sorted(choices, key=lambda one: -(one.points or 0))


def _scored(listing: Listing, own_id: int) -> Scored | None:
    """Score a pair that has no suggestion yet. Nobody waits to write while the two are compared."""
    own = [one for one in _own_listings(current_actor(), listing) if one.id == own_id]
    need_id, capability_id = (
        (listing.id, own_id) if listing.kind == "need" else (own_id, listing.id)
    )
    if recommendation.of_pair(db.session(), need_id, capability_id) is not None:
        return None
    comparison = _comparison(listing, own)
    db.session.commit()  # nothing was written
    return pair.compare(comparison).get((need_id, capability_id)) if comparison else None


def _read_again(listing_id: int) -> Listing:
    """The listing as it is now: the transaction that read it is over."""
    db.session.expire_all()
    subject = queries.subject(db.session(), listing_id)
    if subject is None or not may(current_actor(), "listing.approach", subject):
        refuse("listing.approach")
    return subject.listing


def _comparison(listing: Listing, own: Sequence[Listing]) -> Comparison | None:
    """Read a listing with some of one's own. With an encoder only the worker compares."""
    if services().recommender.encoder:
        return None
    is_need = listing.kind == "need"
    return pair.read(db.session(), [(listing, one) if is_need else (one, listing) for one in own])
