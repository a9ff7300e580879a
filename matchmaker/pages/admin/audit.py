from __future__ import annotations

from flask import Blueprint, render_template, request

from matchmaker.audit import queries
from matchmaker.audit.messages import SUBJECTS
from matchmaker.db import db
from matchmaker.web.guards import guard, page_number
from matchmaker.web.paging import paginate

blueprint = Blueprint("audit", __name__)

PAGE = 50


@blueprint.get("/admin/audit")
@guard("audit.read")
def index() -> str:
    """The log, newest first; narrowed to a kind of thing and, with a number, to one thing."""
    subject_type = request.args.get("subject_type", "")
    subject_type = subject_type if subject_type in SUBJECTS else ""
    number = request.args.get("subject_id", "")
    subject_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    page = paginate(
        db.session(), queries.select_records(subject_type, subject_id), page_number(), PAGE
    )
    return render_template(
        "admin/audit.html",
        page=page,
        subjects=SUBJECTS,
        subject_type=subject_type,
        subject_id=subject_id,
    )
