"""Signing in by an institution, and one's own link to it."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import structlog
from flask import Blueprint, flash, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.accounts import institution, messages, queries
from matchmaker.accounts.models import LinkedSignIn, User
from matchmaker.accounts.rules import Told
from matchmaker.db import db, reading, writing
from matchmaker.errors import Refused
from matchmaker.pages.account import oidc
from matchmaker.pages.account.entering import (
    TOLD,
    enter,
    link_told,
    remember_half_way,
    sign_in_page,
    wanted,
)
from matchmaker.pages.account.forms import SignInForm
from matchmaker.pages.account.own import own_account
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.sessions import keep_this_one
from matchmaker.pages.shared.tries import answers_by_address, post
from matchmaker.pages.shared.watching import note
from matchmaker.security.states import SecurityKind
from matchmaker.services import services
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("institution", __name__)
log = structlog.get_logger()

WANTED = "wanted"  # in the cookie: the page that one came for


def offered(_session: Session) -> Any:
    """The institution's sign-in; None where there is none."""
    return oidc.client()


def own_link(session: Session) -> LinkedSignIn | None:
    return queries.linked_sign_in(session, current_actor().user_id)


@blueprint.get("/sign-in/institution")
@guard("account.open", load=offered)
def go(client: Any) -> ResponseReturnValue:
    """Send the browser to the institution. This writes nothing but the cookie."""
    if current_actor().signed_in:
        return redirect(wanted() or url_for("home.index"), code=303)
    target = wanted()
    try:
        there = oidc.send_there(client, "account.institution.come_back")
    except oidc.NotTold as fault:
        return _failed(fault)
    if target:
        session[WANTED] = target
    return there


@blueprint.get("/sign-in/institution/answer")
@answers_by_address
@guard("account.open", load=offered)
def come_back(client: Any) -> ResponseReturnValue:
    """Take the institution's answer: sign in, or ask for the code of the app first."""
    target = session.get(WANTED)
    try:
        with reading(db.session()):  # no transaction is open while the institution is asked
            told = oidc.read_answer(client)
    except oidc.NotTold as fault:
        return _failed(fault)
    writing.set(True)  # for the rest of this request
    try:
        user = institution.account_of(db.session(), told, services().settings.oidc_mail_domains)
        return _let_in(user, told, target)
    except Refused as refusal:
        db.session.rollback()
        note(SecurityKind.SIGN_IN_FAILED, account=told.email, why=refusal.refusal)
        name = services().settings.oidc_name
        complaint = sentence(refusal.refusal, institution=name)
        return sign_in_page(SignInForm(formdata=None), complaint, 422)


def _let_in(user: User, told: Told, target: str | None) -> ResponseReturnValue:
    if queries.has_second_factor(db.session(), user.id):
        db.session.rollback()
        remember_half_way(user, **{TOLD: astuple(told)})
        return redirect_to("account.code", next=target)
    link_told(user, told)
    return enter(user, second_factor=False, told=told, target=target)


@blueprint.post("/account/institution/unlink")
@guard("account.use", load=own_link, proved=True)
def unlink(linked: LinkedSignIn) -> ResponseReturnValue:
    user = own_account()
    institution.unlink(db.session(), current_actor(), user)
    keep_this_one(user)
    name = services().settings.oidc_name
    post(messages.sign_in_unlinked(user, name or linked.issuer, url_for("account.forgot")))
    jobs.commit("deliver_mail")
    flash(gettext("Unlinked. You sign in with your password."))
    return redirect_to("account.profile")


@blueprint.post("/account/institution/allow")
@guard("account.use", load=own_link, proved=True)
def allow(_linked: LinkedSignIn) -> ResponseReturnValue:
    institution.allow_again(db.session(), current_actor(), own_account())
    jobs.commit()
    flash(gettext("The sign-in is linked again the next time that you use it."))
    return redirect_to("account.profile")


def _failed(fault: oidc.NotTold) -> ResponseReturnValue:
    log.warning("oidc.failed", reason=str(fault))
    name = services().settings.oidc_name
    complaint = gettext(
        "Signing in by %(institution)s did not work this time. Try again, or use your password.",
        institution=name,
    )
    return sign_in_page(SignInForm(formdata=None), complaint, 503)
