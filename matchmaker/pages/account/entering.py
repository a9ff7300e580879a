"""On the way in: between the password and the page that one came for."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.accounts import queries
from matchmaker.accounts.models import User
from matchmaker.db import db, now
from matchmaker.pages.account.forms import CodeForm, ProveForm, SignInForm
from matchmaker.pages.shared import sessions
from matchmaker.pages.shared.tries import SECOND_STEP
from matchmaker.pages.shared.watching import note
from matchmaker.security.states import SecurityKind
from matchmaker.web.resume import local_path, offer_to_continue, pending
from matchmaker.web.session import renew

HALF_WAY_FOR = timedelta(minutes=10)


def ask_for_code(user: User) -> ResponseReturnValue:
    jobs.commit()
    renew()
    session[SECOND_STEP] = {
        "user": user.id,
        "generation": user.generation,
        "at": int(now().timestamp()),
    }
    return code_page(CodeForm(formdata=None))


def half_way() -> User | None:
    """Who has typed the right password in this browser within the last minutes."""
    step = session.get(SECOND_STEP)
    if not step or now().timestamp() - step["at"] > HALF_WAY_FOR.total_seconds():
        return None
    user = queries.user(db.session(), step["user"])
    if user is None or user.generation != step["generation"] or not user.may_sign_in:
        return None
    return user


def enter(user: User, *, second_factor: bool) -> ResponseReturnValue:
    sessions.sign_in(user, second_factor=second_factor)
    note(SecurityKind.SIGNED_IN)
    return go_on("home.index")


def go_on(usual: str) -> ResponseReturnValue:
    kept = pending(request.form)
    if kept is not None:
        return offer_to_continue(*kept)
    return redirect(wanted() or url_for(usual), code=303)


def wanted() -> str | None:
    return local_path(request.values.get("next"))


def sign_in_page(form: SignInForm) -> tuple[str, int]:
    return _page("account/sign_in.html", form)


def code_page(form: CodeForm) -> tuple[str, int]:
    return _page("account/code.html", form)


def prove_page(form: ProveForm) -> tuple[str, int]:
    return _page("account/prove.html", form)


def _page(template: str, form: SignInForm | CodeForm | ProveForm) -> tuple[str, int]:
    """Show a form on the way in, with what is to be gone on with."""
    html = render_template(template, form=form, next=wanted() or "", pending=pending(request.form))
    return html, 422 if form.errors else 200
