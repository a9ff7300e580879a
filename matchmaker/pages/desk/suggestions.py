"""Suggestions at the desk: the queue, one pair, and a decision on one or several pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from markupsafe import Markup

from matchmaker import jobs
from matchmaker.audit import queries as audit
from matchmaker.cooperation import queries as cooperation
from matchmaker.curation import queries, queues, service
from matchmaker.curation.rules import moves_from, undone_by
from matchmaker.db import db, today
from matchmaker.listings.rules import subject_of
from matchmaker.listings.tiers import project, tier_of
from matchmaker.pages.desk import forms
from matchmaker.pages.partners import cards
from matchmaker.pages.partners.cards import Card, MarkedText
from matchmaker.pages.shared.requests import one_page, version_sent, version_to_send, whole_number
from matchmaker.permissions import may
from matchmaker.plan import queries as plans
from matchmaker.recommendation.models import Suggestion
from matchmaker.web.guards import guard, page_number, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

blueprint = Blueprint("suggestions", __name__)


@blueprint.get("/desk/suggestions")
@guard("desk.read")
def index() -> str:
    return _queue_page(forms.HoldForm(formdata=None))


def _queue_page(hold: forms.HoldForm, ticked: Mapping[int, int] = MappingProxyType({})) -> str:
    actor, filters = current_actor(), forms.pair_filters(request.args)
    page = one_page(queues.suggestion_queue(actor, filters))
    return render_template(
        "desk/suggestions.html",
        counts=queues.counts(db.session(), actor, today()),
        page=page,
        cards=[_card(suggestion) for suggestion in page.items],
        filters=filters,
        query=forms.as_query(filters, page.number),
        provinces=queues.suggestion_provinces(db.session(), actor),
        tasks=plans.tasks_of_current(db.session()),
        hold=hold,
        ticked=ticked,
    )


@blueprint.get("/desk/suggestions/<int:suggestion_id>")
@guard("suggestion.curate", load=queries.suggestion)
def show(suggestion: Suggestion) -> str:
    return _suggestion_page(suggestion)


def _suggestion_page(
    found: Suggestion, hold: Any = None, propose: Any = None, judge: Any = None
) -> str:
    session, filters = db.session(), forms.pair_filters(request.args)
    page = one_page(queues.suggestion_queue(current_actor(), filters))
    match = cooperation.match_of_pair(session, found.need_id, found.capability_id)
    card = _card(found)
    judged = queries.judgement(session, found.need_id, found.capability_id)
    given = {"grade": str(judged.grade), "note": judged.note} if judged else {}
    matched = match is not None and match.is_alive
    return render_template(
        "desk/suggestion.html",
        suggestion=found,
        version=version_to_send(found.version),
        c=card,
        texts=_texts(found, card),
        page=page,
        following=_following(page.items, found.id),
        query=forms.as_query(filters, page.number),
        match=match,
        matched=matched,
        moves=moves_from(found.status, matched=matched, both_open=found.are_both_shown),
        history=audit.about(session, "suggestion", found.id),
        judged=judged,
        judged_version=_judged_version() if judge else judged.version if judged else 0,
        judge=judge or forms.JudgeForm(formdata=None, data=given, prefix="judge-"),
        hold=hold or forms.HoldForm(formdata=None, prefix="hold-"),
        propose=propose or forms.ProposeForm(formdata=None, prefix="propose-"),
    )


def _card(suggestion: Suggestion) -> Card:
    return cards.card(current_actor(), suggestion, reader_language(), own_id=suggestion.need_id)


def _texts(suggestion: Suggestion, card: Card) -> list[MarkedText | None]:
    """Both texts as the curator may read them; None for a side that is not published."""
    actor, sides = current_actor(), (suggestion.need, suggestion.capability)
    return [
        cards.marked(project(listing, tier_of(actor, subject)), numbers)
        if may(actor, "listing.read", subject)
        else None
        for listing, subject, numbers in zip(
            sides, map(subject_of, sides), cards.numbers(card.answering), strict=True
        )
    ]


def _following(items: Sequence[Suggestion], current: int) -> Suggestion | None:
    """The pair after the open one; after the last, the first that was left undecided."""
    ids = [item.id for item in items]
    position = ids.index(current) + 1 if current in ids else 0
    others = [*items[position:], *items[:position]]
    return next((item for item in others if item.id != current), None)


@blueprint.post("/desk/suggestions/<int:suggestion_id>/shortlist")
@guard("suggestion.curate", load=queries.suggestion)
def shortlist(suggestion: Suggestion) -> ResponseReturnValue:
    decide = partial(service.shortlist, version=version_sent())
    return _carry_out("shortlist", suggestion, gettext("Shortlisted."), decide)


@blueprint.post("/desk/suggestions/<int:suggestion_id>/release")
@guard("suggestion.curate", load=queries.suggestion)
def release(suggestion: Suggestion) -> ResponseReturnValue:
    decide = partial(service.release, version=version_sent())
    return _carry_out("release", suggestion, gettext("Moved back to “New”."), decide)


@blueprint.post("/desk/suggestions/<int:suggestion_id>/hold-back")
@guard("suggestion.curate", load=queries.suggestion)
def hold_back(suggestion: Suggestion) -> ResponseReturnValue:
    form = forms.HoldForm(prefix="hold-")
    if not form.validate():
        return _suggestion_page(suggestion, hold=form), 422
    decide = partial(
        service.hold_back,
        version=version_sent(),
        reason=form.reason.data,
        words=form.words.data or "",
    )
    sentence = gettext("On hold. Neither organisation can see it for now.")
    return _carry_out("hold_back", suggestion, sentence, decide)


@blueprint.post("/desk/suggestions/<int:suggestion_id>/propose")
@guard("suggestion.curate", load=queries.suggestion)
def propose(suggestion: Suggestion) -> ResponseReturnValue:
    form = forms.ProposeForm(prefix="propose-")
    if not form.validate():
        return _suggestion_page(suggestion, propose=form), 422
    decide = partial(service.propose, version=version_sent(), note=form.note.data or "")
    sentence = gettext("Proposed. Both sides have been told.")
    return _carry_out("propose", suggestion, sentence, decide)


def _carry_out(
    move: str, suggestion: Suggestion, sentence: str, decide: Callable[..., object]
) -> ResponseReturnValue:
    """Decide, then show the next pair of the queue with the way back; after the last, the queue.

    After taking a decision back, one sees the same pair again.
    """
    filters = forms.pair_filters(request.args)
    page = one_page(queues.suggestion_queue(current_actor(), filters))
    following = _following(page.items, suggestion.id)
    before = suggestion.status
    held = {"hold-reason": suggestion.status_reason, "hold-words": suggestion.status_note}
    decide(db.session(), current_actor(), suggestion)
    jobs.commit("deliver_mail")
    if "undo" in request.form:
        flash(sentence)
        return _to_pair(suggestion)
    undo = undone_by(move, before)
    _flash_with_undo(
        sentence,
        url_for(f"desk.suggestions.{undo}", suggestion_id=suggestion.id, **_query())
        if undo
        else "",
        [("version", suggestion.version), *(held.items() if undo == "hold_back" else ())],
        suggestion,
    )
    if following is None:
        return redirect_to("desk.suggestions.index", _anchor="content", **_query())
    return _to_pair(following)


def _to_pair(suggestion: Suggestion) -> ResponseReturnValue:
    """Open a pair in its queue, and let the keyboard begin at its content."""
    return redirect_to(
        "desk.suggestions.show", suggestion_id=suggestion.id, _anchor="content", **_query()
    )


def _flash_with_undo(
    sentence: str,
    address: str,
    fields: Sequence[tuple[str, object]],
    suggestion: Suggestion | None = None,
) -> None:
    """Say what was decided, on which pair, and offer to take it back where there is an address."""
    html = render_template(
        "desk/_undo.html",
        sentence=sentence,
        address=address,
        fields=fields,
        suggestion=suggestion,
        query=_query(),
    )
    flash(Markup(html))  # noqa: S704 # nosec B704


@blueprint.post("/desk/suggestions/<int:suggestion_id>/judge")
@guard("suggestion.curate", load=queries.suggestion)
def judge(suggestion: Suggestion) -> ResponseReturnValue:
    form = forms.JudgeForm(prefix="judge-")
    if "unjudge" in request.form:
        service.unjudge(db.session(), current_actor(), suggestion, _judged_version())
        return _done(suggestion, gettext("Assessment withdrawn."))
    if not form.validate():
        return _suggestion_page(suggestion, judge=form), 422
    service.judge(
        db.session(),
        current_actor(),
        suggestion,
        _judged_version(),
        grade=int(form.grade.data),
        note=form.note.data or "",
    )
    return _done(suggestion, gettext("Assessment saved."))


@blueprint.post("/desk/suggestions/decide")
@guard("desk.read")
def decide() -> ResponseReturnValue:
    """Decide on all ticked pairs, and name those that someone else decided first."""
    move = request.form.get("move", "")
    ticked = forms.chosen(request.form.getlist("chosen"))
    hold = forms.HoldForm()
    if move not in ("shortlist", "hold_back", "release") or not ticked:
        flash(gettext("Nothing selected. Nothing was changed."), "bad")
        return redirect_to("desk.suggestions.index", **_query())
    if move == "hold_back" and not hold.validate():
        return _queue_page(hold, ticked), 422
    reason, words = (hold.reason.data, hold.words.data or "") if move == "hold_back" else ("", "")
    outcome = service.decide_many(
        db.session(), current_actor(), move, ticked, reason=reason, words=words
    )
    jobs.commit()
    if outcome.complete:
        _flash_with_undo(_sentence(move, len(outcome.done)), *_way_back(move, outcome))
        return redirect_to("desk.suggestions.index", _anchor="content", **_query())
    return _report(move, outcome), 409


def _way_back(move: str, outcome: service.Outcome) -> tuple[str, list[tuple[str, object]]]:
    """The address and the fields that take a decision on several back.

    There is none where the pairs were in several states, or had reasons of their own.
    """
    undo = {undone_by(move, before) for before in outcome.before} - {"hold_back"}
    if "undo" in request.form or len(outcome.before) > 1 or not any(undo):
        return "", []
    chosen = [("chosen", f"{one.id}:{one.version}") for one in outcome.done]
    return url_for("desk.suggestions.decide", **_query()), [("move", undo.pop()), *chosen]


def _sentence(move: str, number: int) -> str:
    if move == "shortlist":
        return str(ngettext("%(num)s pair shortlisted.", "%(num)s pairs shortlisted.", number))
    if move == "hold_back":
        return str(ngettext("%(num)s pair held back.", "%(num)s pairs held back.", number))
    return str(
        ngettext("%(num)s pair moved back to “New”.", "%(num)s pairs moved back to “New”.", number)
    )


def _report(move: str, outcome: service.Outcome) -> str:
    left = [*outcome.taken, *outcome.matched, *outcome.unfit]
    return render_template(
        "desk/decided.html",
        outcome=outcome,
        done=_sentence(move, len(outcome.done)),
        records=queries.last_words(
            db.session(), "suggestion", [suggestion.id for suggestion in left]
        ),
        query=_query(),
    )


def _judged_version() -> int:
    """The version of the judgement that the page showed, 0 when there was none."""
    return whole_number(request.form.get("judged")) or 0


def _query() -> dict[str, Any]:
    return forms.as_query(forms.pair_filters(request.args), page_number())


def _done(suggestion: Suggestion, sentence: str) -> ResponseReturnValue:
    jobs.commit()
    flash(sentence)
    return _to_pair(suggestion)
