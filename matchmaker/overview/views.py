from __future__ import annotations

from flask import Blueprint, Response, render_template, request, session
from werkzeug.utils import redirect

from matchmaker.codelists import LANGUAGES
from matchmaker.db import db
from matchmaker.overview import queries
from matchmaker.plan import queries as plans
from matchmaker.web.guards import guard
from matchmaker.web.resume import local_path

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
@guard("site.read")
def front() -> str:
    return render_template("overview/front.html")


@blueprint.get("/home")
@guard("home.read")
def home() -> str:
    return render_template("overview/home.html")


@blueprint.get("/plan")
@guard("plan.read")
def plan() -> str:
    return render_template(
        "overview/plan.html", plan=plans.plan_with_tasks(db.session()), counts=queries.counts_by_task(db.session())
    )


@blueprint.get("/regions")
@guard("plan.read")
def regions() -> str:
    return render_template("overview/regions.html")


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
    return {"status": "alive"}
