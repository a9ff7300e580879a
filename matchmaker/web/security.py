"""Response headers, cross-site refusal and CSRF tokens for every unsafe request."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, current_app, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms.validators import ValidationError

from matchmaker.db import db, reading, writing
from matchmaker.permissions import RULES
from matchmaker.web.guards import View
from matchmaker.web.limits import came_through_unknown_proxy, is_of_everybody
from matchmaker.web.resume import ask_to_sign_in, refuse_stale_token
from matchmaker.web.session import current_actor

log = structlog.get_logger()
SAFE = ("GET", "HEAD", "OPTIONS")
LARGEST_UPLOAD = 105 * 2**20  # bytes: five files of 20 MiB, and what is said around them
ASKING = ("propose",)  # buttons of a form that store nothing
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def install(app: Flask) -> None:
    app.before_request(check_host)
    app.before_request(warn_of_unknown_proxy)
    app.before_request(let_files_in)
    app.before_request(note_intent)
    app.before_request(check_sender)
    app.after_request(add_headers)


@cache
def _unknown_proxy(address: str) -> None:
    """Say it once for each proxy."""
    log.warning("proxy.unknown", address=address, hint="set MATCHMAKER_PROXIES")


def warn_of_unknown_proxy() -> None:
    """Behind a proxy that was not declared, everybody seems to come from one address."""
    if is_of_everybody() and came_through_unknown_proxy():
        _unknown_proxy(request.remote_addr or "")


def check_host() -> None:
    """Refuse a host that no address can be made of; the page that says so links to our own."""
    if request_ctx.url_adapter is None:
        request_ctx.url_adapter = current_app.url_map.bind("localhost")
        abort(400)


def takes_files(view: View) -> View:
    """Mark a view whose form has files: more may be sent to it, by somebody signed in.

    It begins as a reader, so that no writer waits while files are checked; see `begin_to_write`.
    """
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def _takes_files() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in SAFE and getattr(view, "takes_files", False)


def let_files_in() -> None:
    """Raise the limit of this request before anything reads it."""
    if _takes_files():
        with reading(db.session()):
            signed_in = current_actor().signed_in
        if signed_in:
            usual = current_app.config["MAX_CONTENT_LENGTH"]
            request.max_content_length = usual + LARGEST_UPLOAD


def note_intent() -> None:
    """A request that only reads need not wait for SQLite's write lock, nor hold up those who do."""
    only_asks = request.method in SAFE or request.form.get("action") in ASKING
    writing.set(not only_asks and not _takes_files())


def begin_to_write() -> None:
    """End what was only read; what follows in this request may write."""
    db.session.rollback()
    writing.set(True)


def by_signed_link(view: View) -> View:
    """Mark a view whose signed link is all that protects it: mail programs send no token."""
    view.by_signed_link = True  # type: ignore[attr-defined]
    return view


def check_sender() -> Response | None:
    """Refuse cross-site writes; a stale token keeps what was typed and offers to send it again."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE or getattr(view, "by_signed_link", False):
        return None
    if (
        request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
        or not _same_origin()
    ):
        abort(403)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except (CSRFError, ValidationError):
        action = getattr(view, "action", None)
        if action and not current_actor().signed_in and not RULES[action].open_to_visitors:
            return ask_to_sign_in()
        return refuse_stale_token()
    return None


def _same_origin() -> bool:
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.host
    except ValueError:  # as of "http://[::1"
        return False


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Vary", "Cookie, Accept-Language")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
