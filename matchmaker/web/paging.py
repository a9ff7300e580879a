"""One page of a list, with how many there are in all.

A number past the end gives the last page, and search results, which no query orders, have pages
too: `db.paginate` does neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    total: int
    number: int
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        return pages(self.total, self.size)

    @property
    def has_next(self) -> bool:
        return self.number < self.count


def pages(total: int, size: int = PAGE_SIZE) -> int:
    """Return how many pages a list has: an empty one has one."""
    return max(1, -(-total // size))


def within(number: int, total: int, size: int = PAGE_SIZE) -> int:
    """Return the page asked for, or the nearest that there is."""
    return min(max(number, 1), pages(total, size))


def paginate(session: Session, query: Select[Any], number: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Run the query for one page."""
    counted = select(func.count()).select_from(query.order_by(None).options().subquery())
    total = session.scalar(counted) or 0
    number = within(number, total, size)
    items = session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(items, total, number, size)
