"""Response headers, cross-site refusal and CSRF tokens for every unsafe request."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms.validators import ValidationError

from matchmaker.db import writing
from matchmaker.permissions import RULES
from matchmaker.web.resume import ask_to_sign_in, refuse_stale_token
from matchmaker.web.session import current_actor

SAFE = ("GET", "HEAD", "OPTIONS")
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
    app.before_request(note_intent)
    app.before_request(check_sender)
    app.after_request(add_headers)


def check_host() -> None:
    """Refuse a host that no address can be made of; the page that says so links to our own."""
    if request_ctx.url_adapter is None:
        request_ctx.url_adapter = current_app.url_map.bind("localhost")
        abort(400)


def note_intent() -> None:
    """A request that only reads need not wait for SQLite's write lock, nor hold up those who do."""
    only_asks = request.method in SAFE or request.form.get("action") in ASKING
    writing.set(not only_asks)


def check_sender() -> Response | None:
    """Refuse cross-site writes; a stale token keeps what was typed and offers to send it again."""
    if request.method in SAFE:
        return None
    if (
        request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
        or not _same_origin()
    ):
        abort(403)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except (CSRFError, ValidationError):
        action = getattr(current_app.view_functions.get(request.endpoint or ""), "action", None)
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
