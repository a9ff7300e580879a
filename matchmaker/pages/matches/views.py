"""The matches of an organisation, and one match with its moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Blueprint, abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.agreements import queries as agreements
from matchmaker.agreements.models import Agreement
from matchmaker.conversations import queries as conversations
from matchmaker.cooperation import moving, promises, queries, righting, rules, service
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of, db, now
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import subject_of
from matchmaker.listings.tiers import ReadableListing, project, tier_of
from matchmaker.organisations.models import Organisation
from matchmaker.pages.matches.forms import AcceptForm, CancelForm, DeclineForm, EndForm
from matchmaker.pages.matches.frame import frame
from matchmaker.pages.matches.questions import questions_of
from matchmaker.pages.matches.stages import days_in_stage, history
from matchmaker.pages.partners.cards import Card, card
from matchmaker.pages.shared.requests import one_page, version_sent, version_to_send
from matchmaker.pages.shared.watching import note_looks
from matchmaker.permissions import Actor, may
from matchmaker.recommendation import queries as recommendation
from matchmaker.recommendation.states import SuggestionStatus
from matchmaker.web.forms import Form
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

blueprint = Blueprint("matches", __name__)

MOST_TAKING_PART = 50
STEPS_BY_HAND = ("negotiate", "deliver", "complete", "resume")


@dataclass(frozen=True, slots=True)
class Row:
    """A match as one of its two organisations lists it."""

    match: Match
    own: Listing
    other: Listing
    section: str
    days: int  # in its stage
    unread: int = 0  # messages


@dataclass(frozen=True, slots=True)
class TakingPart:
    """An agreement of another pair, as a party of it lists it."""

    agreement: Agreement
    title: str


# Sections of the list for those who are together, and their stages.
STAGED = {
    "talks": MatchStatus.TALKS,
    "at_work": MatchStatus.UNDER_WAY,
    "done": MatchStatus.TOGETHER,
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides on the page of a match. `message`: what it wrote to the other.

    `title`: as curators approved it last; `is_unread`: they never have, it was made for this match.
    """

    name: str
    title: str
    listing: ReadableListing
    organisation: Organisation
    may_open: bool
    is_unread: bool
    is_own: bool
    has_agreed: bool
    message: str


@blueprint.get("/matches")
@guard("match.mine")
def mine() -> str:
    """List matches by what they wait for, then by stage."""
    actor = current_actor()
    page = one_page(queries.mine(actor))
    unread = conversations.unread_by_match(db.session(), actor)
    rows = [row(actor, match, unread.get(match.id, 0)) for match in page.items]
    return render_template(
        "matches/mine.html",
        page=page,
        sections=[
            (name, list(group)) for name, group in groupby(rows, key=lambda row: row.section)
        ],
        counts=queries.counts_of_mine(db.session(), actor),
        taking_part=taking_part(actor),
    )


def taking_part(actor: Actor) -> list[TakingPart]:
    """The newest agreements of other pairs that name the reader's organisation as a party."""
    query = agreements.as_third_party(actor.organisation_id or 0).limit(MOST_TAKING_PART)
    return [
        TakingPart(one, one.title_for(reader_language(), actor.organisation_id))
        for one in db.session.scalars(query)
    ]


def row(actor: Actor, match: Match, unread: int = 0) -> Row:
    side = moving.side_of(actor, match.need, match.capability)
    own, other = (
        (match.need, match.capability) if side == "need" else (match.capability, match.need)
    )
    waiting = rules.waiting(match.standing, moving.interested(match))
    if waiting:
        section = "for_us" if side in waiting else "for_them"
    else:
        section = next((name for name, states in STAGED.items() if match.status in states), "ended")
    return Row(match, own, other, section, days_in_stage(match), unread)


@blueprint.get("/matches/<int:match_id>")
@guard("match.read", load=queries.match)
def show(match: Match) -> str:
    return match_page(match)


def match_page(match: Match, sent: Form | None = None) -> str:
    """Show a match and the moves that are open; a form that was sent keeps its text and errors."""
    actor = current_actor()
    sides = [side_view(actor, match, name) for name in rules.SIDES]
    own = next((side for side in sides if side.is_own), None)
    forms: dict[type[Form], Form] = {
        kind: kind(formdata=None) for kind in (AcceptForm, CancelForm, DeclineForm, EndForm)
    }
    if sent is not None:
        forms[type(sent)] = sent
    for side in sides if match.opens_contacts else ():
        note_looks(side.organisation.id, side.listing, match=match.id)
    return render_template(
        "matches/show.html",
        frame=frame(match, "matches.show"),
        match=match,
        both=sides,
        own=own,
        other=next((side for side in sides if not side.is_own), None) if own else None,
        version=version_to_send(match.version),
        history=history(match),
        why=why(match),
        next_partner=next_partner(match),
        questions=questions_of(match, sent),
        moves=moves(actor, match, own.name) if own else frozenset(),
        take_back_until=take_back_until(actor, match),
        stalls_on=rules.stalls_on(day_of(match.quiet_since)),
        promised=match.has_promised(actor.organisation_id),
        promised_before=match.promise_of(actor.organisation_id) is not None,
        accepting=forms[AcceptForm],
        declining=forms[DeclineForm],
        cancelling=forms[CancelForm],
        ending=forms[EndForm],
    )


def moves(actor: Actor, match: Match, side: str) -> frozenset[str]:
    """The moves that the actor may make for the side."""
    if not may(actor, "match.answer", match):
        return frozenset()
    agreed = match.status in MatchStatus.TOGETHER
    found = moving.obstacle(db.session(), match.need, match.capability, agreed=agreed)
    return rules.moves_open(match.standing, moving.interested(match), side, may_go_on=found is None)


def take_back_until(actor: Actor, match: Match) -> datetime | None:
    """When the day ends in which the actor may take their own last move back."""
    last = match.last_step
    if last is None or not may(actor, "match.answer", match):
        return None
    can = rules.may_take_back(moving.made(last), actor.user_id, match.version, now())
    return last.at + rules.TAKE_BACK_WITHIN if can else None


def next_partner(match: Match) -> Card | None:
    """The best suggestion for who asked in vain, or was left, that is no match yet."""
    actor = current_actor()
    if match.standing not in MatchStatus.ENDED or match.status == MatchStatus.STALLED:
        return None
    sides = {"need": match.need, "capability": match.capability}
    willing = next((sides[side] for side in rules.SIDES if side in moving.interested(match)), None)
    own = next(
        (one for one in sides.values() if one.organisation_id == actor.organisation_id), None
    )
    listing = own or willing or match.need
    if not listing.is_shown or not may(actor, "suggestion.list", subject_of(listing)):
        return None
    partners = recommendation.partners_of(db.session(), actor, listing).confident
    pairs = {
        (one.need_id, one.capability_id): one
        for one in partners
        if one.status in SuggestionStatus.OPEN
    }
    known = queries.of_pairs(db.session(), pairs)
    found = next((one for pair, one in pairs.items() if pair not in known), None)
    return card(actor, found, reader_language(), own_id=listing.id) if found else None


def side_view(actor: Actor, match: Match, name: str) -> Side:
    listing = match.need if name == "need" else match.capability
    is_party = actor.organisation_id in match.organisation_ids
    promised = match.has_promised(actor.organisation_id)
    agreed = is_party and match.opens_contacts
    subject = subject_of(listing)
    tier = tier_of(actor, subject, matched=agreed, accepted=agreed and promised)
    interest = next((interest for interest in match.interests if interest.side == name), None)
    return Side(
        name=name,
        title=listing.approved_title,
        listing=project(listing, tier),
        organisation=listing.organisation,
        may_open=may(actor, "listing.read", subject),
        is_unread=listing.is_unread,
        is_own=actor.organisation_id == listing.organisation_id,
        has_agreed=interest is not None,
        message=interest.message if interest and is_party else "",
    )


def why(match: Match) -> Card | None:
    """The card of the suggestion, if there is one that the reader may see."""
    actor = current_actor()
    found = recommendation.of_pair(db.session(), match.need_id, match.capability_id)
    found = found and recommendation.suggestion(db.session(), found.id, actor.organisation_id)
    if found is None or not found.parts or not may(actor, "suggestion.read", found):
        return None
    return card(actor, found, reader_language(), own_id=match.need_id)


@blueprint.post("/matches/<int:match_id>/accept")
@guard("match.answer", load=queries.match)
def accept(match: Match) -> ResponseReturnValue:
    form = AcceptForm()
    if not form.validate():
        return match_page(match, form), 422
    service.accept(
        db.session(), current_actor(), match, form.message.data or "", version=version_sent()
    )
    if match.status in MatchStatus.TOGETHER:
        return _done(match, gettext("Agreed. You now see each other's contacts."))
    return _done(match, gettext("You agreed. The other side has yet to answer."))


@blueprint.post("/matches/<int:match_id>/decline")
@guard("match.answer", load=queries.match)
def decline(match: Match) -> ResponseReturnValue:
    form = DeclineForm()
    if not form.validate():
        return match_page(match, form), 422
    actor, reason = current_actor(), form.reason.data
    service.decline(
        db.session(), actor, match, reason, form.words.data or "", version=version_sent()
    )
    return _done(match, gettext("Declined. The other side will see your reason."))


@blueprint.post("/matches/<int:match_id>/cancel")
@guard("match.answer", load=queries.match)
def cancel(match: Match) -> ResponseReturnValue:
    """Take our interest back before they have answered."""
    form = CancelForm()
    if not form.validate():
        return match_page(match, form), 422
    reason, words = form.cancel_reason.data, form.cancel_words.data or ""
    service.cancel(db.session(), current_actor(), match, reason, words, version=version_sent())
    return _done(match, gettext("Withdrawn. The other side no longer needs to answer."))


@blueprint.post("/matches/<int:match_id>/advance")
@guard("match.answer", load=queries.match)
def advance(match: Match) -> ResponseReturnValue:
    """Say that the match has come a step further."""
    move = request.form.get("move", "")
    if move not in STEPS_BY_HAND:
        abort(400)
    service.advance(db.session(), current_actor(), match, move, version=version_sent())
    return _done(match, gettext("Recorded. The other side has been told."))


@blueprint.post("/matches/<int:match_id>/take-back")
@guard("match.answer", load=queries.match)
def take_back(match: Match) -> ResponseReturnValue:
    """Take our own last move back."""
    righting.take_back(db.session(), current_actor(), match, version=version_sent())
    return _done(match, gettext("Undone. The match is back at its earlier stage."))


@blueprint.post("/matches/<int:match_id>/again")
@guard("match.answer", load=queries.match)
def again(match: Match) -> ResponseReturnValue:
    """Express interest once more after the match ended."""
    service.express_interest(db.session(), current_actor(), match.need, match.capability)
    return _done(
        match,
        gettext("We have told the other organisation. It has until the date shown to answer."),
    )


@blueprint.post("/matches/<int:match_id>/promise")
@guard("match.answer", load=queries.match)
def promise(match: Match) -> ResponseReturnValue:
    """Promise confidentiality, which opens the annex of the other side."""
    promises.promise_confidentiality(db.session(), current_actor(), match)
    return _done(match, gettext("Recorded. The annex is open to your organisation now."))


@blueprint.post("/matches/<int:match_id>/revoke")
@guard("match.answer", load=queries.match)
def revoke(match: Match) -> ResponseReturnValue:
    """Take the promise back, which closes the annex of the other side."""
    promises.revoke_promise(db.session(), current_actor(), match)
    return _done(match, gettext("Withdrawn. Your organisation can no longer open their annex."))


@blueprint.post("/matches/<int:match_id>/end")
@guard("match.answer", load=queries.match)
def end(match: Match) -> ResponseReturnValue:
    """End what both had agreed."""
    form = EndForm()
    if not form.validate():
        return match_page(match, form), 422
    reason, words = form.end_reason.data, form.end_words.data or ""
    service.end(db.session(), current_actor(), match, reason, words, version=version_sent())
    return _done(match, gettext("Ended. Contacts and annexes are closed."))


def _done(match: Match, message: str) -> ResponseReturnValue:
    jobs.commit("deliver_mail")
    flash(message)
    return redirect_to("matches.show", match_id=match.id)
