"""The security log."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request

from matchmaker.db import db
from matchmaker.pages.shared.downloads import csv_file
from matchmaker.pages.shared.requests import day, one_page, searched
from matchmaker.security import queries
from matchmaker.security.messages import KINDS
from matchmaker.security.queries import Wanted
from matchmaker.services import services
from matchmaker.web.guards import guard

blueprint = Blueprint("security", __name__)

PAGE = 50
COLUMNS = ("id", "at", "kind", "account_id", "account", "address", "detail")


@blueprint.get("/admin/security")
@guard("security.read")
def index() -> str:
    """Show security events, newest first: all, or by kind, by account or address, and when."""
    wanted = _wanted()
    return render_template(
        "admin/security.html",
        page=one_page(queries.select_events(wanted), PAGE),
        kinds=KINDS,
        wanted=wanted,
        days=services().settings.security_days,
    )


@blueprint.get("/admin/security.csv")
@guard("security.read", proved=True)
def download() -> Response:
    """Give the same events as a file."""
    events = queries.all_events(db.session(), _wanted())
    rows = (
        [*(getattr(event, name) for name in COLUMNS[:-1]), json.dumps(event.detail)]
        for event in events
    )
    return csv_file("security-log", COLUMNS, rows)


def _wanted() -> Wanted:
    """What the address asks for; what makes no sense is passed over."""
    kind = request.args.get("kind", "")
    return Wanted(
        kind=kind if kind in set(KINDS) else "",
        text=searched("text"),
        since=day(request.args.get("since")),
        until=day(request.args.get("until")),
    )
