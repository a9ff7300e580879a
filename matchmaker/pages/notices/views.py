from __future__ import annotations

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.notices import messages, queries, service
from matchmaker.notices.models import Notice
from matchmaker.web.guards import guard, page_number, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.paging import paginate
from matchmaker.web.session import current_actor

blueprint = Blueprint("notices", __name__)


def load_own(session: Session, notice_id: int) -> Notice | None:
    return queries.one_of_user(session, current_actor().user_id, notice_id)


@blueprint.get("/notices")
@guard("notice.read")
def index() -> str:
    page = paginate(db.session(), queries.of_user(current_actor().user_id), page_number())
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
def open_notice(notice: Notice) -> Response:
    """Mark as read and go to what it is about."""
    service.mark_read(db.session(), notice)
    jobs.commit()
    return redirect(notice.path, code=303)  # type: ignore[return-value]


@blueprint.post("/notices/read")
@guard("notice.read")
def read_all() -> Response:
    service.mark_all_read(db.session(), current_actor())
    jobs.commit()
    return redirect_to("notices.index")
