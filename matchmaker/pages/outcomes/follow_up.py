"""The page that a mail's link opens without signing in. It asks how a match goes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.cooperation.rules import other
from matchmaker.db import db, now
from matchmaker.listings.models import Listing
from matchmaker.organisations.acting import person
from matchmaker.outcomes import links, queries, service
from matchmaker.outcomes.models import FollowUp
from matchmaker.outcomes.states import Progress
from matchmaker.pages.outcomes.forms import ProgressForm
from matchmaker.permissions import Actor, MemberRole
from matchmaker.web.guards import guard

blueprint = Blueprint("follow_up", __name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and who answers."""

    follow_up: FollowUp
    actor: Actor

    @property
    def own(self) -> Listing:
        return self._listing(self.follow_up.side)

    @property
    def partner(self) -> Listing:
        return self._listing(other(self.follow_up.side))

    @property
    def is_for_its_holder(self) -> bool:
        """Return whether the holder still writes for the side."""
        speaks = self.actor.organisation_id == self.own.organisation_id
        return speaks and self.actor.organisation_role in MemberRole.WRITERS

    def _listing(self, side: str) -> Listing:
        match = self.follow_up.match
        return match.need if side == "need" else match.capability


def load(session: Session, token: str) -> Question | None:
    """The question of a link that is ours, if its holder still writes for that side."""
    found = links.read(token)
    if found is None:
        return None
    follow_up = queries.follow_up(session, found[0], lock=request.method == "POST")
    who = person(session, found[1])
    if follow_up is None or who is None:
        return None
    asked = (Question(follow_up, one) for one in who.members)
    return next((one for one in asked if one.is_for_its_holder), None)


@blueprint.route("/follow-up/<token>", methods=["GET", "POST"])
@guard("outcome.follow_up", load=load)
def follow_up(question: Question) -> ResponseReturnValue:
    """Ask with GET, so that programs which look at links change nothing; answer with POST."""
    asked = question.follow_up
    if now() >= asked.expires_at:
        return render_template("outcomes/follow_up_expired.html", question=question), 410
    chosen = request.args.get("answer", asked.progress)
    form = ProgressForm(
        data={"answer": chosen if chosen in tuple(Progress) else None, "reason": asked.reason}
    )
    done = form.validate_on_submit()
    if done:
        reason = form.reason.data if form.answer.data == Progress.ENDED else ""
        service.answer(db.session(), question.actor, asked, form.answer.data, reason)
        jobs.commit()
    page = render_template("outcomes/follow_up.html", question=question, form=form, done=done)
    return page, 422 if form.is_submitted() and not done else 200
