"""What came of a match: its results with their moves, how it goes, how satisfied a side is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.agreements import queries as agreements
from matchmaker.agreements import results
from matchmaker.agreements.models import Agreement
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.moving import side_of
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import db, today
from matchmaker.errors import Refused
from matchmaker.files.service import receiving
from matchmaker.outcomes import queries, rules, service
from matchmaker.outcomes.measures import all_measures
from matchmaker.outcomes.models import Outcome, Satisfaction
from matchmaker.outcomes.rules import By
from matchmaker.pages.matches.frame import frame
from matchmaker.pages.outcomes.forms import (
    ReportForm,
    SatisfactionForm,
    WordsForm,
    correction,
    filled,
)
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.requests import version_sent, version_to_send, whole_number
from matchmaker.permissions import Actor, may
from matchmaker.web.forms import Form
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.security import begin_to_write, takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("outcomes", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A result as its reader sees it, with the moves that are open. `author`: who reported it."""

    outcome: Outcome
    author: str
    moves: frozenset[str]
    words: WordsForm


@blueprint.get("/matches/<int:match_id>/outcomes")
@guard("outcome.read", load=cooperation.match)
def index(match: Match) -> str:
    return match_page(match)


def match_page(match: Match, sent: Form | None = None, about: Outcome | None = None) -> str:
    """Show the results of a match. A form that was sent, `about` one of them, keeps its text."""
    actor, session = current_actor(), db.session()
    own, found = own_side(actor, match), queries.of_match(session, match.id)
    rated = queries.satisfaction(session, match.id, own) if own else None
    return render_template(
        "outcomes/index.html",
        frame=frame(match, "outcomes.index"),
        match=match,
        lines=[
            line(actor, match, one, sent if about is not None and about.id == one.id else None)
            for one in found
        ],
        names=names_of(match),
        follow_ups=queries.follow_ups_of(session, match.id),
        may_report=may(actor, "outcome.report", match) and rules.may_report(match.status),
        may_verify_match=match.status == MatchStatus.COMPLETED
        and any(one.counted_number for one in found)
        and may(actor, "outcome.verify", match),
        rated=rated,
        rating=rating_form(match, rated, sent),
    )


def names_of(match: Match) -> dict[str, str]:
    """Side → the name of its organisation."""
    language = reader_language()
    return {
        side: listing.organisation.name_for(language)
        for side, listing in (("need", match.need), ("capability", match.capability))
    }


def own_side(actor: Actor, match: Match) -> str:
    """The side of the reader's organisation, "" for a curator."""
    if actor.organisation_id not in match.organisation_ids:
        return ""
    return side_of(actor, match.need, match.capability)


def line(actor: Actor, match: Match, outcome: Outcome, sent: Form | None) -> Line:
    own = own_side(actor, match)
    by = None
    if own and may(actor, "outcome.report", match):
        by = service.by_of(outcome, own)
    elif may(actor, "outcome.verify", match):
        by = By.CURATOR
    moves = rules.moves_open(outcome.status, by, counted=outcome.counted_number is not None)
    words = sent if isinstance(sent, WordsForm) else words_form(outcome, fresh=True)
    return Line(outcome, names_of(match)[outcome.side], moves, words)


def words_form(outcome: Outcome, *, fresh: bool = False) -> WordsForm:
    """The form of a result: several stand on one page, so the fields' names tell which."""
    prefix = f"result-{outcome.id}"
    return WordsForm(prefix=prefix, formdata=None) if fresh else WordsForm(prefix=prefix)


def rating_form(
    match: Match, rated: Satisfaction | None, sent: Form | None
) -> SatisfactionForm | None:
    """The form of a writer of either side, once the two have worked together."""
    if not (may(current_actor(), "outcome.report", match) and rules.may_rate(match.status)):
        return None
    if isinstance(sent, SatisfactionForm):
        return sent
    if rated is None:
        return SatisfactionForm(formdata=None)
    kept = {"again": str(rated.again), "useful": str(rated.useful), "words": rated.words}
    return SatisfactionForm(formdata=None, data=kept)


@blueprint.route("/matches/<int:match_id>/outcomes/new", methods=["GET", "POST"])
@takes_files
@guard("outcome.report", load=cooperation.match)
def report(match: Match) -> ResponseReturnValue:
    """Report a result, perhaps of an agreement. What is refused comes back with what was typed."""
    agreement, match_id = _agreement_of(match), match.id
    form = _filled(agreement) if agreement else ReportForm()
    if not form.validate_on_submit():
        return _form_page(match, form, agreement=agreement)
    try:
        with receiving(form.uploads) as received:
            begin_to_write()
            match = _match_again(match_id)
            service.report(
                db.session(),
                current_actor(),
                match,
                form.measure.data,
                form.values(),
                attached=received,
            )
            return _done(match_id, gettext("Reported. The other side is asked to confirm it."))
    except Refused as error:
        db.session.rollback()
        form.refuse(error)
        return _form_page(_match_again(match_id), form)


def _agreement_of(match: Match) -> Agreement | None:
    """The agreement of the match that the address names, if it was ever in force."""
    asked = whole_number(request.args.get("agreement"))
    found = agreements.agreement(db.session(), asked) if asked else None
    return found if found and found.match_id == match.id and found.agreed_on else None


def _filled(agreement: Agreement) -> ReportForm:
    log = agreements.service_totals(db.session(), agreement.id)
    return filled(results.known(agreement, log, today()), request.args.get("measure", ""))


def _match_again(match_id: int) -> Match:
    """The match as it is now: files were checked meanwhile."""
    match = cooperation.match(db.session(), match_id)
    if match is None or not may(current_actor(), "outcome.report", match):
        abort(404)
    return match


@blueprint.route("/outcomes/<int:outcome_id>/correct", methods=["GET", "POST"])
@takes_files
@guard("outcome.report", load=queries.outcome)
def correct(outcome: Outcome) -> ResponseReturnValue:
    """State a result again. What is refused comes back with what was typed."""
    form, outcome_id = correction(all_measures()[outcome.measure], outcome.current), outcome.id
    if not form.validate_on_submit():
        return _form_page(outcome.match, form, outcome)
    try:
        with receiving(form.uploads) as received:
            begin_to_write()
            outcome = _outcome_again(outcome_id)
            service.correct(
                db.session(),
                current_actor(),
                outcome,
                form.values(),
                attached=received,
                kept=form.kept_ids,
                version=version_sent(),
            )
            return _done(
                outcome.match_id,
                gettext("Corrected. The earlier text is kept; the other side is asked."),
            )
    except Refused as error:
        db.session.rollback()
        form.refuse(error)
        outcome = _outcome_again(outcome_id)
        return _form_page(outcome.match, form, outcome)


def _outcome_again(outcome_id: int) -> Outcome:
    """The result as it is now: files were checked meanwhile."""
    outcome = queries.outcome(db.session(), outcome_id)
    if outcome is None or not may(current_actor(), "outcome.report", outcome):
        abort(404)
    return outcome


def _form_page(
    match: Match,
    form: ReportForm,
    outcome: Outcome | None = None,
    agreement: Agreement | None = None,
) -> tuple[str, int]:
    return form_page(
        "outcomes/form.html",
        form,
        match=match,
        outcome=outcome,
        agreement=agreement,
        measures=tuple(all_measures()),
        version=version_to_send(outcome.version if outcome else None),
    )


@blueprint.post("/outcomes/<int:outcome_id>/confirm")
@guard("outcome.report", load=queries.outcome)
def confirm(outcome: Outcome) -> ResponseReturnValue:
    service.confirm(db.session(), current_actor(), outcome, version=version_sent())
    return _done(outcome.match_id, gettext("Confirmed. A curator will now verify it."))


@blueprint.post("/outcomes/<int:outcome_id>/dispute")
@guard("outcome.report", load=queries.outcome)
def dispute(outcome: Outcome) -> ResponseReturnValue:
    form = words_form(outcome)
    if not form.validate():
        return _again(outcome, form)
    service.dispute(
        db.session(), current_actor(), outcome, form.words.data or "", version=version_sent()
    )
    return _done(outcome.match_id, gettext("Disputed. The other side can read what is wrong."))


@blueprint.post("/outcomes/<int:outcome_id>/withdraw")
@guard("outcome.report", load=queries.outcome)
def withdraw(outcome: Outcome) -> ResponseReturnValue:
    service.withdraw(db.session(), current_actor(), outcome, version=version_sent())
    return _done(outcome.match_id, gettext("Withdrawn. It stays readable and never counts."))


@blueprint.post("/outcomes/<int:outcome_id>/verify")
@guard("outcome.verify", load=queries.outcome)
def verify(outcome: Outcome) -> ResponseReturnValue:
    service.verify(db.session(), current_actor(), outcome, version=version_sent())
    return _done(outcome.match_id, gettext("Verified. The result counts."))


@blueprint.post("/outcomes/<int:outcome_id>/send-back")
@guard("outcome.verify", load=queries.outcome)
def send_back(outcome: Outcome) -> ResponseReturnValue:
    form = words_form(outcome)
    if not form.validate():
        return _again(outcome, form)
    service.send_back(
        db.session(), current_actor(), outcome, form.words.data or "", version=version_sent()
    )
    return _done(outcome.match_id, gettext("Sent back. Both sides read why."))


@blueprint.post("/matches/<int:match_id>/outcomes/verify")
@guard("outcome.verify", load=cooperation.match)
def verify_match(match: Match) -> ResponseReturnValue:
    service.verify_match(db.session(), current_actor(), match, version=version_sent())
    return _done(match.id, gettext("The match is verified."))


@blueprint.post("/matches/<int:match_id>/satisfaction")
@guard("outcome.report", load=cooperation.match)
def rate(match: Match) -> ResponseReturnValue:
    form = SatisfactionForm()
    if not form.validate():
        return match_page(match, form), 422
    service.rate(
        db.session(),
        current_actor(),
        match,
        again=int(form.again.data),
        useful=int(form.useful.data),
        words=form.words.data or "",
    )
    return _done(match.id, gettext("Thank you. The other side does not see it."))


def _again(outcome: Outcome, form: WordsForm) -> tuple[str, int]:
    match = cooperation.match(db.session(), outcome.match_id)
    if match is None:
        raise RuntimeError(f"result {outcome.id} has no match")
    return match_page(match, form, outcome), 422


def _done(match_id: int, message: str) -> ResponseReturnValue:
    jobs.commit("deliver_mail")
    flash(message)
    return redirect_to("outcomes.index", match_id=match_id)
