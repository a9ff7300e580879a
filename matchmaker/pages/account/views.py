"""Signing in and out, one's own account."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.accounts import factors, links, messages, queries, service
from matchmaker.accounts import sessions as kept_sessions
from matchmaker.accounts.models import User
from matchmaker.accounts.states import Proof
from matchmaker.db import db, reading
from matchmaker.pages.account.entering import (
    ask_for_code,
    code_page,
    enter,
    go_on,
    half_way,
    link_told,
    prove_page,
    sign_in_page,
    told_half_way,
    wanted,
)
from matchmaker.pages.account.forms import (
    ChangePasswordForm,
    CodeForm,
    ForgotForm,
    NewPasswordForm,
    ProfileForm,
    ProveForm,
    SignInForm,
)
from matchmaker.pages.account.own import names_of, own_account
from matchmaker.pages.shared import sessions
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.tries import (
    by_address,
    mails_to_account,
    post,
    wrong_codes,
    wrong_for_account,
    wrong_for_own_account,
)
from matchmaker.pages.shared.watching import note
from matchmaker.security.states import SecurityKind
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor, current_visit, end

blueprint = Blueprint("account", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@by_address
@wrong_for_account
@guard("account.open")
def sign_in() -> ResponseReturnValue:
    if request.method != "POST" and current_actor().signed_in:
        return redirect(wanted() or url_for("home.index"), code=303)
    form = SignInForm()
    if not form.validate_on_submit():
        return sign_in_page(form)
    with reading(db.session()):  # checking a password takes long on purpose
        user = service.authenticate(db.session(), form.email.data, form.password.data)
    if user is None:
        note(SecurityKind.SIGN_IN_FAILED, account=form.email.data)
        form.password.errors = [
            gettext("E-mail or password is wrong. Try again, or ask for a new password.")
        ]
        return sign_in_page(form)
    if user.suspended_at is not None:
        form.email.errors = [
            gettext("This account is suspended. Please write to the administrator of this site.")
        ]
        return sign_in_page(form)
    if user.email_confirmed_at is None:
        return _ask_to_confirm(user)
    service.renew_hash(user, form.password.data)
    if queries.has_second_factor(db.session(), user.id):
        return ask_for_code(user)
    return enter(user, second_factor=False)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@by_address
@wrong_codes
@guard("account.open")
def code() -> ResponseReturnValue:
    """Take the code of an app, or a recovery code, after the password."""
    user = half_way()
    if user is None:
        return sign_in_page(SignInForm(formdata=None))
    form = CodeForm()
    if not form.validate_on_submit():
        return code_page(form)
    actor = service.as_actor(user)
    proof = factors.accept(db.session(), actor, user, form.code.data)
    if proof is None:
        note(SecurityKind.SIGN_IN_FAILED, account=user.email)
        form.code.errors = [
            gettext(
                "Verification code: wrong code, or one that has already been used. Please try "
                "again."
            )
        ]
        return code_page(form)
    if proof is Proof.RECOVERY_CODE:
        left = queries.unused_recovery_codes(db.session(), user.id)
        post(messages.recovery_code_used(user, left, url_for("account.forgot")))
    told = told_half_way()
    if told:
        link_told(user, told)
    return enter(user, second_factor=True, told=told)


@blueprint.post("/sign-out")
@guard("account.use")
def sign_out() -> ResponseReturnValue:
    """End the session in the database: a copy of its cookie opens nothing any more."""
    if visit := current_visit():
        kept_sessions.sign_out(db.session(), current_actor(), visit.session_id)
        jobs.commit()
    end()
    flash(gettext("You are signed out."))
    return redirect_to("home.front")


@blueprint.route("/account/prove", methods=["GET", "POST"])
@by_address
@wrong_for_own_account
@guard("account.use")
def prove() -> ResponseReturnValue:
    """Ask for the password again, then go on with what asked for it."""
    form = ProveForm()
    if not form.validate_on_submit():
        return prove_page(form)
    with reading(db.session()):
        user = own_account()
        right = service.authenticate(db.session(), user.email, form.password.data)
    visit = current_visit()
    if right is None or visit is None:
        form.password.errors = [gettext("Password: wrong password. Please try again.")]
        return prove_page(form)
    kept_sessions.prove(db.session(), visit.session_id)
    jobs.commit()
    return go_on("account.profile")


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@by_address
@mails_to_account
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
    sent = request.method == "POST"
    user = links.read(db.session(), token, links.RESET, links.WELCOME, lock=sent)
    if user is None or user.suspended_at is not None:
        return render_template("account/link_expired.html", why="reset"), 404
    form = NewPasswordForm(user.email, names_of(user))
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
    user = own_account()
    form = ProfileForm(obj=user)
    if not form.validate_on_submit():
        linked = queries.linked_sign_in(db.session(), user.id)
        institution = services().settings.oidc_name
        context = {"user": user, "linked": linked, "institution": institution}
        return form_page("account/profile.html", form, **context)
    service.edit_profile(
        db.session(),
        current_actor(),
        user,
        form.name.data,
        form.language.data,
        time_zone=form.time_zone.data,
    )
    jobs.commit()
    session["language"] = user.language
    flash(gettext("Saved."))
    return redirect_to("account.profile")


@blueprint.route("/account/password", methods=["GET", "POST"])
@by_address
@wrong_for_own_account
@guard("account.use")
def change_password() -> ResponseReturnValue:
    """Change the password, and end all sessions but this one."""
    user = own_account()
    form = ChangePasswordForm(user.email, names_of(user))
    valid = form.validate_on_submit()
    if valid and service.authenticate(db.session(), user.email, form.current_password.data) is None:
        form.current_password.errors = [
            gettext("Current password: wrong password. Please try again.")
        ]
        valid = False
    if not valid:
        return form_page("account/password.html", form, user=user)
    service.set_password(db.session(), current_actor(), user, form.new_password.data)
    sessions.keep_this_one(user)
    post(messages.password_changed(user, url_for("account.forgot")))
    jobs.commit("deliver_mail")
    note(SecurityKind.PASSWORD_CHANGED)
    flash(gettext("Your password is changed. You are signed out everywhere else."))
    return redirect_to("account.profile")


def _ask_to_confirm(user: User) -> str:
    """Mail the link again: the password is right, the address is not confirmed."""
    post(
        messages.confirm(
            user, url_for("organisation.confirm", token=links.make(links.CONFIRM, user))
        )
    )
    jobs.commit("deliver_mail")
    return render_template("account/check_mail.html", why="confirm")
