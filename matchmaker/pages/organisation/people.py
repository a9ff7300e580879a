"""The experts and brokers that an organisation shows, and their consent by a mailed link."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.errors import Refused
from matchmaker.organisations import people, queries
from matchmaker.organisations.models import Organisation, ShownPerson
from matchmaker.pages.organisation.forms import PersonForm
from matchmaker.pages.organisation.members import own_organisation
from matchmaker.pages.shared.forms import form_page
from matchmaker.pages.shared.refusals import sentence
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("people", __name__)


@blueprint.route("/organisation/people", methods=["GET", "POST"])
@guard("organisation.edit", load=own_organisation)
def index(organisation: Organisation) -> ResponseReturnValue:
    """List whom the organisation names, and take one more."""
    form = PersonForm()
    if form.validate_on_submit():
        try:
            people.add(
                db.session(),
                current_actor(),
                organisation,
                name=form.name.data,
                email=form.email.data,
                role=form.role.data,
                level=form.level.data,
                field=form.field.data,
                path=lambda person: url_for("organisation.people.answer", token=make_token(person)),
            )
        except Refused as refusal:
            form.email.errors = [sentence(refusal.refusal, **refusal.data)]
        else:
            jobs.commit("deliver_mail")
            flash(gettext("%(name)s has been asked by mail.", name=form.name.data))
            return redirect_to("organisation.people.index")
    found = queries.people(db.session(), organisation.id)
    return form_page("organisation/people.html", form, organisation=organisation, people=found)


@blueprint.post("/organisation/people/<int:person_id>/remove")
@guard("organisation.edit", load=queries.person)
def remove(person: ShownPerson) -> ResponseReturnValue:
    people.remove(db.session(), current_actor(), person)
    jobs.commit()
    flash(gettext("%(name)s is no longer listed.", name=person.name))
    return redirect_to("organisation.people.index")


def load(session: Session, token: str) -> ShownPerson | None:
    """The person of a link that is ours, while the organisation names them at that address."""
    try:
        person_id, email = _serializer().loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    person = queries.person(session, person_id)
    return person if person is not None and person.email == email else None


@blueprint.route("/people/<token>", methods=["GET", "POST"])
@guard("person.answer", load=load)
def answer(person: ShownPerson) -> ResponseReturnValue:
    """Agree to be shown, or object; both can be changed by the same link at any time."""
    if request.method == "POST":
        agrees = request.form.get("answer") == "yes"
        people.answer(db.session(), current_actor(), person, agrees=agrees)
        jobs.commit()
        flash(
            gettext("Thank you. You are shown from now on.")
            if agrees
            else gettext("Thank you. You are not shown.")
        )
    return render_template("organisation/person.html", person=person)


def make_token(person: ShownPerson) -> str:
    """Return the token of the link that asks the person."""
    return str(_serializer().dumps([person.id, person.email]))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="matchmaker.person")
