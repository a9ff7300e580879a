"""What a curator decides about, and how lists of it are narrowed."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from matchmaker.cooperation.models import Match
from matchmaker.listings import queries as listings
from matchmaker.listings.models import ListingTask
from matchmaker.listings.pairs import asking, capability, join_sides, need, offering
from matchmaker.permissions import Actor
from matchmaker.plan.models import KeyTask
from matchmaker.recommendation.models import Suggestion


class Corridor(Protocol):
    """Filters by the provinces of a pair's two sides; "" leaves one open."""

    @property
    def west(self) -> str: ...

    @property
    def east(self) -> str: ...


def touches(actor: Actor, *provinces: Any) -> ColumnElement[bool]:
    """Mirrors `permissions.curator_of_either_side` over province columns."""
    if "national_curator" in actor.roles:
        return true()
    if "provincial_curator" not in actor.roles or not actor.provinces:
        return false()
    return or_(*(province.in_(actor.provinces) for province in provinces))


def visible_suggestions(actor: Actor) -> Select[tuple[Suggestion]]:
    """Those the actor may curate: "suggestion.curate" of the permission table."""
    return _with_sides(Suggestion).where(
        touches(actor, asking.province, offering.province), *of_others(actor)
    )


def visible_matches(actor: Actor) -> Select[tuple[Match]]:
    """Those the actor may follow as a curator: "match.nudge" of the permission table."""
    return _with_sides(Match).where(
        touches(actor, asking.province, offering.province), *of_others(actor)
    )


def _with_sides(model: Any) -> Select[Any]:
    return join_sides(select(model), model).options(
        *_for_lists(model.need, need, asking),
        *_for_lists(model.capability, capability, offering),
    )


def _for_lists(side: Any, listing: Any, organisation: Any) -> tuple[Any, ...]:
    """Of each side, what a list shows; the texts are not read."""
    columns = [getattr(listing, column.key) for column in listings.PUBLIC_COLUMNS]
    owners = [getattr(organisation, column.key) for column in listings.OWNER_COLUMNS]
    loaded = contains_eager(side.of_type(listing))
    return (
        loaded.load_only(*columns, raiseload=True),
        loaded.contains_eager(listing.organisation.of_type(organisation)).load_only(
            *owners, raiseload=True
        ),
        loaded.selectinload(listing.tasks).load_only(KeyTask.code, KeyTask.title),
    )


def of_others(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Nobody decides about their own organisation."""
    own = actor.organisation_id
    return () if own is None else (asking.id != own, offering.id != own)


def corridor(filters: Corridor) -> list[ColumnElement[bool]]:
    wanted = ((asking.province, filters.west), (offering.province, filters.east))
    return [column == province for column, province in wanted if province]


def under_task(
    listing_id: InstrumentedAttribute[int], task_id: int | None
) -> list[ColumnElement[bool]]:
    if task_id is None:
        return []
    return [exists().where(ListingTask.listing_id == listing_id, ListingTask.task_id == task_id)]
