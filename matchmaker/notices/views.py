from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.guards import guard

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@guard("notice.read")
def index() -> str:
    return render_template("stub.html")
