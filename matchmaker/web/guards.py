"""Every route declares what it needs: guard(action, load) is the only way in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from flask import Response, abort, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from matchmaker.db import db
from matchmaker.permissions import RULES
from matchmaker.web.resume import ask_to_sign_in
from matchmaker.web.session import current_actor

View = Callable[..., ResponseReturnValue]
Loader = Callable[..., Any]


def guard(action: str, load: Loader | None = None) -> Callable[[View], View]:
    """Let the actor through or answer 404, the same for what is absent and what is forbidden.

    `load(session, **path_arguments)` returns the subject with what the view shows, or None. The
    view then receives the subject alone. Visitors are sent to sign in before anything is loaded,
    unless the action is open to them.
    """
    rule = RULES[action]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**path: Any) -> ResponseReturnValue:
            actor = current_actor()
            if not actor.signed_in and not rule.open_to_visitors:
                return ask_to_sign_in()
            if load is None:
                if not rule.allows(actor, None):
                    refuse(action)
                return view(**path)
            subject = load(db.session, **path)
            if subject is None or not rule.allows(actor, subject):
                refuse(action)
            return view(subject)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


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
