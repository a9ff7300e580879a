from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.guards import guard

blueprint = Blueprint("listings", __name__)


@blueprint.get("/listings")
@guard("listing.browse")
def browse() -> str:
    return render_template("stub.html")


@blueprint.get("/our/listings")
@guard("listing.create")
def mine() -> str:
    return render_template("stub.html")
