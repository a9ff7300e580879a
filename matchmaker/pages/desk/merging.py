"""Two organisations that are one: compared, made one, and two again."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.curation import merging, twins
from matchmaker.curation.twins import Twins
from matchmaker.db import db
from matchmaker.errors import Refused
from matchmaker.organisations import queries, rules
from matchmaker.organisations.models import OrganisationMerge
from matchmaker.pages.organisation.forms import MergeForm
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import MISSING, version_sent, version_to_send
from matchmaker.pages.shared.watching import Look, note_look
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("merging", __name__)


@blueprint.route(
    "/desk/organisations/<int:organisation_id>/merge/<int:other_id>", methods=["GET", "POST"]
)
@guard("organisation.merge", load=twins.twins)
def merge(pair: Twins) -> ResponseReturnValue:
    """Show both side by side, and make the second part of the first."""
    form = MergeForm()
    if form.validate_on_submit():
        versions = version_sent(), request.form.get("other_version", MISSING, type=int)
        try:
            merging.merge(db.session(), current_actor(), pair, versions, form.reason.data)
        except Refused as refusal:
            form.reason.errors = [sentence(refusal.refusal)]
            pair = twins.twins(db.session(), *pair.organisation_ids) or pair  # as it is now
    if not form.is_submitted() or form.errors:
        return _page(pair, form)
    jobs.commit("deliver_mail", "refresh_suggestions")
    flash(gettext("The two organisations are merged. Everybody concerned has been told."))
    return redirect_to("desk.organisations.verify", organisation_id=pair.kept.id)


@blueprint.post("/desk/mergers/<int:merge_id>/undo")
@guard("organisation.merge", load=queries.merge)
def undo(done: OrganisationMerge) -> ResponseReturnValue:
    merging.undo(db.session(), current_actor(), done)
    jobs.commit("deliver_mail", "refresh_suggestions")
    flash(gettext("The merger is undone. Everybody concerned has been told."))
    return redirect_to("desk.organisations.verify", organisation_id=done.merged_id)


def _page(pair: Twins, form: MergeForm) -> tuple[str, int]:
    session = db.session()
    for one in pair.organisation_ids:
        note_look(Look.CONTACTS, one)
    together = twins.work_together(session, *pair.organisation_ids)
    refusal = rules.merge_obstacle(pair.kept.status, pair.merged.status, work_together=together)
    return form_page(
        "desk/merge.html",
        form,
        pair=pair,
        both=[(one, twins.contents(session, one.id)) for one in (pair.kept, pair.merged)],
        refusal=sentence(refusal) if refusal else "",
        days=rules.MERGE_UNDONE_WITHIN.days,
        version=version_to_send(pair.kept.version),
        other_version=request.form.get("other_version", pair.merged.version, type=int),
    )
