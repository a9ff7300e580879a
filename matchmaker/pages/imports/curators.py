"""What curators bring: tables for organisations, and tables of organisations."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.curation import untaken
from matchmaker.db import db, now, today
from matchmaker.errors import Refused
from matchmaker.imports import batches, intake, queries, rules
from matchmaker.imports.models import Import, ImportBatch
from matchmaker.imports.organisations import read_all
from matchmaker.imports.states import BatchStatus, EntryStatus, ImportStatus, RowStatus
from matchmaker.organisations import entering
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.rules import LEAVES_SOON, MONTHS_TO_TAKE_OVER
from matchmaker.pages.imports import sent, taking, wording
from matchmaker.pages.imports.forms import ORGANISATION, BringForm
from matchmaker.pages.imports.views import JOB
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import one_page, version_sent, whole_number
from matchmaker.plan import queries as plans
from matchmaker.plan.models import Plan
from matchmaker.tables.reading import Reading
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.paging import paginate
from matchmaker.web.security import takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("curators", __name__)


@blueprint.get("/desk/imports")
@guard("import.bring")
def index() -> str:
    return _index(BringForm(formdata=None))


def _index(form: BringForm) -> str:
    session, actor = db.session(), current_actor()
    leaving = paginate(session, organisations.leaving_of(actor, today() + LEAVES_SOON), 1)
    return render_template(
        "imports/bring.html",
        form=form,
        organisation=None,
        page=one_page(queries.batches_of(actor.user_id)),
        alone=paginate(session, queries.brought_alone(actor.user_id), 1),
        awaiting=paginate(session, organisations.awaiting_owner(actor), 1),
        leaving=leaving,
        staying=wording.ties(untaken.ties(session, [one.id for one in leaving.items])),
        months=MONTHS_TO_TAKE_OVER,
    )


@blueprint.post("/desk/imports")
@takes_files
@guard("import.bring")
def upload() -> ResponseReturnValue:
    """Keep a table of several organisations, or of organisations."""

    def keep(reading: Reading, kind: str, name: str) -> str:
        session, actor = db.session(), current_actor()
        if kind == ORGANISATION:
            batch = intake.begin(session, actor, reading, name=name)
        else:
            batch = batches.begin(session, actor, reading, kind=kind, name=name)
        return url_for("imports.curators.show", batch_id=batch.id)

    return taking.take(BringForm(), keep, _index)


@blueprint.post("/desk/organisations/<int:organisation_id>/keep")
@guard("organisation.keep", load=organisations.organisation)
def keep(organisation: Organisation) -> ResponseReturnValue:
    """Let an organisation stay that nobody has taken over."""
    entering.keep(db.session(), current_actor(), organisation, version_sent())
    jobs.commit()
    flash(gettext("The organisation stays. Its account can be taken over as before."))
    return redirect_to("imports.curators.index")


@blueprint.get("/desk/organisations/<int:organisation_id>/imports")
@guard("import.bring_for", load=organisations.organisation)
def index_for(organisation: Organisation) -> str:
    return _index_for(organisation, BringForm(formdata=None, with_organisations=False))


def _index_for(organisation: Organisation, form: BringForm) -> str:
    page = one_page(queries.brought_for(organisation.id))
    return render_template("imports/bring.html", form=form, organisation=organisation, page=page)


@blueprint.post("/desk/organisations/<int:organisation_id>/imports")
@takes_files
@guard("import.bring_for", load=organisations.organisation)
def upload_for(organisation: Organisation) -> ResponseReturnValue:
    """Keep a table of one organisation."""
    organisation_id = organisation.id

    def keep(reading: Reading, kind: str, name: str) -> str:
        whose, plan = organisations.organisation(db.session(), organisation_id), _plan()
        if whose is None:
            abort(404)
        held = batches.begin_for(
            db.session(), current_actor(), whose, plan, reading, kind=kind, name=name
        )
        return url_for("imports.columns", import_id=held.id)

    def page(form: BringForm) -> str:
        whose = organisations.organisation(db.session(), organisation_id)
        return _index_for(whose, form) if whose else abort(404)

    return taking.take(BringForm(with_organisations=False), keep, page)


def _plan() -> Plan:
    return plans.current(db.session()) or abort(404)


@blueprint.get("/desk/imports/<int:batch_id>")
@guard("import.place", load=queries.batch)
def show(batch: ImportBatch) -> str:
    return _show(batch)


def _show(batch: ImportBatch, error: str = "") -> str:
    if batch.kind == ORGANISATION:
        return _entries(batch, error)
    return _names(batch, error) if batch.status == BatchStatus.NAMING else _parts(batch)


def _names(batch: ImportBatch, error: str) -> str:
    names = batches.names_in(db.session(), current_actor(), batch)
    return render_template(
        "imports/names.html",
        batch=batch,
        names=names,
        chosen=_chosen() if request.method == "POST" else None,
        passed=wording.passed(batch),
        error=error,
    )


def _parts(batch: ImportBatch) -> str:
    session, at = db.session(), now()
    parts = queries.parts(session, batch.id)
    counts = queries.counts(session, [part.id for part in parts])
    return render_template(
        "imports/parts.html",
        batch=batch,
        parts=parts,
        counts=counts,
        left=batches.left_out(batch),
        to_make=sum(
            counts[part.id].get(status, 0)
            for part in parts
            if part.status == ImportStatus.CHECKED
            for status in RowStatus.TO_TAKE
        ),
        may_undo=any(_has_drafts_to_undo(part, counts[part.id]) for part in parts),
        is_refused=any(one.get(RowStatus.REFUSED) for one in counts.values()),
        at=at,
    )


def _has_drafts_to_undo(part: Import, counts: Any) -> bool:
    return rules.may_undo(part.status, part.finished_at, now()) and any(
        counts.get(status) for status in RowStatus.TAKEN
    )


def _entries(batch: ImportBatch, error: str) -> str:
    session = db.session()
    is_open = batch.status == BatchStatus.CHECKED
    entries = intake.look(session, current_actor(), batch) if is_open else []
    counts = Counter(one.status for one in entries) if is_open else batch.counts
    return render_template(
        "imports/entries.html",
        batch=batch,
        entries=entries,
        counts=counts,
        entered=queries.entered_from(session, batch.id),
        chosen=set(request.form.getlist("other")),
        faults_of=wording.entry_faults,
        columns=[
            (column.heading, wording.label(ORGANISATION, column.field))
            for column in wording.used_columns(batch)
        ],
        unused=wording.unused_columns(batch),
        passed=wording.passed(batch),
        may_undo=intake.may_undo(batch, now()) and bool(counts.get(EntryStatus.MADE)),
        error=error,
    )


@blueprint.post("/desk/imports/<int:batch_id>/place")
@guard("import.place", load=queries.batch)
def place(batch: ImportBatch) -> ResponseReturnValue:
    """Take it said whose each row is; what the columns hold is said next."""
    session = db.session()
    try:
        made = batches.place(
            session, current_actor(), batch, version_sent(), _plan(), chosen=_chosen()
        )
    except Refused as error:
        session.rollback()
        again = queries.batch(session, batch.id)
        return (_show(again, sentence(error.refusal, **error.data)) if again else abort(404)), 422
    jobs.commit()
    return redirect_to("imports.columns", import_id=made[0].id)


def _chosen() -> dict[int, int]:
    found = {}
    for control, text in request.form.items():
        place, number = whole_number(control.removeprefix("name-")), whole_number(text)
        if control.startswith("name-") and place is not None and number:
            found[place] = number
    return found


@blueprint.post("/desk/imports/<int:batch_id>/run")
@guard("import.place", load=queries.batch)
def run(batch: ImportBatch) -> ResponseReturnValue:
    batches.run(db.session(), current_actor(), queries.parts(db.session(), batch.id))
    jobs.commit(JOB)
    return redirect_to("imports.curators.show", batch_id=batch.id)


@blueprint.post("/desk/imports/<int:batch_id>/take")
@guard("import.place", load=queries.batch)
def take(batch: ImportBatch) -> ResponseReturnValue:
    """Enter the organisations of a table."""
    session, number = db.session(), batch.id
    ticked = map(whole_number, request.form.getlist("other"))
    others = {one for one in ticked if one is not None}
    try:
        intake.take(
            session,
            current_actor(),
            batch,
            version_sent(),
            others=others,
            path=lambda token: url_for("organisation.members.invitation", token=token),
        )
    except Refused as error:
        session.rollback()
        again = queries.batch(session, number)
        return (_show(again, sentence(error.refusal, **error.data)) if again else abort(404)), 422
    jobs.commit("deliver_mail")
    flash(gettext("Entered. The contacts have been invited."))
    return redirect_to("imports.curators.show", batch_id=number)


@blueprint.post("/desk/imports/<int:batch_id>/undo")
@guard("import.place", load=queries.batch)
def undo(batch: ImportBatch) -> ResponseReturnValue:
    session, number = db.session(), batch.id
    if batch.kind == ORGANISATION:
        intake.undo(session, current_actor(), batch, version_sent())
    else:
        batches.undo(session, current_actor(), queries.parts(session, batch.id))
    jobs.commit(JOB)
    return redirect_to("imports.curators.show", batch_id=number)


@blueprint.post("/desk/imports/<int:batch_id>/discard")
@guard("import.place", load=queries.batch)
def discard(batch: ImportBatch) -> ResponseReturnValue:
    batches.discard(db.session(), current_actor(), batch, version_sent())
    jobs.commit()
    flash(gettext("Discarded. Nothing was made from this table."))
    return redirect_to("imports.curators.index")


@blueprint.get("/desk/imports/<int:batch_id>/refused.xlsx")
@guard("import.place", load=queries.batch)
def refused_rows(batch: ImportBatch) -> Response:
    """Send back what was refused of all parts, and the rows that no organisation was said for."""
    rows: list[Any] = []
    kept = batches.rows_of(batch)
    if batch.kind == ORGANISATION:
        tables = [rules.table_of(sheet) for sheet in batch.sheets]
        read = read_all(tables, kept, current_actor().curates)
        rows = [
            (sheet, row.cells, wording.entry_reasons(one))
            for (sheet, row), one in zip(kept, read, strict=True)
            if one.profile is None
        ]
        return sent.sent_back(batch.sheets, rows)
    if batch.status != BatchStatus.NAMING:
        why = [gettext("No organisation was chosen for this row.")]
        rows = [(sheet, row.cells, why) for sheet, row in kept]
    for part in queries.parts(db.session(), batch.id):
        refused = queries.rows_with(db.session(), part.id, [RowStatus.REFUSED])
        rows += [(row.sheet, row.cells, wording.reasons(row)) for row in refused]
    return sent.sent_back(batch.sheets, rows)
