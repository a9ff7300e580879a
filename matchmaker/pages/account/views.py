"""Signing in and out, one's own account."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter.util import get_remote_address
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.accounts import links, messages, queries, service
from matchmaker.accounts.models import User
from matchmaker.db import db, reading
from matchmaker.errors import NotAllowed
from matchmaker.pages.account.forms import (
    ChangePasswordForm,
    ForgotForm,
    NewPasswordForm,
    ProfileForm,
    SignInForm,
)
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.tries import by_account, by_address, post
from matchmaker.pages.shared.watching import note
from matchmaker.security.states import SecurityKind
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.limits import BY_ACCOUNT, limiter
from matchmaker.web.resume import local_path, offer_to_continue, pending
from matchmaker.web.session import begin, current_actor, end

blueprint = Blueprint("account", __name__)


def account_in_use() -> str:
    return str(current_actor().user_id or get_remote_address())


@blueprint.route("/sign-in", methods=["GET", "POST"])
@by_address
@by_account
@guard("account.open")
def sign_in() -> ResponseReturnValue:
    if request.method == "GET" and current_actor().signed_in:
        return redirect(local_path(request.args.get("next")) or url_for("home.index"), code=303)
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.is_submitted() else 200)
    with reading(db.session()):  # checking a password takes long on purpose
        user = service.authenticate(db.session(), form.email.data, form.password.data)
    if user is None:
        note(SecurityKind.SIGN_IN_FAILED, account=form.email.data)
        form.password.errors = [gettext("The e-mail and the password do not belong together.")]
        return _sign_in_page(form, 422)
    if user.suspended_at is not None:
        form.email.errors = [
            gettext("This account is suspended. Please write to the administrator of this site.")
        ]
        return _sign_in_page(form, 422)
    if user.email_confirmed_at is None:
        return _ask_to_confirm(user)
    return _enter(user, form.password.data)


def _sign_in_page(form: SignInForm, status: int) -> tuple[str, int]:
    kept = pending(request.form)
    wanted = local_path(request.values.get("next")) or ""
    return render_template("account/sign_in.html", form=form, next=wanted, pending=kept), status


def _ask_to_confirm(user: User) -> str:
    """Mail the link again: the password is right, the address is not confirmed."""
    post(
        messages.confirm(
            user, url_for("organisation.confirm", token=links.make(links.CONFIRM, user))
        )
    )
    jobs.commit("deliver_mail")
    return render_template("account/check_mail.html", why="confirm")


def _enter(user: User, password: str) -> ResponseReturnValue:
    service.signed_in(db.session(), user, password)
    jobs.commit()
    begin(user.id, user.generation)
    note(SecurityKind.SIGNED_IN)
    kept = pending(request.form)
    if kept is not None:
        return offer_to_continue(*kept)
    return redirect(local_path(request.form.get("next")) or url_for("home.index"), code=303)


@blueprint.post("/sign-out")
@guard("account.use")
def sign_out() -> ResponseReturnValue:
    end()
    flash(gettext("You are signed out."))
    return redirect_to("home.front")


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@by_address
@by_account
@guard("account.open")
def forgot() -> ResponseReturnValue:
    form = ForgotForm()
    if not form.validate_on_submit():
        return form_page("account/forgot.html", form)
    user = service.ask_reset(db.session(), current_actor(), form.email.data)
    if user is not None:
        post(messages.reset(user, url_for("account.reset", token=links.make(links.RESET, user))))
    jobs.commit("deliver_mail")
    return render_template("account/check_mail.html", why="reset")


@blueprint.route("/reset-password/<token>", methods=["GET", "POST"])
@by_address
@guard("account.open")
def reset(token: str) -> ResponseReturnValue:
    """Choose a password by a mailed link: a new one, or the first one of an account."""
    user = links.read(db.session(), token, links.RESET, links.WELCOME)
    if user is None or user.suspended_at is not None:
        return render_template("account/link_expired.html", why="reset"), 404
    form = NewPasswordForm(user.email)
    if not form.validate_on_submit():
        return form_page("account/reset.html", form, user=user)
    service.confirm(db.session(), user)  # the link came by mail
    service.set_password(db.session(), service.as_actor(user), user, form.new_password.data)
    post(messages.password_changed(user, url_for("account.forgot")))
    jobs.commit("deliver_mail")
    end()
    note(SecurityKind.PASSWORD_CHANGED, account=user.email)
    flash(gettext("Your password is changed. Please sign in with it."))
    return redirect_to("account.sign_in")


@blueprint.route("/account", methods=["GET", "POST"])
@guard("account.use")
def profile() -> ResponseReturnValue:
    user = _own()
    form = ProfileForm(obj=user)
    if not form.validate_on_submit():
        return form_page("account/profile.html", form, user=user)
    service.edit_profile(db.session(), current_actor(), user, form.name.data, form.language.data)
    jobs.commit()
    session["language"] = user.language
    flash(gettext("Saved."))
    return redirect_to("account.profile")


@blueprint.route("/account/password", methods=["GET", "POST"])
@by_address
@limiter.limit(BY_ACCOUNT, key_func=account_in_use, methods=["POST"])
@guard("account.use")
def change_password() -> ResponseReturnValue:
    """Change the password, and end all sessions but this one."""
    user = _own()
    form = ChangePasswordForm(user.email)
    valid = form.validate_on_submit()
    if valid and service.authenticate(db.session(), user.email, form.current_password.data) is None:
        form.current_password.errors = [gettext("Current password: this is not it.")]
        valid = False
    if not valid:
        return form_page("account/password.html", form, user=user)
    service.set_password(db.session(), current_actor(), user, form.new_password.data)
    post(messages.password_changed(user, url_for("account.forgot")))
    jobs.commit("deliver_mail")
    begin(user.id, user.generation)
    note(SecurityKind.PASSWORD_CHANGED)
    flash(gettext("Your password is changed. You are signed out everywhere else."))
    return redirect_to("account.profile")


def _own() -> User:
    user = queries.user(db.session(), current_actor().user_id)
    if user is None:
        raise NotAllowed
    return user
