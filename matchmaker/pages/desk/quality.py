"""The page of match quality: how well pairs that curators judged are ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext

from matchmaker import codelists, jobs
from matchmaker.curation import queues
from matchmaker.db import db, today
from matchmaker.engine import ENGINE_VERSION, Bin
from matchmaker.listings import queries as listings
from matchmaker.pages.shared.watching import note
from matchmaker.permissions import may
from matchmaker.plan import queries as plans
from matchmaker.quality import queries as quality_queries
from matchmaker.quality import service
from matchmaker.quality.models import MatchQuality
from matchmaker.quality.rules import (
    LEAST_NEEDS,
    JudgedPair,
    count,
    is_stale,
    provinces_of,
    scope_of,
    state_of,
)
from matchmaker.recommendation.run import compute as matching
from matchmaker.security.states import SecurityKind
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("quality", __name__)

WHOLE = ""
MEASURES = codelists.codes("quality_measure")
COMPARED = ("ndcg", "ndcg_cross", "no_match")  # shown for each part that is left out


@dataclass(frozen=True, slots=True)
class Part:
    """How the compared measures change when one part of the engine is left out."""

    name: str
    changes: dict[str, float | None]  # measure → without the part, less with it


@blueprint.app_template_filter("figure")
def figure(value: float | None) -> str:
    """0.612, or 0,612 in Spanish."""
    return "" if value is None else str(format_decimal(value, format="0.000"))


@blueprint.app_template_filter("change")
def change(value: float | None) -> str:
    """A difference with its sign: +0.012, −0.034, but 0.000."""
    if value is None:
        return ""
    sign = "" if round(value, 3) == 0 else "+" if value > 0 else "\u2212"
    return sign + str(format_decimal(abs(value), format="0.000"))


@blueprint.get("/desk/quality")
@guard("quality.read")
def index() -> str:
    session, actor = db.session(), current_actor()
    scope = scope_of(actor.roles, actor.provinces)
    pairs, found = (
        quality_queries.judged_pairs(session, scope),
        quality_queries.quality(session, scope),
    )
    measures = found.result.get("measures", {}) if found else {}
    return render_template(
        "desk/quality.html",
        counts=queues.counts(session, actor, today()) if may(actor, "desk.read") else None,
        judged=count(pairs),
        least=LEAST_NEEDS,
        found=found,
        stale=_is_stale(found, pairs) if measures else False,
        whole=measures.get(WHOLE),
        measures=[name for name in MEASURES if name in measures.get(WHOLE, {})],
        reliability=_reliability(found),
        compared=COMPARED,
        parts=_parts(measures),
        closed=_closed(listings.closed_by_reason(session, provinces_of(scope))),
    )


def _closed(counts: Mapping[tuple[str, str], int]) -> list[tuple[str, int, int]]:
    """Reason → how many needs and how many capabilities, in the order of the code list."""
    rows = (
        (reason, counts.get(("need", reason), 0), counts.get(("capability", reason), 0))
        for reason in codelists.codes("close_reason")
    )
    return [row for row in rows if row[1] or row[2]]


def _reliability(found: MatchQuality | None) -> list[Bin]:
    """How often pairs of about the same score are right; empty for results without the table."""
    rows = found.result.get("reliability", []) if found else []
    return [Bin(*row) for row in rows]


def _is_stale(found: MatchQuality | None, pairs: list[JudgedPair]) -> bool:
    if found is None:
        return False
    plan, encoder = plans.current(db.session()), services().settings.encoder
    weights_version = matching.weights_version(plan.id if plan else 0, encoder)
    measured = (found.state, found.engine_version, found.weights_version)
    return is_stale(measured, (state_of(pairs), ENGINE_VERSION, weights_version))


def _parts(measures: dict[str, Any]) -> list[Part]:
    """Each part with its changes, the most useful first; unknown parts are left out."""
    whole = measures.get(WHOLE) or {}
    parts = [
        Part(
            name, {measure: _less(result.get(measure), whole.get(measure)) for measure in COMPARED}
        )
        for name, result in measures.items()
        if name in codelists.codes("engine_part")
    ]
    return sorted(parts, key=lambda part: (part.changes["ndcg"] or 0.0, part.name))


def _less(one: list[float] | None, other: list[float] | None) -> float | None:
    return one[0] - other[0] if one and other else None


@blueprint.post("/desk/quality/measure")
@guard("quality.measure")
def measure() -> ResponseReturnValue:
    asked = service.request_measures(db.session(), current_actor())
    jobs.commit("measure_quality")
    if not asked:  # when they were, the page itself says what happens now
        flash(gettext("The measurement is already running."))
    return redirect_to("desk.quality.index")


@blueprint.get("/desk/quality/judged.zip")
@guard("quality.download", proved=True)
def download_judged() -> Response:
    session, actor = db.session(), current_actor()
    pairs = quality_queries.downloadable(session, actor, scope_of(actor.roles, actor.provinces))
    note(SecurityKind.EXPORTED, file="judged-pairs")
    content = service.archive(pairs, quality_queries.texts(session, pairs))
    headers = {
        "Content-Disposition": 'attachment; filename="judged-pairs.zip"',
        "Cache-Control": "no-store",
    }
    return Response(content, mimetype="application/zip", headers=headers)
