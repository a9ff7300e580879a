"""The audit log."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from matchmaker.audit import queries
from matchmaker.audit.messages import SUBJECTS
from matchmaker.pages.shared.requests import one_page, whole_number
from matchmaker.web.guards import guard

blueprint = Blueprint("audit", __name__)

PAGE = 50


@blueprint.get("/admin/audit")
@guard("audit.read")
def index() -> str:
    """Show the log, newest first: all of it, one kind of subject, or one subject."""
    subject_type = request.args.get("subject_type", "")
    subject_type = subject_type if subject_type in SUBJECTS else ""
    subject_id = whole_number(request.args.get("subject_id"))
    page = one_page(queries.select_records(subject_type, subject_id), PAGE)
    return render_template(
        "admin/audit.html",
        page=page,
        subjects=SUBJECTS,
        subject_type=subject_type,
        subject_id=subject_id,
    )
