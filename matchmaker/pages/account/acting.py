"""Which of several organisations somebody acts for, in this browser."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.accounts import sessions
from matchmaker.db import db
from matchmaker.errors import NotAllowed
from matchmaker.pages.account.entering import wanted
from matchmaker.pages.shared.requests import whole_number
from matchmaker.web.guards import guard
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor, current_visit, own_organisations

blueprint = Blueprint("acting", __name__)


@blueprint.route("/acting", methods=["GET", "POST"])
@guard("account.use")
def choose() -> ResponseReturnValue:
    """Show the reader's organisations; act for the chosen one, and go on where they were.

    `organisation`: the one that a mail or notice concerns. Who acts for it already is not asked.
    """
    organisations = own_organisations()
    if request.method != "POST":
        concerned = organisations.get(whole_number(request.args.get("organisation")) or 0)
        acts_for_it = concerned and concerned.id == current_actor().organisation_id
        if "organisation" in request.args and (acts_for_it or not concerned):
            return redirect(wanted() or url_for("home.index"), code=303)
        return render_template("account/acting.html", target=wanted(), concerned=concerned)
    chosen = organisations.get(whole_number(request.form.get("organisation")) or 0)
    visit = current_visit()
    if chosen is None or visit is None:
        raise NotAllowed
    sessions.act_for(db.session(), current_actor(), visit.session_id, chosen.id)
    jobs.commit()
    name = chosen.name_for(reader_language())
    flash(gettext("You now act for %(organisation)s.", organisation=name))
    return redirect(wanted() or url_for("home.index"), code=303)
