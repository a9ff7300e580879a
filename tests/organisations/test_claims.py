"""Asking for an organisation's account: when it is decided, by whom, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.service import as_actor
from matchmaker.audit.models import AuditRecord
from matchmaker.db import db, now
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.files import queries as files
from matchmaker.organisations import acting, belonging
from matchmaker.organisations.claims import queries, rules, service
from matchmaker.organisations.claims.models import Claim
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor, may
from tests import factories
from tests.organisations.conftest import mails, notices
from tests.threads import at_once

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def curator(app: Flask) -> User:
    return factories.provincial_curator("63")


@pytest.fixture
def claim(organisation: Organisation, owner: User) -> Claim:
    """Old enough to be decided about; the organisation has an owner."""
    joined = belonging.memberships_of(db.session(), owner.id)[0]
    joined.joined_at = now() - timedelta(days=100)
    found: Claim = factories.ClaimFactory(organisation=organisation, ripe=True)
    return found


def officer(user: User) -> Actor:
    found = acting.actor_of(db.session(), user.id)
    assert found is not None
    return found[0]


def decision(name: str, claim_id: int, actor: Actor) -> Callable[[Session], Any]:
    def act(session: Session) -> None:
        case = queries.case(session, claim_id)
        assert case is not None
        if name == "approve":
            service.approve(session, actor, case.claim)
        else:
            service.refuse(session, actor, case.claim, "No seal.")

    return act


# when


@pytest.mark.parametrize(
    ("since", "after"),
    [
        ((), timedelta(0)),  # nobody manages the account
        ((NOON - 9 * DAY,), 7 * DAY),
        ((NOON - 9 * DAY, NOON + 6 * DAY), 7 * DAY),  # whom they invite later buys no time
        ((NOON + 2 * DAY,), 9 * DAY),  # took it over after the request
    ],
)
def test_from_when_a_curator_decides(since: tuple[datetime, ...], after: timedelta) -> None:
    assert rules.decided_from(NOON, since) == NOON + after


@pytest.mark.parametrize(
    ("since", "after"), [((), 7 * DAY), ((NOON - DAY,), 7 * DAY), ((NOON + 2 * DAY,), 9 * DAY)]
)
def test_until_when_one_may_object(since: tuple[datetime, ...], after: timedelta) -> None:
    assert rules.objections_until(NOON, since) == NOON + after


@pytest.mark.parametrize(
    ("passed", "days"),
    [(None, 0), (timedelta(0), 30), (29 * DAY + timedelta(hours=1), 1), (30 * DAY, 0)],
)
def test_after_a_refusal_one_waits(passed: timedelta | None, days: int) -> None:
    refused_at = None if passed is None else NOON - passed
    assert rules.days_to_wait(refused_at, NOON) == days


@pytest.mark.parametrize("move", ["approve", "refuse"])
def test_while_they_may_object_nothing_is_decided(
    session: Session, claim: Claim, curator: User, move: str
) -> None:
    claim.at = now() - 6 * DAY
    with pytest.raises(Refused) as refused:
        decision(move, claim.id, officer(curator))(session)
    assert refused.value.refusal == Refusal.CLAIM_TOO_EARLY


def test_without_an_account_manager_it_is_decided_at_once(
    session: Session, organisation: Organisation, curator: User
) -> None:
    claim = factories.ClaimFactory(organisation=organisation)
    service.approve(session, officer(curator), claim)
    assert [one.id for one in belonging.owners(session, organisation.id)] == [claim.user_id]


# what follows


def test_who_asked_manages_the_account_and_who_did_has_no_rights(
    session: Session, claim: Claim, owner: User, curator: User
) -> None:
    editor = factories.member_of(claim.organisation, "editor")
    service.approve(session, officer(curator), claim)
    session.commit()
    assert [one.id for one in belonging.owners(session, claim.organisation_id)] == [claim.user_id]
    person = acting.person(session, owner.id)
    assert person is not None
    assert not person.members
    assert notices(session, claim.user) == ["organisation.claim_approved"]
    assert notices(session, owner) == notices(session, editor) == ["organisation.claim_granted"]
    contact = claim.organisation.contact_email
    assert "organisation.claim_granted" in [
        m.kind for m in mails(session) if m.recipient == contact
    ]


def test_a_member_who_asked_manages_the_account(
    session: Session, organisation: Organisation, curator: User
) -> None:
    editor = factories.member_of(organisation, "editor")
    claim = factories.ClaimFactory(organisation=organisation, user=editor)
    service.approve(session, officer(curator), claim)
    assert [one.id for one in belonging.owners(session, organisation.id)] == [editor.id]


def test_what_the_former_ones_offered_ends(
    session: Session, claim: Claim, owner: User, curator: User
) -> None:
    factories.InvitationFactory(organisation=claim.organisation, invited_by_id=owner.id)
    service.approve(session, officer(curator), claim)
    assert not belonging.open_invitations(session, claim.organisation_id, now())


def test_what_nobody_had_taken_over_is_taken_over(session: Session, curator: User) -> None:
    entered = factories.OrganisationFactory(unverified=True, awaits_owner=True)
    claim = factories.ClaimFactory(organisation=entered)
    service.approve(session, officer(curator), claim)
    assert not entered.awaits_owner


@pytest.mark.parametrize("move", ["approve", "refuse", "withdraw", "object"])
def test_every_move_is_audited(
    session: Session, claim: Claim, owner: User, curator: User, move: str
) -> None:
    action = {
        "approve": "organisation.give_account",
        "refuse": "organisation.refuse_account",
        "withdraw": "organisation.withdraw_account",
        "object": "organisation.object_account",
    }[move]
    if move == "withdraw":
        service.withdraw(session, as_actor(claim.user), claim)
    elif move == "object":
        claim.at = now()
        service.object_to(session, officer(owner), claim, "I am here.")
    else:
        decision(move, claim.id, officer(curator))(session)
    session.flush()
    found = session.query(AuditRecord).filter_by(action=action).all()
    assert [one.subject_id for one in found] == [claim.organisation_id]


def test_a_refusal_says_why_and_tells_those_who_could_object(
    session: Session, claim: Claim, owner: User, curator: User
) -> None:
    service.refuse(session, officer(curator), claim, "No seal.")
    assert notices(session, claim.user) == ["organisation.claim_refused"]
    assert mails(session, "organisation.claim_refused")[-1].params["note"] == "No seal."
    assert notices(session, owner) == ["organisation.claim_ended"]


@pytest.mark.parametrize(
    ("trait", "refusal"),
    [
        ({"suspended": True}, Refusal.CLAIMANT_AWAY),
        ({}, Refusal.STAFF_CANNOT_JOIN),
    ],
)
def test_who_cannot_manage_an_account_gets_none(
    session: Session,
    organisation: Organisation,
    curator: User,
    trait: dict[str, Any],
    refusal: Refusal,
) -> None:
    person = factories.UserFactory(**trait)
    if not trait:
        factories.StaffRoleFactory(user=person, role="evaluator")
    claim = factories.ClaimFactory(organisation=organisation, user=person)
    with pytest.raises(Refused) as refused:
        service.approve(session, officer(curator), claim)
    assert refused.value.refusal == refusal


# who


@pytest.mark.parametrize(
    ("belongs_to", "decides"),
    [("nobody", True), ("the organisation", False), ("the asker's other one", False)],
)
def test_who_belongs_to_a_side_does_not_decide(
    session: Session, claim: Claim, belongs_to: str, decides: bool
) -> None:
    """Also while they act for another organisation of theirs."""
    other = factories.OrganisationFactory()
    factories.MembershipFactory(user=claim.user, organisation=other, role="viewer")
    judge = factories.provincial_curator("63")
    side = {"the organisation": claim.organisation, "the asker's other one": other}.get(belongs_to)
    if side is not None:
        factories.MembershipFactory(user=judge, organisation=side, role="viewer")
    actor, case = officer(judge), queries.case(session, claim.id)
    listed = session.scalars(queries.to_decide(actor)).all()
    assert may(actor, "claim.decide", case) == decides
    assert may(actor, "claim.papers", case) == decides
    assert [one.id for one in listed] == [claim.id] * decides


@pytest.mark.parametrize(
    ("role", "decides"),
    [("provincial_curator", False), ("national_curator", True), ("administrator", False)],
)
def test_the_responsible_curators_decide(
    session: Session, claim: Claim, role: str, decides: bool
) -> None:
    """The provincial one here is of another province."""
    judge = factories.provincial_curator("65") if role == "provincial_curator" else None
    actor = officer(judge or factories.staff(role))
    assert may(actor, "claim.decide", queries.case(session, claim.id)) == decides
    assert len(session.scalars(queries.to_decide(actor)).all()) == decides


# at once


@pytest.mark.race
@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_two_curators_at_once_make_one_decision(
    app: Flask, session: Session, claim: Claim, owner: User, second: str
) -> None:
    judges = [officer(factories.staff("national_curator")) for _ in range(2)]
    moves = zip(["approve", second], judges, strict=True)
    results = at_once(app, [decision(move, claim.id, judge) for move, judge in moves])
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "NoneType"]
    session.expire_all()
    owners = [one.id for one in belonging.owners(session, claim.organisation_id)]
    assert owners == [claim.user_id if claim.status == "approved" else owner.id]
    assert (
        session.query(AuditRecord)
        .filter(
            AuditRecord.action.in_(["organisation.give_account", "organisation.refuse_account"])
        )
        .count()
        == 1
    )


@pytest.mark.race
def test_one_person_asks_once(app: Flask, session: Session, organisation: Organisation) -> None:
    person = factories.UserFactory()
    claim = {"organisation_id": organisation.id, "user_id": person.id}

    def ask(session: Session) -> None:
        session.add(Claim(**claim, position="Head", reason="Left.", at=now(), status="open"))

    results = at_once(app, [ask, ask])
    assert sorted(type(one).__name__ for one in results) == ["IntegrityError", "NoneType"]


def test_what_was_decided_is_not_decided_again(
    session: Session, claim: Claim, curator: User
) -> None:
    service.withdraw(session, as_actor(claim.user), claim)
    with pytest.raises(Conflict):
        service.approve(session, officer(curator), claim)


def test_evidence_does_not_use_up_the_organisations_quota(
    session: Session, organisation: Organisation
) -> None:
    for purpose in ("claim", "annex"):
        factories.StoredFileFactory(
            organisation_id=organisation.id,
            purpose=purpose,
            size=7,
            uploaded_by_id=factories.UserFactory().id,
        )
    assert files.bytes_of(session, organisation.id) == 7
