"""The second factor of one's own account: an authenticator app and recovery codes."""

from __future__ import annotations

from urllib.parse import urlsplit

import segno
from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from matchmaker import jobs
from matchmaker.accounts import factors, messages, queries
from matchmaker.accounts.models import SecondFactor, User
from matchmaker.accounts.rules import needs_second_factor
from matchmaker.db import db
from matchmaker.errors import Refusal, Refused
from matchmaker.pages.account.forms import FirstCodeForm
from matchmaker.pages.account.own import own_account
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.sessions import keep_this_one
from matchmaker.pages.shared.tries import by_address, post
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor, look_again

blueprint = Blueprint("factor", __name__)

LARGE = 5  # pixels of a screen for one of the picture


@blueprint.get("/account/second-factor")
@guard("account.use")
def index() -> str:
    user = own_account()
    return render_template(
        "account/factor.html",
        stands=queries.has_second_factor(db.session(), user.id),
        left=queries.unused_recovery_codes(db.session(), user.id),
        required=_is_required(user),
    )


@blueprint.post("/account/second-factor/begin")
@guard("account.use", proved=True)
def begin() -> ResponseReturnValue:
    factors.set_up(db.session(), current_actor(), own_account())
    jobs.commit()
    return redirect_to("account.factor.set_up")


@blueprint.route("/account/second-factor/set-up", methods=["GET", "POST"])
@by_address
@guard("account.use", proved=True)
def set_up() -> ResponseReturnValue:
    """Show the secret to the app, and take the first code that it makes of it."""
    user = own_account()
    factor = queries.second_factor(db.session(), user.id)
    if factor is None or factor.confirmed_at is not None:
        return redirect_to("account.factor.index")
    form = FirstCodeForm()
    if not form.validate_on_submit():
        return _set_up_page(form, factor, user)
    try:
        codes = factors.confirm(db.session(), current_actor(), user, form.code.data)
    except Refused as refusal:
        form.code.errors = [sentence(refusal.refusal)]
        return _set_up_page(form, factor, user)
    keep_this_one(user, second_factor=True)
    post(messages.factor_confirmed(user, url_for("account.forgot")))
    jobs.commit("deliver_mail")
    look_again()
    return render_template("account/recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/recovery-codes")
@guard("account.use", proved=True)
def renew_codes() -> ResponseReturnValue:
    codes = factors.renew_recovery_codes(db.session(), current_actor(), own_account())
    jobs.commit()
    return render_template("account/recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/remove")
@guard("account.use", proved=True)
def remove() -> ResponseReturnValue:
    user = own_account()
    if _is_required(user):
        raise Refused(Refusal.FACTOR_REQUIRED)
    factors.remove(db.session(), current_actor(), user)
    keep_this_one(user, second_factor=False)
    post(messages.factor_removed(user, url_for("account.forgot")))
    jobs.commit("deliver_mail")
    flash(gettext("The app is removed. You now sign in with your password alone."))
    return redirect_to("account.factor.index")


def _is_required(user: User) -> bool:
    return services().settings.second_factor and needs_second_factor(
        entry.role for entry in user.staff_roles
    )


def _set_up_page(form: FirstCodeForm, factor: SecondFactor, user: User) -> tuple[str, int]:
    site = urlsplit(services().settings.base_url).hostname or ""
    address = factors.address_for_app(factor, user, site)
    picture = segno.make(address, error="m").svg_inline(
        scale=LARGE, light="#fff", title=gettext("QR code for the app"), svgclass=None,
        lineclass=None,
    )  # fmt: skip
    secret = " ".join(factor.secret[place : place + 4] for place in range(0, len(factor.secret), 4))
    return form_page(
        "account/set_up_factor.html",
        form,
        picture=Markup(picture),  # noqa: S704  # nosec B704  # made by segno
        secret=secret,
        app_link=address,
    )
