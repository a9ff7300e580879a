"""Every route declares what it needs: guard(action, load) is the only way in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, NoReturn

from flask import Response, abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect

from matchmaker.db import db, now
from matchmaker.permissions import RULES
from matchmaker.services import services
from matchmaker.web.error_pages import page
from matchmaker.web.resume import ask_to_prove, ask_to_sign_in, asked_path
from matchmaker.web.session import current_actor, current_visit, other_actors

View = Callable[..., ResponseReturnValue]
Loader = Callable[..., Any]


def guard(
    action: str, load: Loader | None = None, *, proved: bool = False
) -> Callable[[View], View]:
    """Let the actor through or answer 404, the same for what is absent and what is forbidden.

    `load(session, **path_arguments)` returns the subject with what the view shows, or None. The
    view then receives the subject alone. Visitors are sent to sign in before anything is loaded,
    unless the action is open to them. `proved` asks for the password again where the last time is
    long ago.
    """
    rule = RULES[action]
    needs_nothing = rule.open_to_visitors or action == "account.use"

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**path: Any) -> ResponseReturnValue:
            actor = current_actor()
            if not actor.signed_in and not rule.open_to_visitors:
                return ask_to_sign_in()
            visit = current_visit()
            if visit and visit.lacks_second_factor and not needs_nothing:
                return redirect_to("account.factor.index")
            if actor.has_to_choose and not needs_nothing:
                return ask_whom_to_act_for()
            subject = load(db.session, **path) if load else None
            if (load and subject is None) or not rule.allows(actor, subject):
                if any(subject is not None and rule.allows(one, subject) for one in other_actors()):
                    return ask_whom_to_act_for()
                refuse(action)
            if proved and visit and is_long_ago(visit.proved_at):
                return ask_to_prove()
            return view(subject) if load else view(**path)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def ask_whom_to_act_for() -> ResponseReturnValue:
    """The page is for another organisation of the reader's, or for one that they have to choose.

    A form that was sent keeps its text.
    """
    if request.method == "GET":
        return redirect_to("account.acting.choose", next=asked_path())
    said = gettext("Choose the organisation that you act for, then send this again.")
    return page(422, sentence=said)


def is_long_ago(proved_at: datetime) -> bool:
    """Whether the password has to be asked for again."""
    minutes = services().settings.reauthenticate_minutes
    return minutes > 0 and now() - proved_at > timedelta(minutes=minutes)


def refuse(action: str) -> NoReturn:
    """Answer 404, and leave word of it for the security log. Absent and forbidden cost the same."""
    g.refused = action
    abort(404)


def redirect_to(endpoint: str, **values: Any) -> Response:
    """After a write: 303, so that the browser asks with GET."""
    return redirect(url_for(endpoint, **values), code=303)  # type: ignore[return-value]


def page_number() -> int:
    """The page asked for, at least 1; what is no number is the first page."""
    text = request.args.get("page", "1")
    return (
        min(max(int(text), 1), 100_000)
        if text.isascii() and text.isdigit() and len(text) < 8
        else 1
    )
