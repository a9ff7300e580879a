"""Where one is signed in, and ending that."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.accounts import queries
from matchmaker.accounts import sessions as kept_sessions
from matchmaker.accounts.models import UserSession
from matchmaker.db import db, now
from matchmaker.pages.account.own import own_account
from matchmaker.pages.shared.sessions import lifetimes
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor, current_visit

blueprint = Blueprint("sessions", __name__)


def other_session(session: Session, session_id: int) -> UserSession | None:
    """One of the reader's open sessions, but for this one."""
    return next((one for one in _others(session) if one.id == session_id), None)


@blueprint.get("/account/sessions")
@guard("account.use")
def index() -> str:
    found = queries.open_sessions(db.session(), own_account(), lifetimes(), now())
    visit = current_visit()
    return render_template(
        "account/sessions.html", sessions=found, this_one=visit.session_id if visit else None
    )


@blueprint.post("/account/sessions/<int:session_id>/end")
@guard("account.use", load=other_session, proved=True)
def end(ending: UserSession) -> ResponseReturnValue:
    kept_sessions.end(db.session(), current_actor(), [ending])
    return _ended(gettext("That session is ended."))


@blueprint.post("/account/sessions/end-others")
@guard("account.use", proved=True)
def end_others() -> ResponseReturnValue:
    kept_sessions.end(db.session(), current_actor(), _others(db.session()))
    return _ended(gettext("You are signed out everywhere else."))


def _others(session: Session) -> list[UserSession]:
    visit = current_visit()
    found = queries.open_sessions(session, own_account(), lifetimes(), now())
    return [one for one in found if visit is None or one.id != visit.session_id]


def _ended(sentence: str) -> ResponseReturnValue:
    jobs.commit()
    flash(sentence)
    return redirect_to("account.sessions.index")
