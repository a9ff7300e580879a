"""Reading a thread and writing in it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, after_this_request, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.conversations import queries, rules, service
from matchmaker.conversations.models import Message
from matchmaker.cooperation import guests
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.db import db, writing
from matchmaker.errors import Refused
from matchmaker.files.service import receiving
from matchmaker.pages.conversations.forms import MessageForm
from matchmaker.pages.conversations.thread import Thread, thread_of
from matchmaker.pages.matches.frame import frame
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import whole_number
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.security import begin_to_write, takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("conversations", __name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A message with its match, which decides who may do something with it."""

    match: Match
    message: Message

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.match.organisation_ids

    @property
    def provinces(self) -> tuple[str, str]:
        return self.match.provinces

    @property
    def are_curators_invited(self) -> bool:
        return self.match.are_curators_invited


def load_message(session: Session, match_id: int, message_id: int) -> Written | None:
    match = cooperation.match(session, match_id)
    message = queries.message(session, match_id, message_id) if match else None
    return Written(match, message) if match and message else None


@blueprint.get("/matches/<int:match_id>/messages")
@guard("thread.read", load=cooperation.match)
def show(match: Match) -> str:
    draft = queries.draft(db.session(), match.id, current_actor().user_id)
    return thread_page(match, MessageForm(formdata=None, text=draft.text if draft else ""))


def thread_page(match: Match, form: MessageForm) -> str:
    actor = current_actor()
    before = whole_number(request.args.get("before"))
    shown = thread_of(actor, match, before)
    refusal = rules.closed(match.status, match.are_organisations_shown)
    html = render_template(
        "conversations/show.html",
        frame=frame(match, "conversations.show"),
        match=match,
        thread=shown,
        form=form,
        draft=queries.draft(db.session(), match.id, actor.user_id),
        closed=sentence(refusal) if refusal else "",
        may_attach=actor.organisation_id in match.organisation_ids,
    )
    if request.method == "GET" and before is None:
        note_reading(match, shown)
    return html


def note_reading(match: Match, shown: Thread) -> None:
    """Note, once the page is answered, that the reader's organisation has seen the newest."""
    actor = current_actor()
    mark = queries.read_marks(db.session(), match.id).get(actor.organisation_id or 0)
    seen = mark.message_id if mark else 0
    if actor.organisation_id not in match.organisation_ids or shown.last_id <= seen:
        return
    match_id, last_id = match.id, shown.last_id

    @after_this_request
    def write(response: Response) -> Response:
        token = writing.set(True)
        try:
            db.session.rollback()
            service.mark_read(db.session(), actor, match_id, last_id)
            db.session.commit()
        except OperationalError:  # a full disk: reading goes on
            db.session.rollback()
        finally:
            writing.reset(token)
        return response


@blueprint.post("/matches/<int:match_id>/messages")
@takes_files
@guard("thread.write", load=cooperation.match)
def post(match: Match) -> ResponseReturnValue:
    """Send a message. What is refused comes back with its text."""
    form, actor, match_id = MessageForm(), current_actor(), match.id
    if not form.validate():
        return thread_page(match, form), 422
    try:
        with receiving(form.uploads) as received:
            begin_to_write()
            match = cooperation.held(db.session(), match_id)
            text, key = form.text.data or "", form.key.data or ""
            service.post(db.session(), actor, match, text, received, key=key)
            jobs.commit("deliver_mail")
    except Refused as error:
        db.session.rollback()
        form.refuse(error)
        again = cooperation.match(db.session(), match_id)
        assert again is not None  # noqa: S101  # nosec B101  # no match is ever deleted
        return thread_page(again, form), 422
    return redirect_to("conversations.show", match_id=match_id, _anchor="newest")


@blueprint.post("/matches/<int:match_id>/messages/draft")
@guard("thread.write", load=cooperation.match)
def keep_draft(match: Match) -> ResponseReturnValue:
    """Keep what is typed: every few seconds from a script, or by the button."""
    form = MessageForm()
    text = form.text.data or ""
    service.save_draft(db.session(), current_actor(), match, text, key=form.key.data or "")
    jobs.commit()
    if "X-Draft" in request.headers:
        return "", 204
    flash(gettext("The draft is saved. Only you see it."))
    return redirect_to("conversations.show", match_id=match.id, _anchor="write")


@blueprint.post("/matches/<int:match_id>/messages/<int:message_id>/delete")
@guard("thread.write", load=load_message)
def delete(written: Written) -> ResponseReturnValue:
    service.delete(db.session(), current_actor(), written.message)
    jobs.commit("remove_files")
    flash(gettext("Deleted. Readers still see that there was a message."))
    return redirect_to("conversations.show", match_id=written.match.id)


@blueprint.post("/matches/<int:match_id>/curators")
@guard("thread.invite", load=cooperation.match)
def invite_curators(match: Match) -> ResponseReturnValue:
    guests.invite_curators(db.session(), current_actor(), match)
    jobs.commit("deliver_mail")
    flash(gettext("The curators of both sides have been asked."))
    return redirect_to("conversations.show", match_id=match.id)


@blueprint.post("/matches/<int:match_id>/curators/dismiss")
@guard("thread.invite", load=cooperation.match)
def dismiss_curators(match: Match) -> ResponseReturnValue:
    guests.dismiss_curators(db.session(), current_actor(), match)
    jobs.commit()
    flash(gettext("Withdrawn. The curators can no longer read the thread."))
    return redirect_to("conversations.show", match_id=match.id)
