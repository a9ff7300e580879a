"""What an administrator does with accounts."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.accounts import factors, links, messages, queries, service
from matchmaker.accounts.models import RoleRequest, StaffRole, User
from matchmaker.audit import queries as audit
from matchmaker.db import db
from matchmaker.pages.account.forms import AccountForm, RoleForm, SuspendForm
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.requests import one_page, searched
from matchmaker.pages.shared.tries import post
from matchmaker.pages.shared.watching import note
from matchmaker.security.states import SecurityKind
from matchmaker.services import services
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
@guard("account.manage", proved=True)
def create() -> ResponseReturnValue:
    form = AccountForm()
    if (
        form.validate_on_submit()
        and queries.user_by_email(db.session(), form.email.data) is not None
    ):
        form.email.errors = [gettext("E-mail: this address already has an account.")]
    if not form.is_submitted() or form.errors:
        return form_page("admin/new_account.html", form)
    user = service.create(
        db.session(), current_actor(), form.email.data, form.name.data, form.language.data
    )
    post(messages.welcome(user, url_for("account.reset", token=links.make(links.WELCOME, user))))
    jobs.commit("deliver_mail")
    flash(gettext("Account created. We have sent a link for choosing a password."))
    return redirect_to("admin.accounts.account", user_id=user.id)


@blueprint.get("/admin/accounts/<int:user_id>")
@guard("account.manage", load=queries.user)
def account(user: User) -> str:
    return _account_page(user, SuspendForm(formdata=None), RoleForm(formdata=None))


@blueprint.post("/admin/accounts/<int:user_id>/suspend")
@guard("account.manage", load=queries.user, proved=True)
def suspend(user: User) -> ResponseReturnValue:
    form = SuspendForm()
    if not form.validate_on_submit():
        return _account_page(user, form, RoleForm(formdata=None)), 422
    service.suspend(db.session(), current_actor(), user, form.reason.data)
    note(SecurityKind.SUSPENDED, of=user.id)
    return _done(user, gettext("The account is suspended and signed out everywhere."))


@blueprint.post("/admin/accounts/<int:user_id>/reinstate")
@guard("account.manage", load=queries.user, proved=True)
def reinstate(user: User) -> ResponseReturnValue:
    service.reinstate(db.session(), current_actor(), user)
    note(SecurityKind.REINSTATED, of=user.id)
    return _done(user, gettext("The account can be used again."))


@blueprint.post("/admin/accounts/<int:user_id>/roles")
@guard("account.manage", load=queries.user, proved=True)
def give_role(user: User) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return _account_page(user, SuspendForm(formdata=None), form), 422
    role, provinces = form.role.data, form.provinces.data
    if services().settings.four_eyes:
        service.ask_role(db.session(), current_actor(), user, role, provinces)
        return _done(user, gettext("A second administrator has to confirm the role."))
    service.give_role(db.session(), current_actor(), user, role, provinces)
    note(SecurityKind.ROLE_GIVEN, of=user.id, role=role)
    return _done(user, gettext("Role added."))


@blueprint.post("/admin/accounts/<int:user_id>/requests/<int:request_id>/confirm")
@guard("account.manage", load=queries.role_request, proved=True)
def confirm_role(asked: RoleRequest) -> ResponseReturnValue:
    user, role = asked.user, asked.role
    service.confirm_role(db.session(), current_actor(), asked)
    note(SecurityKind.ROLE_GIVEN, of=user.id, role=role)
    return _done(user, gettext("Role added."))


@blueprint.post("/admin/accounts/<int:user_id>/requests/<int:request_id>/drop")
@guard("account.manage", load=queries.role_request, proved=True)
def drop_role(asked: RoleRequest) -> ResponseReturnValue:
    user = asked.user
    service.drop_role(db.session(), current_actor(), asked)
    return _done(user, gettext("The role has not been given."))


@blueprint.post("/admin/accounts/<int:user_id>/roles/<int:role_id>/take")
@guard("account.manage", load=queries.staff_role, proved=True)
def take_role(role: StaffRole) -> ResponseReturnValue:
    user = role.user
    service.take_role(db.session(), current_actor(), role)
    note(SecurityKind.ROLE_TAKEN, of=user.id, role=role.role)
    return _done(user, gettext("Role removed."))


@blueprint.post("/admin/accounts/<int:user_id>/second-factor/remove")
@guard("account.manage", load=queries.user, proved=True)
def remove_factor(user: User) -> ResponseReturnValue:
    """For somebody who has lost the app and the recovery codes, and has proved who they are."""
    factors.remove(db.session(), current_actor(), user)
    post(messages.factor_reset(user, url_for("account.sign_in")))
    jobs.commit("deliver_mail")
    flash(gettext("The app is removed, and every session of the account is ended."))
    return redirect_to("admin.accounts.account", user_id=user.id)


def _account_page(user: User, suspending: SuspendForm, giving: RoleForm) -> str:
    return render_template(
        "admin/account.html",
        user=user,
        suspending=suspending,
        giving=giving,
        asked=queries.role_requests(db.session(), user.id),
        records=audit.about(db.session(), "account", user.id),
        has_factor=queries.has_second_factor(db.session(), user.id),
    )


def _done(user: User, sentence: str) -> ResponseReturnValue:
    jobs.commit()
    flash(sentence)
    return redirect_to("admin.accounts.account", user_id=user.id)
