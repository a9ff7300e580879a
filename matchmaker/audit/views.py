from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.guards import guard

blueprint = Blueprint("audit", __name__)


@blueprint.get("/admin/audit")
@guard("audit.read")
def index() -> str:
    return render_template("stub.html")
