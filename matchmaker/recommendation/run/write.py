"""Write what the engine found, in the caller's transaction; what people said stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker.db import chunks
from matchmaker.engine import Pair as EnginePair
from matchmaker.listings.models import Listing
from matchmaker.notices import service as notices
from matchmaker.organisations.belonging import people_of
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import MemberRole
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from matchmaker.recommendation.queries import is_confident
from matchmaker.recommendation.rules import PairIds, is_touched
from matchmaker.recommendation.service import computed
from matchmaker.recommendation.states import Band, Origin, SuggestionStatus

COMPUTED = (
    "score",
    "band",
    "parts",
    "reasons",
    "requirements",
    "lift",
    "engine_version",
    "weights_version",
    "computed_at",
    "is_current",
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs to store, those that the engine names, and listings whose lists are then complete.

    `unchanged` pairs belong to those lists too, and are stored already. `left_out` ones leave other
    lists. `moved` listings were published or changed since the work was read: a run of their own
    settles their pairs. `due` ones are looked at for themselves, since they were published or
    changed.
    """

    pairs: Mapping[PairIds, EnginePair]
    named: frozenset[PairIds]
    unchanged: frozenset[PairIds]
    left_out: frozenset[PairIds]
    settled: frozenset[int]
    moved: frozenset[int]
    due: Set[int]
    engine_version: str
    weights_version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredRow:
    id: int
    pair: PairIds
    band: str
    origin: str
    status: str
    is_current: bool
    is_touched: bool

    @property
    def was_news(self) -> bool:
        """It is known already as a strong one, or not for organisations to see."""
        return (
            self.band == Band.STRONG and self.is_current
        ) or self.status == SuggestionStatus.HELD_BACK

    @property
    def was_known(self) -> bool:
        """It is known already as a confident one, or not for organisations to see."""
        return (
            self.band in Band.CONFIDENT and self.is_current
        ) or self.status == SuggestionStatus.HELD_BACK


@dataclass(frozen=True, slots=True)
class Written:
    """Numbers of a run's writes. `strong`: pairs that were no strong suggestions before.

    `first`: confident pairs of needs that nobody fitted until now.
    """

    written: int
    removed: int
    strong: Mapping[PairIds, EnginePair]
    first: Mapping[PairIds, EnginePair]


def store(session: Session, batch: Batch) -> Written:
    """Put the pairs in place of what the settled listings had."""
    before = _rows_of(session, batch.settled)
    first = _first(session, batch, before)
    by_hand = {pair for pair, row in before.items() if row.origin in Origin.BY_HAND}
    values = [
        _values(batch, pair, is_current=pair in batch.named or pair in by_hand)
        for pair in sorted(batch.pairs)
    ]
    for chunk in chunks(values):
        _upsert(session, chunk)
    kept = batch.pairs.keys() | batch.unchanged
    given_up = _rows_of(session, frozenset(need for need, _ in batch.left_out))
    gone = [
        row for pair, row in before.items() if pair not in kept and batch.moved.isdisjoint(pair)
    ]
    gone += [
        row
        for pair, row in given_up.items()
        if pair in batch.left_out and batch.moved.isdisjoint(pair)
    ]
    removed = _remove(session, sorted(row.id for row in gone if not row.is_touched))
    _retire(session, sorted(row.id for row in gone if row.is_touched and row.is_current))
    strong = {
        pair: batch.pairs[pair]
        for pair in batch.named & batch.pairs.keys()
        if batch.pairs[pair].band == Band.STRONG and not (pair in before and before[pair].was_news)
    }
    return Written(len(values), removed, strong, first)


def _first(
    session: Session, batch: Batch, before: Mapping[PairIds, StoredRow]
) -> dict[PairIds, EnginePair]:
    """Return the new confident pairs of needs that had none, and had been looked at before."""
    new = {
        pair: batch.pairs[pair]
        for pair in batch.named & batch.pairs.keys()
        if batch.pairs[pair].band in Band.CONFIDENT
        and pair[0] not in batch.due
        and not (pair in before and before[pair].was_known)
    }
    served: set[int] = set()
    for chunk in chunks(sorted({need for need, _ in new})):
        served.update(
            session.scalars(
                select(Suggestion.need_id).where(Suggestion.need_id.in_(chunk), *is_confident())
            )
        )
    return {pair: result for pair, result in new.items() if pair[0] not in served}


def _rows_of(session: Session, listing_ids: frozenset[int]) -> dict[PairIds, StoredRow]:
    rows: dict[PairIds, StoredRow] = {}
    has_mark = exists().where(SuggestionMark.suggestion_id == Suggestion.id)
    columns = (Suggestion.id, Suggestion.need_id, Suggestion.capability_id, Suggestion.band)
    query = select(*columns, Suggestion.origin, Suggestion.status, Suggestion.is_current, has_mark)
    for chunk in chunks(sorted(listing_ids)):
        of_these = or_(Suggestion.need_id.in_(chunk), Suggestion.capability_id.in_(chunk))
        for (
            id_,
            need_id,
            capability_id,
            band,
            origin,
            status,
            is_current,
            marked,
        ) in session.execute(query.where(of_these)):
            pair = (need_id, capability_id)
            rows[pair] = StoredRow(
                id_, pair, band, origin, status, is_current, is_touched(origin, status, marked)
            )
    return rows


def _values(batch: Batch, pair: PairIds, *, is_current: bool) -> dict[str, Any]:
    result = batch.pairs[pair]
    return {
        "need_id": pair[0],
        "capability_id": pair[1],
        "origin": Origin.ENGINE.value,
        **computed(result),
        "engine_version": batch.engine_version,
        "weights_version": batch.weights_version,
        "created_at": batch.at,
        "computed_at": batch.at,
        "is_current": is_current,
        "status": SuggestionStatus.NEW.value,
        "status_reason": "",
        "status_note": "",
        "curator_note": "",
        "version": 1,
    }


def _upsert(session: Session, values: Sequence[dict[str, Any]]) -> None:
    """Insert, or replace what the engine computes; the version, of people's acts, stays."""
    insert: Any = (
        postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    statement = insert(Suggestion.__table__)
    replaced = {name: statement.excluded[name] for name in COMPUTED}
    statement = statement.on_conflict_do_update(
        index_elements=["need_id", "capability_id"], set_=replaced
    )
    session.connection().execute(statement, list(values))


def _remove(session: Session, ids: Sequence[int]) -> int:
    """Delete what the engine no longer names, unless somebody has marked it since."""
    removed = 0
    has_mark = exists().where(SuggestionMark.suggestion_id == Suggestion.id)
    for chunk in chunks(ids):
        untouched = delete(Suggestion).where(
            Suggestion.id.in_(chunk),
            Suggestion.origin == Origin.ENGINE,
            Suggestion.status == SuggestionStatus.NEW,
            ~has_mark,
        )
        result = session.execute(untouched.execution_options(synchronize_session=False))
        removed += result.rowcount  # type: ignore[attr-defined]
    return removed


def _retire(session: Session, ids: Sequence[int]) -> None:
    for chunk in chunks(ids):
        retired = update(Suggestion).where(Suggestion.id.in_(chunk)).values(is_current=False)
        session.execute(retired.execution_options(synchronize_session=False))


def clear_due(session: Session, versions: Mapping[int, int]) -> int:
    """Take the flags off the listings that are still as they were read; how many that were."""
    cleared = 0
    for listing_id in sorted(versions):
        done = update(Listing).where(
            Listing.id == listing_id, Listing.version == versions[listing_id], Listing.matching_due
        )
        result = session.execute(done.values(matching_due=False))
        cleared += result.rowcount  # type: ignore[attr-defined]
    return cleared


def announce(session: Session, stored: Written, at: datetime) -> None:
    """Write one notice a listing to its owners and editors, naming the best new partner.

    Of a pair that is not strong, only the owner of a need that had nobody hears. Nobody hears of a
    pair that pauses because a verification has lapsed.
    """
    best: dict[int, tuple[float, int]] = {}
    found = {**stored.first, **stored.strong}
    verified = _of_verified(session, {listing_id for pair in found for listing_id in pair})
    for pair, result in sorted(found.items()):
        if not verified.issuperset(pair):
            continue
        both = (pair, pair[::-1]) if pair in stored.strong else (pair,)
        for listing_id, partner_id in both:
            if listing_id not in best or result.score > best[listing_id][0]:
                best[listing_id] = (result.score, partner_id)
    listings = _listings(session, best.keys() | {partner_id for _, partner_id in best.values()})
    people = people_of(session, {listings[id_].organisation_id for id_ in best}, MemberRole.WRITERS)
    had_nobody = {need_id for need_id, _ in stored.first}
    for listing_id, (_, partner_id) in sorted(best.items()):
        kind = "suggestion.first" if listing_id in had_nobody else "suggestion.new"
        listing, partner = listings[listing_id], listings[partner_id]
        path = f"/listings/{listing_id}#partners"
        told = people.get(listing.organisation_id, ())
        notices.notify(
            session,
            told,
            kind,
            path,
            title=listing.title,
            partner=partner.title,
            concerning=listing.organisation_id,
            at=at,
        )


def _of_verified(session: Session, ids: Iterable[int]) -> set[int]:
    """Return the listings whose organisation is verified today."""
    return {
        listing_id
        for chunk in chunks(sorted(ids))
        for listing_id in session.scalars(
            select(Listing.id)
            .join(Listing.organisation)
            .where(Listing.id.in_(chunk), Organisation.is_verified)
        )
    }


def _listings(session: Session, ids: Iterable[int]) -> Mapping[int, Listing]:
    found: dict[int, Listing] = {}
    for chunk in chunks(sorted(ids)):
        found.update(
            (listing.id, listing)
            for listing in session.scalars(select(Listing).where(Listing.id.in_(chunk)))
        )
    return found
