"""People's acts on suggestions, and listings as the engine reads them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker import codelists
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.engine import Listing as EngineListing
from matchmaker.engine import Pair as EnginePair
from matchmaker.errors import NotAllowed, Refusal, Refused
from matchmaker.limits import service as limits
from matchmaker.limits.states import Act
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import said_in_details
from matchmaker.permissions import Actor
from matchmaker.recommendation import queries
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from matchmaker.recommendation.states import Answer, Band, Origin, SuggestionStatus

VERBS = {Answer.KEPT: "suggestion.keep", Answer.DISMISSED: "suggestion.dismiss"}
NOT_COMPUTED = ""  # engine version of a pair that no engine has scored yet


def to_engine_listing(listing: Listing) -> EngineListing:
    """Return a loaded listing as the engine reads it: no annex, no contact.

    Sectors are no text: many listings share one, and its label would make them look alike. Nor are
    labels of a resource's fields; what an author wrote into them is.
    """
    said = (
        listing.description,
        listing.evidence,
        *said_in_details(listing.resource, listing.details),
        *(named.shows for named in listing.references),
    )
    return EngineListing(
        id=str(listing.id),
        kind=listing.kind,
        title=listing.title,
        summary=listing.summary,
        description="\n\n".join(text for text in said if text),
        language=listing.language,
        must_haves=tuple(line.text for line in listing.requirements if line.must),
        goal=listing.goal or None,
        modes=tuple(sorted(entry.code for entry in listing.modes)),
        province=listing.province,
        org_type=listing.organisation.type,
        trl=listing.trl,
        tasks=tuple(task.code for task in listing.tasks),
    )


def keep(
    session: Session, actor: Actor, suggestion: Suggestion, *, at: datetime | None = None
) -> None:
    """Keep a suggestion for later. Only the actor's own organisation sees that it did."""
    at = moment(at)
    _set_mark(session, actor, suggestion, Answer.KEPT, at=at)


def unkeep(
    session: Session, actor: Actor, suggestion: Suggestion, *, at: datetime | None = None
) -> None:
    at = moment(at)
    _remove_mark(session, actor, suggestion, Answer.KEPT, at=at)


def dismiss(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """Put a suggestion aside with a coded reason, for the actor's organisation alone."""
    at = moment(at)
    if reason not in codelists.codes("dismiss_reason"):
        raise Refused(Refusal.NO_DISMISS_REASON)
    _set_mark(session, actor, suggestion, Answer.DISMISSED, reason, at=at)


def restore(
    session: Session, actor: Actor, suggestion: Suggestion, *, at: datetime | None = None
) -> None:
    """Take back a dismissal."""
    at = moment(at)
    _remove_mark(session, actor, suggestion, Answer.DISMISSED, at=at)


def note_interest(
    session: Session, actor: Actor, need_id: int, capability_id: int, *, at: datetime | None = None
) -> None:
    """Remember at the pair's suggestion, if any, that the actor's organisation wants to meet."""
    at = moment(at)
    suggestion = queries.of_pair(session, need_id, capability_id)
    if suggestion is not None:
        _put_mark(session, actor, suggestion.id, Answer.INTERESTED, at=at)


def note_end(session: Session, need_id: int, capability_id: int) -> None:
    """Let who was interested keep or dismiss the suggestion again: the match has ended."""
    suggestion = queries.of_pair(session, need_id, capability_id)
    if suggestion is not None:
        session.execute(
            update(SuggestionMark)
            .where(
                SuggestionMark.suggestion_id == suggestion.id,
                SuggestionMark.mark == Answer.INTERESTED,
            )
            .values(mark=Answer.KEPT)
        )


def note_interested(
    session: Session, need_id: int, capability_id: int, organisation_ids: Collection[int]
) -> None:
    """Let the marks of a pair's match say who is interested now; the others' are kept ones."""
    note_end(session, need_id, capability_id)
    suggestion = queries.of_pair(session, need_id, capability_id)
    if suggestion is not None:
        session.execute(
            update(SuggestionMark)
            .where(
                SuggestionMark.suggestion_id == suggestion.id,
                SuggestionMark.organisation_id.in_(organisation_ids),
            )
            .values(mark=Answer.INTERESTED, reason="")
        )


def note_decline(
    session: Session,
    actor: Actor,
    need_id: int,
    capability_id: int,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """Set the pair's suggestion, if any, aside for who declined; not without a reason that says so.

    `reason`: of codelist dismiss_reason, or "" for one that says nothing of how the two fit.
    """
    suggestion = queries.of_pair(session, need_id, capability_id)
    if suggestion is not None and reason:
        _put_mark(session, actor, suggestion.id, Answer.DISMISSED, reason, at=moment(at))


def add_by_hand(
    session: Session,
    actor: Actor,
    need: Listing,
    capability: Listing,
    reason: str,
    *,
    at: datetime | None = None,
) -> Suggestion:
    """Suggest a pair that the engine did not name; its later score does not decide."""
    at = moment(at)
    if (need.kind, capability.kind) != ("need", "capability"):
        raise Refused(Refusal.NOT_A_PAIR)
    if need.organisation_id == capability.organisation_id:
        raise Refused(Refusal.PAIR_OF_ONE_ORGANISATION)
    if not (need.is_shown and capability.is_shown):
        raise Refused(Refusal.PAIR_UNPUBLISHED)
    found = queries.of_pair(session, need.id, capability.id)
    if found is not None and found.status == SuggestionStatus.HELD_BACK:
        raise Refused(Refusal.PAIR_HELD_BACK)
    if found is not None and found.is_current:
        raise Refused(Refusal.PAIR_SUGGESTED)
    if found is None:
        found = Suggestion(
            need=need, capability=capability, score=0.0, band=Band.WEAK, parts={}, reasons=[]
        )
        found.engine_version = found.weights_version = NOT_COMPUTED
        found.created_at = found.computed_at = at
        session.add(found)
    found.origin, found.is_current = Origin.CURATOR, True
    found.status, found.status_reason, found.status_note = SuggestionStatus.NEW, "", ""
    found.curator_note = reason
    session.flush()
    audit.record(
        session,
        actor,
        "suggestion.add",
        "suggestion",
        found.id,
        need=need.id,
        capability=capability.id,
        at=at,
    )
    limits.count(session, actor, Act.PROPOSAL, at=at)
    return found


@dataclass(frozen=True, slots=True)
class Scored:
    """A pair as the engine scores it, with the versions of what decides the score."""

    pair: EnginePair
    engine_version: str
    weights_version: str


def computed(pair: EnginePair) -> dict[str, Any]:
    """Return what the engine says of a pair, as columns of its suggestion."""
    return {
        "score": pair.score,
        "band": pair.band,
        "parts": dict(pair.parts),
        "reasons": [reason.to_dict() for reason in pair.reasons],
        "requirements": [requirement.to_dict() for requirement in pair.requirements],
        "lift": pair.lift.to_dict() if pair.lift else None,
    }


def add_by_member(
    session: Session,
    need: Listing,
    capability: Listing,
    scored: Scored | None = None,
    *,
    at: datetime | None = None,
) -> Suggestion:
    """Return the pair's suggestion, which stays from now on; a new one where there was none.

    Without `scored`, the worker scores a new one once both listings are published.
    """
    at = moment(at)
    found = queries.of_pair(session, need.id, capability.id)
    if found is None:
        found = _new_by_member(need, capability, scored, at=at)
        try:
            with session.begin_nested():
                session.add(found)
        except IntegrityError:  # the other side, or a run, was quicker
            found = queries.of_pair(session, need.id, capability.id)
            if found is None:
                raise
    if found.origin == Origin.ENGINE:
        found.origin = Origin.MEMBER
    session.flush()
    return found


def _new_by_member(
    need: Listing, capability: Listing, scored: Scored | None, *, at: datetime
) -> Suggestion:
    found = Suggestion(
        need=need, capability=capability, score=0.0, band=Band.WEAK, parts={}, reasons=[]
    )
    found.engine_version = found.weights_version = NOT_COMPUTED
    found.status, found.created_at, found.computed_at = SuggestionStatus.NEW, at, at
    found.origin, found.is_current = Origin.MEMBER, scored is not None
    if scored is not None:
        for name, value in computed(scored.pair).items():
            setattr(found, name, value)
        found.engine_version = scored.engine_version
        found.weights_version = scored.weights_version
    return found


def _set_mark(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    mark: Answer,
    reason: str = "",
    *,
    at: datetime,
) -> None:
    """Mark for the actor's organisation. An expressed interest has to be withdrawn first."""
    found = queries.mark_of(session, suggestion.id, actor.organisation_id)
    if found is not None and found.mark == Answer.INTERESTED:
        raise Refused(Refusal.INTEREST_STANDS)
    if found is not None and (found.mark, found.reason) == (mark, reason):
        return
    found = _put_mark(session, actor, suggestion.id, mark, reason, at=at)
    _record(session, actor, VERBS[mark], found, reason, at=at)


def _put_mark(
    session: Session,
    actor: Actor,
    suggestion_id: int,
    mark: Answer,
    reason: str = "",
    *,
    at: datetime,
) -> SuggestionMark:
    found = queries.mark_of(session, suggestion_id, actor.organisation_id)
    if actor.organisation_id is None or actor.user_id is None:
        raise NotAllowed
    if found is None:
        found = SuggestionMark(suggestion_id=suggestion_id, organisation_id=actor.organisation_id)
        session.add(found)
    found.mark, found.reason, found.user_id, found.at = mark, reason, actor.user_id, at
    session.flush()
    return found


def _remove_mark(
    session: Session, actor: Actor, suggestion: Suggestion, mark: Answer, *, at: datetime
) -> None:
    found = queries.mark_of(session, suggestion.id, actor.organisation_id)
    if found is None or found.mark != mark:
        return
    session.delete(found)
    session.flush()
    _record(session, actor, "suggestion.unmark", found, mark, at=at)


def _record(
    session: Session, actor: Actor, action: str, mark: SuggestionMark, code: str, *, at: datetime
) -> None:
    """Record about the mark: curators read what is recorded about the suggestion."""
    audit.record(
        session,
        actor,
        action,
        "suggestion_mark",
        mark.id,
        suggestion=mark.suggestion_id,
        code=code,
        at=at,
    )
