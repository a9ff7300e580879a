"""A pair that a curator adds by hand: search a need and a capability, choose both, say why."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.curation import queries, service
from matchmaker.db import db
from matchmaker.listings.models import Listing
from matchmaker.pages.desk import forms
from matchmaker.pages.listings.shown import searching
from matchmaker.pages.shared.requests import whole_number
from matchmaker.permissions import may
from matchmaker.recommendation import queries as recommended
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.states import SuggestionStatus
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("pairs", __name__)

KINDS = ("need", "capability")


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a new pair: a search with its results, or the chosen listing."""

    kind: str
    text: str
    found: list[Listing]
    chosen: Listing | None


@blueprint.get("/desk/pairs/new")
@guard("pair.add")
def add() -> str:
    return _page(forms.PairForm(formdata=None))


@blueprint.post("/desk/pairs/new")
@guard("pair.add")
def create() -> ResponseReturnValue:
    form, halves = forms.PairForm(), _halves()
    need, capability = (half.chosen for half in halves.values())
    if need is None or capability is None or not form.validate():
        return _page(form), 422
    session, actor = db.session(), current_actor()
    suggestion = service.add_pair(session, actor, need, capability, form.reason.data or "")
    if form.propose.data:
        service.propose(session, actor, suggestion, suggestion.version, form.note.data or "")
    return _done(suggestion, proposed=form.propose.data)


def _done(suggestion: Suggestion, proposed: bool) -> ResponseReturnValue:
    jobs.commit("deliver_mail")
    flash(
        gettext("Added and proposed. Both sides have been told.")
        if proposed
        else gettext("The pair is added.")
    )
    return redirect_to("desk.suggestions.show", suggestion_id=suggestion.id)


def _page(form: forms.PairForm) -> str:
    halves = _halves()
    need, capability = (half.chosen for half in halves.values())
    known, in_scope = None, True
    if need and capability:
        pair = service.ProposedPair.of(need, capability)
        in_scope = may(current_actor(), "suggestion.curate", pair)
        known = _known(need, capability) if in_scope else None
    return render_template(
        "desk/add_pair.html", form=form, halves=halves, known=known, in_scope=in_scope
    )


def _known(need: Listing, capability: Listing) -> Suggestion | None:
    """The suggestion of the pair, if the engine names it now or somebody has decided on it."""
    found = recommended.of_pair(db.session(), need.id, capability.id)
    return (
        found
        if found is not None and (found.is_current or found.status != SuggestionStatus.NEW)
        else None
    )


def _halves() -> dict[str, Half]:
    """Read both sides from the address.

    ``need`` and ``capability`` name the chosen listings, ``need_q`` and ``capability_q`` searches.
    """
    session, actor = db.session(), current_actor()
    halves = {}
    for kind in KINDS:
        chosen = queries.open_listing(session, whole_number(request.args.get(kind)) or None, kind)
        text = request.args.get(f"{kind}_q", "").strip()[:200]
        found = (
            queries.find_listings(session, actor, kind, text, searching())
            if text and chosen is None
            else []
        )
        halves[kind] = Half(kind, text, list(found), chosen)
    return halves
