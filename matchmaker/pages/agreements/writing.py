"""Choosing a kind of agreement, writing a draft, sending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.agreements import instruments, queries, rules, service
from matchmaker.agreements.instruments import Extra, Instrument
from matchmaker.agreements.models import Agreement
from matchmaker.agreements.terms import Party, Terms
from matchmaker.cooperation import queries as matches
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import db
from matchmaker.errors import Refused
from matchmaker.pages.agreements.forms import Resolve, TermsForm, terms_form
from matchmaker.pages.agreements.page import paid_of, resolver, surroundings
from matchmaker.pages.matches.frame import frame
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import searched, version_sent, version_to_send
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor

blueprint = Blueprint("writing", __name__)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A match and the kind of agreement that is to be written for it."""

    match: Match
    instrument: Instrument

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.match.organisation_ids


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind to choose; `tasks`: the key tasks of this match that name it."""

    instrument: Instrument
    tasks: Sequence[str]


def beginning(session: Session, match_id: int, instrument: str) -> Beginning | None:
    match = matches.match(session, match_id)
    kind = instruments.catalogue().instruments.get(instrument)
    return Beginning(match, kind) if match is not None and kind is not None else None


@blueprint.get("/matches/<int:match_id>/agreements/new")
@guard("agreement.begin", load=matches.match)
def choose(match: Match) -> str:
    """Choose what kind of agreement it is to be; those that the match's tasks name come first."""
    wanted = searched("q")
    kinds = [one for one in _kinds(match) if _is_about(one.instrument, wanted)]
    return render_template(
        "agreements/choose.html",
        frame=frame(match, "agreements.index"),
        match=match,
        q=wanted,
        named=[one for one in kinds if one.tasks],
        groups=_grouped(kinds),
        is_together=match.status in MatchStatus.TOGETHER,
    )


def _kinds(match: Match) -> Sequence[Kind]:
    language = reader_language()
    tasks = {task.id: task for task in (*match.need.tasks, *match.capability.tasks)}
    modes = {
        task.title[language]: {mode for one in task.instruments for mode in one["modes"]}
        for task in tasks.values()
    }
    return [
        Kind(one, [title for title, named in modes.items() if named & set(one.modes)])
        for one in instruments.catalogue().instruments.values()
    ]


def _is_about(instrument: Instrument, wanted: str) -> bool:
    texts = (*instrument.labels.values(), *instrument.about.values())
    return all(any(word in text.casefold() for text in texts) for word in wanted.casefold().split())


def _grouped(kinds: Sequence[Kind]) -> Mapping[str, Sequence[Kind]]:
    """The label of a group → its kinds."""
    language = reader_language()
    found = {
        labels[language]: [one for one in kinds if one.instrument.group == code]
        for code, labels in instruments.catalogue().groups.items()
    }
    return {label: members for label, members in found.items() if members}


@blueprint.route("/matches/<int:match_id>/agreements/new/<instrument>", methods=["GET", "POST"])
@guard("agreement.begin", load=beginning)
def begin(subject: Beginning) -> ResponseReturnValue:
    match, instrument = subject.match, subject.instrument
    form = terms_form(instrument, _first_terms(match, instrument))
    if match.status not in MatchStatus.TOGETHER:
        return redirect_to("agreements.index", match_id=match.id)
    if not form.is_submitted():
        return _form_page(form, match)
    if not _check(form, match, None):
        return _form_page(form, match), 422
    terms, actor = form.terms(_resolve(match)), current_actor()
    try:
        agreement = service.begin(db.session(), actor, match, instrument.code, terms)
        if _is_to_be_sent():
            service.send(db.session(), actor, agreement, version=agreement.version)
    except Refused as refusal:
        return _refused(form, match, None, refusal)
    return _saved(agreement)


@blueprint.route("/agreements/<int:agreement_id>/edit", methods=["GET", "POST"])
@guard("agreement.edit", load=queries.agreement)
def edit(agreement: Agreement) -> ResponseReturnValue:
    """Go on with a draft, or write a change of what is in force."""
    actor, match = current_actor(), agreement.match
    if not rules.may("send", agreement.standing, actor.organisation_id):
        return redirect_to("agreements.show", agreement_id=agreement.id)
    draft = agreement.draft_of(actor.organisation_id) or agreement.shown
    form = terms_form(agreement.instrument, draft.terms if draft else Terms())
    if not form.is_submitted():
        return _form_page(form, match, agreement)
    if not _check(form, match, agreement):
        return _form_page(form, match, agreement), 422
    terms, version = form.terms(_resolve(match)), version_sent()
    try:
        service.save_draft(db.session(), actor, agreement, terms, version=version)
        if _is_to_be_sent():
            service.send(db.session(), actor, agreement, version=version)
    except Refused as refusal:
        return _refused(form, match, agreement, refusal)
    return _saved(agreement)


@blueprint.post("/agreements/<int:agreement_id>/discard")
@guard("agreement.edit", load=queries.agreement)
def discard(agreement: Agreement) -> ResponseReturnValue:
    match_id = agreement.match_id
    gone = service.discard_draft(db.session(), current_actor(), agreement)
    jobs.commit()
    flash(gettext("The draft is discarded."))
    if gone:
        return redirect_to("agreements.index", match_id=match_id)
    return redirect_to("agreements.show", agreement_id=agreement.id)


def _first_terms(match: Match, instrument: Instrument) -> Terms:
    """What a new form has: the two sides, where it is an agreement of several."""
    if Extra.PARTIES not in instrument.extras or instrument.least_parties <= 2:
        return Terms()
    language = reader_language()
    sides = (match.need.organisation, match.capability.organisation)
    return Terms(parties=tuple(Party(one.name_for(language)) for one in sides))


def _resolve(match: Match) -> Resolve:
    return resolver((match.need.organisation, match.capability.organisation))


def _is_to_be_sent() -> bool:
    return request.form.get("action") == "send"


def _check(form: TermsForm, match: Match, agreement: Agreement | None) -> bool:
    """Whether the form can be saved; what is sent must also be complete."""
    if not form.validate():
        return False
    if not _is_to_be_sent():
        return True
    terms = form.terms(_resolve(match))
    wrong = rules.faults(form.instrument, terms, match.organisation_ids, paid_of(agreement))
    form.find_fault(wrong)
    return not wrong


def _form_page(form: TermsForm, match: Match, agreement: Agreement | None = None) -> str:
    around = surroundings(agreement) if agreement else {"agreement": None}
    return render_template(
        "agreements/write.html",
        **{
            **around,
            "frame": frame(match, "agreements.index"),
            "match": match,
            "instrument": form.instrument,
            "form": form,
            "version": version_to_send(agreement.version) if agreement else None,
        },
    )


def _refused(
    form: TermsForm, match: Match, agreement: Agreement | None, refusal: Refused
) -> ResponseReturnValue:
    """Show the form as it was typed, with the reason of a refusal above it."""
    form.form_errors.append(sentence(refusal.refusal, **refusal.data))
    return _form_page(form, match, agreement), 422


def _saved(agreement: Agreement) -> ResponseReturnValue:
    jobs.commit("deliver_mail")
    flash(
        gettext("Sent. Everybody whose consent is needed has been asked.")
        if _is_to_be_sent()
        else gettext("The draft is saved. Only your organisation sees it.")
    )
    return redirect_to("agreements.show", agreement_id=agreement.id)
