from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.guards import guard

blueprint = Blueprint("curation", __name__)


@blueprint.get("/desk")
@guard("desk.read")
def desk() -> str:
    return render_template("stub.html")
