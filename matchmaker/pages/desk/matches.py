"""All matches of a curator's provinces: where each stands, for how long, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import codelists, jobs, regions
from matchmaker.agreements import queries as agreements
from matchmaker.agreements.instruments import catalogue, instrument
from matchmaker.cooperation import moving, righting
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.rules import right_states
from matchmaker.curation import matches, queues
from matchmaker.curation.rules import NextStep, next_step
from matchmaker.db import day_of, db, today
from matchmaker.pages.desk.forms import PutRightForm, as_match_query, match_filters
from matchmaker.pages.matches.stages import days_in_stage
from matchmaker.pages.shared.downloads import csv_file, xlsx_file
from matchmaker.pages.shared.requests import one_page, version_sent, version_to_send
from matchmaker.plan import queries as plans
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor
from matchmaker.web.templating import pick

blueprint = Blueprint("matches", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A match as curators list it. `days`: since when it stands where it stands."""

    match: Match
    since: date
    days: int
    next_step: NextStep
    instruments: tuple[str, ...]  # their names


@blueprint.get("/desk/matches")
@guard("desk.read")
def index() -> str:
    session, actor, filters = db.session(), current_actor(), match_filters(request.args)
    page = one_page(matches.all_matches(actor, filters, today()))
    stages = matches.counts_by_stage(session, actor, filters, today())
    return render_template(
        "desk/all_matches.html",
        counts=queues.counts(session, actor, today()),
        page=page,
        rows=rows(page.items),
        instruments=[(one.code, pick(one.labels)) for one in catalogue().instruments.values()],
        stages=stages,
        total=sum(stages.values()),
        filters=filters,
        query=as_match_query(filters),
        provinces=matches.provinces(session, actor),
        tasks=plans.tasks_of_current(session),
    )


@blueprint.get("/desk/matches.csv")
@guard("desk.read")
def as_csv() -> Response:
    """Give the same list as a file."""
    return csv_file("matches", head(), cells())


@blueprint.get("/desk/matches.xlsx")
@guard("desk.read")
def as_xlsx() -> Response:
    """Give the same list as a workbook."""
    return xlsx_file("matches", head(), cells())


@blueprint.route("/desk/matches/<int:match_id>/right", methods=["GET", "POST"])
@guard("match.put_right", load=cooperation.match)
def put_right(match: Match) -> ResponseReturnValue:
    """Say where a match really stands, with a reason that both sides read."""
    form = PutRightForm(right_states(match.standing, moving.interested(match)))
    stale = request.method == "POST" and version_sent() != match.version
    if not stale and not form.validate_on_submit():
        page = render_template(
            "desk/put_right.html",
            match=match,
            row=rows([match])[0],
            form=form,
            version=version_to_send(match.version),
        )
        return page, 422 if form.errors else 200
    righting.put_right(
        db.session(),
        current_actor(),
        match,
        form.state.data or "",
        reason=form.reason.data,
        words=form.words.data,
        version=version_sent(),
    )
    jobs.commit("deliver_mail")
    flash(gettext("Put right. Both sides have been told."))
    return redirect_to("desk.matches.index")


def rows(found: Sequence[Match]) -> list[Row]:
    """Say of each match what the list shows beside it."""
    instruments = agreements.instruments_of(db.session(), [match.id for match in found])
    return [
        Row(
            match,
            day_of(match.updated_at),
            days_in_stage(match),
            next_step(match.standing, moving.interested(match)),
            tuple(pick(instrument(code).labels) for code in instruments.get(match.id, ())),
        )
        for match in found
    ]


def head() -> list[str]:
    """The names of the file's columns."""
    return [
        gettext("Number"),
        gettext("Stage"),
        gettext("Since"),
        gettext("Days in the stage"),
        gettext("Next step"),
        gettext("Answer by"),
        gettext("Need"),
        gettext("Organisation of the need"),
        gettext("Province of the need"),
        gettext("Capability"),
        gettext("Organisation of the capability"),
        gettext("Province of the capability"),
        gettext("Key tasks"),
        gettext("Agreements"),
    ]


def cells() -> Iterator[list[object]]:
    """The rows of the file, by the filters of the address."""
    language, session = reader_language(), db.session()
    query = matches.all_matches(current_actor(), match_filters(request.args), today())
    for one in rows(session.scalars(query).unique().all()):
        match = one.match
        yield [
            match.id,
            codelists.label("match_status", match.standing, language),
            one.since.isoformat(),
            one.days,
            codelists.label("next_step", one.next_step, language),
            match.expires_on.isoformat() if match.is_open else "",
            *(
                cell
                for listing in (match.need, match.capability)
                for cell in (
                    listing.approved_title,
                    listing.organisation.name_for(language),
                    regions.region_name(listing.organisation.province, language),
                )
            ),
            gettext(", ").join(task.code for task in match.need.tasks),
            gettext(", ").join(one.instruments),
        ]
