"""Nothing typed is lost when a session or a form's token has run out.

The fields of the refused POST travel, hidden, through the sign-in page (if that is needed). A page
with one button then sends them again with a fresh token.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import redirect

PREFIX = "pending."
TARGET = "pending_to"
LOST_FILES = "lost_files"  # files were chosen, and have to be once more
UNKEPT = {"csrf_token", TARGET}

Fields = list[tuple[str, str]]


def local_path(path: str | None) -> str | None:
    """The path if it stays on this site, else None."""
    if (
        not path
        or not path.startswith("/")
        or path.startswith(("//", "/\\"))
        or any(ord(c) < 32 for c in path)
    ):
        return None
    parts = urlsplit(path)
    return None if parts.scheme or parts.netloc else path


def ask_to_sign_in() -> Response:
    """A GET is sent to the sign-in page and comes back; a POST's fields go along with it."""
    return _ask_first("account.sign_in", "account/sign_in_to_continue.html")


def ask_to_prove() -> Response:
    """The same, where somebody is signed in and the password is to be asked for again."""
    return _ask_first("account.prove", "account/prove_to_continue.html")


def _ask_first(endpoint: str, template: str) -> Response:
    if request.method in ("GET", "HEAD"):
        target = request.full_path if request.query_string else request.path
        return redirect(url_for(endpoint, next=target), code=303)  # type: ignore[return-value]
    html = render_template(template, target=asked_path(), fields=typed())
    return make_response(html, 401)


def offer_to_continue(target: str, fields: Fields, status: int = 200) -> Response:
    """Return the page whose one button sends the fields again; passwords are asked again."""
    return make_response(render_template("resume.html", target=target, fields=fields), status)


def refuse_stale_token() -> Response:
    return offer_to_continue(asked_path(), typed(), status=400)


def asked_path() -> str:
    """The path of this request, with its query."""
    return request.full_path.rstrip("?")


def pending(form: MultiDict[str, str]) -> tuple[str, Fields] | None:
    """Return the target and the fields that a sign-in form carries along."""
    target = local_path(form.get(TARGET))
    if target is None:
        return None
    fields = [
        (name.removeprefix(PREFIX), value)
        for name, value in form.items(multi=True)
        if name.startswith(PREFIX)
    ]
    return target, fields


def typed() -> Fields:
    """The fields of the sent form; none where it could not be read. Files do not come along."""
    try:
        sent = request.form.items(multi=True)
        had_files = any(one.filename for one in request.files.values())
    except RequestEntityTooLarge:
        return []
    fields = [(name, value) for name, value in sent if name not in UNKEPT]
    return [*fields, (LOST_FILES, "yes")] if had_files else fields
