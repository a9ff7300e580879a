"""Results as the two sides, and curators, see them; what is asked later on; satisfaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.cooperation.models import Interest, Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import asking, capability, join_sides, need, offering
from matchmaker.outcomes.models import FollowUp, Outcome, OutcomeVersion, ResultFile, Satisfaction
from matchmaker.outcomes.rules import FOLLOW_UP_DAYS
from matchmaker.outcomes.states import OutcomeStatus
from matchmaker.permissions import Actor


def outcome(session: Session, outcome_id: int) -> Outcome | None:
    """One result with its versions, and its match with both sides."""
    return session.scalar(
        select(Outcome)
        .where(Outcome.id == outcome_id)
        .options(_versions(), *_with_sides(joinedload(Outcome.match)))
    )


def _versions() -> ORMOption:
    return selectinload(Outcome.versions).selectinload(OutcomeVersion.files)


def _with_sides(match: ORMOption) -> Iterable[ORMOption]:
    for side in (Match.need, Match.capability):
        yield match.joinedload(side).joinedload(Listing.organisation)  # type: ignore[attr-defined]


def outcomes_of_files(session: Session, file_ids: Collection[int]) -> Mapping[int, Outcome]:
    """File → the result that it shows, in one version or in several."""
    found = session.execute(
        select(ResultFile.file_id, Outcome)
        .join(OutcomeVersion, OutcomeVersion.id == ResultFile.version_id)
        .join(Outcome, Outcome.id == OutcomeVersion.outcome_id)
        .where(ResultFile.file_id.in_(file_ids))
        .options(*_with_sides(joinedload(Outcome.match)))
    )
    return dict(found.tuples().all())


def of_match(session: Session, match_id: int) -> Sequence[Outcome]:
    """The results of a match in the order in which they were reported first."""
    return session.scalars(
        select(Outcome)
        .where(Outcome.match_id == match_id)
        .options(_versions())
        .order_by(Outcome.id)
    ).all()


def select_with_sides() -> Select[tuple[Outcome]]:
    """Select results, each with its versions and its match's two sides."""
    loaded = contains_eager(Outcome.match)
    return (
        join_sides(select(Outcome).join(Match, Match.id == Outcome.match_id), Match)
        .options(selectinload(Outcome.versions))
        .options(
            loaded.contains_eager(Match.need.of_type(need)).contains_eager(
                need.organisation.of_type(asking)
            ),
            loaded.contains_eager(Match.capability.of_type(capability)).contains_eager(
                capability.organisation.of_type(offering)
            ),
        )
    )


def waiting_for(actor: Actor) -> Select[tuple[Outcome]]:
    """Select what the actor's organisation has to answer or to correct, the oldest first."""
    own_side = case((asking.id == actor.organisation_id, "need"), else_="capability")
    is_party = or_(asking.id == actor.organisation_id, offering.id == actor.organisation_id)
    to_answer = and_(Outcome.status == OutcomeStatus.REPORTED, Outcome.side != own_side)
    to_correct = and_(Outcome.status.in_(OutcomeStatus.WITH_AUTHOR), Outcome.side == own_side)
    return (
        select_with_sides()
        .where(is_party, or_(to_answer, to_correct))
        .order_by(Outcome.updated_at, Outcome.id)
    )


def is_contract_counted(session: Session, measure: str, key: str, besides: int) -> bool:
    """Return whether another result counts for this measure of the contract."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Outcome.measure == measure,
                    Outcome.counted_contract == key,
                    Outcome.id != besides,
                )
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Together:
    """A match that goes on, since when both sides want it, and after how many days it was asked."""

    match_id: int
    since: datetime
    asked: int | None


def underway(session: Session, at: datetime) -> Sequence[Together]:
    """Matches old enough to be asked about that have not been asked for the last time."""
    since = (
        select(Interest.match_id, func.max(Interest.at).label("since"))
        .group_by(Interest.match_id)
        .having(func.count() == 2)
        .subquery()
    )
    asked = func.max(FollowUp.days)
    query = (
        select(Match.id, since.c.since, asked)
        .join(since, since.c.match_id == Match.id)
        .outerjoin(FollowUp, and_(FollowUp.match_id == Match.id, FollowUp.since == since.c.since))
        .where(
            Match.status.in_(MatchStatus.UNDER_WAY),
            since.c.since <= at - timedelta(days=min(FOLLOW_UP_DAYS)),
        )
        .group_by(Match.id, since.c.since)
        .having(func.coalesce(asked, 0) < max(FOLLOW_UP_DAYS))
        .order_by(Match.id)
    )
    return [Together(*row) for row in session.execute(query)]


def was_asked(session: Session, match_id: int, since: datetime, days: int) -> bool:
    """Return whether both sides were asked after `days` days, or later."""
    asked = exists().where(
        FollowUp.match_id == match_id, FollowUp.since == since, FollowUp.days >= days
    )
    return bool(session.scalar(select(asked)))


def follow_up(session: Session, follow_up_id: int, *, lock: bool = False) -> FollowUp | None:
    """One question with its match and both sides; `lock` holds it until the commit."""
    query = (
        select(FollowUp)
        .where(FollowUp.id == follow_up_id)
        .options(*_with_sides(joinedload(FollowUp.match)))
    )
    if lock:
        query = query.with_for_update(of=FollowUp).execution_options(populate_existing=True)
    return session.scalar(query)


def follow_ups_of(session: Session, match_id: int) -> Sequence[FollowUp]:
    """What both sides were asked about a match, the newest question first."""
    return session.scalars(
        select(FollowUp)
        .where(FollowUp.match_id == match_id)
        .order_by(FollowUp.asked_at.desc(), FollowUp.side.desc())
    ).all()


def satisfaction(session: Session, match_id: int, side: str) -> Satisfaction | None:
    return session.scalar(
        select(Satisfaction).where(Satisfaction.match_id == match_id, Satisfaction.side == side)
    )
