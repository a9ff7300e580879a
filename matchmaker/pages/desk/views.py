"""The desk: what waits for a curator, and the matches that wait for others."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs, regions
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.curation import queues, service
from matchmaker.curation.queues import QueueFilters
from matchmaker.curation.rules import days_left, may_nudge
from matchmaker.db import db, now, today
from matchmaker.pages.desk import claims, forms, results
from matchmaker.pages.shared.requests import one_page, whole_number
from matchmaker.plan import queries as plans
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("desk", __name__)

QUEUES = ("organisations", "claims", "listings", "matches", "unanswered", "results", "unserved")


@blueprint.get("/desk")
@guard("desk.read")
def index() -> str:
    """Show one queue: the chosen one, else the first in which something waits."""
    counts = queues.counts(db.session(), current_actor(), today())
    waiting = next((name for name in QUEUES if counts[name]), QUEUES[0])
    queue = request.args.get("queue", waiting)
    shows = {
        "claims": claims.queue,
        "listings": _listings,
        "matches": _matches,
        "unanswered": _unanswered,
        "results": results.queue,
        "unserved": _unserved,
    }
    show = shows.get(queue, _organisations)
    return render_template("desk/desk.html", counts=counts, **show())


def _organisations() -> dict[str, Any]:
    province = _province()
    page = one_page(queues.organisation_queue(current_actor(), province))
    return {
        "queue": "organisations",
        "page": page,
        "province": province,
        "provinces": _own_provinces(),
    }


def _listings() -> dict[str, Any]:
    actor = current_actor()
    filters = forms.review_filters(request.args, actor)
    page = one_page(queues.listing_queue(actor, filters.province, filters.kind, filters.task_id))
    return {
        "queue": "listings",
        "page": page,
        "filters": filters,
        "provinces": _own_provinces(),
        "tasks": plans.tasks_of_current(db.session()),
    }


def _unserved() -> dict[str, Any]:
    at, province = now(), _province()
    task_id = whole_number(request.args.get("task")) or None
    page = one_page(queues.unserved_needs(current_actor(), province, task_id))
    return {
        "queue": "unserved",
        "page": page,
        "province": province,
        "provinces": _own_provinces(),
        "task_id": task_id,
        "tasks": plans.tasks_of_current(db.session()),
        "waited": {need.id: (at - need.published_at).days for need in page.items},
    }


def _matches() -> dict[str, Any]:
    at, filters = now(), forms.pair_filters(request.args)
    page = one_page(queues.match_queue(current_actor(), filters, today()))
    return {
        "queue": "matches",
        "page": page,
        "filters": filters,
        "provinces": queues.match_provinces(
            db.session(), queues.match_queue(current_actor(), QueueFilters(), today())
        ),
        "tasks": plans.tasks_of_current(db.session()),
        "days_left": {match.id: days_left(match.expires_on, today()) for match in page.items},
        "may_nudge": {
            m.id for m in page.items if may_nudge(m.status, m.nudged_at, m.expires_on, at)
        },
    }


def _unanswered() -> dict[str, Any]:
    actor, filters = current_actor(), forms.pair_filters(request.args)
    everything = queues.unanswered_queue(actor, QueueFilters(), today())
    return {
        "queue": "unanswered",
        "page": one_page(queues.unanswered_queue(actor, filters, today())),
        "filters": filters,
        "provinces": queues.match_provinces(db.session(), everything),
        "tasks": plans.tasks_of_current(db.session()),
    }


@blueprint.post("/desk/matches/<int:match_id>/nudge")
@guard("match.nudge", load=cooperation.match)
def nudge(match: Match) -> ResponseReturnValue:
    service.nudge(db.session(), current_actor(), match)
    jobs.commit("deliver_mail")
    flash(gettext("A reminder has been sent."))
    return redirect_to("desk.index", queue="matches")


@blueprint.post("/desk/matches/<int:match_id>/follow-up")
@guard("match.nudge", load=cooperation.match)
def follow_up(match: Match) -> ResponseReturnValue:
    """Say that one has looked after a match that nobody answered."""
    service.follow_up(db.session(), current_actor(), match)
    db.session.commit()
    flash(gettext("Followed up. The match stays in the history."))
    return redirect_to("desk.index", queue="unanswered")


def _province() -> str:
    province = request.args.get("province", "")
    return province if province in _own_provinces() else ""


def _own_provinces() -> list[str]:
    """The curator's own provinces, in the order of the standard."""
    return [code for code in regions.all_regions() if current_actor().curates(code)]
