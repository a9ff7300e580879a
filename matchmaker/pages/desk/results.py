"""Results at the desk: those to verify, any others, and all of them as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from matchmaker import codelists, regions
from matchmaker.curation import results
from matchmaker.curation.results import ALL_RESULTS, ResultFilters
from matchmaker.db import db
from matchmaker.outcomes.measures import all_measures
from matchmaker.outcomes.models import Outcome
from matchmaker.outcomes.states import OutcomeStatus
from matchmaker.pages.shared.downloads import csv_file
from matchmaker.pages.shared.requests import one_page, whole_number
from matchmaker.plan import queries as plans
from matchmaker.web.guards import guard
from matchmaker.web.session import current_actor

blueprint = Blueprint("results", __name__)

COLUMNS = (
    "result",
    "match",
    "measure",
    "status",
    "counts",
    "reported_by",
    "amount",
    "unit",
    "first_day",
    "last_day",
    "contract_number",
    "evidence",
    "evidence_number",
    "evidence_link",
    "need",
    "need_organisation",
    "need_province",
    "capability",
    "capability_organisation",
    "capability_province",
    "updated_at",
)


def queue() -> dict[str, Any]:
    """What the queue's page shows."""
    actor, filters = current_actor(), _filters()
    return {
        "queue": "results",
        "page": one_page(results.results(actor, filters)),
        "filters": filters,
        "provinces": results.result_provinces(db.session(), actor),
        "tasks": plans.tasks_of_current(db.session()),
        "satisfied": results.satisfied(db.session(), actor),
    }


def _filters() -> ResultFilters:
    """Read the filters of an address; an unknown value counts as none."""
    args, known = request.args, regions.all_regions()
    state, measure = args.get("state", ""), args.get("measure", "")
    west, east = args.get("west", ""), args.get("east", "")
    states = (*OutcomeStatus, ALL_RESULTS)
    return ResultFilters(
        state=state if state in states else OutcomeStatus.CONFIRMED,
        measure=measure if measure in all_measures() else "",
        task_id=whole_number(args.get("task")) or None,
        west=west if west in known else "",
        east=east if east in known else "",
    )


@blueprint.get("/desk/results.csv")
@guard("outcome.download")
def download() -> Response:
    """The results of the list as it is filtered, each with the version that counts or is newest."""
    found = db.session.scalars(results.results(current_actor(), _filters())).unique()
    return csv_file("results", COLUMNS, _rows(found))


def _rows(found: Any) -> Iterator[tuple[object, ...]]:
    for outcome in found:
        yield _row(outcome)


def _row(outcome: Outcome) -> tuple[object, ...]:
    measure, version = all_measures()[outcome.measure], outcome.counted or outcome.current
    match = outcome.match
    amount = version.amount / measure.scale if measure.scale > 1 else version.amount
    return (
        outcome.id,
        match.id,
        codelists.label("outcome_measure", outcome.measure, "zh"),
        outcome.status,
        "yes" if outcome.counted else "no",
        outcome.side,
        amount,
        measure.units["zh"][0],
        version.first_day,
        version.last_day,
        version.contract_number,
        version.evidence,
        version.evidence_number,
        version.evidence_link,
        match.need.approved_title,
        match.need.organisation.name_zh,
        regions.region_name(match.need.organisation.province, "zh"),
        match.capability.approved_title,
        match.capability.organisation.name_zh,
        regions.region_name(match.capability.organisation.province, "zh"),
        outcome.updated_at.isoformat(),
    )
