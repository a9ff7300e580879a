"""The matches of an organisation, and one match with its moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.audit import queries as audit
from matchmaker.cooperation import queries, rules, service
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import db
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import ReadableListing, project, subject_of, tier_of
from matchmaker.organisations.models import Organisation
from matchmaker.pages.matches.forms import AcceptForm, DeclineForm, EndForm
from matchmaker.pages.matches.frame import frame
from matchmaker.pages.matches.questions import questions_of
from matchmaker.pages.partners.cards import Card, card
from matchmaker.pages.shared.requests import one_page, version_sent, version_to_send
from matchmaker.pages.shared.watching import note_looks
from matchmaker.permissions import Actor, may
from matchmaker.recommendation import queries as recommendation
from matchmaker.web.forms import Form
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

blueprint = Blueprint("matches", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A match as one of its two organisations lists it."""

    match: Match
    own: Listing
    other: Listing
    section: str


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


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history of a match. It names organisations: names of people are contacts."""

    at: datetime
    who: str
    action: str


@blueprint.get("/matches")
@guard("match.mine")
def mine() -> str:
    """List matches in four groups: for us to answer, for them, agreed, ended."""
    actor = current_actor()
    page = one_page(queries.mine(actor))
    rows = [row(actor, match) for match in page.items]
    return render_template(
        "matches/mine.html",
        page=page,
        sections=[
            (name, list(group)) for name, group in groupby(rows, key=lambda row: row.section)
        ],
        counts=queries.counts_of_mine(db.session(), actor),
    )


def row(actor: Actor, match: Match) -> Row:
    side = service.side_of(actor, match.need, match.capability)
    own, other = (
        (match.need, match.capability) if side == "need" else (match.capability, match.need)
    )
    waiting = rules.waiting(match.standing, service.interested(match))
    section = "agreed" if match.status in MatchStatus.TOGETHER else "ended"
    if waiting:
        section = "for_us" if side in waiting else "for_them"
    return Row(match, own, other, section)


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
        kind: kind(formdata=None) for kind in (AcceptForm, DeclineForm, EndForm)
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
        questions=questions_of(match, sent),
        moves=moves(actor, match, own.name) if own else frozenset(),
        promised=match.has_promised(actor.organisation_id),
        promised_before=match.promise_of(actor.organisation_id) is not None,
        accepting=forms[AcceptForm],
        declining=forms[DeclineForm],
        ending=forms[EndForm],
    )


def moves(actor: Actor, match: Match, side: str) -> frozenset[str]:
    """The moves that the actor may make for the side."""
    if not may(actor, "match.answer", match):
        return frozenset()
    agreed = match.status in MatchStatus.TOGETHER
    found = service.obstacle(db.session(), match.need, match.capability, agreed=agreed)
    return rules.moves_open(
        match.standing, service.interested(match), side, may_go_on=found is None
    )


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


def history(match: Match) -> Sequence[Event]:
    """The history of the match, the oldest event first."""
    language = reader_language()
    names = {
        side: listing.organisation.name_for(language)
        for side, listing in (("need", match.need), ("capability", match.capability))
    }
    records = audit.about(db.session(), "match", match.id, limit=50)
    return [
        Event(
            record.at,
            names.get(record.detail.get("side", ""), _not_a_side(record.action)),
            record.action,
        )
        for record in reversed(records)
    ]


def _not_a_side(action: str) -> str:
    return str(gettext("The platform") if action == "match.expire" else gettext("A curator"))


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
    return _done(match, gettext("You agreed. Now the other side has to."))


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
    return _done(match, gettext("Declined. The other side reads your reason."))


@blueprint.post("/matches/<int:match_id>/withdraw")
@guard("match.answer", load=queries.match)
def withdraw(match: Match) -> ResponseReturnValue:
    service.withdraw(db.session(), current_actor(), match, version=version_sent())
    return _done(match, gettext("Withdrawn."))


@blueprint.post("/matches/<int:match_id>/again")
@guard("match.answer", load=queries.match)
def again(match: Match) -> ResponseReturnValue:
    """Express interest once more after the match ended."""
    service.express_interest(db.session(), current_actor(), match.need, match.capability)
    return _done(match, gettext("They have been asked."))


@blueprint.post("/matches/<int:match_id>/promise")
@guard("match.answer", load=queries.match)
def promise(match: Match) -> ResponseReturnValue:
    """Promise confidentiality, which opens the annex of the other side."""
    service.promise_confidentiality(db.session(), current_actor(), match)
    return _done(match, gettext("Recorded. The annex is open to your organisation now."))


@blueprint.post("/matches/<int:match_id>/revoke")
@guard("match.answer", load=queries.match)
def revoke(match: Match) -> ResponseReturnValue:
    """Take the promise back, which closes the annex of the other side."""
    service.revoke_promise(db.session(), current_actor(), match)
    return _done(match, gettext("Taken back. Their annex is closed to your organisation."))


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
