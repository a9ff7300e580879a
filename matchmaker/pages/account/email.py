"""Changing one's e-mail: the password, then a link to the new address, and a way back."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.accounts import links, messages, queries, service
from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.pages.account.forms import EmailForm
from matchmaker.pages.account.own import own_account
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.sessions import keep_this_one
from matchmaker.pages.shared.tries import by_address, post, wrong_for_own_account
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("email", __name__)


@blueprint.route("/account/email", methods=["GET", "POST"])
@by_address
@wrong_for_own_account
@guard("account.use")
def change() -> ResponseReturnValue:
    """Mail a link to the new address. The page is the same for an address with an account."""
    user = own_account()
    form = EmailForm()
    valid = form.validate_on_submit()
    if valid and service.authenticate(db.session(), user.email, form.current_password.data) is None:
        form.current_password.errors = [
            gettext("Current password: wrong password. Please try again.")
        ]
        valid = False
    if not valid:
        return form_page("account/email.html", form, user=user)
    _write_to(user, form.email.data)
    jobs.commit("deliver_mail")
    return render_template("account/check_mail.html", why="email", email=form.email.data)


@blueprint.route("/new-email/<token>", methods=["GET", "POST"])
@by_address
@guard("account.open")
def confirm(token: str) -> ResponseReturnValue:
    sent = request.method == "POST"
    user, address = links.read_with_address(db.session(), token, links.CHANGE, lock=sent)
    if user is None or user.suspended_at is not None:
        return render_template("account/link_expired.html", why="email"), 404
    if not sent:
        return render_template("account/confirm_email.html", user=user, address=address)
    former = service.change_email(db.session(), user, address)
    if current_actor().user_id == user.id:
        keep_this_one(user)
    back = links.make(links.REVERT, user, former)
    post(messages.email_changed(user, former, url_for("account.email.take_back", token=back)))
    jobs.commit("deliver_mail")
    flash(gettext("You sign in with %(email)s from now on.", email=address))
    return redirect_to("account.profile")


@blueprint.route("/former-email/<token>", methods=["GET", "POST"])
@by_address
@guard("account.open")
def take_back(token: str) -> ResponseReturnValue:
    """Give the former address its account back, and mail it a link to choose a password."""
    sent = request.method == "POST"
    user, address = links.read_with_address(db.session(), token, links.REVERT, lock=sent)
    if user is None or user.suspended_at is not None or user.email == address:
        return render_template("account/link_expired.html", why="email"), 404
    if not sent:
        return render_template("account/revert_email.html", user=user, address=address)
    service.revert_email(db.session(), user, address)
    post(messages.reset(user, url_for("account.reset", token=links.make(links.RESET, user))))
    jobs.commit("deliver_mail")
    return render_template("account/check_mail.html", why="reverted", email=address)


def _write_to(user: User, address: str) -> None:
    holder = queries.user_by_email(db.session(), address)
    if holder is not None and service.is_claimed(holder):
        post(messages.exists(holder, url_for("account.sign_in")))
        return
    token = links.make(links.CHANGE, user, address)
    post(messages.change_email(user, address, url_for("account.email.confirm", token=token)))
