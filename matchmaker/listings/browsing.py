"""The list that everybody browses: filters, search, how many there are under each facet value, one page of them.

Only published listings are in it, so what is counted is what the reader may see. A search looks at the terms of the
reader's tier alone: neither results nor counts tell of what the reader may not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Select,
    String,
    case,
    column,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from matchmaker.listings import concepts, search
from matchmaker.listings.models import Listing, ListingMode, ListingSector, ListingTask, ListingTerm
from matchmaker.listings.queries import for_lists, is_shown
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.plan.models import KeyTask

TRL_BANDS: Mapping[str, tuple[int, int]] = {"1-3": (1, 3), "4-6": (4, 6), "7-9": (7, 9)}
FACETS = ("kind", "task", "sector", "concept", "province", "mode", "goal", "language", "trl")
SORTS = ("relevance", "newest", "deadline")
PAGE_SIZE = 20
MOST_CONCEPTS = 12


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for. Several values of one facet widen it, several facets narrow the list."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    q: str = ""
    sort: str = "newest"

    def of(self, facet: str) -> tuple[str, ...]:
        return self.chosen.get(facet, ())

    @property
    def kind(self) -> str | None:
        """The kind, when the list is of one kind."""
        return self.of("kind")[0] if len(self.of("kind")) == 1 else None

    def without_facets(self) -> Filters:
        return replace(self, chosen={})


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list, how many there are in all, and facet → value → how many there would be with it."""

    items: Sequence[Listing]
    total: int
    number: int
    counts: Mapping[str, Mapping[str, int]]
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.count


def browse(session: Session, actor: Actor, filters: Filters, number: int) -> Found:
    """The list as the reader asked for it; a page past the end gives the last one."""
    hits = None
    tiers = tiers_of(actor)
    if filters.q:
        hits = _hits(session, filters.q, tiers)
        if hits is None:
            return Found((), 0, 1, {facet: {} for facet in FACETS})
    counts = _counts(session, filters, hits, tiers)
    total = counts.pop("total").get("", 0)
    number = min(max(number, 1), max(1, -(-total // PAGE_SIZE)))
    query = _page(filters, hits, tiers).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Found(session.scalars(query).unique().all() if total else (), total, number, counts)


def tiers_of(actor: Actor) -> tuple[str, ...]:
    """The tiers whose terms the actor may find other organisations' listings by."""
    return ("public", "members") if actor.is_member else ("public",)


def _hits(session: Session, q: str, tiers: tuple[str, ...]) -> CTE | None:
    """(listing_id, score) of what the query finds, or None when it can find nothing."""
    readings = search.read_query(q)
    asked = sorted({term for reading in readings for term in reading.terms})
    if not asked:
        return None
    shown = select(func.count()).select_from(Listing).where(is_shown()).scalar_subquery()
    # Their terms stay in the index until they are reinstated, and may not weigh in what is found meanwhile.
    of_suspended = select(Listing.id).join(Listing.organisation).where(Organisation.status == "suspended")
    rows = session.execute(
        select(ListingTerm.term, func.count(), shown)
        .where(ListingTerm.term.in_(asked), ListingTerm.tier.in_(tiers), ListingTerm.listing_id.not_in(of_suspended))
        .group_by(ListingTerm.term)
    ).all()
    terms = search.weigh(readings, {term: number for term, number, _ in rows}, rows[0][2] if rows else 0)
    return _scored(terms, tiers) if terms else None


def _scored(terms: Sequence[search.Weighted], tiers: tuple[str, ...]) -> CTE:
    ways = [f"cover{number}" for number in range(len(terms[0].covers))]
    asked = _asked(terms, ways)
    return (
        select(ListingTerm.listing_id, func.sum(ListingTerm.weight * asked.c.weight).label("score"))
        .select_from(asked.join(ListingTerm, ListingTerm.term == asked.c.term))
        .where(ListingTerm.tier.in_(tiers))
        .group_by(ListingTerm.listing_id)
        .having(or_(*(func.sum(asked.c[way]) >= search.COVER for way in ways)))
        .cte("hits")
    )


def _asked(terms: Sequence[search.Weighted], ways: Sequence[str]) -> CTE:
    """The query's terms as a table. Written as text: SQLAlchemy compiles VALUES anew for every search."""
    names = ("term", "weight", *ways)
    rows, given = [], {}
    for number, term in enumerate(terms):
        rows.append("SELECT " + ", ".join(f":asked_{name}_{number} AS {name}" for name in names))
        row = zip(names, (term.term, term.weight, *term.covers), strict=True)
        given.update({f"asked_{name}_{number}": value for name, value in row})
    columns = (column("term", String), *(column(name, Float) for name in names[1:]))
    return text(" UNION ALL ".join(rows)).bindparams(**given).columns(*columns).cte("asked")


def _counts(session: Session, filters: Filters, hits: CTE | None, tiers: Collection[str]) -> dict[str, dict[str, int]]:
    """Every facet's values counted in one query, each facet under the filters of the others; and the total."""
    base = _base(hits)
    conditions = _conditions(base.c, filters, tiers)
    parts = [select(literal("total"), literal(""), func.count()).select_from(base).where(*conditions.values())]
    for facet, counted in COUNTED.items():
        others = [condition for name, condition in conditions.items() if name != facet]
        value, query = counted(base, others)
        parts.append(query.with_only_columns(literal(facet), value, func.count()).group_by(value))
    others = [condition for name, condition in conditions.items() if name != "concept"]
    parts.append(_concepts_counted(base, others, tiers, filters.of("concept")))
    counts: dict[str, dict[str, int]] = {facet: {} for facet in ("total", *FACETS)}
    for facet, value, many in session.execute(union_all(*parts)):
        if value or facet == "total":
            counts[facet][concepts.code_of(value) if facet == "concept" else value] = many
    return counts


def _conditions(facts: Facts, filters: Filters, tiers: Collection[str]) -> dict[str, ColumnElement[bool]]:
    """Facet → what its chosen values ask of a listing; only concepts depend on what the reader may know."""
    conditions = {name: of(facts, filters.of(name)) for name, of in CONDITIONS.items() if filters.of(name)}
    if filters.of("concept"):
        naming = select(ListingTerm.listing_id).where(
            concepts.is_named(filters.of("concept")), ListingTerm.tier.in_(tiers)
        )
        conditions["concept"] = facts["id"].in_(naming)
    return conditions


def _concepts_counted(
    base: CTE, others: Sequence[ColumnElement[bool]], tiers: Collection[str], chosen: Collection[str]
) -> Select[Any]:
    """The most frequent concepts, and those that are chosen."""
    many = func.count().label("many")
    is_other = case((concepts.is_named(chosen), 0), else_=1)
    counted = (
        select(ListingTerm.term.label("term"), many)
        .where(concepts.is_named(), ListingTerm.tier.in_(tiers))
        .where(ListingTerm.listing_id.in_(select(base.c.id).where(*others)))
        .group_by(ListingTerm.term)
        .order_by(is_other, many.desc(), ListingTerm.term)
        .limit(MOST_CONCEPTS + len(chosen))
        .subquery()
    )
    return select(literal("concept"), counted.c.term, counted.c.many)


# What filters and facets look at.
Facts = Any  # "id", "kind" … → column
FACTS: Facts = {
    "id": Listing.id,
    "kind": Listing.kind,
    "goal": Listing.goal,
    "language": Listing.language,
    "trl": Listing.trl,
    "organisation_id": Listing.organisation_id,
}


def _base(hits: CTE | None) -> CTE:
    """The facts that facets count, of every listing that is shown and, in a search, found."""
    query = select(*FACTS.values()).where(is_shown())
    if hits is not None:
        query = query.join(hits, hits.c.listing_id == Listing.id)
    return query.cte("base")


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
        return model.code, select(model.code).where(model.listing_id.in_(select(base.c.id).where(*others)))

    return condition, counted


def _of_tasks(facts: Facts, chosen: Sequence[str]) -> ColumnElement[bool]:
    tasks = select(KeyTask.id).where(KeyTask.code.in_(chosen))
    return facts["id"].in_(  # type: ignore[no-any-return]
        select(ListingTask.listing_id).where(ListingTask.task_id.in_(tasks))
    )


def _tasks_counted(base: CTE, others: Sequence[ColumnElement[bool]]) -> tuple[Any, Select[Any]]:
    query = select(KeyTask.code).select_from(ListingTask).join(KeyTask, KeyTask.id == ListingTask.task_id)
    return KeyTask.code, query.where(ListingTask.listing_id.in_(select(base.c.id).where(*others)))


def _of_provinces(facts: Facts, chosen: Sequence[str]) -> ColumnElement[bool]:
    organisations = select(Organisation.id).where(Organisation.province.in_(chosen))
    return facts["organisation_id"].in_(organisations)  # type: ignore[no-any-return]


def _provinces_counted(base: CTE, others: Sequence[ColumnElement[bool]]) -> tuple[Any, Select[Any]]:
    joined = base.join(Organisation, Organisation.id == base.c.organisation_id)
    return Organisation.province, select(Organisation.province).select_from(joined).where(*others)


def _trl_band(trl: ColumnElement[Any]) -> ColumnElement[Any]:
    return case(*((trl.between(low, high), name) for name, (low, high) in TRL_BANDS.items()))


def _of_trl(facts: Facts, chosen: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(facts["trl"].between(*TRL_BANDS[band]) for band in chosen))


def _trl_counted(base: CTE, others: Sequence[ColumnElement[bool]]) -> tuple[Any, Select[Any]]:
    band = select(_trl_band(base.c.trl).label("band")).select_from(base).where(*others).subquery()
    return band.c.band, select(band.c.band)


_FACETS: Mapping[str, tuple[Condition, Counted]] = {
    "kind": _column("kind"),
    "task": (_of_tasks, _tasks_counted),
    "sector": _listed(ListingSector),
    "province": (_of_provinces, _provinces_counted),
    "mode": _listed(ListingMode),
    "goal": _column("goal"),
    "language": _column("language"),
    "trl": (_of_trl, _trl_counted),
}
CONDITIONS = {facet: condition for facet, (condition, _) in _FACETS.items()}
COUNTED = {facet: counted for facet, (_, counted) in _FACETS.items()}


def _page(filters: Filters, hits: CTE | None, tiers: Collection[str]) -> Select[tuple[Listing]]:
    query = select(Listing).join(Listing.organisation).where(is_shown())
    query = query.where(*_conditions(FACTS, filters, tiers).values())
    if hits is not None:
        query = query.join(hits, hits.c.listing_id == Listing.id)
    if filters.sort == "relevance" and hits is not None:
        query = query.order_by(hits.c.score.desc())
    elif filters.sort == "deadline":
        query = query.order_by(Listing.deadline.is_(None), Listing.deadline)
    return query.order_by(Listing.published_at.desc(), Listing.id.desc()).options(*for_lists())
