"""What an administrator does about who owns an organisation."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.errors import Refused
from matchmaker.organisations import belonging, queries
from matchmaker.organisations.handover import hand_over
from matchmaker.organisations.models import Organisation
from matchmaker.pages.organisation.forms import HandoverForm
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import one_page, version_sent, version_to_send
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/admin/organisations")
@guard("organisation.search")
def index() -> str:
    """List organisations, all or those without an owner who can sign in."""
    text = request.args.get("search", "").replace("\x00", "").strip()[:200]
    ownerless = request.args.get("ownerless") == "yes"
    page = one_page(queries.search(text, ownerless=ownerless))
    return render_template("admin/organisations.html", page=page, text=text, ownerless=ownerless)


@blueprint.route("/admin/organisations/<int:organisation_id>/owner", methods=["GET", "POST"])
@guard("organisation.hand_over", load=queries.with_members, proved=True)
def owner(organisation: Organisation) -> ResponseReturnValue:
    """Give the organisation to its rightful owner."""
    form = HandoverForm()
    if form.validate_on_submit():
        try:
            hand_over(
                db.session(),
                current_actor(),
                organisation,
                version_sent(),
                email=form.email.data,
                evidence=form.evidence.data,
                clear=form.clear.data,
                path=lambda token: url_for("organisation.members.invitation", token=token),
            )
        except Refused as refusal:
            form.email.errors = [sentence(refusal.refusal, **refusal.data)]
    if not form.is_submitted() or form.errors:
        return form_page(
            "admin/owner.html",
            form,
            organisation=organisation,
            version=version_to_send(organisation.version),
            handovers=queries.handovers(db.session(), organisation.id),
            requests=belonging.join_requests(db.session(), organisation.id),
        )
    jobs.commit("deliver_mail")
    flash(gettext("Done. Everybody concerned has been told."))
    return redirect_to("admin.organisations.owner", organisation_id=organisation.id)
