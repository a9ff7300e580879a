"""A test client that reads pages as a browser would, and fails on a malformed one."""

from __future__ import annotations

import contextvars
import re
import secrets
from html.parser import HTMLParser
from typing import Any

from flask import g, has_app_context
from flask import session as flask_session
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import inspect
from werkzeug.test import TestResponse

from matchmaker.accounts.sessions import hash_token
from matchmaker.db import db
from tests import factories

VOID = {
    "area",
    "base",
    "br",
    "col",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "use",
    "path",
    "rect",
    "circle",
}


def without_tokens(html: str) -> str:
    """A page without its form tokens, which change with the second."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


class Page(HTMLParser):
    """A page's title, text, ids and links, and the faults of its HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.labels_for: set[str] = set()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.title = ""
        self._stack: list[str] = []
        self._controls: list[tuple[bool, dict[str, str | None]]] = []
        self._post_forms_without_token = 0
        self.feed(html)
        self._finish()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks where a fault stands."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._stack.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"inline style or script on <{tag}>")
        if tag == "label" and given.get("for"):
            self.labels_for.add(str(given["for"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "script" and not given.get("src"):
            self.faults.append("inline script")
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._post_forms_without_token += 1
        if given.get("name") == "csrf_token":
            self._post_forms_without_token -= 1
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self._controls.append(("label" in self._stack, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._stack or self._stack[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._stack[-1:] or 'nothing'}")
        if tag in self._stack:
            while self._stack.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._stack and self._stack[-1] == "title" and "svg" not in self._stack:
            self.title += data
        if not self._stack or self._stack[-1] not in ("script", "style", "title"):
            self.texts.append(data)

    def _finish(self) -> None:
        if self._stack:
            self.faults.append(f"never closed: {self._stack}")
        if not self.title.split("·")[0].strip():
            self.faults.append("no title")
        self.faults += [f"id {name} twice" for name in set(self.ids) if self.ids.count(name) > 1]
        if self._post_forms_without_token > 0:
            self.faults.append("a POST form without csrf_token")
        for wrapped, given in self._controls:
            labelled = wrapped or given.get("id") in self.labels_for or given.get("aria-label")
            if not labelled and not given.get("aria-labelledby"):
                self.faults.append(f"control {given.get('name')} without a label")
            for name in (given.get("aria-describedby") or "").split():
                if name not in self.ids:
                    self.faults.append(f"control {given.get('name')} described by nothing: {name}")


class PageClient(FlaskClient):
    def sign_in(self, user: Any) -> PageClient:
        """Sign in as somebody whose second factor, if they need one, was shown just now."""
        token = secrets.token_urlsafe()
        factories.UserSessionFactory(
            user_id=user.id, generation=user.generation, token_hash=hash_token(token)
        )
        return self._keep(_user_id=token, _fresh=True)

    def speak(self, language: str) -> PageClient:
        return self._keep(language=language)

    def _keep(self, **values: Any) -> PageClient:
        """Put values into the session's cookie."""
        signer = SecureCookieSessionInterface().get_signing_serializer(self.application)
        assert signer is not None
        name = self.application.config["SESSION_COOKIE_NAME"]
        cookie = self.get_cookie(name)
        held = signer.loads(cookie.value) if cookie else {}
        self.set_cookie(name, signer.dumps({**held, **values}))
        return self

    def submit(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form with a valid token."""
        return self.post(path, data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def token(self) -> str:
        with self.session_transaction() as session, self.application.test_request_context():
            g.pop("csrf_token", None)  # the token of another browser of the same test
            if "csrf_token" in session:
                flask_session["csrf_token"] = session["csrf_token"]
            token: str = generate_csrf()
            session["csrf_token"] = flask_session["csrf_token"]
        return token

    def page(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """GET a page, check its status and HTML, and return what it holds."""
        response = self.get(path, **kwargs)
        assert response.status_code == status, f"{path}: {response.status_code}, not {status}"
        page: Page = response.page  # type: ignore[attr-defined]
        return page

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask as another process would: share no context and no transaction with the test."""
        if has_app_context():
            db.session.commit()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            forget_columns()
        shown = response.mimetype == "text/html" and response.request.method != "HEAD"
        if shown and response.data and not 300 <= response.status_code < 400:
            page = response.page = Page(response.text)  # type: ignore[attr-defined]
            assert not page.faults, f"{response.request.path}: {page.faults}"
        return response


def forget_columns() -> None:
    """Read the test's columns again; relations stay, since nothing may load them lazily."""
    for thing in db.session:
        db.session.expire(thing, [column.key for column in inspect(thing).mapper.column_attrs])
