"""Asking about a must-have of a match, and answering."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.cooperation import first_steps, queries
from matchmaker.cooperation.models import Match
from matchmaker.db import db
from matchmaker.pages.matches.questions import AnswerForm
from matchmaker.pages.matches.views import match_page
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("asking", __name__)

MOST_PLACES = 100


@blueprint.post("/matches/<int:match_id>/ask")
@guard("match.ask", load=queries.match)
def ask(match: Match) -> ResponseReturnValue:
    """Ask the capability's side about the chosen must-haves."""
    texts = request.form.getlist("must_have")
    first_steps.ask(db.session(), current_actor(), match, texts)
    jobs.commit("deliver_mail")
    flash(gettext("They have been asked. You will be told what they say."))
    return redirect(url_for("matches.show", match_id=match.id) + "#must-haves", code=303)


@blueprint.post("/matches/<int:match_id>/answer")
@guard("match.tell", load=queries.match)
def answer(match: Match) -> ResponseReturnValue:
    """Say whether a must-have is met; who wants to goes on to the form of their listing."""
    form = AnswerForm(min(request.form.get("place", 0, type=int), MOST_PLACES))
    if not form.validate():
        return match_page(match, form), 422
    question = first_steps.answer(
        db.session(),
        current_actor(),
        match,
        form.must_have.data or "",
        verdict=form.verdict.data,
        words=form.words.data or "",
    )
    jobs.commit("deliver_mail")
    flash(gettext("Answered. The other side has been told."))
    if form.joins.data:
        return redirect_to(
            "listings.edit.revise", listing_id=match.capability_id, answer=question.id
        )
    return redirect(url_for("matches.show", match_id=match.id) + "#must-haves", code=303)
