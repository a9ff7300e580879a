"""Registering an organisation, its public page and its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.accounts import links
from matchmaker.cooperation import queries as cooperation
from matchmaker.curation import service as curation
from matchmaker.db import db
from matchmaker.listings import queries as listings
from matchmaker.organisations import belonging, joining, queries, service
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.rules import Profile
from matchmaker.organisations.service import Newcomer
from matchmaker.outcomes import totals as outcomes
from matchmaker.pages.account.own import own_account
from matchmaker.pages.organisation.claims import askable
from matchmaker.pages.organisation.forms import CloseForm, OrganisationForm, RegistrationForm
from matchmaker.pages.organisation.likely import unanswered
from matchmaker.pages.organisation.members import own_organisation
from matchmaker.pages.organisation.profile import ProfileForm, profile_form
from matchmaker.pages.shared.curators import contacts_of
from matchmaker.pages.shared.detail_fields import DETAIL
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.requests import version_sent, version_to_send
from matchmaker.pages.shared.sessions import sign_in
from matchmaker.pages.shared.tries import accepted_by_account, accepted_by_address, by_address
from matchmaker.pages.shared.watching import Look, note_look
from matchmaker.permissions import may
from matchmaker.regions import all_regions
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor, look_again

blueprint = Blueprint("organisation", __name__)

LISTINGS_SHOWN = 5


@blueprint.route("/register", methods=["GET", "POST"])
@accepted_by_address
@accepted_by_account
@guard("account.open")
def register() -> ResponseReturnValue:
    """Register an organisation with its first user, or with the signed-in user.

    Who finds it registered already may ask its owners to let them join.
    """
    if current_actor().signed_in:
        return _register_own()
    form = RegistrationForm()
    if not form.validate_on_submit() or _is_taken(form):
        return _register_page(form)
    service.register_visitor(
        db.session(),
        form.profile(form.name.data, form.email.data),
        Newcomer(form.email.data, form.name.data, reader_language(), form.password.data),
        confirm=lambda token: url_for("organisation.confirm", token=token),
        sign_in=url_for("account.sign_in"),
        joins=form.joins.data,
    )
    jobs.commit("deliver_mail")
    return render_template(
        "account/check_mail.html",
        why="confirm",
        email=form.email.data,
        curators=contacts_of(form.province.data),
    )


def _register_own() -> ResponseReturnValue:
    actor, session = current_actor(), db.session()
    if not may(actor, "organisation.register"):
        return redirect_to("organisation.members.mine")
    kept = belonging.registration(session, actor.user_id)
    form = OrganisationForm(data=_typed(kept.data) if kept else None)
    if not form.validate_on_submit() or _is_taken(form):
        return _register_page(form)
    user = own_account()
    twin = queries.by_uscc(session, form.uscc.data)
    if twin is not None:
        joining.ask(session, actor, user, twin)
        jobs.commit("deliver_mail")
        flash(gettext("The account managers have been asked. You will be told what they say."))
        return redirect_to("organisation.members.mine")
    profile = form.profile(user.name, user.email)
    if queries.likely_same(session, profile):
        service.keep(session, user.id, profile)
        jobs.commit()
        return redirect_to("organisation.likely.show")
    service.register(session, actor, profile)
    jobs.commit("deliver_mail")
    flash(gettext("Registered. Send your licence now, and a curator will verify it."))
    return redirect_to("organisation.verification.show")


def _typed(profile: dict[str, Any]) -> dict[str, Any]:
    """What a visitor typed before confirming, for the form of somebody signed in."""
    name = profile["name_zh"] or profile["name_other"]
    return {**profile, "legal_name": name, "phone": profile["contact_phone"]}


def _is_taken(form: OrganisationForm | ProfileForm) -> bool:
    """Say that the code is taken, unless somebody wants to join who has it."""
    joins = isinstance(form, OrganisationForm) and form.joins.data
    if joins or queries.by_uscc(db.session(), form.uscc.data) is None:
        return False
    form.uscc.errors = [
        gettext("Unified social credit code: an organisation with this code is already registered.")
    ]
    return True


def _register_page(form: OrganisationForm) -> tuple[str, int]:
    session, submitted = db.session(), form.is_submitted()
    twin = queries.by_uscc(session, form.uscc.data) if submitted and form.uscc.errors else None
    curators = contacts_of(form.province.data) if twin else ()
    return form_page("organisation/register.html", form, twin=twin, curators=curators)


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@by_address
@guard("account.open")
def confirm(token: str) -> ResponseReturnValue:
    """Confirm by a button, since mail scanners open links but press no buttons.

    The first time, it also signs in: the link has proved the address, and works for that once.
    """
    sent = request.method == "POST"
    user = links.read(db.session(), token, links.CONFIRM, lock=sent)
    if user is None:
        return render_template("account/link_expired.html", why="confirm"), 404
    if not sent:
        kept = belonging.registration(db.session(), user.id)
        return render_template("organisation/confirm.html", user=user, kept=kept, token=token)
    is_new = user.email_confirmed_at is None
    organisation = service.confirm_visitor(db.session(), user)
    jobs.commit("deliver_mail")
    if not (is_new and user.may_sign_in):
        flash(gettext("Your address is confirmed. Please sign in."))
        return redirect_to("account.sign_in")
    sign_in(user, second_factor=False)
    if organisation is None:
        flash(gettext("Your address is confirmed."))
        may_be_here = bool(unanswered(user.id))
        return redirect_to(
            "organisation.likely.show" if may_be_here else "organisation.members.mine"
        )
    flash(gettext("Welcome. Send your licence now, and a curator will verify your organisation."))
    return redirect_to("organisation.verification.show")


@blueprint.route("/organisation/edit", methods=["GET", "POST"])
@guard("organisation.edit", load=own_organisation, proved=True)
def edit(organisation: Organisation) -> ResponseReturnValue:
    proposed = organisation.proposal.after if organisation.proposal else {}
    stored = {name: getattr(organisation, name) for name in Profile.__dataclass_fields__} | proposed
    details = {DETAIL + code: value for code, value in stored["details"].items()}
    typed = profile_form(stored["type"])
    form = typed(data={**stored, **details}, settled=(stored["uscc"], stored["province"]))
    valid = form.validate_on_submit() and not (
        form.uscc.data != organisation.uscc and _is_taken(form)
    )
    if not valid:
        return form_page(
            "organisation/edit.html",
            form,
            organisation=organisation,
            version=version_to_send(organisation.version),
            regions=all_regions(),
        )
    service.edit(db.session(), current_actor(), organisation, version_sent(), form.profile())
    waits = queries.proposal(db.session(), organisation.id) is not None
    jobs.commit("deliver_mail")
    flash(
        gettext("Saved. Your verified name, code, province and kind remain until a curator agrees.")
        if waits
        else gettext("Saved.")
    )
    return redirect_to("organisation.members.mine")


@blueprint.get("/organisations/<int:organisation_id>")
@guard("organisation.read", load=queries.standing_with_members)
def show(organisation: Organisation) -> ResponseReturnValue:
    """Show the public page with the newest listings; matched partners see contacts.

    What is part of another organisation by now leads to the page of that one.
    """
    if request.path != url_for("organisation.show", organisation_id=organisation.id):
        return redirect(url_for("organisation.show", organisation_id=organisation.id))
    actor = current_actor()
    met = cooperation.matched_organisation_ids(db.session(), actor.organisation_id)
    shows_contact = organisation.id in met or may(actor, "organisation.read_contact", organisation)
    if shows_contact:
        note_look(Look.CONTACTS, organisation.id)
    return render_template(
        "organisation/show.html",
        organisation=organisation,
        contact_visible=shows_contact,
        people=[one for one in queries.people(db.session(), organisation.id) if one.is_shown],
        may_ask_for_account=may(actor, "claim.ask", askable(db.session(), organisation.id)),
        replies=cooperation.replies_of(db.session(), organisation.id),
        listings=listings.newest_of(db.session(), organisation.id, LISTINGS_SHOWN),
        figures=outcomes.of_organisation(
            db.session(), organisation.id, exact=may(actor, "outcome.sums", organisation)
        ),
    )


@blueprint.route("/organisations/<int:organisation_id>/closing", methods=["GET", "POST"])
@guard("organisation.close", load=queries.with_members, proved=True)
def close(organisation: Organisation) -> ResponseReturnValue:
    """Close it, on a page that says what that means."""
    form = CloseForm()
    if not form.validate_on_submit():
        version = version_to_send(organisation.version)
        return form_page(
            "organisation/close.html", form, organisation=organisation, version=version
        )
    curation.close_organisation(
        db.session(), current_actor(), organisation, version_sent(), form.reason.data
    )
    jobs.commit("deliver_mail", "refresh_suggestions")
    flash(gettext("Closed. Those concerned have been told."))
    look_again()
    if may(current_actor(), "organisation.hand_over"):
        return redirect_to("admin.organisations.owner", organisation_id=organisation.id)
    return redirect_to("home.index")
