"""What an organisation brings: tables, what is made of them, and what is sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.db import db, now
from matchmaker.errors import Refused
from matchmaker.imports import batches, queries, rules, service, steps
from matchmaker.imports.models import Import, ImportRow
from matchmaker.imports.rows import FIELDS
from matchmaker.imports.states import ImportStatus, RowStatus
from matchmaker.listings.rules import KINDS
from matchmaker.organisations.queries import organisation as organisation_by_id
from matchmaker.pages.imports import wording
from matchmaker.pages.imports.forms import UploadForm
from matchmaker.pages.imports.sent import sent_back
from matchmaker.pages.imports.taking import take
from matchmaker.pages.shared.curators import own_contacts
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import one_page, version_sent
from matchmaker.permissions import Actor
from matchmaker.plan import queries as plans
from matchmaker.tables.finding import Row
from matchmaker.tables.headings import Field
from matchmaker.tables.reading import Reading
from matchmaker.tables.sheets import shown
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.security import takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("imports", __name__)

JOB = "work_on_imports"
SAMPLES = 3  # cells of a column that are shown
SHOWN = 50  # refused rows on the page; the file has all
TITLES = 10
_LONGEST_SAMPLE = 60


def kinds_of(actor: Actor) -> list[str]:
    """Return what the actor's organisation may post."""
    allowed = {"need": actor.may_post_needs, "capability": actor.may_post_capabilities}
    return [kind for kind in KINDS if allowed[kind]]


@blueprint.get("/our/imports")
@guard("import.begin")
def index() -> str:
    kind = request.args.get("kind")
    return _index(UploadForm(kinds_of(current_actor()), formdata=None, kind=kind))


def _index(form: UploadForm) -> str:
    actor = current_actor()
    page = one_page(queries.of_organisation(actor.organisation_id))
    return render_template(
        "imports/index.html",
        form=form,
        kinds=kinds_of(actor),
        curators=() if kinds_of(actor) else own_contacts(),
        page=page,
        counts=queries.counts(db.session(), [held.id for held in page.items]),
    )


@blueprint.post("/our/imports")
@takes_files
@guard("import.begin")
def upload() -> ResponseReturnValue:
    """Keep a table of the organisation."""
    actor = current_actor()

    def keep(reading: Reading, kind: str, name: str) -> str:
        organisation = organisation_by_id(db.session(), actor.organisation_id)
        plan = plans.current(db.session())
        if organisation is None or plan is None:
            abort(404)
        held = service.begin(db.session(), actor, organisation, plan, reading, kind=kind, name=name)
        return url_for("imports.columns", import_id=held.id)

    return take(UploadForm(kinds_of(actor)), keep, _index)


@blueprint.get("/our/imports/<int:import_id>")
@guard("import.act", load=queries.table)
def show(held: Import) -> ResponseReturnValue:
    """Show how far a table has come, and what is to be done next."""
    if held.status == ImportStatus.MAPPING:
        return redirect_to("imports.columns", import_id=held.id)
    session = db.session()
    refused = queries.rows_with(session, held.id, [RowStatus.REFUSED], SHOWN)
    return render_template(
        "imports/show.html",
        held=held,
        counts=queries.counts(session, [held.id])[held.id],
        refused=[(row, wording.faults(row)) for row in refused],
        remarked=[(row, wording.remarks(row)) for row in queries.remarked(session, held.id, SHOWN)],
        good=[
            (row, title_of(held, row))
            for row in queries.rows_with(session, held.id, RowStatus.TO_TAKE, TITLES)
        ],
        many_sheets=len(held.sheets) > 1,
        may_undo=rules.may_undo(held.status, held.finished_at, now()),
    )


def title_of(held: Import, row: ImportRow) -> str:
    table = rules.table_of(held.sheets[row.sheet])
    cells = table.cells(Row(row.number, row.cells), Field.TITLE)
    return next((text for cell in cells if (text := shown(cell))), "")


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column as its page shows it: `name` is that of its control."""

    name: str
    heading: str
    field: str
    by_content: bool
    samples: Sequence[str]


@blueprint.get("/our/imports/<int:import_id>/columns")
@guard("import.act", load=queries.table)
def columns(held: Import) -> ResponseReturnValue:
    if held.status not in (ImportStatus.MAPPING, ImportStatus.CHECKED):
        return redirect_to("imports.show", import_id=held.id)
    return _columns_page(held)


def _columns_page(held: Import, error: str = "") -> str:
    return render_template(
        "imports/columns.html",
        held=held,
        sheets=[
            (sheet, _shown_columns(held, place, sheet)) for place, sheet in enumerate(held.sheets)
        ],
        fields=[(field, wording.label(held.kind, field)) for field in FIELDS[held.kind]],
        passed=wording.passed(held),
        error=error,
    )


def _shown_columns(held: Import, place: int, sheet: Mapping[str, Any]) -> list[ShownColumn]:
    rows = queries.first_of_sheet(db.session(), held.id, place, 4 * SAMPLES)
    found = []
    for at, heading, name, by_content in sheet["columns"]:
        texts = [shown(row.cells[at]) for row in rows if at < len(row.cells)]
        samples = list(dict.fromkeys(filter(None, texts)))[:SAMPLES]
        control = f"column-{place}-{at}"
        found.append(
            ShownColumn(
                control,
                heading or gettext("column %(number)s", number=at + 1),
                request.form.get(control, name or ""),
                by_content,
                [
                    f"{one[:_LONGEST_SAMPLE]}…" if len(one) > _LONGEST_SAMPLE else one
                    for one in samples
                ],
            )
        )
    return found


@blueprint.post("/our/imports/<int:import_id>/columns")
@guard("import.act", load=queries.table)
def map_columns(held: Import) -> ResponseReturnValue:
    """Take what is said of the columns, and check the rows."""
    allowed = set(FIELDS[held.kind])
    said = [
        {
            at: name
            for at, *_ in sheet["columns"]
            if (name := request.form.get(f"column-{place}-{at}", "")) in allowed
        }
        for place, sheet in enumerate(held.sheets)
    ]
    try:
        service.map_columns(db.session(), current_actor(), held, version_sent(), said)
        others = queries.parts(db.session(), held.batch_id)
        batches.map_columns(db.session(), current_actor(), others, said)
    except Refused as error:
        return _columns_page(held, sentence(error.refusal)), 422
    return _go_on(held)


@blueprint.post("/our/imports/<int:import_id>/run")
@guard("import.act", load=queries.table)
def run(held: Import) -> ResponseReturnValue:
    service.run(db.session(), current_actor(), held, version_sent())
    return _go_on(held)


@blueprint.post("/our/imports/<int:import_id>/undo")
@guard("import.act", load=queries.table)
def undo(held: Import) -> ResponseReturnValue:
    service.undo(db.session(), current_actor(), held, version_sent())
    return _go_on(held)


@blueprint.post("/our/imports/<int:import_id>/discard")
@guard("import.act", load=queries.table)
def discard(held: Import) -> ResponseReturnValue:
    organisation_id = held.organisation_id
    service.discard(db.session(), current_actor(), held, version_sent())
    jobs.commit()
    flash(gettext("Discarded. Nothing was made from this table."))
    if current_actor().organisation_id != organisation_id:
        return redirect_to("imports.curators.index")
    return redirect_to("imports.index")


def _go_on(held: Import) -> ResponseReturnValue:
    """Do a first part at once: a short table is done with it. The worker does the rest."""
    number, batch_id = held.id, held.batch_id
    steps.advance(db.session(), held)
    jobs.commit(*([JOB] if batch_id or held.status in ImportStatus.AT_WORK else []))
    if batch_id:
        return redirect_to("imports.curators.show", batch_id=batch_id)
    return redirect_to("imports.show", import_id=number)


@blueprint.get("/our/imports/<int:import_id>/refused.xlsx")
@guard("import.act", load=queries.table)
def refused_rows(held: Import) -> Response:
    """Send the refused rows back under their own headings, each with its reasons."""
    rows = queries.rows_with(db.session(), held.id, [RowStatus.REFUSED])
    return sent_back(held.sheets, ((row.sheet, row.cells, wording.reasons(row)) for row in rows))
