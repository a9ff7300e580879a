"""How somebody wants to be told, and the link of a mail that ends mails like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.accounts import queries as accounts
from matchmaker.accounts.models import User
from matchmaker.accounts.service import as_actor
from matchmaker.db import db
from matchmaker.notices import letter, queries, service
from matchmaker.notices.rules import topics_for
from matchmaker.notices.service import Choice
from matchmaker.notices.states import Topic
from matchmaker.pages.notices.forms import PreferencesForm
from matchmaker.pages.shared.forms import form_page
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.security import by_signed_link
from matchmaker.web.session import current_actor

blueprint = Blueprint("preferences", __name__)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whose mails about what a link ends."""

    user: User
    topics: Sequence[Topic]


def load_leaving(session: Session, token: str) -> Leaving | None:
    found = letter.read_token(token)
    user = accounts.user(session, found[0]) if found else None
    return Leaving(user, found[1]) if found and user else None


@blueprint.route("/notices/preferences", methods=["GET", "POST"])
@guard("notice.read")
def choose() -> ResponseReturnValue:
    actor = current_actor()
    kept = queries.preferences_of(db.session(), actor.user_id)
    form = PreferencesForm(
        {
            topic: Choice(kept[topic].in_app, kept[topic].mail, kept[topic].with_words)
            if topic in kept
            else Choice()
            for topic in topics_for(actor)
        }
    )
    if not form.validate_on_submit():
        return form_page("notices/preferences.html", form)
    service.choose(db.session(), actor, form.choices())
    jobs.commit()
    flash(gettext("Saved."))
    return redirect_to("notices.preferences.choose")


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@by_signed_link
@guard("mail.unsubscribe", load=load_leaving)
def unsubscribe(leaving: Leaving) -> ResponseReturnValue:
    """Ask with GET, so that programs which look at links change nothing; end mails with POST."""
    if request.method == "POST":
        service.unsubscribe(db.session(), as_actor(leaving.user), leaving.topics)
        jobs.commit()
    return render_template(
        "notices/unsubscribe.html", topics=leaving.topics, done=request.method == "POST"
    )
