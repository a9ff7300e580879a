"""A closed organisation: what ends with it, what stays, and the way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit import queries as audit
from matchmaker.cooperation.models import Interest, Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation import service
from matchmaker.db import db, now, today
from matchmaker.errors import Conflict
from matchmaker.listings.models import Listing, SearchRow
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations import acting, belonging, members, queries
from matchmaker.organisations import service as organisations
from matchmaker.organisations.models import Invitation, Organisation
from matchmaker.permissions import Actor
from tests import factories
from tests.organisations.conftest import notices

WHY = "The works were sold."


@pytest.fixture
def works(session: Session) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_other="Brine Works", needs_grant=True)
    factories.member_of(found, name="Olga")
    return found


def owner(session: Session, organisation: Organisation) -> Actor:
    found = acting.actor_of(session, belonging.owners(session, organisation.id)[0].id)
    assert found is not None
    return found[0]


def close(session: Session, organisation: Organisation, actor: Actor | None = None) -> None:
    whole = queries.with_members(session, organisation.id)
    assert whole is not None
    actor = actor or owner(session, organisation)
    service.close_organisation(session, actor, whole, whole.version, WHY)
    session.commit()


def between(works: Organisation, **fields: Any) -> Match:
    need = factories.need(organisation=works)
    partner = factories.OrganisationFactory(eastern=True)
    factories.member_of(partner)
    capability = factories.capability(organisation=partner)
    match: Match = factories.MatchFactory(need=need, capability=capability, **fields)
    return match


def interest(match: Match, side: str) -> None:
    someone = factories.UserFactory()
    db.session.add(Interest(match_id=match.id, side=side, user_id=someone.id, message="", at=now()))
    db.session.commit()


@pytest.mark.both_databases
def test_it_is_hidden_and_nobody_works_for_it(session: Session, works: Organisation) -> None:
    person = belonging.owners(session, works.id)[0]
    close(session, works)
    assert (works.status, works.closing_reason) == ("closed", WHY)
    assert not works.is_shown
    found = acting.actor_of(session, person.id)
    assert found is not None
    assert (found[0].organisation_id, found[0].organisation_verified) == (None, False)


def test_its_verification_and_grants_end_and_refusals_stand(
    session: Session, works: Organisation
) -> None:
    verification = factories.VerificationFactory(
        organisation=works, curator=factories.UserFactory()
    )
    works.capabilities_grant = False
    close(session, works)
    assert verification.ended_at is not None
    assert works.verified_until is None
    assert (works.needs_grant, works.capabilities_grant) == (None, False)


@pytest.mark.parametrize("status", ListingStatus.ALIVE)
def test_every_listing_is_closed(session: Session, works: Organisation, status: str) -> None:
    listing = factories.need(organisation=works, status=status)
    close(session, works)
    assert (listing.status, listing.close_reason) == ("closed", "organisation_closed")
    assert session.scalars(select(SearchRow.listing_id)).all() == []
    assert audit.about(session, "listing", listing.id)[0].action == "listing.close"


@pytest.mark.parametrize(
    ("status", "said", "after", "reason"),
    [
        ("proposed", [], "declined", "organisation_closed"),
        ("one_side_interested", ["need"], "cancelled", "organisation_closed"),
        ("one_side_interested", ["capability"], "declined", "organisation_closed"),
        ("mutual", ["need", "capability"], "withdrawn", "organisation_closed"),
        ("completed", ["need", "capability"], "completed", ""),
        ("verified", ["need", "capability"], "verified", ""),
        ("declined", ["need"], "declined", ""),
    ],
)
def test_matches_end_with_the_reason_and_what_was_completed_stands(
    session: Session, works: Organisation, status: str, said: list[str], after: str, reason: str
) -> None:
    match = between(works, status=status)
    for side in said:
        interest(match, side)
    close(session, works)
    assert (match.status, match.end_reason) == (after, reason)


@pytest.mark.parametrize("status", sorted(set(MatchStatus) - set(MatchStatus.ENDED)))
def test_no_match_is_left_under_way(session: Session, works: Organisation, status: str) -> None:
    match = between(works, status=status)
    if status in MatchStatus.TOGETHER:
        interest(match, "need")
        interest(match, "capability")
    close(session, works)
    assert match.status in (*MatchStatus.ENDED, MatchStatus.COMPLETED, MatchStatus.VERIFIED)


def test_a_match_that_nobody_answered_in_time_is_left_to_its_date(
    session: Session, works: Organisation
) -> None:
    match = between(works, status="proposed", expires_on=today() - timedelta(days=1))
    close(session, works)
    assert match.status == "proposed"


def test_the_partner_owners_and_curators_are_told(session: Session, works: Organisation) -> None:
    chen = factories.provincial_curator("63")
    olga = belonging.owners(session, works.id)[0]
    match = between(works, status="mutual")
    interest(match, "need")
    interest(match, "capability")
    partner = belonging.owners(session, match.capability.organisation_id)[0]
    close(session, works)
    assert notices(session, partner) == ["match.ended"]
    assert "organisation.closed" in notices(session, olga)
    assert notices(session, chen) == ["organisation.closed_down"]


def test_open_invitations_are_withdrawn(session: Session, works: Organisation) -> None:
    actor = owner(session, works)
    members.invite(session, actor, works, "new@example.org", "viewer", path=str)
    close(session, works)
    assert session.scalars(select(Invitation.withdrawn_at)).one() is not None


def test_an_administrator_closes_a_suspended_one(session: Session, works: Organisation) -> None:
    root = acting.actor_of(session, factories.staff("administrator").id)
    assert root is not None
    organisations.suspend(session, root[0], works, works.version, "Complaints.")
    match = between(works, status="mutual")
    interest(match, "need")
    interest(match, "capability")
    close(session, works, root[0])
    assert (works.status, works.suspension_reason) == ("closed", "")
    assert match.status == "withdrawn"
    assert match.last_step is not None
    assert match.last_step.side == "need"
    assert audit.about(session, "organisation", works.id)[0].actor_id == root[0].user_id


def test_a_closed_one_is_neither_closed_nor_suspended_again(
    session: Session, works: Organisation
) -> None:
    actor = owner(session, works)
    close(session, works)
    with pytest.raises(Conflict):
        close(session, works, actor)
    with pytest.raises(Conflict):
        organisations.suspend(session, actor, works, works.version, "Complaints.")
    with pytest.raises(Conflict):
        organisations.reinstate(session, actor, works, works.version)


def test_who_closes_an_older_page_is_told(session: Session, works: Organisation) -> None:
    listing = factories.need(organisation=works)
    with pytest.raises(Conflict):
        service.close_organisation(session, owner(session, works), works, works.version - 1, WHY)
    session.rollback()
    assert session.get(Listing, listing.id).status == "published"  # type: ignore[union-attr]


def test_a_curator_opens_it_by_verifying_it(session: Session, works: Organisation) -> None:
    listing = factories.need(organisation=works)
    person = belonging.owners(session, works.id)[0]
    curator = acting.actor_of(session, factories.provincial_curator("63").id)
    assert curator is not None
    close(session, works)
    service.verify_organisation(
        session,
        curator[0],
        works,
        works.version,
        evidence="Called the new owner.",
        checks=["call"],
        verified_on=today(),
        expires_on=today() + timedelta(days=365),
        four_eyes=False,
        at=now(),
    )
    assert (works.status, works.closing_reason) == ("verified", "")
    assert listing.status == "closed"
    found = acting.actor_of(session, person.id)
    assert found is not None
    assert found[0].organisation_id == works.id


def test_it_does_not_wait_at_the_desk(session: Session, works: Organisation) -> None:
    national = acting.actor_of(session, factories.staff("national_curator").id)
    assert national is not None
    close(session, works)
    assert session.scalars(queries.select_awaiting(national[0])).all() == []


def test_its_last_owner_may_leave(session: Session, works: Organisation) -> None:
    actor = owner(session, works)
    close(session, works)
    membership = belonging.membership_of(session, actor.user_id, works.id)
    assert membership is not None
    members.leave(session, actor, membership)
    assert not belonging.memberships_of(session, actor.user_id)
