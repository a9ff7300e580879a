"""The front page, the plan's pages, and what operators ask."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app, render_template, request, session
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.utils import redirect

from matchmaker import deaths, schema
from matchmaker import regions as divisions
from matchmaker.codelists import LANGUAGES
from matchmaker.cooperation import totals as queries
from matchmaker.db import db, now
from matchmaker.pages.home.waiting import home as home_of
from matchmaker.pages.listings import show as listing_pages
from matchmaker.pages.partners import views as partner_pages
from matchmaker.permissions import may
from matchmaker.plan import queries as plans
from matchmaker.plan.models import KeyTask
from matchmaker.web.guards import guard
from matchmaker.web.i18n import reader_language
from matchmaker.web.resume import local_path
from matchmaker.web.session import current_actor

__all__ = ["blueprint", "listing_pages", "partner_pages"]  # importing these two registers their pages

blueprint = Blueprint("overview", __name__)

CITED_CORRIDORS = 12
RECENT = timedelta(days=7)


@blueprint.get("/plan")
@guard("plan.read")
def plan() -> str:
    """The plan at a glance: the current one, or an earlier one by ?plan=."""
    chosen = request.args.get("plan", "")
    plan_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
    found = plans.plan_with_tasks(db.session(), plan_id)
    return render_template(
        "overview/plan.html",
        plan=found,
        plans=plans.plans(db.session()),
        counts=queries.counts_by_task(db.session()),
    )


@blueprint.get("/plan/tasks/<int:task_id>")
@guard("plan.read", load=plans.task)
def task(found: KeyTask) -> str:
    return render_template(
        "overview/task.html",
        task=found,
        plan=found.initiative.plan,
        counts=queries.counts_by_task(db.session())[found.id],
        needs=queries.newest_of_task(db.session(), found.id, "need"),
        capabilities=queries.newest_of_task(db.session(), found.id, "capability"),
        corridors=queries.corridors(db.session(), found.id)[:CITED_CORRIDORS],
    )


@blueprint.get("/regions")
@guard("plan.read")
def regions() -> str:
    """The 34 divisions and their sides; ?west= and ?east= choose a corridor to look at."""
    known = divisions.all_regions()
    west, east = (known.get(request.args.get(name, "")) for name in ("west", "east"))
    found = queries.corridors(db.session())
    chosen = None
    if west and east:
        chosen = next(
            (c for c in found if (c.west, c.east) == (west.code, east.code)), queries.Corridor(west.code, east.code)
        )
    return render_template(
        "overview/regions.html",
        regions=known.values(),
        counts=queries.counts_by_region(db.session()),
        corridors=found[:CITED_CORRIDORS],
        west=west,
        east=east,
        chosen=chosen,
    )


@blueprint.post("/language")
@guard("site.read")
def choose_language() -> Response:
    language = request.form.get("language")
    if language in LANGUAGES:
        session["language"] = language
    return redirect(local_path(request.form.get("next")) or "/", code=303)  # type: ignore[return-value]


@blueprint.get("/health")
@guard("site.read")
def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@blueprint.get("/ready")
@guard("site.read")
def ready() -> tuple[dict[str, str], int]:
    """The database answers and is at the newest revision."""
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            current = schema.is_current(connection)
    except SQLAlchemyError:
        return {"status": "no database"}, 503
    return ({"status": "ready"}, 200) if current else ({"status": "not migrated"}, 503)


@blueprint.get("/admin/processes")
@guard("process.read")
def processes() -> str:
    """The processes of this machine that died."""
    found = deaths.read(current_app.extensions["settings"].home_path)
    return render_template("overview/processes.html", deaths=found[: deaths.SHOWN], count=len(found))


@blueprint.get("/")
@guard("site.read")
def front() -> str:
    return render_template(
        "overview/front.html",
        plan=plans.plan_with_tasks(db.session()),
        counts=queries.counts_by_task(db.session()),
        published=queries.published(db.session()),
    )


@blueprint.get("/home")
@guard("home.read")
def home() -> str:
    """What waits for me and what is new."""
    found = home_of(db.session(), current_actor(), reader_language())
    return render_template("overview/home.html", home=found, mine=found.organisation, recent_deaths=_recent_deaths())


def _recent_deaths() -> int:
    """How many processes died in the last week, for those who may know."""
    if not may(current_actor(), "process.read"):
        return 0
    return deaths.count_since(current_app.extensions["settings"].home_path, now() - RECENT)
