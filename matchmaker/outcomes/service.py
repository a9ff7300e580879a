"""Every move of a result, answers to follow-ups, and satisfaction; each is audited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker import codelists
from matchmaker.audit import service as audit
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.moving import side_of
from matchmaker.cooperation.rules import SIDES
from matchmaker.cooperation.service import advance
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of, moment
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.files import service as files
from matchmaker.files.models import StoredFile
from matchmaker.files.service import Received
from matchmaker.files.states import Purpose
from matchmaker.outcomes import messages, queries, rules
from matchmaker.outcomes.measures import all_measures
from matchmaker.outcomes.models import FollowUp, Outcome, OutcomeVersion, Satisfaction
from matchmaker.outcomes.rules import By, Values
from matchmaker.outcomes.states import OutcomeStatus, Progress
from matchmaker.permissions import SYSTEM, Actor


def report(
    session: Session,
    actor: Actor,
    match: Match,
    measure: str,
    values: Values,
    *,
    attached: Sequence[Received] = (),
    at: datetime | None = None,
) -> Outcome:
    """State a result for the actor's side. It counts once the other side and a curator agree.

    `attached`: files that show it.
    """
    at = moment(at)
    side = side_of(actor, match.need, match.capability)
    if not actor.organisation_verified:
        raise Refused(Refusal.OWN_ORGANISATION_UNVERIFIED)
    if not rules.may_report(match.status):
        raise Refused(Refusal.NOT_TOGETHER)
    others = queries.of_match(session, match.id)
    _check(measure, values, others, has_files=bool(attached), at=at)
    outcome = Outcome(
        match=match,
        measure=measure,
        side=side,
        status=OutcomeStatus.REPORTED,
        number=1,
        created_at=at,
        updated_at=at,
        versions=[_version(actor, 1, values, _keep(session, actor, attached, at=at), at=at)],
    )
    session.add(outcome)
    session.flush()
    audit.record(
        session, actor, "outcome.report", "outcome", outcome.id, match=match.id, side=side, at=at
    )
    messages.tell_other(session, outcome, "outcome.reported", side, at=at)
    return outcome


def correct(
    session: Session,
    actor: Actor,
    outcome: Outcome,
    values: Values,
    *,
    attached: Sequence[Received] = (),
    kept: Collection[int] = (),
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """State the result again. What stood before is kept, and counts until this is verified.

    `kept`: the files of the version before that show this one, too.
    """
    at = moment(at)
    side = _begin(actor, outcome, "correct", version)
    others = [one for one in queries.of_match(session, outcome.match_id) if one is not outcome]
    before = [one for one in outcome.current.files if one.id in kept]
    _check(outcome.measure, values, others, has_files=bool(attached or before), at=at)
    shown_by = before + _keep(session, actor, attached, at=at)
    outcome.number += 1
    outcome.versions.append(_version(actor, outcome.number, values, shown_by, at=at))
    _move(session, actor, outcome, "correct", side, at=at)
    messages.tell_other(session, outcome, "outcome.corrected", side, at=at)


def confirm(
    session: Session,
    actor: Actor,
    outcome: Outcome,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Say that what the other side reported is so. Curators are asked to verify it."""
    at = moment(at)
    side = _begin(actor, outcome, "confirm", version)
    _answer(actor, outcome, OutcomeStatus.CONFIRMED, "", at=at)
    _move(session, actor, outcome, "confirm", side, at=at)
    messages.tell_other(session, outcome, "outcome.confirmed", side, at=at)
    messages.tell_curators(session, outcome, at=at)


def dispute(
    session: Session,
    actor: Actor,
    outcome: Outcome,
    words: str,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Say what is wrong with what the other side reported."""
    at = moment(at)
    side = _begin(actor, outcome, "dispute", version)
    if not words:
        raise Refused(Refusal.NO_WORDS)
    _answer(actor, outcome, OutcomeStatus.DISPUTED, words, at=at)
    _move(session, actor, outcome, "dispute", side, at=at)
    messages.tell_other(session, outcome, "outcome.disputed", side, at=at)


def withdraw(
    session: Session,
    actor: Actor,
    outcome: Outcome,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Take back what was reported, as long as nothing of it counts."""
    at = moment(at)
    side = _begin(actor, outcome, "withdraw", version)
    _move(session, actor, outcome, "withdraw", side, at=at)


def verify(
    session: Session,
    actor: Actor,
    outcome: Outcome,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """A curator has seen the evidence: the result counts. Who may is the caller's check."""
    at = moment(at)
    _begin_as_curator(outcome, "verify", version)
    current, key = outcome.current, None
    if all_measures()[outcome.measure].needs_contract:
        key = rules.contract_key(current.contract_number)
        if queries.is_contract_counted(session, outcome.measure, key, outcome.id):
            raise Refused(Refusal.CONTRACT_COUNTED)
    _decide(actor, outcome, OutcomeStatus.VERIFIED, "", at=at)
    outcome.counted_number, outcome.counted_contract = current.number, key
    _move(session, actor, outcome, "verify", at=at)
    messages.tell_both(session, outcome, "outcome.verified", at=at)
    match = cooperation.match(session, outcome.match_id)
    if match is not None and match.status == MatchStatus.COMPLETED:
        advance(session, actor, match, "verify", at=at)


def verify_match(
    session: Session,
    actor: Actor,
    match: Match,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Verify a completed match whose results were verified before it was completed."""
    if all(one.counted_number is None for one in queries.of_match(session, match.id)):
        raise Refused(Refusal.NOTHING_VERIFIED)
    advance(session, actor, match, "verify", version=version, at=at)


def send_back(
    session: Session,
    actor: Actor,
    outcome: Outcome,
    words: str,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """A curator does not accept a result, or not any more, and says why."""
    at = moment(at)
    move = "revoke" if outcome.status == OutcomeStatus.VERIFIED else "send_back"
    _begin_as_curator(outcome, move, version)
    if not words:
        raise Refused(Refusal.NO_WORDS)
    _decide(actor, outcome, OutcomeStatus.SENT_BACK, words, at=at)
    _move(session, actor, outcome, move, at=at)
    messages.tell_both(session, outcome, "outcome.sent_back", at=at)


def ask(session: Session, match: Match, since: datetime, days: int, *, at: datetime) -> None:
    """Ask both sides of a match how it goes."""
    for side in SIDES:
        question = FollowUp(
            match_id=match.id,
            side=side,
            since=since,
            days=days,
            asked_at=at,
            expires_at=at + rules.ANSWER_WITHIN,
        )
        session.add(question)
        session.flush()
        messages.ask(session, question, match, at=at)
    audit.record(session, SYSTEM, "outcome.ask", "match", match.id, days=days, at=at)


def answer(
    session: Session,
    actor: Actor,
    follow_up: FollowUp,
    progress: str,
    reason: str = "",
    *,
    at: datetime | None = None,
) -> None:
    """Say for one side how the match goes. It may be said again until the question expires.

    That is only reported: it moves neither the match nor a result.
    """
    at = moment(at)
    if side_of(actor, follow_up.match.need, follow_up.match.capability) != follow_up.side:
        raise NotAllowed
    if at >= follow_up.expires_at:
        raise Refused(Refusal.FOLLOW_UP_EXPIRED)
    if progress not in tuple(Progress):
        raise Refused(Refusal.NO_PROGRESS_CHOSEN)
    if reason and (progress != Progress.ENDED or reason not in codelists.offered("end_reason")):
        raise Refused(Refusal.NO_END_REASON)
    follow_up.progress, follow_up.reason = progress, reason
    follow_up.answered_by_id, follow_up.answered_at = actor.user_id, at
    session.flush()
    audit.record(
        session,
        actor,
        "outcome.answer",
        "match",
        follow_up.match_id,
        side=follow_up.side,
        days=follow_up.days,
        progress=progress,
        at=at,
    )


def rate(
    session: Session,
    actor: Actor,
    match: Match,
    *,
    again: int,
    useful: int,
    words: str = "",
    at: datetime | None = None,
) -> None:
    """Say what the actor's side thinks of the cooperation; it may be said again."""
    at = moment(at)
    side = side_of(actor, match.need, match.capability)
    if not rules.may_rate(match.status):
        raise Refused(Refusal.NOT_TOGETHER)
    if again not in rules.MARKS or useful not in rules.MARKS:
        raise Refused(Refusal.NO_MARK)
    found = queries.satisfaction(session, match.id, side)
    if found is None:
        found = Satisfaction(match_id=match.id, side=side)
        session.add(found)
    found.again, found.useful, found.words = again, useful, words
    found.user_id, found.at = actor.user_id or 0, at
    session.flush()
    audit.record(session, actor, "outcome.rate", "satisfaction", found.id, at=at)


def _check(
    measure: str, values: Values, others: Sequence[Outcome], *, has_files: bool, at: datetime
) -> None:
    """Raise Refused for the first thing that is wrong with what is stated."""
    known = all_measures().get(measure)
    if known is None:
        raise Refused(Refusal.NO_MEASURE)
    for refusal in rules.faults(known, values, day_of(at), has_files=has_files).values():
        raise Refused(refusal)
    standing = (one for one in others if one.status != OutcomeStatus.WITHDRAWN)
    if any(
        one.measure == measure and rules.is_repeated(known, values, one.current) for one in standing
    ):
        raise Refused(Refusal.REPORTED_ALREADY)


def _keep(
    session: Session, actor: Actor, attached: Sequence[Received], *, at: datetime
) -> list[StoredFile]:
    own = actor.organisation_id or 0
    return files.keep(session, actor, own, attached, purpose=Purpose.RESULT, at=at)


def _version(
    actor: Actor, number: int, values: Values, shown_by: list[StoredFile], *, at: datetime
) -> OutcomeVersion:
    return OutcomeVersion(
        number=number, user_id=actor.user_id, at=at, files=shown_by, **asdict(values)
    )


def by_of(outcome: Outcome, side: str) -> By:
    return By.AUTHOR if side == outcome.side else By.OTHER


def _begin(actor: Actor, outcome: Outcome, move: str, version: int | None) -> str:
    """Check that a move is open to the actor's side, and return the side. Raises Conflict."""
    side = side_of(actor, outcome.match.need, outcome.match.capability)
    _check_open(outcome, move, by_of(outcome, side), version)
    return side


def _begin_as_curator(outcome: Outcome, move: str, version: int | None) -> None:
    _check_open(outcome, move, By.CURATOR, version)


def _check_open(outcome: Outcome, move: str, by: By, version: int | None) -> None:
    counted = outcome.counted_number is not None
    stale = version is not None and version != outcome.version
    if stale or not rules.may(move, outcome.status, by, counted=counted):
        raise Conflict("outcome", outcome.id)


def _answer(actor: Actor, outcome: Outcome, answer: str, words: str, *, at: datetime) -> None:
    current = outcome.current
    current.answer, current.answer_words = answer, words
    current.answered_by_id, current.answered_at = actor.user_id, at


def _decide(actor: Actor, outcome: Outcome, decision: str, words: str, *, at: datetime) -> None:
    current = outcome.current
    current.decision, current.decision_words = decision, words
    current.decided_by_id, current.decided_at = actor.user_id, at


def _move(
    session: Session, actor: Actor, outcome: Outcome, move: str, side: str = "", *, at: datetime
) -> None:
    """Write the new state, and its record. Raises Conflict when somebody was first."""
    rule, outcome_id = rules.MOVES[move], outcome.id
    outcome.status, outcome.updated_at = rule.after, at
    if not rule.keeps_counted:
        outcome.counted_number = outcome.counted_contract = None
    try:
        session.flush()
    except (StaleDataError, IntegrityError) as error:
        # Somebody moved this result, or another took the same contract, at this moment.
        raise Conflict("outcome", outcome_id) from error
    audit.record(
        session,
        actor,
        f"outcome.{move}",
        "outcome",
        outcome_id,
        number=outcome.number,
        side=side,
        at=at,
    )
