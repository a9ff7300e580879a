"""The front page, the plan's pages, and what operators ask."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.security import safe_join
from werkzeug.utils import redirect

from matchmaker import deaths
from matchmaker.codelists import LANGUAGES
from matchmaker.cooperation import totals as queries
from matchmaker.db import db, now
from matchmaker.outcomes import totals as outcomes
from matchmaker.pages.home.waiting import home as home_of
from matchmaker.pages.operations.facts import troubles
from matchmaker.paths import MANUAL
from matchmaker.permissions import may
from matchmaker.plan import queries as plans
from matchmaker.services import services
from matchmaker.web import markdown
from matchmaker.web.guards import guard
from matchmaker.web.i18n import reader_language
from matchmaker.web.resume import local_path
from matchmaker.web.session import current_actor

blueprint = Blueprint("home", __name__)

RECENT = timedelta(days=7)


@blueprint.post("/language")
@guard("site.read")
def choose_language() -> ResponseReturnValue:
    language = request.form.get("language")
    if language in LANGUAGES:
        session["language"] = language
    return redirect(local_path(request.form.get("next")) or "/", code=303)


@blueprint.get("/health")
@guard("site.read")
def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@blueprint.get("/ready")
@guard("site.read")
def ready() -> tuple[dict[str, str], int]:
    """Nothing keeps the site from working: database, its revision, disk, worker."""
    found = troubles(db.session(), now())
    return ({"status": found[0]}, 503) if found else ({"status": "ready"}, 200)


@blueprint.get("/help")
@guard("site.read")
def manual() -> str:
    """Show the manual in the reader's language."""
    title, text = _manual(reader_language())
    return render_template("home/help.html", title=title, text=text)


@cache
def _manual(language: str) -> tuple[str, Markup]:
    title, _, text = (MANUAL / f"{language}.md").read_text("utf-8").partition("\n")
    pictures = url_for("home.manual_picture", path="")
    return title.removeprefix("# "), markdown.render(text, lower=0, pictures=pictures)


@blueprint.get("/help/<path:path>")
@guard("site.read")
def manual_picture(path: str) -> Response:
    """Send a picture of the manual."""
    found = safe_join(str(MANUAL), path)
    if found is None or not found.endswith(".png") or not Path(found).is_file():
        abort(404)
    kept = {"Cache-Control": "public, max-age=3600"}
    return Response(Path(found).read_bytes(), mimetype="image/png", headers=kept)


@blueprint.get("/")
@guard("site.read")
def front() -> str:
    return render_template(
        "home/front.html",
        plan=plans.plan_with_tasks(db.session()),
        counts=queries.counts_by_task(db.session()),
        published=queries.published(db.session()),
        results=outcomes.tally_by_task(db.session()),
    )


@blueprint.get("/home")
@guard("home.read")
def index() -> str:
    """Show what waits for the reader, and what is new."""
    found = home_of(db.session(), current_actor(), reader_language())
    return render_template(
        "home/home.html", home=found, mine=found.organisation, recent_deaths=_recent_deaths()
    )


def _recent_deaths() -> int:
    """The number of processes that died in the last week; 0 for readers who may not know."""
    if not may(current_actor(), "process.read"):
        return 0
    return deaths.count_since(services().settings.home_path, now() - RECENT)
