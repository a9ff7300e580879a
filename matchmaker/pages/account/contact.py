"""How organisations reach a curator: what stands wherever they are to contact one."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.accounts import queries, service
from matchmaker.db import db
from matchmaker.pages.account.forms import StaffContactForm
from matchmaker.pages.shared.forms import form_page
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("contact", __name__)


@blueprint.route("/account/contact", methods=["GET", "POST"])
@guard("account.contact")
def change() -> ResponseReturnValue:
    actor = current_actor()
    form = StaffContactForm(obj=queries.staff_contact(db.session(), actor.user_id))
    if not form.validate_on_submit():
        return form_page("account/contact.html", form)
    service.set_staff_contact(
        db.session(),
        actor,
        office=form.office.data or "",
        phone=form.phone.data,
        email=form.email.data or "",
    )
    jobs.commit()
    flash(gettext("Saved."))
    return redirect_to("account.contact.change")
