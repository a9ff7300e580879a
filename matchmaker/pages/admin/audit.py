"""The audit log."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request

from matchmaker.audit import queries
from matchmaker.audit.messages import SUBJECTS
from matchmaker.audit.queries import Wanted
from matchmaker.db import db
from matchmaker.pages.shared.downloads import csv_file
from matchmaker.pages.shared.requests import day, one_page, searched, whole_number
from matchmaker.web.guards import guard

blueprint = Blueprint("audit", __name__)

PAGE = 50
COLUMNS = (
    "id", "at", "actor_id", "actor_name", "action", "subject_type", "subject_id", "detail", "hash",
    "seal",
)  # fmt: skip


@blueprint.get("/admin/audit")
@guard("audit.read")
def index() -> str:
    """Show the log, newest first: all of it, or by who, about what, and when."""
    wanted = _wanted()
    return render_template(
        "admin/audit.html",
        page=one_page(queries.select_records(wanted), PAGE),
        subjects=SUBJECTS,
        wanted=wanted,
    )


@blueprint.get("/admin/audit.csv")
@guard("audit.read", proved=True)
def download() -> Response:
    """Give the same records as a file, with their hashes and seals."""
    records = queries.all_records(db.session(), _wanted())
    rows = (
        [
            json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            for value in (getattr(record, column) for column in COLUMNS)
        ]
        for record in records
    )
    return csv_file("audit-log", COLUMNS, rows)


def _wanted() -> Wanted:
    """What the address asks for; what makes no sense is passed over."""
    subject_type = request.args.get("subject_type", "")
    return Wanted(
        actor=searched("actor"),
        subject_type=subject_type if subject_type in SUBJECTS else "",
        subject_id=whole_number(request.args.get("subject_id")),
        since=day(request.args.get("since")),
        until=day(request.args.get("until")),
    )
