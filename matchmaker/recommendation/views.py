from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.guards import guard

blueprint = Blueprint("recommendation", __name__)


@blueprint.get("/partners")
@guard("suggestion.mine")
def mine() -> str:
    return render_template("stub.html")
