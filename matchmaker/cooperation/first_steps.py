"""First steps: one organisation approaches another's listing; then they ask and answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.audit import service as audit
from matchmaker.cooperation import messages, moving, queries, rules, service
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus, is_overdue
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings import service as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import Content
from matchmaker.organisations import belonging
from matchmaker.organisations import queries as organisations
from matchmaker.permissions import Actor, MemberRole
from matchmaker.plan.queries import plan_with_tasks
from matchmaker.recommendation import queries as recommendations
from matchmaker.recommendation import service as recommendation
from matchmaker.recommendation.models import Question
from matchmaker.recommendation.rules import MustHave, must_haves
from matchmaker.recommendation.service import Scored
from matchmaker.recommendation.states import Verdict


@dataclass(frozen=True, slots=True)
class Draft:
    """What an organisation without a fitting listing says; without a title, only its message."""

    language: str
    title: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why somebody may not approach a listing, and the match that stands there already, if any."""

    refusal: Refusal
    match_id: int | None = None


def hindrance(session: Session, actor: Actor, listing: Listing) -> Hindrance | None:
    """Return why the actor may not approach the listing now; None for who may."""
    own = actor.organisation_id
    kind = rules.other(listing.kind)
    match_id = queries.alive_over(session, own, listing.id) if own is not None else None
    suspended = None if own is not None else belonging.of_user(session, actor.user_id)
    refusal = rules.hindrance(
        rules.Approach(
            is_staff=bool(actor.roles),
            is_suspended=suspended is not None,
            has_organisation=own is not None,
            is_own=own == listing.organisation_id,
            is_shown=listing.is_shown,
            is_matched=match_id is not None,
            is_writer=actor.organisation_role in MemberRole.WRITERS,
            is_verified=actor.organisation_verified,
            may_post=actor.may_post_needs if kind == "need" else actor.may_post_capabilities,
        )
    )
    return Hindrance(refusal, match_id) if refusal else None


def approach(
    session: Session,
    actor: Actor,
    listing: Listing,
    offer: Listing | Draft,
    message: str = "",
    *,
    scored: Scored | None = None,
    at: datetime | None = None,
) -> Match:
    """Approach a listing with one of one's own, or with one that is drafted for this match.

    `scored`: the pair, where the engine has just scored it. Raises Refused with nothing stored.
    """
    at = moment(at)
    if actor.organisation_id is not None:
        organisations.hold(session, actor.organisation_id)  # colleagues take turns
    if found := hindrance(session, actor, listing):
        raise Refused(found.refusal)
    own = (
        offer
        if isinstance(offer, Listing)
        else _made(session, actor, listing, offer, message, at=at)
    )
    need, capability = (listing, own) if listing.kind == "need" else (own, listing)
    if (need.kind, capability.kind) != rules.SIDES:
        raise Refused(Refusal.NOT_A_PAIR)
    moving.side_of(actor, need, capability)
    recommendation.add_by_member(session, need, capability, scored, at=at)
    return service.express_interest(session, actor, need, capability, message, at=at)


def _made(
    session: Session, actor: Actor, partner: Listing, draft: Draft, message: str, *, at: datetime
) -> Listing:
    """A draft for the match, under the partner's key tasks; its text is for its own side alone.

    Without a title it gets the first words of the message, so that its owner can tell it apart.
    """
    organisation = organisations.organisation(session, actor.organisation_id)
    plan = plan_with_tasks(session, partner.plan_id)
    if organisation is None or plan is None:
        raise NotAllowed
    kind = rules.other(partner.kind)
    title = messages.composed_title(kind, organisation.name_for(draft.language), draft.language)
    content = Content(
        title=draft.title or rules.first_words(message) or title,
        summary=draft.summary,
        language=draft.language,
        sectors=tuple(entry.code for entry in partner.sectors),
        tasks=tuple(task.id for task in partner.tasks),
        modes=tuple(entry.code for entry in partner.modes),
        goal=partner.goal,
        province=organisation.province,
    )
    return listings.create_for(
        session, actor, organisation, plan, content, kind=kind, partner=partner, title=title, at=at
    )


def must_haves_of(session: Session, match: Match) -> Sequence[MustHave]:
    """Return the need's must-haves with what the engine read, or the capability's side answered."""
    suggestion = recommendations.of_pair(session, match.need_id, match.capability_id)
    read = suggestion.requirements if suggestion else ()
    questions = recommendations.questions(session, match.need_id, match.capability_id)
    if match.need.is_shown:
        texts = [line.text for line in match.need.requirements if line.must]
    else:  # what both sides have read; what is written since is not for the other side yet
        known = [*(one["text"] for one in read), *(one.must_have for one in questions)]
        texts = list(dict.fromkeys(known))
    return must_haves(texts, read, questions)


def ask(
    session: Session,
    actor: Actor,
    match: Match,
    texts: Collection[str],
    *,
    at: datetime | None = None,
) -> None:
    """Ask the capability's side whether it meets some must-haves of which nobody knows.

    Raises Conflict for one that was asked, answered or rewritten meanwhile.
    """
    at = moment(at)
    side = _begin(session, actor, match, "need", at=at)
    if not texts:
        raise Refused(Refusal.NOTHING_ASKED)
    open_ones = [one.text for one in must_haves_of(session, match) if one.may_be_asked]
    if not set(texts) <= set(open_ones):
        raise Conflict("match", match.id)
    suggestion = recommendation.add_by_member(session, match.need, match.capability, at=at)
    for text in open_ones:
        if text in texts:
            question = Question(
                suggestion_id=suggestion.id, must_have=text, asked_by_id=actor.user_id, asked_at=at
            )
            _store(session, match, question)
    _keep_open(session, match, at=at)
    audit.record(session, actor, "match.ask", "match", match.id, side=side, at=at)
    pair = f"{actor.organisation_id}>{match.capability.organisation_id}"
    limits.count(session, actor, Act.QUESTION, pair, at=at)
    messages.tell_asked(session, match, at=at)


def answer(
    session: Session,
    actor: Actor,
    match: Match,
    text: str,
    *,
    verdict: str,
    words: str,
    at: datetime | None = None,
) -> Question:
    """Say whether the capability meets a must-have: one that was asked, or that nobody knows of.

    Raises Conflict when a colleague was first, or the need says something else by now.
    """
    at = moment(at)
    side = _begin(session, actor, match, "capability", at=at)
    if verdict not in tuple(Verdict) or not words:
        raise Refused(Refusal.ANSWER_INCOMPLETE)
    found = next((one for one in must_haves_of(session, match) if one.text == text), None)
    if found is None or not found.may_be_answered:
        raise Conflict("match", match.id)
    suggestion = recommendation.add_by_member(session, match.need, match.capability, at=at)
    question = found.question or Question(suggestion_id=suggestion.id, must_have=text)
    question.verdict, question.words = verdict, words
    question.answered_by_id, question.answered_at = actor.user_id, at
    _store(session, match, question)
    _keep_open(session, match, at=at)
    audit.record(session, actor, "match.answer", "match", match.id, side=side, at=at)
    pair = f"{actor.organisation_id}>{match.need.organisation_id}"
    limits.count(session, actor, Act.QUESTION, pair, at=at)
    messages.tell_answered(session, match, at=at)
    return question


def may_begin(session: Session, match: Match) -> bool:
    """Return whether the two sides of the match may ask and answer now."""
    return (
        rules.may_talk(match.standing)
        and moving.obstacle(session, match.need, match.capability, agreed=True) is None
    )


def _begin(session: Session, actor: Actor, match: Match, side: str, *, at: datetime) -> str:
    if moving.side_of(actor, match.need, match.capability) != side:
        raise NotAllowed
    if not actor.organisation_verified:
        raise Refused(Refusal.OWN_ORGANISATION_UNVERIFIED)
    if is_overdue(match.status, match.expires_on, day_of(at)):
        raise Refused(Refusal.ANSWER_TOO_LATE)
    refusal = moving.obstacle(session, match.need, match.capability, agreed=True, lock=True)
    if refusal is not None:
        raise Refused(refusal)
    if not rules.may_talk(match.status):
        raise Conflict("match", match.id)
    return side


def _store(session: Session, match: Match, question: Question) -> None:
    """Write now; Conflict when a colleague asked or answered the same at this moment."""
    match_id = match.id
    try:
        with session.begin_nested():
            session.add(question)
            session.flush()
    except (IntegrityError, StaleDataError) as error:
        raise Conflict("match", match_id) from error


def _keep_open(session: Session, match: Match, *, at: datetime) -> None:
    """Give the side that has to answer the whole time again: the two wait for each other."""
    match_id = match.id
    if match.status in MatchStatus.OPEN:
        match.updated_at, match.expires_on = at, rules.answer_by(day_of(at))
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("match", match_id) from error
