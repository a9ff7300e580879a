"""Measure how well and truly judged pairs are ranked: read, compute without transaction, write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker import engine
from matchmaker.db import now, reading
from matchmaker.engine import ENGINE_VERSION, PlanFacts
from matchmaker.engine import Listing as EngineListing
from matchmaker.plan import facts
from matchmaker.plan import queries as plans
from matchmaker.quality import queries
from matchmaker.quality.models import MatchQuality
from matchmaker.quality.rules import LEAST_NEEDS, JudgedPair, count, state_of
from matchmaker.recommendation.run import compute

if TYPE_CHECKING:
    from matchmaker.engine import Result

WHOLE = ""  # the name of the result that leaves nothing out
NEEDS_ENCODER = frozenset({"meaning"})


@dataclass(frozen=True, slots=True)
class MeasuringWork:
    """Values that one scope's measures are computed from, as they were read."""

    scope: str
    requested_at: datetime
    pairs: list[JudgedPair]
    texts: Mapping[int, EngineListing]
    plan: PlanFacts | None
    weights_version: str
    encoder: str


Compute = Callable[[MeasuringWork], dict[str, Any]]


def measure_quality(session: Session, *, encoder: str = "", compute: Compute | None = None) -> int:
    """Measure every scope that waits, and return how many did.

    Commits; the session must hold no work.
    """
    session.commit()
    with reading(session):
        scopes = queries.requested(session)
    done = 0
    for scope in scopes:
        with reading(session):
            work = _read(session, scope, encoder)
        if work is not None:
            done += _write(session, work, (compute or _compute)(work))
    return done


def _read(session: Session, scope: str, encoder: str) -> MeasuringWork | None:
    found = queries.quality(session, scope)
    if found is None or found.requested_at is None:
        return None
    pairs, plan = queries.judged_pairs(session, scope), plans.plan_with_tasks(session)
    return MeasuringWork(
        scope=scope,
        requested_at=found.requested_at,
        pairs=pairs,
        texts=queries.texts(session, pairs),
        plan=facts.of_plan(plan),
        weights_version=compute.weights_version(plan.id if plan else 0, encoder),
        encoder=encoder,
    )


def _compute(work: MeasuringWork) -> dict[str, Any]:
    """The measures of the whole engine and without each of its parts, as JSON."""
    counts = count(work.pairs)
    found: dict[str, Any] = {"counts": asdict(counts), "measures": {}}
    if counts.needs < LEAST_NEEDS:  # judgements were taken back meanwhile
        return found
    judged: dict[str, dict[str, int]] = {}
    for pair in work.pairs:
        judged.setdefault(str(pair.need_id), {})[str(pair.capability_id)] = pair.grade
    needs = _listings(work, (pair.need_id for pair in work.pairs))
    capabilities = _listings(work, (pair.capability_id for pair in work.pairs))
    languages = engine.languages_of(capabilities)
    encoder = engine.load_encoder(work.encoder) if work.encoder else None
    for name in (WHOLE, *engine.ABLATIONS):
        if name in NEEDS_ENCODER and encoder is None:
            continue
        ranked = engine.rank_judged(
            needs,
            capabilities,
            judged,
            without=(name,) if name else (),
            plan=work.plan,
            encoder=encoder,
        )
        found["measures"][name] = _plain(engine.evaluate(ranked, languages))
        if name == WHOLE:
            found["reliability"] = [list(row) for row in engine.reliability_of(ranked)]
    return found


def _listings(work: MeasuringWork, ids: Iterable[int]) -> list[EngineListing]:
    return [work.texts[listing_id] for listing_id in sorted(set(ids))]


def _plain(result: Result) -> dict[str, Any]:
    return {name: list(measured) if measured else None for name, measured in result.items()}


def _write(session: Session, work: MeasuringWork, result: dict[str, Any]) -> int:
    """Store the result unless another worker has; 1 if it was stored."""
    written = session.execute(
        update(MatchQuality)
        .where(MatchQuality.scope == work.scope, MatchQuality.requested_at == work.requested_at)
        .values(
            requested_at=None,
            computed_at=now(),
            engine_version=ENGINE_VERSION,
            weights_version=work.weights_version,
            state=state_of(work.pairs),
            result=result,
        )
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return int(written.rowcount)  # type: ignore[attr-defined]
