"""One's own organisation and its members: invitations, roles, leaving."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.accounts import queries as accounts
from matchmaker.accounts.models import User
from matchmaker.accounts.service import is_claimed
from matchmaker.accounts.sessions import act_for
from matchmaker.db import db, now
from matchmaker.errors import NotAllowed, Refused
from matchmaker.organisations import belonging, members, queries
from matchmaker.organisations.claims import queries as claims
from matchmaker.organisations.details import fields_of
from matchmaker.organisations.models import Invitation, Membership, Organisation
from matchmaker.organisations.rules import MOST_INVITATIONS_UNVERIFIED
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.pages.account.forms import LANGUAGE_NAMES
from matchmaker.pages.organisation.forms import InviteForm, JoinForm, RoleForm
from matchmaker.pages.organisation.posting import posting
from matchmaker.pages.shared.curators import contacts_of
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.sessions import sign_in
from matchmaker.pages.shared.tries import by_address
from matchmaker.web import error_pages
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor, current_visit

blueprint = Blueprint("members", __name__)


def own_organisation(session: Session) -> Organisation | None:
    return queries.organisation(session, current_actor().organisation_id)


def own_membership(session: Session) -> Membership | None:
    """The membership that the actor acts by; else the first where nobody may act now."""
    actor = current_actor()
    held = belonging.memberships_of(session, actor.user_id)
    own = actor.organisation_id
    if own is None:
        held = [one for one in held if one.organisation.status in OrganisationStatus.OUT]
    return next((one for one in held if own in (None, one.organisation_id)), None)


@blueprint.get("/organisation")
@guard("home.read")
def mine() -> ResponseReturnValue:
    return mine_page(InviteForm(formdata=None))


def mine_page(inviting: InviteForm) -> str:
    actor, session = current_actor(), db.session()
    organisation = queries.with_members(session, actor.organisation_id)
    if organisation is None:
        former, kept = (
            belonging.of_user(session, actor.user_id),
            belonging.registration(session, actor.user_id),
        )
        requests = belonging.join_requests_of(session, actor.user_id)
        province = former.province if former else kept.data["province"] if kept else None
        return render_template(
            "organisation/none.html",
            former=former,
            kept=kept,
            requests=requests,
            claims=claims.open_of(session, actor.user_id),
            curators=contacts_of(province) if province else (),
        )
    if organisation.status == OrganisationStatus.REGISTERED:
        inviting.email.description = gettext(
            "Before your organisation is verified, you can send %(number)s invitations.",
            number=MOST_INVITATIONS_UNVERIFIED,
        )
    return render_template(
        "organisation/mine.html",
        organisation=organisation,
        posting=posting(organisation),
        invitations=belonging.open_invitations(session, organisation.id, now()),
        requests=belonging.join_requests(session, organisation.id),
        claims=claims.open_of(session, actor.user_id),
        claims_for_it=claims.open_for(session, organisation.id),
        people=queries.people(session, organisation.id),
        inviting=inviting,
        language_names=LANGUAGE_NAMES,
        curators=contacts_of(organisation.province),
        missing=missing_parts(organisation),
    )


def missing_parts(organisation: Organisation) -> list[str]:
    """What the public page does not say yet, by name."""
    parts = {
        gettext("City or prefecture"): organisation.city,
        gettext("Sectors"): organisation.sectors,
        gettext("What you do"): organisation.summary,
        **{
            one.labels[reader_language()]: organisation.details.get(one.code)
            for one in fields_of(organisation.type)
        },
    }
    return [name for name, value in parts.items() if not value]


@blueprint.post("/organisation/invitations")
@guard("organisation.manage_members", load=own_organisation, proved=True)
def invite(organisation: Organisation) -> ResponseReturnValue:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            members.invite(
                db.session(),
                current_actor(),
                organisation,
                form.email.data,
                form.role.data,
                path=lambda token: url_for("organisation.members.invitation", token=token),
            )
        except Refused as refusal:
            form.email.errors = [sentence(refusal.refusal, **refusal.data)]
    if form.errors:
        return mine_page(form), 422
    jobs.commit("deliver_mail")
    flash(gettext("The invitation is on its way."))
    return redirect_to("organisation.members.mine")


@blueprint.post("/organisation/invitations/<int:invitation_id>/withdraw")
@guard("organisation.manage_members", load=belonging.invitation)
def withdraw_invitation(invitation: Invitation) -> ResponseReturnValue:
    members.withdraw(db.session(), current_actor(), invitation)
    jobs.commit()
    flash(gettext("The invitation is withdrawn."))
    return redirect_to("organisation.members.mine")


@blueprint.post("/organisation/members/<int:membership_id>/role")
@guard("organisation.manage_members", load=belonging.membership, proved=True)
def change_role(membership: Membership) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return error_pages.page(422, sentence=form.role.errors[0])
    members.change_role(db.session(), current_actor(), membership, form.role.data)
    jobs.commit()
    flash(gettext("The role is changed."))
    return redirect_to("organisation.members.mine")


@blueprint.post("/organisation/members/<int:membership_id>/remove")
@guard("organisation.manage_members", load=belonging.membership, proved=True)
def remove_member(membership: Membership) -> ResponseReturnValue:
    members.remove(db.session(), current_actor(), membership)
    jobs.commit()
    flash(gettext("%(name)s is no longer a member.", name=membership.user.name))
    return redirect_to("organisation.members.mine")


@blueprint.post("/organisation/leave")
@guard("organisation.leave", load=own_membership)
def leave(membership: Membership) -> ResponseReturnValue:
    members.leave(db.session(), current_actor(), membership)
    jobs.commit()
    flash(gettext("You have left %(organisation)s.", organisation=_name(membership.organisation)))
    return redirect_to("home.index")


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@by_address
@guard("account.open")
def invitation(token: str) -> ResponseReturnValue:
    """Join by a mailed link: with the invited address's account, or with a new one."""
    session, actor = db.session(), current_actor()
    found = belonging.open_invitation(
        session, members.hash_token(token), now(), lock=request.method == "POST"
    )
    if found is None:
        return render_template("account/link_expired.html", why="invitation"), 404
    if actor.signed_in:
        return _join(found, accounts.user(session, actor.user_id))
    known = accounts.user_by_email(session, found.email)
    if known is not None and is_claimed(known):
        if request.method == "POST":
            raise NotAllowed
        return render_template("organisation/invitation.html", invitation=found, state="sign_in")
    return _join_as_new(found)


def _join(found: Invitation, user: User | None) -> ResponseReturnValue:
    """Join with an account; members.accept refuses any but the invited address."""
    state = "join" if user is not None and user.email == found.email else "other"
    if user is None or request.method != "POST":
        return render_template("organisation/invitation.html", invitation=found, state=state)
    members.accept(db.session(), user, found)
    visit = current_visit()
    if visit is not None:  # the page that follows is the new organisation's
        act_for(db.session(), current_actor(), visit.session_id, found.organisation_id)
    jobs.commit()
    flash(gettext("You now belong to %(organisation)s.", organisation=_name(found.organisation)))
    return redirect_to("organisation.members.mine")


def _join_as_new(found: Invitation) -> ResponseReturnValue:
    organisation = found.organisation
    names = [name for name in (organisation.name_zh, organisation.name_other) if name]
    form = JoinForm(found.email, tuple(names))
    if not form.validate_on_submit():
        return form_page("organisation/invitation.html", form, invitation=found, state="new")
    user = members.accept_as_new(
        db.session(), found, form.name.data, form.language.data, form.password.data
    )
    sign_in(user, second_factor=False)
    flash(gettext("You now belong to %(organisation)s.", organisation=_name(found.organisation)))
    return redirect_to("organisation.members.mine")


def _name(organisation: Organisation) -> str:
    return organisation.name_for(reader_language())
