"""The processes of this machine that died."""

from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker import deaths
from matchmaker.services import services
from matchmaker.web.guards import guard

blueprint = Blueprint("processes", __name__)


@blueprint.get("/admin/processes")
@guard("process.read")
def index() -> str:
    found = deaths.read(services().settings.home_path)
    return render_template("admin/processes.html", deaths=found[: deaths.SHOWN], count=len(found))
