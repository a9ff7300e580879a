"""Members who act at the same time."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.service import as_actor
from matchmaker.db import db
from matchmaker.errors import NotAllowed, Refused
from matchmaker.organisations import belonging, members, queries
from matchmaker.organisations.models import Membership, Organisation
from matchmaker.permissions import Actor
from tests import factories


def roles(session: Session, organisation: Organisation) -> list[str]:
    return sorted(member.role for member in belonging.lock_members(session, organisation.id))


@pytest.mark.both_databases
@pytest.mark.parametrize("move", ["leave", "demote", "remove"])
def test_two_owners_acting_at_once_leave_one(app: Flask, database: str, move: str) -> None:
    """Both have seen two owners; the second is told that they are the last."""
    organisation = factories.OrganisationFactory()
    ids = [
        factories.MembershipFactory(organisation=organisation, role="owner").id for _ in range(2)
    ]
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def act(mine: int, other: int) -> None:
        with app.app_context():
            session = db.session()
            if database == "sqlite":  # the second waits for the first's write lock before it reads
                together.wait()
            own, others = belonging.membership(session, mine), belonging.membership(session, other)
            if database == "postgresql":
                together.wait()
            try:
                _do(session, move, own, others)
                session.commit()
                outcomes.append("done")
            except (Refused, NotAllowed):
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=act, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert "owner" in roles(db.session(), organisation)


def _do(session: Session, move: str, own: Membership | None, other: Membership | None) -> None:
    if own is None:
        raise NotAllowed
    actor = Actor(
        user_id=own.user_id,
        name="x",
        organisation_id=own.organisation_id,
        organisation_role="owner",
    )
    if move == "leave":
        members.leave(session, actor, own)
    elif other is None:
        raise NotAllowed
    elif move == "demote":
        members.change_role(session, actor, other, "viewer")
    else:
        members.remove(session, actor, other)


def test_an_owner_demoted_meanwhile_manages_nothing(
    session: Session, organisation: Organisation, owner: User
) -> None:
    """The page was opened as an owner; another owner was quicker."""
    demoted = factories.MembershipFactory(organisation=organisation, role="viewer")
    actor = Actor(
        user_id=demoted.user_id, organisation_id=organisation.id, organisation_role="owner"
    )
    other = factories.MembershipFactory(organisation=organisation, role="owner")
    with pytest.raises(NotAllowed):
        members.remove(session, actor, other)


def test_an_administrator_gives_away_an_organisation_that_has_invited_enough(
    session: Session,
) -> None:
    organisation = factories.OrganisationFactory(unverified=True)
    owner = factories.member_of(organisation)
    actor = Actor(user_id=owner.id, name=owner.name, organisation_id=organisation.id)
    for number in range(3):
        address = f"p{number}@example.org"
        members.invite(session, actor, organisation, address, "viewer", path=lambda token: "/")
    administrator = as_actor(factories.staff("administrator"))
    members.invite(
        session, administrator, organisation, "rightful@example.org", "owner", path=lambda t: "/"
    )
    with pytest.raises(Refused):
        members.invite(session, actor, organisation, "p4@x.org", "viewer", path=lambda token: "/")


@pytest.mark.both_databases
def test_invitations_sent_at_once_are_three_before_verification(app: Flask) -> None:
    organisation = factories.OrganisationFactory(unverified=True)
    owner = factories.member_of(organisation)
    actor = Actor(user_id=owner.id, name=owner.name, organisation_id=organisation.id)
    together = threading.Barrier(6)
    outcomes: list[str] = []

    def invite(number: int) -> None:
        with app.app_context():
            session = db.session()
            together.wait()
            try:
                own = queries.organisation(session, actor.organisation_id)
                address = f"p{number}@example.org"
                members.invite(session, actor, own, address, "viewer", path=lambda token: "/")
                session.commit()
                outcomes.append("sent")
            except Refused:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=invite, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["sent"] * 3
