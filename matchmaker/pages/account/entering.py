"""On the way in: between the password and the page that one came for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.accounts import institution, messages, queries, service
from matchmaker.accounts.models import User
from matchmaker.accounts.rules import Told
from matchmaker.db import db, now
from matchmaker.pages.account.forms import CodeForm, ProveForm, SignInForm
from matchmaker.pages.shared import sessions
from matchmaker.pages.shared.tries import SECOND_STEP, post
from matchmaker.pages.shared.watching import note
from matchmaker.security.states import SecurityKind
from matchmaker.services import services
from matchmaker.web.resume import local_path, offer_to_continue, pending
from matchmaker.web.session import renew

HALF_WAY_FOR = timedelta(minutes=10)
TOLD = "told"  # in the cookie, of somebody half way: whom the institution named


def ask_for_code(user: User) -> ResponseReturnValue:
    jobs.commit()
    remember_half_way(user)
    return code_page(CodeForm(formdata=None))


def remember_half_way(user: User, **more: Any) -> None:
    """Note in the cookie who has only the code left to show."""
    renew()
    session[SECOND_STEP] = {
        "user": user.id,
        "generation": user.generation,
        "at": int(now().timestamp()),
        **more,
    }


def told_half_way() -> Told | None:
    """Whom the institution named before the code was asked for; None after a password."""
    told = session.get(SECOND_STEP, {}).get(TOLD)
    return Told(*told) if told else None


def link_told(user: User, told: Told) -> None:
    """Link the person of the institution, if that is new, and tell them."""
    if institution.link(db.session(), service.as_actor(user), user, told):
        name = services().settings.oidc_name
        post(messages.sign_in_linked(user, name, url_for("account.profile")))


def half_way() -> User | None:
    """Who has typed the right password in this browser within the last minutes."""
    step = session.get(SECOND_STEP)
    if not step or now().timestamp() - step["at"] > HALF_WAY_FOR.total_seconds():
        return None
    user = queries.user(db.session(), step["user"])
    if user is None or user.generation != step["generation"] or not user.may_sign_in:
        return None
    return user


def enter(
    user: User, *, second_factor: bool, told: Told | None = None, target: str | None = None
) -> ResponseReturnValue:
    """Sign in, by the institution that told who it is, or by the password."""
    sessions.sign_in(user, second_factor=second_factor, proved=told is None)
    note(SecurityKind.SIGNED_IN, **({"issuer": told.issuer} if told else {}))
    return redirect(target, code=303) if target else go_on("home.index")


def go_on(usual: str) -> ResponseReturnValue:
    kept = pending(request.form)
    if kept is not None:
        return offer_to_continue(*kept)
    return redirect(wanted() or url_for(usual), code=303)


def wanted() -> str | None:
    return local_path(request.values.get("next"))


def sign_in_page(form: SignInForm, complaint: str = "", status: int = 0) -> tuple[str, int]:
    """Show the page to sign in, with what went wrong at the institution, if anything did."""
    name = services().settings.oidc_name
    html, usual = _page("account/sign_in.html", form, complaint=complaint, institution=name)
    return html, status or usual


def code_page(form: CodeForm) -> tuple[str, int]:
    return _page("account/code.html", form)


def prove_page(form: ProveForm) -> tuple[str, int]:
    return _page("account/prove.html", form)


def _page(
    template: str, form: SignInForm | CodeForm | ProveForm, **context: str
) -> tuple[str, int]:
    """Show a form on the way in, with what is to be gone on with."""
    kept = pending(request.form)
    html = render_template(template, form=form, next=wanted() or "", pending=kept, **context)
    return html, 422 if form.errors else 200
