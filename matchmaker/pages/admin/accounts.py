"""What an administrator does with accounts."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.accounts import links, messages, queries, service
from matchmaker.accounts.models import StaffRole, User
from matchmaker.audit import queries as audit
from matchmaker.db import db
from matchmaker.pages.account.forms import AccountForm, RoleForm, SuspendForm
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.requests import one_page, searched
from matchmaker.pages.shared.tries import post
from matchmaker.pages.shared.watching import note
from matchmaker.security.states import SecurityKind
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/admin/accounts")
@guard("account.manage")
def manage() -> str:
    text = searched("search")
    page = one_page(queries.search(text))
    return render_template("admin/accounts.html", page=page, text=text)


@blueprint.route("/admin/accounts/new", methods=["GET", "POST"])
@guard("account.manage")
def create() -> ResponseReturnValue:
    form = AccountForm()
    if (
        form.validate_on_submit()
        and queries.user_by_email(db.session(), form.email.data) is not None
    ):
        form.email.errors = [gettext("E-mail: this address has an account already.")]
    if not form.is_submitted() or form.errors:
        return form_page("admin/new_account.html", form)
    user = service.create(
        db.session(), current_actor(), form.email.data, form.name.data, form.language.data
    )
    post(messages.welcome(user, url_for("account.reset", token=links.make(links.WELCOME, user))))
    jobs.commit("deliver_mail")
    flash(gettext("The account is open, and a link to choose a password is on its way."))
    return redirect_to("admin.accounts.account", user_id=user.id)


@blueprint.get("/admin/accounts/<int:user_id>")
@guard("account.manage", load=queries.user)
def account(user: User) -> str:
    return _account_page(user, SuspendForm(formdata=None), RoleForm(formdata=None))


@blueprint.post("/admin/accounts/<int:user_id>/suspend")
@guard("account.manage", load=queries.user)
def suspend(user: User) -> ResponseReturnValue:
    form = SuspendForm()
    if not form.validate_on_submit():
        return _account_page(user, form, RoleForm(formdata=None)), 422
    service.suspend(db.session(), current_actor(), user, form.reason.data)
    note(SecurityKind.SUSPENDED, of=user.id)
    return _done(user, gettext("The account is suspended and signed out everywhere."))


@blueprint.post("/admin/accounts/<int:user_id>/reinstate")
@guard("account.manage", load=queries.user)
def reinstate(user: User) -> ResponseReturnValue:
    service.reinstate(db.session(), current_actor(), user)
    note(SecurityKind.REINSTATED, of=user.id)
    return _done(user, gettext("The account can be used again."))


@blueprint.post("/admin/accounts/<int:user_id>/roles")
@guard("account.manage", load=queries.user)
def give_role(user: User) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return _account_page(user, SuspendForm(formdata=None), form), 422
    service.give_role(db.session(), current_actor(), user, form.role.data, form.provinces.data)
    note(SecurityKind.ROLE_GIVEN, of=user.id, role=form.role.data)
    return _done(user, gettext("The role is given."))


@blueprint.post("/admin/accounts/<int:user_id>/roles/<int:role_id>/take")
@guard("account.manage", load=queries.staff_role)
def take_role(role: StaffRole) -> ResponseReturnValue:
    user = role.user
    service.take_role(db.session(), current_actor(), role)
    note(SecurityKind.ROLE_TAKEN, of=user.id, role=role.role)
    return _done(user, gettext("The role is taken away."))


def _account_page(user: User, suspending: SuspendForm, giving: RoleForm) -> str:
    records = audit.about(db.session(), "account", user.id)
    return render_template(
        "admin/account.html", user=user, suspending=suspending, giving=giving, records=records
    )


def _done(user: User, sentence: str) -> ResponseReturnValue:
    jobs.commit()
    flash(sentence)
    return redirect_to("admin.accounts.account", user_id=user.id)
