"""What is kept about people, and what each can have done with it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import Field

from matchmaker import jobs
from matchmaker.accounts import queries as accounts
from matchmaker.accounts.jobs import KEPT_FOR
from matchmaker.accounts.models import User
from matchmaker.accounts.service import authenticate
from matchmaker.db import db, reading
from matchmaker.errors import NotAllowed, Refused
from matchmaker.organisations.rules import MONTHS_TO_TAKE_OVER
from matchmaker.pages.privacy.forms import EraseForm, ExportForm
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.tries import by_address, wrong_for_own_account
from matchmaker.pages.shared.watching import note
from matchmaker.privacy import service
from matchmaker.security.states import SecurityKind
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor, end

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
@guard("site.read")
def index() -> str:
    return render_template(
        "privacy/index.html",
        settings=services().settings,
        sessions_kept=KEPT_FOR,
        months_untaken=MONTHS_TO_TAKE_OVER,
    )


@blueprint.get("/account/data")
@guard("account.use")
def data() -> str:
    return _page(ExportForm(formdata=None), EraseForm(formdata=None))


@blueprint.post("/account/data/export")
@by_address
@wrong_for_own_account
@guard("account.use")
def export() -> ResponseReturnValue:
    """Send all that is kept about the reader, as a zip."""
    form = ExportForm()
    if not (form.validate_on_submit() and _is_theirs(form.export_password)):
        return _page(form, EraseForm(formdata=None)), 422
    content = service.export(db.session(), current_actor(), _own())
    jobs.commit()
    note(SecurityKind.EXPORTED, file="my-data")
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
    return Response(content, mimetype="application/zip", headers=headers)


@blueprint.post("/account/data/erase")
@by_address
@wrong_for_own_account
@guard("account.use")
def erase() -> ResponseReturnValue:
    form = EraseForm()
    if form.validate_on_submit() and _is_theirs(form.erase_password):
        try:
            service.erase(db.session(), current_actor(), _own())
        except Refused as refusal:
            form.understood.errors = [sentence(refusal.refusal, **refusal.data)]
    if form.errors:
        db.session.rollback()
        return _page(ExportForm(formdata=None), form), 422
    jobs.commit("deliver_mail")
    end()
    flash(gettext("Your account is erased."))
    return redirect_to("home.front")


def _page(exporting: ExportForm, erasing: EraseForm) -> str:
    return render_template("privacy/data.html", exporting=exporting, erasing=erasing)


def _is_theirs(field: Field) -> bool:
    """Return whether the field has the reader's password, and say in it if not."""
    with reading(db.session()):  # checking a password takes long on purpose
        if authenticate(db.session(), _own().email, field.data) is not None:
            return True
    field.errors = [gettext("Current password: wrong password. Please try again.")]
    return False


def _own() -> User:
    user = accounts.user(db.session(), current_actor().user_id)
    if user is None:
        raise NotAllowed
    return user
