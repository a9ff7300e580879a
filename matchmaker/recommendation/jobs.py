"""Keep the suggestions true to the listings: read, compute with no transaction open, then write what still holds.

A listing is due by its own flag, which is cleared only in the transaction that writes its suggestions. A run that is
killed anywhere before loses nothing: the next one finds the same flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.db import writing
from matchmaker.engine import ENGINE_VERSION
from matchmaker.plan import queries as plans
from matchmaker.plan.models import Plan
from matchmaker.recommendation import matching, queries_engine, storing
from matchmaker.recommendation.matching import Found, Progress, Work
from matchmaker.recommendation.service import to_plan_facts


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. `left`: due listings that changed while it computed; they stay due."""

    due: int = 0
    written: int = 0
    removed: int = 0
    left: int = 0


def refresh_suggestions(
    session: Session, *, progress: Progress | None = None, announce: bool = True, encoder: Path | None = None
) -> Summary:
    """Find partners anew for every listing that is due, in both directions. Commits; the session must hold no work.

    `progress(done, total)` is called while it computes. Without `announce` nobody is told of strong new partners.
    `encoder` is the folder of a sentence encoder, if the installation has one.
    """
    session.commit()
    work = _read(session, encoder)
    if not work.due and not work.affected:
        return Summary()
    found = matching.compute(work, progress)
    return _write(session, work, found, announce)


def _read(session: Session, encoder: Path | None) -> Work:
    """Everything the computation needs, from one transaction that reads only."""
    token = writing.set(False)
    try:
        work = _gather(session, encoder)
    finally:
        session.commit()
        writing.reset(token)
    return work


def _gather(session: Session, encoder: Path | None) -> Work:
    plan = plans.plan_with_tasks(session)
    weights_version = matching.weights_version(plan.id if plan else 0, encoder)
    due, listings = queries_engine.due(session), queries_engine.shown(session)
    outdated = queries_engine.outdated(session, ENGINE_VERSION, weights_version)
    stored = queries_engine.stored(session) if due or outdated else []
    # Whoever had a due listing among their partners has to be looked at too: the list may have a gap now.
    touched = {
        end for entry in stored if not due.keys().isdisjoint(entry.pair) for end in entry.pair if entry.is_current
    }
    affected = frozenset((due.keys() | outdated | touched) & listings.keys())
    versions = frozenset((id_, known.version) for id_, known in listings.items() if known.kind == "capability")
    key = (f"{ENGINE_VERSION}/{weights_version}", versions)
    fitted = matching.last_fitted(key)
    return Work(
        due=due,
        listings=listings,
        stored=stored,
        affected=affected,
        texts=queries_engine.texts(session, _needed(affected, listings, fitted is None)),
        plan=to_plan_facts(plan),
        weights_version=weights_version,
        key=key,
        fitted=fitted,
        encoder=encoder,
    )


def _needed(affected: frozenset[int], listings: Mapping[int, matching.Known], fits: bool) -> set[int]:
    """Whose text the computation reads: all needs when a capability's list is asked for, all capabilities to fit."""
    if not affected:
        return set()
    needed = set(affected)
    asks_needs = any(listings[listing_id].kind == "capability" for listing_id in affected)
    for listing_id, known in listings.items():
        if (known.kind == "need" and asks_needs) or (known.kind == "capability" and fits):
            needed.add(listing_id)
    return needed


def _write(session: Session, work: Work, found: Found, announce: bool) -> Summary:
    """One short transaction. What changed since it was read is left alone, and stays due."""
    _take_turn(session)
    now_shown = queries_engine.shown(session)
    steady = {id_ for id_ in work.due.keys() | work.listings.keys() if work.listings.get(id_) == now_shown.get(id_)}
    batch = storing.Batch(
        pairs={pair: result for pair, result in found.pairs.items() if steady.issuperset(pair)},
        named=found.named,
        settled=frozenset(work.affected | work.due.keys()) & steady,
        engine_version=ENGINE_VERSION,
        weights_version=work.weights_version,
    )
    stored = storing.store(session, batch)
    if announce:
        storing.announce(session, stored.strong)
    cleared = storing.clear_due(session, {id_: version for id_, version in work.due.items() if id_ in steady})
    session.commit()
    return Summary(due=len(work.due), written=stored.written, removed=stored.removed, left=len(work.due) - cleared)


def _take_turn(session: Session) -> None:
    """Workers write one after the other: each holds the first plan's row, to which others may still refer."""
    session.execute(select(Plan.id).order_by(Plan.id).limit(1).with_for_update(key_share=True)).all()
