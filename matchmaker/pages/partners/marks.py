"""What an organisation does with a suggestion: keep it, set it aside, take that back."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.errors import Refusal, Refused
from matchmaker.pages.partners.forms import DismissForm
from matchmaker.recommendation import queries, service
from matchmaker.recommendation.models import Suggestion
from matchmaker.web.guards import guard
from matchmaker.web.resume import local_path
from matchmaker.web.session import current_actor

blueprint = Blueprint("marks", __name__)


@blueprint.app_template_filter("signed")
def signed(number: float, digits: int = 0) -> str:
    """A number with its sign, as the reader's language writes it."""
    pattern = "0" + ("." + "0" * digits if digits else "")
    text: str = format_decimal(abs(round(number, digits)), format=pattern)
    return text if not round(number, digits) else f"+{text}" if number > 0 else f"−{text}"


def load(session: Session, suggestion_id: int) -> Suggestion | None:
    """A suggestion with the mark of the reader's own organisation."""
    return queries.suggestion(session, suggestion_id, current_actor().organisation_id)


@blueprint.post("/suggestions/<int:suggestion_id>/keep")
@guard("suggestion.answer", load=load)
def keep(suggestion: Suggestion) -> ResponseReturnValue:
    service.keep(db.session(), current_actor(), suggestion)
    jobs.commit()
    return back(suggestion)


@blueprint.post("/suggestions/<int:suggestion_id>/unkeep")
@guard("suggestion.answer", load=load)
def unkeep(suggestion: Suggestion) -> ResponseReturnValue:
    service.unkeep(db.session(), current_actor(), suggestion)
    jobs.commit()
    return back(suggestion)


@blueprint.post("/suggestions/<int:suggestion_id>/dismiss")
@guard("suggestion.answer", load=load)
def dismiss(suggestion: Suggestion) -> ResponseReturnValue:
    """Set the partner aside at once; the next page offers to undo it."""
    form = DismissForm()
    if not form.validate():
        raise Refused(Refusal.NO_DISMISS_REASON)
    service.dismiss(db.session(), current_actor(), suggestion, form.reason.data)
    jobs.commit()
    flash(Markup(render_template("partners/_undo.html", suggestion=suggestion, next=_next())))  # noqa: S704 # nosec B704
    return back(suggestion, "partners")


@blueprint.post("/suggestions/<int:suggestion_id>/restore")
@guard("suggestion.answer", load=load)
def restore(suggestion: Suggestion) -> ResponseReturnValue:
    service.restore(db.session(), current_actor(), suggestion)
    jobs.commit()
    return back(suggestion)


def back(suggestion: Suggestion, fragment: str = "") -> ResponseReturnValue:
    """Return to the page and the place of the button."""
    target = _next() or url_for("partners.show", suggestion_id=suggestion.id)
    return redirect(f"{target}#{fragment or f'suggestion-{suggestion.id}'}", code=303)


def _next() -> str:
    return (local_path(request.form.get("next")) or "").partition("#")[0]
