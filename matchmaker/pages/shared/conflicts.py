"""The page that says who acted first, and leads back."""

from __future__ import annotations

from flask import Flask, render_template, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.audit import queries as audit
from matchmaker.audit.messages import action_label, actor_told, details_told
from matchmaker.db import db
from matchmaker.errors import Conflict
from matchmaker.web import resume
from matchmaker.web.i18n import reader_language


def register(app: Flask) -> None:
    app.jinja_env.filters["audit_action"] = action_label
    app.jinja_env.filters["audit_actor"] = actor_told
    app.jinja_env.filters["details"] = lambda found: details_told(found, reader_language())
    app.register_error_handler(Conflict, conflict)
    app.register_error_handler(StaleDataError, lambda error: conflict(None))
    app.register_error_handler(IntegrityError, lambda error: conflict(None))


def conflict(error: Conflict | None) -> tuple[str, int]:
    """Show what was done meanwhile, if the error names its subject."""
    db.session.rollback()
    records = (
        audit.about(db.session(), error.subject_type, error.subject_id, limit=3) if error else []
    )
    return render_template(
        "shared/conflict.html",
        records=records,
        back=request.referrer or "/",
        fields=resume.typed(),
    ), 409
