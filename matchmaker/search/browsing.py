"""The list that everybody browses: filters, search, counts under each facet, one page.

Only published listings are in it, so counts show what the reader may see. A search looks at the
rows of the reader's tier alone. The index says what matches and how well; the database, which of it
is shown and passes the filters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.db import chunks, today
from matchmaker.engine import search
from matchmaker.listings.models import (
    Listing,
    ListingConcept,
    ListingMode,
    ListingSector,
    ListingTask,
)
from matchmaker.listings.queries import for_lists, whole
from matchmaker.listings.rules import TRL_BANDS
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.plan.models import KeyTask
from matchmaker.search import phrases
from matchmaker.search.live import Searching
from matchmaker.web.paging import PAGE_SIZE, Page, within

if TYPE_CHECKING:
    from matchmaker.engine.search import Hits

FACETS = (
    "kind", "resource", "task", "sector", "concept", "province", "mode", "goal", "language", "trl"
)  # fmt: skip
SORTS = ("relevance", "newest", "deadline")
MOST_CONCEPTS = 12
MOST_NEW = 100  # finds that one notice counts


@dataclass(frozen=True, slots=True)
class Filters:
    """The reader's wishes: values of one facet widen the list, several facets narrow it."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    q: str = ""
    sort: str = "newest"

    def of(self, facet: str) -> tuple[str, ...]:
        return self.chosen.get(facet, ())

    @property
    def kind(self) -> str | None:
        """The kind, when the list is of one kind."""
        return self.of("kind")[0] if len(self.of("kind")) == 1 else None


@dataclass(frozen=True, slots=True)
class ListingPage(Page[Listing]):
    """One page of the list, with facet → value → how many there would be with it.

    `hits`: what a search found and did; `loosened`: phrases in quotation marks that nothing has.
    `closest`: among how many of the best hits the listings were looked for, when there are more.
    `counted` is the same for the counts, which reach beyond the filters.
    """

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    hits: Hits | None = None
    loosened: tuple[str, ...] = ()
    closest: int | None = None
    counted: int | None = None


def browse(
    session: Session, actor: Actor, filters: Filters, number: int, searching: Searching
) -> ListingPage:
    """The list as the reader asked for it; a page past the end gives the last one."""
    tiers = tiers_of(actor)
    hits: Hits | None = None
    loosened: tuple[str, ...] = ()
    if filters.q:
        hits, loosened = phrases.find(session, searching, filters.q, tiers, filters.chosen)
        if not hits.scores:
            nothing: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
            return ListingPage((), 0, 1, counts=nothing, hits=hits, loosened=loosened)
        counts = _counts(session, filters, hits, tiers)
    else:
        what = tuple(filters.chosen.items()), tiers, today()  # deadlines pass by the date
        counts = searching.counted(session, what, lambda: _counts(session, filters, None, tiers))
    total = counts["total"].get("", 0)
    number = within(number, total)
    items = _page(session, filters, hits, tiers, (number - 1) * PAGE_SIZE) if total else ()
    closest = hits.most if hits is not None and hits.is_cut else None
    counted = hits.most if hits is not None and hits.is_cut_elsewhere else None
    return ListingPage(
        items,
        total,
        number,
        counts=counts,
        hits=hits,
        loosened=loosened,
        closest=closest,
        counted=counted,
    )


def first_found(
    session: Session, actor: Actor, filters: Filters, searching: Searching, most: int
) -> Sequence[Listing]:
    """Return the first listings of the list, with all that they say."""
    tiers = tiers_of(actor)
    hits = None
    if filters.q:
        hits, _ = phrases.find(session, searching, filters.q, tiers, filters.chosen)
        if not hits.scores:
            return ()
    return _page(session, filters, hits, tiers, 0, size=most, loads=whole())


def published_since(
    session: Session, actor: Actor, filters: Filters, since: datetime, searching: Searching
) -> Sequence[Listing]:
    """Return what was first published since then and fits, the newest first, as the actor may.

    Not of the actor's own organisation.
    """
    tiers = tiers_of(actor)
    hits = None
    if filters.q:
        hits, _ = phrases.find(session, searching, filters.q, tiers, filters.chosen)
        if not hits.scores:
            return ()
    conditions = _conditions(FACTS, filters, tiers).values()
    passing = [Listing.is_shown, Listing.published_at > since, *_found(hits), *conditions]
    if actor.organisation_id is not None:
        passing.append(Listing.organisation_id != actor.organisation_id)
    query = select(Listing).join(Listing.organisation).options(*for_lists()).where(*passing)
    return session.scalars(
        query.order_by(Listing.published_at.desc(), Listing.id.desc()).limit(MOST_NEW)
    ).all()


def tiers_of(actor: Actor) -> tuple[str, ...]:
    """The tiers that the actor may find other organisations' listings by, the widest last."""
    return search.TIERS if actor.is_member else search.TIERS[:1]


def _counts(
    session: Session, filters: Filters, hits: Hits | None, tiers: Collection[str]
) -> dict[str, dict[str, int]]:
    """Count the total and every facet's values in one query, each under the others' filters."""
    base = _base(hits)
    conditions = _conditions(base.c, filters, tiers)
    parts = [
        select(literal("total"), literal(""), func.count())
        .select_from(base)
        .where(*conditions.values())
    ]
    for facet, counted in COUNTED.items():
        others = [condition for name, condition in conditions.items() if name != facet]
        value, query = counted(base, others)
        parts.append(query.with_only_columns(literal(facet), value, func.count()).group_by(value))
    others = [condition for name, condition in conditions.items() if name != "concept"]
    parts.append(_concepts_counted(base, others, tiers, filters.of("concept")))
    counts: dict[str, dict[str, int]] = {facet: {} for facet in ("total", *FACETS)}
    for facet, value, many in session.execute(union_all(*parts)):
        if value or facet == "total":
            counts[facet][value] = many
    return counts


def _conditions(
    facts: Facts, filters: Filters, tiers: Collection[str]
) -> dict[str, ColumnElement[bool]]:
    """Return facet → condition of its chosen values; concepts depend on the reader's tiers."""
    conditions = {
        name: of(facts, filters.of(name)) for name, of in CONDITIONS.items() if filters.of(name)
    }
    if filters.of("concept"):
        naming = select(ListingConcept.listing_id).where(
            ListingConcept.code.in_(filters.of("concept")), ListingConcept.tier.in_(tiers)
        )
        conditions["concept"] = facts["id"].in_(naming)
    return conditions


def _concepts_counted(
    base: CTE,
    others: Sequence[ColumnElement[bool]],
    tiers: Collection[str],
    chosen: Collection[str],
) -> Select[Any]:
    """The most frequent concepts, and those that are chosen."""
    many = func.count().label("many")
    is_other = case((ListingConcept.code.in_(chosen), 0), else_=1)
    counted = (
        select(ListingConcept.code.label("code"), many)
        .where(ListingConcept.tier.in_(tiers))
        .where(ListingConcept.listing_id.in_(select(base.c.id).where(*others)))
        .group_by(ListingConcept.code)
        .order_by(is_other, many.desc(), ListingConcept.code)
        .limit(MOST_CONCEPTS + len(chosen))
        .subquery()
    )
    return select(literal("concept"), counted.c.code, counted.c.many)


# What filters and facets look at.
Facts = Any  # "id", "kind" … → column
FACTS: Facts = {
    "id": Listing.id,
    "kind": Listing.kind,
    "resource": Listing.resource,
    "goal": Listing.goal,
    "language": Listing.language,
    "trl": Listing.trl,
    "province": Organisation.province,
}


def _base(hits: Hits | None) -> CTE:
    """The facts that facets count, of every listing that is shown and, in a search, found."""
    return (
        select(*FACTS.values())
        .join(Listing.organisation)
        .where(Listing.is_shown, *_found(hits))
        .cte("base")
    )


def _found(hits: Hits | None) -> list[ColumnElement[bool]]:
    """Keep the listings found; the statement holds them, for databases limit parameters."""
    if hits is None:
        return []
    return [
        Listing.id.in_(bindparam("found", list(hits.scores), expanding=True, literal_execute=True))
    ]


Condition = Callable[[Facts, Sequence[str]], ColumnElement[bool]]
Counted = Callable[[CTE, Sequence[ColumnElement[bool]]], tuple[Any, Select[Any]]]


def _column(name: str) -> tuple[Condition, Counted]:
    def condition(facts: Facts, chosen: Sequence[str]) -> ColumnElement[bool]:
        return facts[name].in_(chosen)  # type: ignore[no-any-return]

    def counted(base: CTE, others: Sequence[ColumnElement[bool]]) -> tuple[Any, Select[Any]]:
        return base.c[name], select(base.c[name]).where(*others)

    return condition, counted


def _listed(model: type[ListingMode | ListingSector]) -> tuple[Condition, Counted]:
    def condition(facts: Facts, chosen: Sequence[str]) -> ColumnElement[bool]:
        return facts["id"].in_(select(model.listing_id).where(model.code.in_(chosen)))  # type: ignore[no-any-return]

    def counted(base: CTE, others: Sequence[ColumnElement[bool]]) -> tuple[Any, Select[Any]]:
        return model.code, select(model.code).where(
            model.listing_id.in_(select(base.c.id).where(*others))
        )

    return condition, counted


def _of_tasks(facts: Facts, chosen: Sequence[str]) -> ColumnElement[bool]:
    tasks = select(KeyTask.id).where(KeyTask.code.in_(chosen))
    return facts["id"].in_(  # type: ignore[no-any-return]
        select(ListingTask.listing_id).where(ListingTask.task_id.in_(tasks))
    )


def _tasks_counted(base: CTE, others: Sequence[ColumnElement[bool]]) -> tuple[Any, Select[Any]]:
    query = (
        select(KeyTask.code)
        .select_from(ListingTask)
        .join(KeyTask, KeyTask.id == ListingTask.task_id)
    )
    return KeyTask.code, query.where(ListingTask.listing_id.in_(select(base.c.id).where(*others)))


def _trl_band(trl: ColumnElement[Any]) -> ColumnElement[Any]:
    return case(*((trl.between(low, high), name) for name, (low, high) in TRL_BANDS.items()))


def _of_trl(facts: Facts, chosen: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(facts["trl"].between(*TRL_BANDS[band]) for band in chosen))


def _trl_counted(base: CTE, others: Sequence[ColumnElement[bool]]) -> tuple[Any, Select[Any]]:
    band = select(_trl_band(base.c.trl).label("band")).select_from(base).where(*others).subquery()
    return band.c.band, select(band.c.band)


_FACETS: Mapping[str, tuple[Condition, Counted]] = {
    "kind": _column("kind"),
    "resource": _column("resource"),
    "task": (_of_tasks, _tasks_counted),
    "sector": _listed(ListingSector),
    "province": _column("province"),
    "mode": _listed(ListingMode),
    "goal": _column("goal"),
    "language": _column("language"),
    "trl": (_of_trl, _trl_counted),
}
CONDITIONS = {facet: condition for facet, (condition, _) in _FACETS.items()}
COUNTED = {facet: counted for facet, (_, counted) in _FACETS.items()}


def _page(
    session: Session,
    filters: Filters,
    hits: Hits | None,
    tiers: Collection[str],
    start: int,
    *,
    size: int = PAGE_SIZE,
    loads: Sequence[ORMOption] = (),
) -> Sequence[Listing]:
    passing = [Listing.is_shown, *_found(hits), *_conditions(FACTS, filters, tiers).values()]
    newest = (Listing.published_at.desc(), Listing.id.desc())
    query = select(Listing).join(Listing.organisation).options(*(loads or for_lists()))
    if filters.sort == "relevance" and hits is not None:
        ids = session.scalars(
            select(Listing.id).join(Listing.organisation).where(*passing).order_by(*newest)
        ).all()
        ids = sorted(ids, key=lambda listing_id: -hits.scores[listing_id])[start : start + size]
        listings = {
            listing.id: listing
            for part in chunks(ids)
            for listing in session.scalars(query.where(Listing.id.in_(part))).unique()
        }
        return [listings[listing_id] for listing_id in ids if listing_id in listings]
    if filters.sort == "deadline":
        query = query.order_by(Listing.deadline.is_(None), Listing.deadline)
    return (
        session.scalars(query.where(*passing).order_by(*newest).limit(size).offset(start))
        .unique()
        .all()
    )
