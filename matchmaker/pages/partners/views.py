"""Suggested partners, with the reasons and the state of each pair."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import codelists, jobs
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation import service
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import db
from matchmaker.listings.models import Listing
from matchmaker.listings.queries import named_concepts
from matchmaker.listings.rules import subject_of
from matchmaker.listings.states import ListingStatus
from matchmaker.listings.tiers import ReadableListing, project, tier_of
from matchmaker.pages.partners import cards
from matchmaker.pages.partners.cards import Card, Partners
from matchmaker.pages.partners.forms import InterestForm
from matchmaker.pages.partners.marks import load
from matchmaker.pages.shared.requests import one_page, whole_number
from matchmaker.permissions import Actor
from matchmaker.recommendation import queries
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.queries import PartnerFilters
from matchmaker.recommendation.states import Answer
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

blueprint = Blueprint("partners", __name__)


def partners_of(actor: Actor, listing: Listing) -> Partners:
    """The partners of a listing, for its own organisation or a curator."""
    shown = listing.standing == ListingStatus.PUBLISHED
    found = (
        queries.partners_of(db.session(), actor, listing)
        if shown
        else queries.RankedPartners((), ())
    )
    both = cards_of(actor, [*found.confident, *found.unsure], own_id=listing.id)
    return Partners(
        listing_id=listing.id,
        kind=listing.kind,
        is_own=actor.organisation_id == listing.organisation_id,
        is_published=shown,
        is_due=listing.matching_due,
        sure=cards.by_owner(both[: len(found.confident)]),
        unsure=cards.by_owner(both[len(found.confident) :]),
    )


def cards_of(
    actor: Actor, suggestions: Sequence[Suggestion], own_id: int | None = None
) -> list[Card]:
    """Cards of suggestions; the two sides of a pair also see its match."""
    language = reader_language()
    ours = [
        (s.need_id, s.capability_id)
        for s in suggestions
        if actor.organisation_id in s.organisation_ids
    ]
    matches = cooperation.of_pairs(db.session(), ours)
    asked = queries.questions_about(db.session(), [s.id for s in suggestions])
    named = named_concepts(
        db.session(), {listing for s in suggestions for listing in (s.need_id, s.capability_id)}
    )
    return [
        cards.card(
            actor,
            suggestion,
            language,
            own_id=own_id or cards.own_listing_id(actor, suggestion),
            named=named,
            match=matches.get((suggestion.need_id, suggestion.capability_id)),
            questions=asked.get(suggestion.id, ()),
        )
        for suggestion in suggestions
    ]


@blueprint.get("/partners")
@guard("suggestion.mine")
def mine() -> str:
    """All suggestions of my organisation, listing by listing."""
    actor, filters = current_actor(), read_filters()
    page = one_page(queries.mine(actor, filters))
    shown = cards_of(actor, page.items)
    return render_template(
        "partners/mine.html",
        page=page,
        filters=filters,
        groups=[
            (own, cards.by_owner(group)) for own, group in groupby(shown, key=lambda card: card.own)
        ],
        counts=queries.counts_of_mine(db.session(), actor, filters.listing_id),
    )


def read_filters() -> PartnerFilters:
    """Read the filters of the address; an unknown value counts as none."""
    show, band = (request.args.get(name, "") for name in ("show", "band"))
    return PartnerFilters(
        show=show if show in ("kept", "dismissed") else "open",
        band=band if band in codelists.codes("band") else "",
        listing_id=whole_number(request.args.get("listing")),
    )


@blueprint.get("/suggestions/<int:suggestion_id>")
@guard("suggestion.read", load=load)
def show(suggestion: Suggestion) -> str:
    return pair_page(suggestion, InterestForm(formdata=None))


def pair_page(suggestion: Suggestion, form: InterestForm) -> str:
    """Show both texts side by side, every reason, and the open moves."""
    actor = current_actor()
    (shown,) = cards_of(actor, [suggestion])
    of_need, of_capability = cards.numbers(shown.answering)
    may_ask = shown.may_answer and shown.mark != Answer.DISMISSED and not is_open(shown)
    return render_template(
        "partners/show.html",
        c=shown,
        need=cards.marked(readable(actor, suggestion.need), of_need),
        capability=cards.marked(readable(actor, suggestion.capability), of_capability),
        lift=cards.lift_for(actor, suggestion, reader_language()),
        interest=form if may_ask else None,
    )


def is_open(card: Card) -> bool:
    return card.match is not None and card.match.is_alive


def readable(actor: Actor, listing: Listing) -> ReadableListing:
    """The listing as the actor may read it before a match; a match opens more, on its own page."""
    return project(listing, tier_of(actor, subject_of(listing)))


@blueprint.post("/suggestions/<int:suggestion_id>/interest")
@guard("suggestion.answer", load=load)
def express(suggestion: Suggestion) -> ResponseReturnValue:
    form = InterestForm()
    if not form.validate():
        return pair_page(suggestion, form), 422
    match = service.express_interest(
        db.session(),
        current_actor(),
        suggestion.need,
        suggestion.capability,
        form.message.data or "",
    )
    jobs.commit("deliver_mail")
    agreed = match.status in MatchStatus.TOGETHER
    flash(
        gettext("Agreed. You now see each other's contacts.")
        if agreed
        else gettext("We have told the other organisation. It has until the date shown to answer.")
    )
    return redirect_to("matches.show", match_id=match.id)
