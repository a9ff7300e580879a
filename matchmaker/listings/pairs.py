"""The two listings of a pair and the organisations behind them, for queries about pairs."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnExpressionArgument, Select
from sqlalchemy.orm import aliased

from matchmaker.listings.models import Listing
from matchmaker.organisations.models import Organisation

S = TypeVar("S", bound=Select[Any])

need, capability = aliased(Listing, name="need"), aliased(Listing, name="capability")
asking, offering = aliased(Organisation, name="asking"), aliased(Organisation, name="offering")


def join_listings(query: S, pairs: Any) -> S:
    """Join `need` and `capability`; `pairs` has the columns `need_id` and `capability_id`."""
    return query.join(need, need.id == pairs.need_id).join(
        capability, capability.id == pairs.capability_id
    )


def join_sides(query: S, pairs: Any) -> S:
    """Join the listings, and `asking` and `offering`, the organisations behind them."""
    return (
        join_listings(query, pairs)
        .join(asking, asking.id == need.organisation_id)
        .join(offering, offering.id == capability.organisation_id)
    )


def both_shown() -> tuple[ColumnExpressionArgument[bool], ...]:
    """Both listings are shown, and they are of two organisations: two may have become one."""
    return need.is_shown, capability.is_shown, need.organisation_id != capability.organisation_id


def both_verified() -> tuple[ColumnExpressionArgument[bool], ...]:
    """No verification has lapsed: until then suggestions pause."""
    return asking.is_verified, offering.is_verified
