"""Taking out and erasing what is kept about a person, and what time takes away."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matchmaker import schema
from matchmaker.accounts import queries as accounts
from matchmaker.accounts import sessions
from matchmaker.accounts.models import RecoveryCode, SecondFactor, StaffRole, User
from matchmaker.accounts.rules import Place
from matchmaker.accounts.service import as_actor, ask_role, confirm, open_account
from matchmaker.audit import service as audit
from matchmaker.audit.models import AuditRecord
from matchmaker.db import now
from matchmaker.errors import Refusal, Refused
from matchmaker.notices import service as notices
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations import identity
from matchmaker.organisations.models import (
    Handover,
    Invitation,
    Membership,
    Organisation,
    ProfileChange,
)
from matchmaker.organisations.states import ChangeStatus
from matchmaker.privacy import service
from matchmaker.privacy.jobs import forget_old_data
from matchmaker.security import service as security
from matchmaker.security.models import SecurityEvent
from matchmaker.security.service import Seen
from matchmaker.security.states import SecurityKind
from matchmaker.services import services
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    VerificationFactory,
    member_of,
    need,
    provincial_curator,
    staff,
)

both = pytest.mark.both_databases
NAME, ADDRESS, NETWORK = "Zibelin Name", "zibelin@example.org", "198.51.100.77"


@pytest.fixture
def person(session: Session) -> User:
    """An editor with traces everywhere: an account, notices, mails, a listing, audit records."""
    organisation = OrganisationFactory()
    member_of(organisation)
    user = UserFactory(name=NAME, email=ADDRESS)
    MembershipFactory(organisation=organisation, user=user, role="editor")
    need(organisation=organisation, author=user, title="The need")
    invite(session, organisation, user, ADDRESS)
    notices.notify(session, [user], "listing.published", "/plan", title="The need")
    notices.mail(session, ADDRESS, "en", "account.reset", "/reset-password/x")
    audit.record(session, as_actor(user), "listing.create", "listing", 1)
    at_the_door(session, user)
    in_the_profile(session, organisation, user)
    session.commit()
    return user


def at_the_door(session: Session, user: User) -> None:
    """A sign-in with an app, a wrong try, and a role that waits for a second administrator."""
    place = Place(NETWORK, "Firefox")
    sessions.start(session, as_actor(user), user, place, second_factor=True)
    session.add(SecondFactor(user_id=user.id, secret="A-SECRET", confirmed_at=now(), last_step=0))
    session.add(RecoveryCode(user_id=user.id, code_hash="a-hash-of-a-code"))
    administrator = staff("administrator")
    accounts.user(session, user.id)  # with the roles
    ask_role(session, as_actor(administrator), user, "evaluator")
    for seen in (
        Seen(SecurityKind.SIGNED_IN, user.id, NAME, NETWORK),
        Seen(SecurityKind.SIGN_IN_FAILED, None, ADDRESS.upper(), NETWORK),
    ):
        security.note(session, seen)


def in_the_profile(session: Session, organisation: Organisation, user: User) -> None:
    """The person was the contact once, changed another text, and was given the organisation."""
    actor, made = as_actor(user), ChangeStatus.MADE
    for before, after in (
        ({"contact_name": NAME}, {"contact_name": "Front desk"}),
        ({"contact_email": ADDRESS, "website": ""}, {"contact_email": "x@y.z", "website": "w"}),
    ):
        identity.keep_change(
            session, actor, organisation, made, before=before, after=after, at=now()
        )
    session.add(
        Handover(
            organisation_id=organisation.id,
            administrator_id=staff("administrator").id,
            email=ADDRESS,
            evidence="A letter.",
            cleared=False,
            at=now(),
        )
    )


def invite(session: Session, organisation: Organisation, by: User, email: str) -> Invitation:
    invitation = Invitation(
        organisation_id=organisation.id,
        email=email,
        role="viewer",
        token_hash="a-hash-of-it",
        invited_by_id=by.id,
        created_at=now(),
        expires_at=now() + timedelta(days=14),
    )
    session.add(invitation)
    session.flush()
    return invitation


def everything(session: Session) -> str:
    """The whole database as text."""
    session.expire_all()
    rows = [
        list(session.execute(text(f'SELECT * FROM "{name}"')))
        for name in sorted(schema.metadata().tables)
    ]
    return str(rows)


def unpacked(content: bytes) -> dict[str, Any]:
    with ZipFile(io.BytesIO(content)) as file:
        return {name.removesuffix(".json"): json.loads(file.read(name)) for name in file.namelist()}


@both
def test_what_is_kept_can_be_taken_out(session: Session, person: User) -> None:
    found = unpacked(service.export(session, as_actor(person), person))
    assert found["account"][0]["email"] == ADDRESS
    assert found["memberships"][0]["role"] == "editor"
    assert [row["title"] for row in found["listings"]] == ["The need"]
    assert [row["kind"] for row in found["notices"]] == ["listing.published"]
    assert [row["kind"] for row in found["letters"]] == ["account.reset"]
    assert len(found["invitations_received"]) == 1
    assert found["sessions"][0]["address"] == NETWORK
    assert [row["kind"] for row in found["security_events"]] == ["signed_in", "sign_in_failed"]
    assert [row["role"] for row in found["roles_to_be_confirmed"]] == ["evaluator"]
    assert len(found["profile_changes"]) == 2
    assert len(found["handovers_received"]) == 1
    actions = [row["action"] for row in found["audit_records"]]
    assert actions == ["listing.create", "account.sign_in", "account.ask_role"]


def test_taking_out_holds_nothing_of_others_and_no_secret(session: Session, person: User) -> None:
    other = UserFactory(name="Somebody Else", password_hash="a-hash-of-theirs")
    person.password_hash = "a-hash-of-mine"
    notices.notify(session, [other], "listing.published", "/plan", title="Another need")
    session.commit()
    said = str(unpacked(service.export(session, as_actor(person), person)))
    for word in ("Somebody Else", "Another need", "a-hash", "A-SECRET", "/reset-password"):
        assert word not in said


def test_taking_out_is_audited(session: Session, person: User) -> None:
    service.export(session, as_actor(person), person)
    record = session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None
    assert (record.action, record.subject_id) == ("account.export", person.id)


@both
def test_erasing_leaves_nothing_that_names_the_person(session: Session, person: User) -> None:
    before = everything(session)
    gone = (NAME, NETWORK, "A-SECRET", "a-hash-of-a-code")
    assert all(word in before for word in gone)
    service.erase(session, as_actor(person), person)
    session.commit()
    kept = everything(session)
    assert [word for word in gone if word in kept] == []
    assert kept.count(ADDRESS) == 1, "the mail that says so"
    (mail,) = session.scalars(select(OutboxMail))
    assert (mail.kind, mail.recipient) == ("account.erased", ADDRESS)


@both
def test_what_the_person_did_stays_under_a_number(session: Session, person: User) -> None:
    number = person.id
    service.erase(session, as_actor(person), person)
    session.commit()
    records = session.scalars(select(AuditRecord).where(AuditRecord.actor_id == number)).all()
    assert [record.action for record in records] == [
        "listing.create",
        "account.sign_in",
        "organisation.leave",
        "account.erase",
    ]
    assert {record.actor_name for record in records} == {f"#{number}"}
    assert audit.verify(session) is None


@both
def test_the_security_log_keeps_the_number(session: Session, person: User) -> None:
    number = person.id
    service.erase(session, as_actor(person), person)
    session.commit()
    columns = (SecurityEvent.account_id, SecurityEvent.account, SecurityEvent.address)
    events = session.execute(select(*columns).order_by(SecurityEvent.id)).tuples().all()
    assert events == [(number, f"#{number}", ""), (None, f"#{number}", "")]


def test_the_history_of_a_profile_keeps_what_is_not_the_contact(
    session: Session, person: User
) -> None:
    service.erase(session, as_actor(person), person)
    session.commit()
    changes = session.execute(select(ProfileChange.before, ProfileChange.after)).tuples().all()
    assert changes == [({"website": ""}, {"website": "w"})]


def test_an_erased_account_is_nobodys(session: Session, person: User) -> None:
    generation = person.generation
    service.erase(session, as_actor(person), person)
    session.commit()
    assert (person.may_sign_in, person.generation > generation) == (False, True)
    assert accounts.user(session, person.id) is None
    assert accounts.user_by_email(session, ADDRESS) is None
    assert session.scalars(accounts.search("#")).all() == []


def test_the_address_can_be_registered_again(session: Session, person: User) -> None:
    service.erase(session, as_actor(person), person)
    again = open_account(session, ADDRESS, "New", "en", "x")
    confirm(session, again)
    session.commit()
    assert again.id != person.id


@pytest.mark.parametrize("others", [[], ["editor"], ["owner"]])
def test_no_organisation_is_left_without_an_owner(session: Session, others: list[str]) -> None:
    organisation = OrganisationFactory()
    owner = member_of(organisation)
    for role in others:
        member_of(organisation, role)
    if "owner" in others:
        service.erase(session, as_actor(owner), owner)
    else:
        with pytest.raises(Refused) as refused:
            service.erase(session, as_actor(owner), owner)
        assert refused.value.refusal == Refusal.LAST_OWNER


def test_the_last_administrator_stays(session: Session) -> None:
    user = staff("administrator")
    with pytest.raises(Refused) as refused:
        service.erase(session, as_actor(user), user)
    assert refused.value.refusal == Refusal.LAST_ADMINISTRATOR


def test_what_a_curator_verified_stays(session: Session) -> None:
    curator = provincial_curator("63", name=NAME)
    organisation = OrganisationFactory()
    VerificationFactory(organisation=organisation, curator=curator)
    service.erase(session, as_actor(curator), curator)
    session.commit()
    assert NAME not in everything(session)
    assert session.query(StaffRole).count() == 0


# what is old → whether it is still there after 10, 40, 100 and 400 days
LIVES = {
    "unconfirmed": (True, False, False, False),
    "invitation": (True, True, False, False),
    "sent mail": (True, True, False, False),
    "waiting mail": (True, True, True, True),
    "notice": (True, True, True, False),
    "confirmed": (True, True, True, True),
}


@both
@pytest.mark.parametrize(("place", "days"), list(enumerate((10, 40, 100, 400))))
def test_data_is_kept_as_long_as_the_settings_say(session: Session, place: int, days: int) -> None:
    owner = member_of(OrganisationFactory())
    invite(session, session.query(Organisation).one(), owner, "invited@example.org")
    open_account(session, "never@example.org", "Never", "en", "x")
    notices.notify(session, [owner], "listing.published", "/plan", title="T")
    (sent,) = session.query(OutboxMail)
    sent.sent_at = now()
    notices.mail(session, "waiting@example.org", "en", "account.exists", "/")
    session.commit()
    with time_machine.travel(now() + timedelta(days=days), tick=False):
        forget_old_data(session)
    there = {
        "unconfirmed": accounts.user_by_email(session, "never@example.org") is not None,
        "invitation": session.query(Invitation).one().email != "",
        "sent mail": session.query(OutboxMail).filter(OutboxMail.sent_at.is_not(None)).count() > 0,
        "waiting mail": session.query(OutboxMail).filter_by(sent_at=None).count() > 0,
        "notice": session.query(Notice).count() > 0,
        "confirmed": session.query(Membership).count() > 0,
    }
    assert there == {name: life[place] for name, life in LIVES.items()}
    assert audit.verify(session) is None
    if not there["unconfirmed"]:
        assert "Never" not in everything(session)


def test_the_settings_decide(session: Session, app: Flask) -> None:
    settings = services(app).settings
    open_account(session, "never@example.org", "Never", "en", "x")
    session.commit()
    services(app).settings = replace(settings, keep_unconfirmed_days=7)
    try:
        with time_machine.travel(now() + timedelta(days=8), tick=False):
            assert forget_old_data(session)["registrations"] == 1
    finally:
        services(app).settings = settings
    actions = session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
    assert actions == ["account.register", "account.erase", "data.forget"]


def test_an_account_that_an_administrator_opened_is_not_forgotten(session: Session) -> None:
    UserFactory(email="welcome@example.org", email_confirmed_at=None)  # it has no password yet
    with time_machine.travel(now() + timedelta(days=400), tick=False):
        forget_old_data(session)
    assert accounts.user_by_email(session, "welcome@example.org") is not None
