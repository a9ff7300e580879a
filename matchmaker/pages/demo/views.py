"""Entry by one click, and the mailbox of a demonstration; registered in demonstrations only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_login import login_user
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.demo.cast import ENTRIES
from matchmaker.notices import messages, queries
from matchmaker.organisations.queries import actor_of
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import LOCALES, reader_language
from matchmaker.web.session import Principal

blueprint = Blueprint("demo", __name__)


@blueprint.app_context_processor
def entries() -> dict[str, Any]:
    return {"demo_entries": ENTRIES}


@blueprint.get("/demo")
@guard("demo.enter")
def choose() -> str:
    return render_template("demo/choose.html")


@blueprint.post("/demo/enter")
@guard("demo.enter")
def enter() -> ResponseReturnValue:
    """Sign in as the chosen person; the page stays in the language it was read in."""
    email = next((entry.email for entry in ENTRIES if entry.key == request.form.get("role")), None)
    user_id = db.session.scalar(select(User.id).where(User.email == email)) if email else None
    found = actor_of(db.session(), user_id) if user_id else None
    if found is None:
        abort(404)
    language = reader_language()
    session.clear()
    session["language"] = language
    login_user(Principal(*found))
    return redirect_to("home.index")


@blueprint.get("/demo/mail")
@guard("demo.enter")
def mailbox() -> str:
    """Show the mails that wait to be sent, newest first, with their links."""
    mails = []
    for mail in queries.outbox(db.session()):
        with force_locale(LOCALES[mail.language]):
            mails.append(
                {
                    "mail": mail,
                    "subject": messages.subject(mail.kind, mail.params, mail.language),
                    "body": messages.body(mail.kind, mail.params, mail.language),
                    "action": str(messages.CATALOGUE[mail.kind].action),
                }
            )
    return render_template("demo/mail.html", mails=mails)
