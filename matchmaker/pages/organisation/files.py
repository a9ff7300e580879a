"""All files of one's own organisation, and how much of the quota they use."""

from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.db import db
from matchmaker.files import queries, service
from matchmaker.files.states import Purpose
from matchmaker.organisations.models import Organisation
from matchmaker.pages.files.hanging import attached
from matchmaker.pages.organisation.members import own_organisation
from matchmaker.pages.shared.requests import one_page
from matchmaker.web.guards import guard

blueprint = Blueprint("files", __name__)


@blueprint.get("/organisation/files")
@guard("organisation.files", load=own_organisation)
def index(organisation: Organisation) -> str:
    page = one_page(queries.of_organisation(organisation.id))
    return render_template(
        "organisation/files.html",
        organisation=organisation,
        page=page,
        attached=attached(db.session(), page.items),
        space=service.space_of(db.session(), organisation.id),
        Purpose=Purpose,
    )
