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
from matchmaker.permissions import Actor, may
from matchmaker.recommendation import queries as recommendation
from matchmaker.recommendation.rules import whole
from matchmaker.recommendation.run import pair
from matchmaker.recommendation.service import Scored
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

blueprint = Blueprint("approach", __name__)

MOST_COMPARED = 20  # of one's own listings
# Where a hindrance can be changed: endpoint and the name of the link.
CHANGES: Mapping[Refusal, tuple[str, Any]] = {
    Refusal.NO_ORGANISATION: ("organisation.register", _l("Register your organisation")),
    Refusal.NOT_A_WRITER: ("organisation.members.mine", _l("See who is an owner")),
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
    own = {str(one.id): one for one in _own_listings(actor, listing)}
    form = ApproachForm(own)
    if not form.validate():
        return _page(listing, form, _choices(actor, listing)), 422
    chosen = form.offer.data
    offer = own[chosen] if chosen in own else _draft(form)
    scored = _scored(listing, offer) if isinstance(offer, Listing) else None
    try:
        match = first_steps.approach(
            db.session(), actor, listing, offer, form.message.data or "", scored=scored
        )
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(sentence(refusal.refusal, **refusal.data))
        return _page(listing, form, _choices(actor, listing)), 422
    jobs.commit("deliver_mail", "refresh_suggestions")
    flash(gettext("They have been asked."))
    if chosen == DRAFT:
        flash(
            gettext(
                "Your draft is under “Our listings”. Complete it and send it for review: "
                "until then the other side reads no text of it."
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
        return Draft(reader_language())
    return Draft(form.language, form.title.data or "", form.summary.data or "")


def _own_listings(actor: Actor, listing: Listing) -> Sequence[Listing]:
    if actor.organisation_id is None:
        return ()
    kind = rules.other(listing.kind)
    return queries.shown_of_kind(db.session(), actor.organisation_id, kind, MOST_COMPARED)


def _choices(actor: Actor, listing: Listing) -> list[Choice]:
    """One's own listings of the other kind, what the engine thinks of each, the best first."""
    own = _own_listings(actor, listing)
    scores = _compared(listing, own, explain=False)
    choices = [
        Choice(one, scores[one.id].pair.band, whole(scores[one.id].pair.score))
        if one.id in scores
        else Choice(one)
        for one in own
    ]
    return sorted(choices, key=lambda one: -(one.points or 0))


def _scored(listing: Listing, own: Listing) -> Scored | None:
    need, capability = (listing, own) if listing.kind == "need" else (own, listing)
    if recommendation.of_pair(db.session(), need.id, capability.id) is not None:
        return None
    return _compared(listing, [own]).get(own.id)


def _compared(
    listing: Listing, own: Sequence[Listing], *, explain: bool = True
) -> Mapping[int, Scored]:
    """Own listing → its score with the other one. With an encoder only the worker compares."""
    if services().recommender.encoder:
        return {}
    is_need = listing.kind == "need"
    pairs = [(listing, one) if is_need else (one, listing) for one in own]
    found = pair.score(db.session(), pairs, explain=explain)
    return {capability if is_need else need: one for (need, capability), one in found.items()}
