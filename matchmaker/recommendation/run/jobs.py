"""Keep the suggestions true to the listings: read, compute, write what still holds.

No transaction is open while it computes. A listing's flag is cleared only in the transaction that
writes its suggestions: a run that is killed before loses nothing, and the next finds the same
flags.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.db import now, writing
from matchmaker.engine import ENGINE_VERSION
from matchmaker.plan import facts
from matchmaker.plan import queries as plans
from matchmaker.plan.models import Plan
from matchmaker.recommendation.run import compute, read, write
from matchmaker.recommendation.run.compute import Findings, Progress, Rankers, Work
from matchmaker.recommendation.run.fitted import MOST_DRIFT, MOST_DRIFT_AT_NIGHT, RecommenderStore


@dataclass(frozen=True, slots=True)
class Summary:
    """A run's results.

    `left`: due listings that changed while it computed and stay due. `fitted`: learned anew.
    """

    due: int = 0
    written: int = 0
    removed: int = 0
    left: int = 0
    fitted: bool = False

    def __str__(self) -> str:
        return str(self.written)


def refresh_suggestions(
    session: Session,
    store: RecommenderStore,
    *,
    progress: Progress | None = None,
    announce: bool = True,
) -> Summary:
    """Find new partners for every listing that is due, in both directions.

    Commits; the session must hold no work.

    When much has changed since the fit, it is fitted anew, and everybody gets new partners.
    `progress(done, total)` is called while it computes; without `announce` nobody is told.
    """
    session.commit()
    work = _read(session, store, MOST_DRIFT, everybody=False)
    return _run(session, store, work, progress=progress, announce=announce) if work else Summary()


def verify_suggestions(
    session: Session,
    store: RecommenderStore,
    *,
    progress: Progress | None = None,
    rankers: Rankers | None = None,
) -> Summary:
    """Find everybody's partners again, write what differs, and learn the day's changes.

    `rankers` hands the ranking to others than this process.
    """
    session.commit()
    work = _read(session, store, MOST_DRIFT_AT_NIGHT, everybody=True)
    return (
        _run(session, store, work, progress=progress, rankers=rankers, keep=True)
        if work
        else Summary()
    )


def _run(
    session: Session,
    store: RecommenderStore,
    work: Work,
    *,
    progress: Progress | None = None,
    announce: bool = True,
    rankers: Rankers | None = None,
    keep: bool = False,
) -> Summary:
    scored = compute.score(work, progress, rankers)
    with _reading(session):
        # When all are affected, no other suggestions matter; else those of all who may win or lose
        # one.
        in_play = (
            None if work.affected == work.listings.keys() else scored.best.listings | work.affected
        )
        stored = read.stored(session, in_play, work.engine_version, work.weights_version)
        texts = read.texts(session, compute.texts_of_partners(scored, stored))
    found = compute.explain(work, scored, stored, texts)
    summary = _write(session, work, found, announce)
    # Kept only now: a process that dies before writing a new fit's pairs has to fit anew.
    store.keep(scored.fitted, on_disk=keep or work.fitted is None)
    return summary


@contextmanager
def _reading(session: Session) -> Iterator[None]:
    """A transaction that only reads, over before anything is computed.

    It commits: a rollback, as in `db.reading`, would expire the objects that the caller holds.
    """
    token = writing.set(False)
    try:
        yield
    finally:
        session.commit()
        writing.reset(token)


def _read(
    session: Session, store: RecommenderStore, most_drift: float, *, everybody: bool
) -> Work | None:
    """Everything that scoring needs; None when there is nothing to do."""
    with _reading(session):
        plan = plans.plan_with_tasks(session)
        weights_version = compute.weights_version(plan.id if plan else 0, store.encoder)
        due = read.due(session)
        outdated = read.outdated(session, ENGINE_VERSION, weights_version)
        if not (due or outdated or everybody):
            return None
        listings = read.shown(session)
        fitted = store.last(f"{ENGINE_VERSION}/{weights_version}")
        if fitted is not None and fitted.has_drifted(listings, most_drift):
            fitted = None
        affected: Set[int] = listings.keys()
        if fitted is not None and not everybody:
            # Partners of a due listing count too: their lists may have a gap now.
            affected = (due.keys() | outdated | read.partners(session, due)) & listings.keys()
        return Work(
            due=due,
            listings=listings,
            affected=frozenset(affected),
            texts=read.texts(session, compute.texts_needed(affected, listings, fitted)),
            plan=facts.of_plan(plan),
            engine_version=ENGINE_VERSION,
            weights_version=weights_version,
            fitted=fitted,
            encoder=store.encoder,
            n_jobs=store.n_jobs,
        )


def _write(session: Session, work: Work, found: Findings, announce: bool) -> Summary:
    """One short transaction. What changed since it was read is left alone, and stays due."""
    _take_turn(session)
    now_shown = read.shown(session)
    steady = {
        id_
        for id_ in work.due.keys() | work.listings.keys()
        if work.listings.get(id_) == now_shown.get(id_)
    }
    batch = write.Batch(
        pairs={pair: result for pair, result in found.pairs.items() if steady.issuperset(pair)},
        named=found.named,
        unchanged=found.unchanged,
        left_out=found.left_out,
        settled=frozenset(work.affected | work.due.keys()) & steady,
        moved=frozenset(now_shown.keys() - steady),
        due=work.due.keys(),
        engine_version=work.engine_version,
        weights_version=work.weights_version,
        at=now(),
    )
    stored = write.store(session, batch)
    if announce:
        write.announce(session, stored, batch.at)
    cleared = write.clear_due(
        session, {id_: version for id_, version in work.due.items() if id_ in steady}
    )
    session.commit()
    left = len(work.due) - cleared
    return Summary(len(work.due), stored.written, stored.removed, left, fitted=work.fitted is None)


def _take_turn(session: Session) -> None:
    """Take turns with other workers by holding the first plan's row, which stays readable."""
    session.execute(
        select(Plan.id).order_by(Plan.id).limit(1).with_for_update(key_share=True)
    ).all()
