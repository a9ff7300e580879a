from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.web.guards import guard

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@guard("account.open")
def sign_in() -> str:
    return render_template("stub.html")


@blueprint.post("/sign-out")
@guard("account.use")
def sign_out() -> str:
    return render_template("stub.html")


@blueprint.get("/account")
@guard("account.use")
def profile() -> str:
    return render_template("stub.html")


@blueprint.get("/admin/accounts")
@guard("account.manage")
def manage() -> str:
    return render_template("stub.html")
