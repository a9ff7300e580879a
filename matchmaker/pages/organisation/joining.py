"""Requests to join: an owner accepts or declines, who asked may take it back."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.organisations import belonging, joining
from matchmaker.organisations.models import JoinRequest
from matchmaker.pages.organisation.forms import RoleForm
from matchmaker.web import error_pages
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("joining", __name__)


@blueprint.post("/organisation/requests/<int:request_id>/accept")
@guard("organisation.manage_members", load=belonging.join_request, proved=True)
def accept(request: JoinRequest) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return error_pages.page(422, sentence=form.role.errors[0])
    joining.accept(db.session(), current_actor(), request, form.role.data)
    jobs.commit("deliver_mail")
    flash(gettext("%(name)s is a member now.", name=request.user.name))
    return redirect_to("organisation.members.mine")


@blueprint.post("/organisation/requests/<int:request_id>/decline")
@guard("organisation.manage_members", load=belonging.join_request)
def decline(request: JoinRequest) -> ResponseReturnValue:
    joining.decline(db.session(), current_actor(), request)
    jobs.commit("deliver_mail")
    flash(gettext("Declined. %(name)s has been told.", name=request.user.name))
    return redirect_to("organisation.members.mine")


@blueprint.post("/organisation/requests/<int:request_id>/withdraw")
@guard("organisation.withdraw_request", load=belonging.join_request)
def withdraw(request: JoinRequest) -> ResponseReturnValue:
    joining.withdraw(db.session(), current_actor(), request)
    jobs.commit()
    flash(gettext("Your request is withdrawn."))
    return redirect_to("organisation.members.mine")
