"""One's own side of the conversation about the verification: papers, replies, an appeal."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.errors import Refused
from matchmaker.files.service import receiving
from matchmaker.organisations import dialogue, queries, rules
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.states import MessageKind
from matchmaker.pages.organisation.forms import PapersForm
from matchmaker.pages.organisation.members import own_organisation
from matchmaker.pages.shared.curators import contacts_of
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.security import begin_to_write, takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("verification", __name__)


@blueprint.get("/organisation/verification")
@guard("organisation.converse", load=own_organisation)
def show(organisation: Organisation) -> str:
    return _page(organisation, PapersForm(formdata=None))


@blueprint.post("/organisation/verification")
@takes_files
@guard("organisation.converse", load=own_organisation)
def send(organisation: Organisation) -> ResponseReturnValue:
    """Send words and papers to the curators. What is refused comes back with its text."""
    form, organisation_id = PapersForm(), organisation.id
    if not form.validate():
        return _page(organisation, form), 422
    try:
        with receiving(form.uploads) as received:
            begin_to_write()
            again = queries.held(db.session(), organisation_id)
            kind = dialogue.send(
                db.session(), current_actor(), again, form.text.data or "", received
            )
            jobs.commit("deliver_mail")
    except Refused as error:
        db.session.rollback()
        form.refuse(error)
        return _page(queries.held(db.session(), organisation_id), form), 422
    flash(
        gettext("Your appeal is with another curator.")
        if kind == MessageKind.APPEAL
        else gettext("Sent. The curators of your province have been told.")
    )
    return redirect_to("organisation.verification.show")


def _page(organisation: Organisation, form: PapersForm) -> str:
    messages = queries.messages(db.session(), organisation.id)
    return render_template(
        "organisation/verification.html",
        organisation=organisation,
        messages=messages,
        question=rules.open_question(messages),
        form=form,
        kind=rules.kind_of_reply(organisation.status, messages),
        may_appeal=rules.may_appeal(messages),
        curators=contacts_of(organisation.province),
    )
