"""The judged pairs that measures are made of, and their last result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from matchmaker.curation.models import Judgement
from matchmaker.curation.scope import of_others
from matchmaker.engine import Listing as EngineListing
from matchmaker.listings.pairs import asking, both_shown, capability, join_sides, need, offering
from matchmaker.permissions import Actor
from matchmaker.quality.models import MatchQuality
from matchmaker.quality.rules import JudgedPair, provinces_of
from matchmaker.recommendation.run import read


def judged_pairs(session: Session, scope: str) -> list[JudgedPair]:
    """The judged pairs with an end in the scope's provinces, while both listings are published."""
    return _read(session, _judged(scope))


def downloadable(session: Session, actor: Actor, scope: str) -> list[JudgedPair]:
    """Return the same without the pairs of the actor's own organisation."""
    return _read(session, _judged(scope).where(*of_others(actor)))


def _judged(scope: str) -> Select[tuple[int, int, int, int, int]]:
    judged = select(
        Judgement.need_id,
        Judgement.capability_id,
        Judgement.grade,
        need.version,
        capability.version,
    ).select_from(Judgement)
    return (
        join_sides(judged, Judgement)
        .where(*both_shown(), *_in_scope(scope))
        .order_by(Judgement.need_id, Judgement.capability_id)
    )


def _in_scope(scope: str) -> tuple[ColumnElement[bool], ...]:
    provinces = provinces_of(scope)
    if provinces is None:
        return ()
    return (or_(asking.province.in_(provinces), offering.province.in_(provinces)),)


def _read(session: Session, query: Select[tuple[int, int, int, int, int]]) -> list[JudgedPair]:
    return [JudgedPair(*row) for row in session.execute(query).tuples()]


def texts(session: Session, pairs: Sequence[JudgedPair]) -> Mapping[int, EngineListing]:
    """Return both sides' listings as the engine reads them: no annex, no contact."""
    return read.texts(
        session, {end for pair in pairs for end in (pair.need_id, pair.capability_id)}
    )


def quality(session: Session, scope: str) -> MatchQuality | None:
    return session.scalar(
        select(MatchQuality)
        .where(MatchQuality.scope == scope)
        .execution_options(populate_existing=True)
    )


def requested(session: Session) -> list[str]:
    """The scopes that wait for a result, the longest wait first."""
    query = select(MatchQuality.scope).where(MatchQuality.requested_at.is_not(None))
    return list(session.scalars(query.order_by(MatchQuality.requested_at, MatchQuality.id)))
