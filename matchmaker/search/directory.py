"""The directory of verified organisations: found by words, narrowed by filters, in an order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, select
from sqlalchemy.orm import Session

from matchmaker.listings.models import Listing
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.names import folded
from matchmaker.plan.rules import Sides

MOST_WORDS = 8
MOST_ZONES = 200


@dataclass(frozen=True, slots=True)
class DirectoryFilters:
    """Filters of the directory; "" leaves one open."""

    q: str = ""
    type: str = ""
    side: str = ""  # beneficiary or partner
    province: str = ""
    zone: str = ""
    sector: str = ""
    posts: str = ""  # need or capability
    order: str = "name"  # of codelist organisation_order

    @property
    def narrows(self) -> bool:
        own = (self.q, self.type, self.side, self.province, self.zone, self.sector, self.posts)
        return any(own)


def directory(
    filters: DirectoryFilters, sides: Sides, language: str
) -> Select[tuple[Organisation]]:
    """Select verified organisations, ordered by name, or as the filters ask.

    The order by replies is the caller's: how organisations answer is not known here.
    """
    query = select(Organisation).where(
        Organisation.is_verified, *_equal(filters), *_said(filters), *_on_side(filters, sides)
    )
    if filters.order == "newest":
        return query.order_by(Organisation.id.desc())
    if filters.order == "listings":
        return query.order_by(_listings_of().desc(), Organisation.id)
    first, second = Organisation.name_zh, Organisation.name_other
    if language != "zh":
        first, second = second, first
    return query.order_by(func.coalesce(func.nullif(first, ""), second), Organisation.id)


def _equal(filters: DirectoryFilters) -> list[ColumnElement[bool]]:
    columns = (
        (Organisation.type, filters.type),
        (Organisation.province, filters.province),
        (Organisation.zone, filters.zone),
    )
    return [column == value for column, value in columns if value]


def _said(filters: DirectoryFilters) -> list[ColumnElement[bool]]:
    words = folded(filters.q).split()[:MOST_WORDS]
    found = [Organisation.search_text.contains(word, autoescape=True) for word in words]
    if filters.sector:  # a code, so quoted it is found in no other
        found.append(cast(Organisation.sectors, String).contains(f'"{filters.sector}"'))
    if filters.posts:
        found.append(exists().where(_shown_of(), Listing.kind == filters.posts))
    return found


def _on_side(filters: DirectoryFilters, sides: Sides) -> list[ColumnElement[bool]]:
    if not filters.side:
        return []
    codes = sides["beneficiary"] if filters.side == "beneficiary" else sides["partner"]
    return [Organisation.province.in_(codes)]


def _shown_of() -> ColumnElement[bool]:
    return and_(Listing.organisation_id == Organisation.id, Listing.is_shown)


def _listings_of() -> ColumnElement[int]:
    return select(func.count(Listing.id)).where(_shown_of()).scalar_subquery()


def listings_of(session: Session, ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Organisation → kind of listing → how many are shown."""
    rows = session.execute(
        select(Listing.organisation_id, Listing.kind, func.count())
        .where(Listing.organisation_id.in_(ids), Listing.is_shown)
        .group_by(Listing.organisation_id, Listing.kind)
    ).tuples()
    found: dict[int, dict[str, int]] = {}
    for organisation_id, kind, number in rows:
        found.setdefault(organisation_id, {})[kind] = number
    return found


def zones(session: Session) -> Sequence[str]:
    """The parks and zones that verified organisations are in."""
    return session.scalars(
        select(Organisation.zone)
        .where(Organisation.is_verified, Organisation.zone != "")
        .group_by(Organisation.zone)
        .order_by(Organisation.zone)
        .limit(MOST_ZONES)
    ).all()
