"""Requests for an organisation's account: a curator asks, and decides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.db import db, now
from matchmaker.organisations import belonging
from matchmaker.organisations.claims import queries, rules, service
from matchmaker.organisations.claims.queries import Case
from matchmaker.pages.organisation.forms import ClaimQuestionForm, ClaimRefusalForm
from matchmaker.pages.shared.requests import one_page
from matchmaker.web.forms import Form
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("claims", __name__)


def queue() -> dict[str, Any]:
    """What the queue's page shows."""
    page = one_page(queries.to_decide(current_actor()))
    return {
        "queue": "claims",
        "page": page,
        "from_when": service.decided_from(db.session(), page.items),
        "objected": queries.objected(db.session(), [one.id for one in page.items]),
        "at": now(),
    }


@blueprint.get("/desk/claims/<int:claim_id>")
@guard("claim.decide", load=queries.case)
def show(case: Case) -> str:
    return _page(case)


@blueprint.post("/desk/claims/<int:claim_id>/ask")
@guard("claim.decide", load=queries.case)
def ask(case: Case) -> ResponseReturnValue:
    form = ClaimQuestionForm()
    if not form.validate():
        return _page(case, form), 422
    service.ask_more(db.session(), current_actor(), case.claim, form.question.data)
    return _done(case, gettext("Your question is on its way."))


@blueprint.post("/desk/claims/<int:claim_id>/approve")
@guard("claim.decide", load=queries.case, proved=True)
def approve(case: Case) -> ResponseReturnValue:
    service.approve(db.session(), current_actor(), case.claim)
    return _done(case, gettext("Done. Everybody concerned has been told."))


@blueprint.post("/desk/claims/<int:claim_id>/refuse")
@guard("claim.decide", load=queries.case)
def refuse(case: Case) -> ResponseReturnValue:
    form = ClaimRefusalForm()
    if not form.validate():
        return _page(case, form), 422
    service.refuse(db.session(), current_actor(), case.claim, form.reason.data)
    return _done(case, gettext("Refused. Everybody concerned has been told."))


def _page(case: Case, sent: Form | None = None) -> str:
    """Show the request and the forms; the sent form keeps its text and errors."""
    claim, session = case.claim, db.session()
    said = queries.messages(session, claim.id, with_objections=True)
    from_when = service.decided_from(session, [claim])[claim.id]
    fresh: dict[type[Form], Form] = {
        ClaimQuestionForm: ClaimQuestionForm(formdata=None),
        ClaimRefusalForm: ClaimRefusalForm(formdata=None),
    }
    forms = {**fresh, type(sent): sent} if sent else fresh
    return render_template(
        "desk/claim.html",
        claim=claim,
        messages=said,
        question=rules.open_question(said),
        owners=belonging.owners(session, claim.organisation_id),
        from_when=from_when,
        may_decide=from_when <= now(),
        asking=forms[ClaimQuestionForm],
        refusing=forms[ClaimRefusalForm],
        sent=sent or fresh[ClaimQuestionForm],
    )


def _done(case: Case, sentence: str) -> ResponseReturnValue:
    jobs.commit("deliver_mail")
    flash(sentence)
    return redirect_to("desk.claims.show", claim_id=case.claim.id)
