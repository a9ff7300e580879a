"""The notices of somebody who has signed in."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.notices import messages, queries, service
from matchmaker.notices.models import Notice
from matchmaker.pages.shared.requests import one_page
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor, own_organisations

blueprint = Blueprint("notices", __name__)


def load_own(session: Session, notice_id: int) -> Notice | None:
    return queries.one_of_user(session, current_actor().user_id, notice_id)


@blueprint.get("/notices")
@guard("notice.read")
def index() -> str:
    page = one_page(queries.of_user(current_actor().user_id))
    language = reader_language()
    sentences = {
        notice.id: messages.subject(notice.kind, notice.params, language) for notice in page.items
    }
    bodies = {
        notice.id: messages.body(notice.kind, notice.params, language) for notice in page.items
    }
    return render_template("notices/index.html", page=page, sentences=sentences, bodies=bodies)


@blueprint.post("/notices/<int:notice_id>/open")
@guard("notice.read", load=load_own)
def open_notice(notice: Notice) -> ResponseReturnValue:
    """Mark the notice as read and go to its subject."""
    service.mark_read(db.session(), notice)
    jobs.commit()
    own = own_organisations()
    if len(own) > 1 and notice.organisation_id in own:  # perhaps not the one they act for now
        return redirect_to(
            "account.acting.choose", next=notice.path, organisation=notice.organisation_id
        )
    return redirect(notice.path, code=303)


@blueprint.post("/notices/read")
@guard("notice.read")
def read_all() -> ResponseReturnValue:
    service.mark_all_read(db.session(), current_actor())
    jobs.commit()
    return redirect_to("notices.index")
