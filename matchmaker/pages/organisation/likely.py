"""Before an organisation is registered, its owner says whether it is one of those that are here."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.organisations import belonging, joining, queries, service
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.rules import Profile
from matchmaker.pages.account.own import own_account
from matchmaker.pages.shared.curators import contacts_of
from matchmaker.pages.shared.requests import whole_number
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("likely", __name__)

OWN = "own"  # none of them: the sender registers what they typed


@blueprint.route("/register/likely", methods=["GET", "POST"])
@guard("organisation.register")
def show() -> ResponseReturnValue:
    """Show what is like the one that somebody typed; ask to join one, or register it."""
    session, actor = db.session(), current_actor()
    kept, likely = belonging.registration(session, actor.user_id), unanswered(actor.user_id)
    if kept is None or not likely:
        return redirect_to("organisation.members.mine")  # it says how to go on
    profile = Profile(**kept.data)
    answer = request.form.get("answer", "")
    chosen = next((one for one in likely if one.id == whole_number(answer)), None)
    if chosen is not None:
        joining.ask(session, actor, own_account(), chosen)
        jobs.commit("deliver_mail")
        flash(gettext("The account managers have been asked. You will be told what they say."))
        return redirect_to("organisation.members.mine")
    if answer == OWN:
        service.register(session, actor, profile)
        jobs.commit("deliver_mail")
        flash(gettext("Registered. Send your licence now, and a curator will verify it."))
        return redirect_to("organisation.verification.show")
    html = render_template(
        "organisation/likely.html",
        likely=likely,
        typed=profile,
        own=OWN,
        curators=contacts_of(profile.province),
    )
    return html, 422 if request.method == "POST" else 200


def unanswered(user_id: int | None) -> Sequence[Organisation]:
    """What may be the organisation that somebody typed, while they have not said.

    Where its code is taken, the form of registering says so.
    """
    session = db.session()
    kept = belonging.registration(session, user_id)
    if kept is None or belonging.join_requests_of(session, user_id):
        return ()
    profile = Profile(**kept.data)
    if queries.by_uscc(session, profile.uscc) is not None:
        return ()
    return queries.likely_same(session, profile)
