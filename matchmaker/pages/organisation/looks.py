"""Who looked at one's own contacts and confidential annexes."""

from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.audit import queries as audit
from matchmaker.db import db
from matchmaker.files import queries as files
from matchmaker.organisations import queries
from matchmaker.organisations.models import Organisation
from matchmaker.pages.organisation.members import own_organisation
from matchmaker.pages.shared.requests import one_page
from matchmaker.pages.shared.watching import SUBJECT, Look
from matchmaker.web.guards import guard

blueprint = Blueprint("looks", __name__)


@blueprint.get("/organisation/looks")
@guard("organisation.looks", load=own_organisation)
def index(organisation: Organisation) -> str:
    page = one_page(audit.select_actions(SUBJECT, organisation.id, list(Look)))
    ids = {by for record in page.items if isinstance(by := record.detail["by"], int)}
    file_ids = [record.detail["file"] for record in page.items if "file" in record.detail]
    return render_template(
        "organisation/looks.html",
        page=page,
        annex=Look.ANNEX,
        files=files.names(db.session(), file_ids),
        organisations=queries.by_ids(db.session(), ids),
    )
