"""Organisations that nobody takes over: which ones go, with what, and which ones stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.agreements.models import Facility
from matchmaker.audit import queries as audit
from matchmaker.audit import service as audit_service
from matchmaker.curation import untaken
from matchmaker.curation.jobs import forget_untaken
from matchmaker.db import Base, db, now, today
from matchmaker.errors import Conflict, NotAllowed
from matchmaker.imports.models import ImportedListing, ImportedOrganisation, TableForm
from matchmaker.listings.models import Listing
from matchmaker.organisations import belonging, entering, members, queries, rules
from matchmaker.organisations.models import (
    Handover,
    Invitation,
    JoinRequest,
    Organisation,
    ShownPerson,
    VerificationMessage,
)
from matchmaker.organisations.states import Tie
from matchmaker.permissions import Actor
from tests import factories
from tests.listings.conftest import as_actor
from tests.threads import at_once

TOKEN = "a-mailed-token"
TOLD = (Conflict, NotAllowed, IntegrityError)  # pages answer each with a sentence


def untaken_one(**fields: object) -> Organisation:
    """An organisation whose day has come, with an open invitation."""
    told = {"unverified": True, "awaits_owner": True, "leaves_on": today(), **fields}
    organisation: Organisation = factories.OrganisationFactory(**told)
    factories.InvitationFactory(
        organisation=organisation,
        email=organisation.contact_email,
        role="owner",
        token_hash=members.hash_token(f"{TOKEN}-{organisation.id}"),
        invited_by_id=factories.UserFactory().id,
    )
    return organisation


def stands(session: Session, organisation_id: int) -> bool:
    session.expire_all()
    return session.get(Organisation, organisation_id) is not None


@pytest.mark.both_databases
def test_it_goes_with_its_drafts_and_invitations_and_what_tables_left(session: Session) -> None:
    organisation = untaken_one()
    number, user = organisation.id, factories.UserFactory()
    for status in ("draft", "changes_requested"):
        draft = factories.need(organisation=organisation, draft=True, status=status)
        session.add(
            ImportedListing(
                listing_id=draft.id, organisation_id=number, kind="need", key=status, told={}
            )
        )
    session.add_all(
        [
            ImportedOrganisation(organisation_id=number, key="1", organisation_version=1),
            TableForm(organisation_id=number, kind="need", signature="x", fields={}),
            JoinRequest(organisation_id=number, user_id=user.id, at=now(), status="declined"),
        ]
    )
    other = untaken_one(leaves_on=today() + timedelta(days=1))
    others = factories.need(organisation=other, draft=True).id
    session.commit()
    assert forget_untaken(session) == 1
    assert not stands(session, number)
    left = {table: session.scalar(select(func.count()).select_from(table)) for table in _TABLES}
    assert left == {**dict.fromkeys(_TABLES, 0), Invitation: 1, Listing: 1}
    assert session.scalars(select(Listing.id)).all() == [others]


_TABLES = (
    Invitation,
    JoinRequest,
    Listing,
    ImportedListing,
    ImportedOrganisation,
    TableForm,
)


def test_the_log_says_what_the_job_deleted(session: Session) -> None:
    organisation = untaken_one()
    number, draft = organisation.id, factories.need(organisation=organisation, draft=True).id
    session.commit()
    forget_untaken(session)
    told = [
        (one.actor_name, one.action)
        for kind, about in (("listing", draft), ("organisation", number))
        for one in audit.about(session, kind, about)
    ]
    assert told == [("matchmaker", "listing.delete"), ("matchmaker", "organisation.remove")]
    assert audit_service.verify(session) is None


def _match(organisation: Organisation) -> None:
    factories.MatchFactory(need=factories.need(organisation=organisation, draft=True))


def _table(organisation: Organisation) -> None:
    factories.ImportFactory(
        organisation=organisation, user_id=factories.UserFactory().id, plan_id=factories.plan().id
    )


def _verification(organisation: Organisation) -> None:
    factories.VerificationFactory(organisation=organisation, curator=factories.UserFactory())


def _facility(organisation: Organisation) -> None:
    db.session.add(Facility(organisation_id=organisation.id, name="Pilot line"))


def _join_request(organisation: Organisation) -> None:
    user = factories.UserFactory()
    request = JoinRequest(organisation_id=organisation.id, user_id=user.id, at=now(), status="open")
    db.session.add(request)


def _handover(organisation: Organisation) -> None:
    handover = Handover(
        organisation_id=organisation.id,
        administrator_id=factories.UserFactory().id,
        email="a@example.org",
        evidence="A letter.",
        cleared=False,
        at=now(),
    )
    db.session.add(handover)


def _person(organisation: Organisation) -> None:
    person = ShownPerson(
        organisation_id=organisation.id,
        name="Li Na",
        email="li@example.org",
        role="expert",
        added_by_id=factories.UserFactory().id,
        added_at=now(),
    )
    db.session.add(person)


def _question(organisation: Organisation) -> None:
    question = VerificationMessage(
        organisation_id=organisation.id,
        author_id=factories.UserFactory().id,
        kind="question",
        text="Which licence?",
        at=now(),
    )
    db.session.add(question)


def _paper(organisation: Organisation) -> None:
    factories.StoredFileFactory(
        uploaded_by_id=factories.UserFactory().id, organisation_id=organisation.id
    )


@pytest.mark.parametrize(
    ("give", "tie"),
    [
        (factories.member_of, Tie.MEMBER),
        (lambda one: factories.need(organisation=one), Tie.LISTING),
        (lambda one: factories.need(organisation=one, in_review=True), Tie.LISTING),
        (
            lambda one: factories.need(organisation=one, draft=True, approved_title="As it was"),
            Tie.LISTING,
        ),
        (lambda one: factories.need(organisation=one, status="closed"), Tie.LISTING),
        (_match, Tie.MATCH),
        (_facility, Tie.AGREEMENT),
        (lambda one: factories.ClaimFactory(organisation=one), Tie.REQUEST),
        (_join_request, Tie.REQUEST),
        (_table, Tie.TABLE),
        (lambda one: factories.ClaimFactory(organisation=one, status="refused"), Tie.RECORD),
        (_verification, Tie.RECORD),
        (lambda one: factories.ProfileChangeFactory(organisation=one, after={}), Tie.RECORD),
        (_handover, Tie.RECORD),
        (_person, Tie.RECORD),
        (_question, Tie.RECORD),
        (_paper, Tie.RECORD),
    ],
)
@pytest.mark.both_databases
def test_what_hangs_on_it_holds_it(
    session: Session, give: Callable[[Organisation], object], tie: Tie
) -> None:
    organisation, other = untaken_one(), untaken_one()
    give(organisation)
    session.commit()
    assert untaken.ties(session, [organisation.id, other.id]) == {organisation.id: {tie}}
    assert forget_untaken(session) == 1
    assert (stands(session, organisation.id), stands(session, other.id)) == (True, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"leaves_on": today() + timedelta(days=1)},
        {"leaves_on": None},
        {"awaits_owner": False},
        {"status": "suspended"},
        {"status": "closed"},
        {"status": "merged"},
    ],
)
def test_others_stay(session: Session, fields: dict[str, object]) -> None:
    organisation = untaken_one(**fields)
    session.commit()
    assert forget_untaken(session) == 0
    assert stands(session, organisation.id)


def test_every_column_that_names_an_organisation_holds_it_or_goes() -> None:
    known = {line.owner for line in untaken.HOLDING} | set(untaken.GOING)
    known.add(Invitation.organisation_id)
    named = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "organisations" for key in column.foreign_keys)
    }
    assert named <= {(column.class_.__tablename__, column.key) for column in known}


@pytest.fixture
def curator(app: Flask) -> User:
    return factories.provincial_curator("63")


def test_one_that_is_kept_stays_as_long_again(session: Session, curator: User) -> None:
    organisation = untaken_one()
    entering.keep(session, as_actor(curator), organisation, organisation.version)
    session.commit()
    assert forget_untaken(session) == 0
    assert organisation.leaves_on == rules.leaves_on(today())
    (record,) = audit.about(session, "organisation", organisation.id)
    assert (record.actor_id, record.action) == (curator.id, "organisation.keep")


@pytest.mark.parametrize("change", ["older_page", "taken_over"])
def test_it_is_kept_once_and_by_nobody_after_it_was_taken_over(
    session: Session, curator: User, change: str
) -> None:
    organisation = untaken_one()
    if change == "taken_over":
        organisation.awaits_owner = False
        session.commit()
    version = organisation.version - (change == "older_page")
    with pytest.raises(Conflict):
        entering.keep(session, as_actor(curator), organisation, version)


def _take_over(session: Session, token: str) -> str:
    found = belonging.open_invitation(session, members.hash_token(token), now(), lock=True)
    if found is None:
        return "too late"
    members.accept_as_new(session, found, "Li Na", "zh", "salt lakes dry slowly")
    return "taken over"


@pytest.mark.race
def test_it_is_taken_over_or_deleted_and_never_both(app: Flask, session: Session) -> None:
    organisation = untaken_one()
    number, token = organisation.id, f"{TOKEN}-{organisation.id}"
    session.commit()
    taken, forgotten = at_once(app, [lambda one: _take_over(one, token), forget_untaken])
    outcome = taken, forgotten, stands(session, number)
    assert outcome in {("taken over", 0, True), ("too late", 1, False)}
    assert audit_service.verify(session) is None


@pytest.mark.race
@pytest.mark.parametrize("deed", ["keep", "invite_again", "ask_to_join"])
def test_who_acts_on_it_at_that_moment_is_first_or_told(
    app: Flask, session: Session, curator: User, deed: str
) -> None:
    organisation = untaken_one()
    number, actor = organisation.id, as_actor(curator)
    session.commit()

    def act(mine: Session) -> str:
        found = queries.organisation(mine, number)
        if found is None:
            return "gone"
        _DEEDS[deed](mine, actor, found)
        mine.commit()
        return "done"

    done, forgotten = at_once(app, [act, forget_untaken])
    is_done = done == "done"
    assert is_done or done == "gone" or isinstance(done, TOLD), done
    assert forgotten == (0 if stands(session, number) else 1)
    assert is_done <= (deed == "invite_again" or forgotten == 0)


def _ask_to_join(session: Session, _: Actor, organisation: Organisation) -> None:
    user = factories.UserFactory.build(email="new@example.org")
    session.add(user)
    session.flush()
    request = JoinRequest(organisation_id=organisation.id, user_id=user.id, at=now(), status="open")
    session.add(request)
    session.flush()


_DEEDS: dict[str, Callable[[Session, Actor, Organisation], object]] = {
    "keep": lambda session, actor, one: entering.keep(session, actor, one, one.version),
    "invite_again": lambda session, actor, one: entering.invite_again(
        session, actor, one, "li@example.org", path=lambda token: f"/invitations/{token}"
    ),
    "ask_to_join": _ask_to_join,
}
