"""The page that a reminder's link opens without signing in: one button renews the listing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.db import db, now
from matchmaker.listings import links, queries, renewals
from matchmaker.listings.models import Listing, Reminder
from matchmaker.listings.reminding import LinkState
from matchmaker.organisations.acting import actor_of
from matchmaker.pages.listings.forms import RenewForm
from matchmaker.pages.listings.shown import proposed
from matchmaker.permissions import Actor, may
from matchmaker.web.guards import guard

blueprint = Blueprint("renewal", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks, about which listing, and who answers."""

    reminder: Reminder
    listing: Listing
    actor: Actor


@dataclass(frozen=True, slots=True)
class Link:
    """A link that came by mail. It asks nothing when it is altered, or not for its holder now."""

    asked: Asked | None


def load(session: Session, token: str) -> Link:
    """Read a link; its holder must still write for the listing's organisation."""
    found = links.read(token)
    if found is None:
        return Link(None)
    reminder = queries.reminder(session, found[0], lock=request.method == "POST")
    subject = queries.subject(session, reminder.listing_id) if reminder else None
    of = subject.listing.organisation_id if subject else None
    actor = actor_of(session, found[1], of)
    if reminder is None or subject is None or actor is None:
        return Link(None)
    writes = may(actor[0], "listing.edit", subject)
    return Link(Asked(reminder, subject.listing, actor[0]) if writes else None)


@blueprint.route("/renewals/<token>", methods=["GET", "POST"])
@guard("listing.renew_by_mail", load=load)
def answer(link: Link) -> ResponseReturnValue:
    """Ask with GET, so that programs which look at links change nothing; answer with POST."""
    asked = link.asked
    if asked is None:
        return render_template("listings/renewal_closed.html", asked=None), 404
    listing, reminder = asked.listing, asked.reminder
    state = renewals.state_of(reminder, listing, at=now())
    if state != LinkState.OPEN:
        page = render_template("listings/renewal_closed.html", asked=asked, state=state)
        return page, 410
    offered = proposed(listing) if reminder.deadline else None
    form = RenewForm(data={"deadline": offered})
    deadline, is_read = _chosen(form, offered)
    if request.method == "POST" and is_read:
        renewals.answer(db.session(), asked.actor, reminder, listing, deadline, at=now())
        jobs.commit("deliver_mail", "refresh_suggestions")
        return render_template("listings/renewal_done.html", asked=asked)
    page = render_template("listings/renewal.html", asked=asked, offered=offered, form=form)
    return page, 422 if request.method == "POST" else 200


def _chosen(form: RenewForm, offered: date | None) -> tuple[date | None, bool]:
    """The deadline that was sent, and whether it can be read; the one offered where none was."""
    if offered is None or "deadline" not in request.form:
        return offered, True
    return form.deadline.data, form.validate()
