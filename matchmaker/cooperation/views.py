from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.guards import guard

blueprint = Blueprint("cooperation", __name__)


@blueprint.get("/matches")
@guard("match.mine")
def mine() -> str:
    return render_template("stub.html")
