"""A curator's decisions: every function is one, audited in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from matchmaker.audit import service as audit
from matchmaker.cooperation import clocks, moving
from matchmaker.cooperation import queries as matches
from matchmaker.cooperation import service as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus, is_overdue, standing
from matchmaker.curation import queries, queues
from matchmaker.curation.models import Judgement
from matchmaker.curation.rules import MOVES, moves_from
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.listings import following as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import WITH_ORGANISATION
from matchmaker.organisations import identity
from matchmaker.organisations import service as organisations
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.rules import identity_of
from matchmaker.permissions import Actor, may
from matchmaker.recommendation import service as recommendation
from matchmaker.recommendation.models import Suggestion


@dataclass(frozen=True, slots=True)
class ProposedPair:
    """Two listings that may become a suggestion, as the permission table sees them."""

    organisation_ids: tuple[int, int]
    provinces: tuple[str, str]

    @classmethod
    def of(cls, need: Listing, capability: Listing) -> ProposedPair:
        return cls(
            (need.organisation_id, capability.organisation_id),
            (need.organisation.province, capability.organisation.province),
        )


@dataclass(slots=True)
class Outcome:
    """Results of a bulk decision: each suggestion is in one of the lists."""

    done: list[Suggestion] = field(default_factory=list)
    before: set[str] = field(default_factory=set)  # states that those were in
    taken: list[Suggestion] = field(default_factory=list)  # somebody decided first
    matched: list[Suggestion] = field(default_factory=list)  # a match by now
    unfit: list[Suggestion] = field(default_factory=list)  # its state does not allow the move
    absent: int = 0

    @property
    def complete(self) -> bool:
        return not (self.taken or self.matched or self.unfit or self.absent)


def verify_organisation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    evidence: str,
    checks: Sequence[str],
    verified_on: date,
    expires_on: date,
    four_eyes: bool,
    at: datetime | None = None,
) -> None:
    """Say who an organisation is; its listings follow a new identity."""
    at = moment(at)
    before = identity_of(organisation)
    identity.verify(
        session,
        actor,
        organisation,
        version,
        evidence=evidence,
        checks=checks,
        verified_on=verified_on,
        expires_on=expires_on,
        four_eyes=four_eyes,
        at=at,
    )
    if identity_of(organisation) != before:
        listings.follow_identity(session, actor, organisation, at=at)


def confirm_organisation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    """Agree, as a second officer, to who an organisation is; its listings follow."""
    at = moment(at)
    before = identity_of(organisation)
    identity.confirm(session, actor, organisation, version, at=at)
    if identity_of(organisation) != before:
        listings.follow_identity(session, actor, organisation, at=at)


def close_organisation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    version: int,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """Close an organisation, by its owner's wish or an administrator's decision.

    Its matches end and its listings close. What came of completed matches stands.
    """
    at = moment(at)
    identity.check_version(organisation, version)
    party = replace(actor, organisation_id=organisation.id)  # whose side the matches end on
    for match_id in queries.unfinished_matches(session, organisation.id):
        _leave_match(session, party, match_id, at=at)
    listings.follow_closing(session, actor, organisation, at=at)
    organisations.close(session, actor, organisation, version, reason, at=at)


def _leave_match(session: Session, party: Actor, match_id: int, *, at: datetime) -> None:
    match = matches.match(session, match_id)
    if match is None or is_overdue(match.status, match.expires_on, day_of(at)):
        return
    side = moving.side_of(party, match.need, match.capability)
    if match.status in MatchStatus.TOGETHER:
        cooperation.end(session, party, match, WITH_ORGANISATION, at=at)
    elif side in moving.interested(match):
        cooperation.cancel(session, party, match, WITH_ORGANISATION, at=at)
    else:
        cooperation.decline(session, party, match, WITH_ORGANISATION, at=at)


def shortlist(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    at = moment(at)
    _begin(session, suggestion, version, "shortlist")
    _move(session, actor, suggestion, "shortlist", at=at)


def hold_back(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    version: int,
    *,
    reason: str,
    words: str = "",
    at: datetime | None = None,
) -> None:
    """Hide the pair from both organisations, for a coded reason and, for curators, in words."""
    at = moment(at)
    _begin(session, suggestion, version, "hold_back")
    _move(session, actor, suggestion, "hold_back", reason=reason, words=words, at=at)


def release(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    """Take back a shortlisting or a holding back."""
    at = moment(at)
    _begin(session, suggestion, version, "release")
    _move(session, actor, suggestion, "release", at=at)


def propose(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    version: int,
    note: str,
    *,
    at: datetime | None = None,
) -> Match:
    """Ask both sides whether they want to meet, with the curator's note."""
    at = moment(at)
    _begin(session, suggestion, version, "propose")
    _move(session, actor, suggestion, "propose", at=at)
    return cooperation.propose(session, actor, suggestion.need, suggestion.capability, note, at=at)


def decide_many(
    session: Session,
    actor: Actor,
    move: str,
    chosen: Mapping[int, int],
    *,
    reason: str = "",
    words: str = "",
    at: datetime | None = None,
) -> Outcome:
    """Decide the same on several suggestions (id → version shown).

    One that somebody decided first stays as it is.
    """
    at = moment(at)
    found = queries.locked_of_page(session, actor, list(chosen))
    matched = queries.matched_pairs(session, list(found))
    outcome = Outcome(absent=len(chosen) - len(found))
    for suggestion in found.values():
        if suggestion.version != chosen[suggestion.id]:
            outcome.taken.append(suggestion)
        elif suggestion.id in matched:
            outcome.matched.append(suggestion)
        elif suggestion.status not in MOVES[move].before:
            outcome.unfit.append(suggestion)
        else:
            outcome.before.add(suggestion.status)
            _move(session, actor, suggestion, move, reason=reason, words=words, at=at)
            outcome.done.append(suggestion)
    return outcome


def add_pair(
    session: Session,
    actor: Actor,
    need: Listing,
    capability: Listing,
    reason: str,
    *,
    at: datetime | None = None,
) -> Suggestion:
    """Suggest a pair that the engine did not, for a reason in the curator's words."""
    at = moment(at)
    if not may(actor, "suggestion.curate", ProposedPair.of(need, capability)):
        raise Refused(Refusal.PAIR_OUT_OF_SCOPE)
    return recommendation.add_by_hand(session, actor, need, capability, reason, at=at)


def judge(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    version: int,
    *,
    grade: int,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """Say how well the pair fits.

    `version` is of the judgement that the curator saw, 0 when there was none.
    """
    at = moment(at)
    found = _judged(session, suggestion, version)
    if actor.user_id is None:
        raise NotAllowed
    if found is None:
        found = Judgement(need_id=suggestion.need_id, capability_id=suggestion.capability_id)
        session.add(found)
    found.grade, found.note, found.user_id, found.at = grade, note, actor.user_id, at
    session.flush()
    audit.record(
        session, actor, "suggestion.judge", "suggestion", suggestion.id, grade=grade, at=at
    )


def unjudge(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    version: int,
    *,
    at: datetime | None = None,
) -> None:
    """Take the judgement back."""
    at = moment(at)
    found = _judged(session, suggestion, version)
    if found is not None:
        session.delete(found)
        session.flush()
        audit.record(session, actor, "suggestion.unjudge", "suggestion", suggestion.id, at=at)


def _judged(session: Session, suggestion: Suggestion, version: int) -> Judgement | None:
    """Return the pair's judgement, once it is this curator's turn.

    Raises Conflict when it is not the one that was shown.
    """
    if queries.lock_suggestion(session, suggestion.id) is None:
        raise NotAllowed
    found = queries.judgement(session, suggestion.need_id, suggestion.capability_id)
    if (found.version if found else 0) != version:
        raise Conflict("suggestion", suggestion.id)
    return found


def nudge(session: Session, actor: Actor, match: Match, *, at: datetime | None = None) -> None:
    """Ask those who have not answered once more, at most once in seven days."""
    at = moment(at)
    if match.status not in MatchStatus.OPEN or match.expires_on < day_of(at):
        raise Conflict("match", match.id)
    # One statement decides who reminds. The version stays, so open answer forms remain valid.
    won = session.execute(
        update(Match)
        .where(
            Match.id == match.id, Match.status.in_(MatchStatus.OPEN), queues.not_nudged_since(at)
        )
        .values(nudged_at=at)
        .execution_options(synchronize_session=False)
    )
    if won.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("match", match.id)
    audit.record(session, actor, "match.nudge", "match", match.id, at=at)
    clocks.remind(session, match, at=at)


def follow_up(session: Session, actor: Actor, match: Match, *, at: datetime | None = None) -> None:
    """Note that a curator has looked after a match that nobody answered; Conflict if one has."""
    at = moment(at)
    unanswered = standing(match.status, match.expires_on, day_of(at)) == MatchStatus.EXPIRED
    won = session.execute(
        update(Match)
        .where(Match.id == match.id, Match.status == match.status, Match.followed_up_at.is_(None))
        .values(followed_up_at=at)
        .execution_options(synchronize_session=False)
    )
    if not unanswered or won.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("match", match.id)
    audit.record(session, actor, "match.follow_up", "match", match.id, at=at)


def _begin(session: Session, suggestion: Suggestion, version: int, move: str) -> None:
    """Take the suggestion's turn; refuse decisions on what has changed since."""
    found = queries.lock_suggestion(session, suggestion.id)
    if found is None:
        raise NotAllowed
    newest, status = found
    if newest != version:
        raise Conflict("suggestion", suggestion.id)
    matched = bool(queries.matched_pairs(session, [suggestion.id]))
    if matched:
        raise Refused(Refusal.PAIR_IS_MATCH)
    if move not in moves_from(status, matched=matched, both_open=suggestion.are_both_shown):
        raise Refused(Refusal.SUGGESTION_MOVE_CLOSED)


def _move(
    session: Session,
    actor: Actor,
    suggestion: Suggestion,
    move: str,
    *,
    reason: str = "",
    words: str = "",
    at: datetime,
) -> None:
    suggestion.status = MOVES[move].after
    suggestion.status_reason, suggestion.status_note = reason, words
    flag_modified(suggestion, "status")  # a proposal of a shortlisted pair raises the version too
    session.flush()
    detail = {"reason": reason} if reason else {}
    audit.record(session, actor, f"suggestion.{move}", "suggestion", suggestion.id, **detail, at=at)
