from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.guards import guard

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/register")
@guard("account.open")
def register() -> str:
    return render_template("stub.html")


@blueprint.get("/organisation")
@guard("home.read")
def mine() -> str:
    return render_template("stub.html")
