"""Pages for errors, in the reader's language, with a way on. Never a stack trace."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError, TimeoutError
from werkzeug.exceptions import HTTPException

from matchmaker.db import db
from matchmaker.errors import NotAllowed
from matchmaker.web import resume
from matchmaker.web.session import current_actor, forget_actor

KEEPING = {413, 422, 429}
PAGES = {400, 401, 403, 404, 405, 413, 429, 500, 503}


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(NotAllowed, lambda error: page(404))
    for error in (OperationalError, InterfaceError, TimeoutError):
        app.register_error_handler(error, unavailable)
    app.register_error_handler(500, lambda error: page(500))


def page(status: int, **context: Any) -> tuple[str, int]:
    """Say what happened, with what was typed where it was not stored.

    It works without a database as well, in the language of session or browser.
    """
    try:
        db.session.rollback()
        current_actor()
    except SQLAlchemyError:
        db.session.remove()
        forget_actor()
    sent = resume.typed() if status in KEEPING and request.method == "POST" else []
    return render_template(
        "error.html", status=status, fields=sent, target=resume.asked_path(), **context
    ), status


def http_error(error: HTTPException) -> HTTPException | tuple[str, int]:
    if error.code is None or error.code < 400:
        return error
    return page(error.code if error.code in PAGES else 400 if error.code < 500 else 500)


def unavailable(error: SQLAlchemyError) -> tuple[str, int]:
    structlog.get_logger().error("database.unavailable", error=str(error))
    return page(503)
