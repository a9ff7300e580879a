"""Entry by one click, and the mailbox of a demonstration; registered in demonstrations only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from sqlalchemy import select

from matchmaker import jobs
from matchmaker.accounts import queries as accounts
from matchmaker.accounts.models import User
from matchmaker.accounts.service import as_actor
from matchmaker.accounts.sessions import start
from matchmaker.db import db
from matchmaker.demo.cast import ENTRIES
from matchmaker.notices import messages, queries
from matchmaker.pages.shared.sessions import place
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import LOCALES, reader_language
from matchmaker.web.session import begin

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
    user = accounts.user(db.session(), user_id)
    if user is None or not user.may_sign_in:
        abort(404)
    session["language"] = reader_language()
    opened = start(db.session(), as_actor(user), user, place(), second_factor=True)
    jobs.commit()
    begin(opened.token)
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
