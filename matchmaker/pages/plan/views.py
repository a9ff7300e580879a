"""The plan at a glance, its key tasks, and the regions it joins."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from matchmaker import regions as divisions
from matchmaker.cooperation import totals as queries
from matchmaker.db import db, today
from matchmaker.outcomes import totals as outcomes
from matchmaker.pages.shared.requests import whole_number
from matchmaker.plan import queries as plans
from matchmaker.plan.models import KeyTask
from matchmaker.web.guards import guard

blueprint = Blueprint("plan", __name__)

CITED_CORRIDORS = 12


@blueprint.get("/plan")
@guard("plan.read")
def index() -> str:
    """Show the current plan, or an earlier one by ``?plan=``."""
    found = plans.plan_with_tasks(db.session(), whole_number(request.args.get("plan")))
    return render_template(
        "plan/plan.html",
        plan=found,
        plans=plans.plans(db.session()),
        counts=queries.counts_by_task(db.session()),
        this_year=today().year,
        results=outcomes.tally_by_task(db.session()),
    )


@blueprint.get("/plan/tasks/<int:task_id>")
@guard("plan.read", load=plans.task)
def task(found: KeyTask) -> str:
    return render_template(
        "plan/task.html",
        task=found,
        plan=found.initiative.plan,
        counts=queries.counts_by_task(db.session())[found.id],
        months=queries.by_month(db.session(), found.id, today()),
        needs=queries.newest_of_task(db.session(), found.id, "need"),
        capabilities=queries.newest_of_task(db.session(), found.id, "capability"),
        corridors=queries.corridors(db.session(), found.id)[:CITED_CORRIDORS],
        results=outcomes.tally_by_task(db.session()).get(found.id),
        results_between=outcomes.tally_by_corridor(db.session(), found.id),
        figures=outcomes.of_task(db.session(), found.id),
    )


@blueprint.get("/regions")
@guard("plan.read")
def regions() -> str:
    """Show the 34 divisions and their sides; ``?west=`` and ``?east=`` choose a corridor."""
    known = divisions.all_regions()
    west, east = (known.get(request.args.get(name, "")) for name in ("west", "east"))
    found = queries.corridors(db.session())
    chosen, figures = None, None
    results = outcomes.tally_by_corridor(db.session())
    if west and east:
        figures = outcomes.of_corridor(db.session(), west.code, east.code)
        chosen = next(
            (c for c in found if (c.west, c.east) == (west.code, east.code)),
            queries.Corridor(west.code, east.code),
        )
    return render_template(
        "plan/regions.html",
        regions=known.values(),
        counts=queries.counts_by_region(db.session()),
        corridors=found[:CITED_CORRIDORS],
        west=west,
        east=east,
        chosen=chosen,
        figures=figures,
        results=results,
        results_of_province=outcomes.by_province(results),
    )
