"""The agreements of a match, one agreement, and the answers to it."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.agreements import queries, service
from matchmaker.agreements.models import Agreement
from matchmaker.cooperation import queries as matches
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import db
from matchmaker.pages.agreements.forms import EndForm, PartForm, SendBackForm
from matchmaker.pages.agreements.page import agreement_page, title_of
from matchmaker.pages.matches.frame import frame
from matchmaker.pages.shared.requests import MISSING, version_sent, whole_number
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("agreements", __name__)


@blueprint.get("/matches/<int:match_id>/agreements")
@guard("match.agreements", load=matches.match)
def index(match: Match) -> str:
    """List what the two sides have agreed on, or are about to."""
    found = queries.of_match(db.session(), match.id, current_actor().organisation_id)
    return render_template(
        "agreements/index.html",
        frame=frame(match, "agreements.index"),
        match=match,
        agreements=[(one, title_of(one)) for one in found],
        is_together=match.status in MatchStatus.TOGETHER and match.are_organisations_shown,
    )


@blueprint.get("/agreements/<int:agreement_id>")
@guard("agreement.read", load=queries.agreement)
def show(agreement: Agreement) -> str:
    return agreement_page(agreement)


@blueprint.post("/agreements/<int:agreement_id>/consent")
@guard("agreement.answer", load=queries.agreement)
def consent(agreement: Agreement) -> ResponseReturnValue:
    in_force = service.consent(db.session(), current_actor(), agreement, number=_number())
    if in_force:
        return done(agreement, gettext("Everybody has consented. The agreement is in force."))
    return done(agreement, gettext("Your consent is recorded. Others have yet to answer."))


@blueprint.post("/agreements/<int:agreement_id>/send-back")
@guard("agreement.answer", load=queries.agreement)
def send_back(agreement: Agreement) -> ResponseReturnValue:
    form = SendBackForm()
    if not form.validate():
        return again(agreement, form)
    words = form.words.data or ""
    service.send_back(db.session(), current_actor(), agreement, words, number=_number())
    return done(agreement, gettext("Sent back with your comments."))


@blueprint.post("/agreements/<int:agreement_id>/take-back")
@guard("agreement.edit", load=queries.agreement)
def take_back(agreement: Agreement) -> ResponseReturnValue:
    service.take_back(db.session(), current_actor(), agreement, number=_number())
    return done(agreement, gettext("Withdrawn. You can change it and send it again."))


@blueprint.post("/agreements/<int:agreement_id>/end")
@guard("agreement.edit", load=queries.agreement)
def end(agreement: Agreement) -> ResponseReturnValue:
    form = EndForm()
    if not form.validate():
        return again(agreement, form)
    reason, words = form.reason.data, form.words.data or ""
    service.end(db.session(), current_actor(), agreement, reason, words, version=version_sent())
    return done(agreement, gettext("The agreement has ended. All that was recorded stays."))


def again(agreement: Agreement, form: PartForm) -> ResponseReturnValue:
    """Show the page with what was typed and what is wrong with it."""
    return agreement_page(agreement, form), 422


def done(agreement: Agreement, message: str, anchor: str | None = None) -> ResponseReturnValue:
    jobs.commit("deliver_mail")
    flash(message)
    return redirect_to("agreements.show", agreement_id=agreement.id, _anchor=anchor)


def _number() -> int:
    """The number of the version that the page showed."""
    number = whole_number(request.form.get("number"))
    return MISSING if number is None else number
