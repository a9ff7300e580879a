"""Two organisations that are one: what moves, what stays, and the way back."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.agreements.models import AgreementVersion, Consent, Facility
from matchmaker.agreements.terms import Party
from matchmaker.audit import queries as audit
from matchmaker.conversations.models import ReadMark
from matchmaker.cooperation import service as cooperation
from matchmaker.cooperation.models import ConfidentialityAcceptance, Match
from matchmaker.curation import merging, twins
from matchmaker.curation.belongings import MOVING
from matchmaker.db import Base, db, now
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.imports.models import ImportedListing, ImportedOrganisation, TableForm
from matchmaker.listings import indexing
from matchmaker.listings import queries as listings
from matchmaker.listings import service as listing_service
from matchmaker.listings.models import Listing, SearchRow
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations import acting, queries
from matchmaker.organisations.models import (
    Handover,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    OrganisationMerge,
    ProfileChange,
    ShownPerson,
    Verification,
    VerificationMessage,
)
from matchmaker.organisations.rules import merge_obstacle
from matchmaker.permissions import Actor
from matchmaker.plan.queries import plan_with_tasks
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from tests import factories
from tests.listings.conftest import complete
from tests.organisations.conftest import notices
from tests.threads import at_once

WHY = "One licence, one seal."
# Who an organisation was, on what evidence: that stays with it.
STAYING = (
    Verification.organisation_id,
    VerificationMessage.organisation_id,
    ProfileChange.organisation_id,
    Handover.organisation_id,
    OrganisationMerge.kept_id,
    OrganisationMerge.merged_id,
    ImportedOrganisation.organisation_id,
    Notice.organisation_id,  # it is not named then
    OutboxMail.organisation_id,
)
NATIONAL = Actor(roles=frozenset({"national_curator"}))


@pytest.fixture
def curator(app: Flask) -> Actor:
    user = factories.staff("national_curator")
    return Actor(user_id=user.id, name=user.name, roles=NATIONAL.roles)


@pytest.fixture
def kept(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_other="Salt Works")
    return found


@pytest.fixture
def twin(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_other="Salt Works Qinghai")
    return found


def merge(
    session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> OrganisationMerge:
    found = twins.twins(session, kept.id, twin.id)
    assert found is not None
    versions = found.kept.version, found.merged.version
    done = merging.merge(session, curator, found, versions, WHY)
    session.commit()
    session.expire_all()
    return done


def undo(session: Session, curator: Actor, done: OrganisationMerge, **when: Any) -> None:
    found = queries.merge(session, done.id)
    assert found is not None
    merging.undo(session, curator, found, **when)
    session.commit()
    session.expire_all()


def holdings(session: Session) -> dict[str, list[Any]]:
    """Which rows belong to whom, with the names of facilities and what search finds."""
    session.commit()
    session.expire_all()
    found: dict[str, list[Any]] = {
        line.name: sorted(tuple(row) for row in session.execute(select(line.key, line.owner)))
        for line in MOVING
    }
    found["roles"] = sorted(session.execute(select(Membership.id, Membership.role)).tuples())
    found["names"] = sorted(session.execute(select(Facility.id, Facility.name)).tuples())
    found["terms"] = [
        (one.id, one.content)
        for one in session.scalars(select(AgreementVersion).order_by(AgreementVersion.id))
    ]
    found["search"] = sorted(session.execute(select(SearchRow.listing_id, SearchRow.public)))
    found["status"] = sorted(session.execute(select(Organisation.id, Organisation.status)))
    return found


@factories.together()
def furnish(dice: random.Random, organisation: Organisation, partner: Organisation) -> None:
    """Give an organisation some of everything."""
    owner = factories.member_of(organisation)
    for _ in range(dice.randrange(3)):
        factories.member_of(organisation, dice.choice(["owner", "editor", "viewer"]))
    for number in range(dice.randrange(1, 4)):
        need = factories.need(organisation=organisation, draft=dice.random() < 0.3)
        capability = factories.capability(organisation=partner)
        factories.StoredFileFactory(
            uploaded_by_id=owner.id,
            organisation_id=organisation.id,
            purpose=dice.choice(["message", "annex", "verification"]),
        )
        _mark(organisation, factories.SuggestionFactory(need=need, capability=capability))
        if number == 0 or dice.random() < 0.5:
            _work(dice, owner, factories.MatchFactory(need=need, capability=capability))
        key = dice.choice(["R-1", "R-2"])
        if (
            not db.session.query(ImportedListing)
            .filter_by(organisation_id=organisation.id, key=key)
            .first()
        ):
            db.session.add(
                ImportedListing(
                    listing_id=need.id,
                    organisation_id=organisation.id,
                    kind="need",
                    key=key,
                    told={},
                )
            )
            db.session.flush()
    factories.ImportFactory(organisation=organisation, user=owner)
    if not db.session.query(Facility).filter_by(organisation_id=organisation.id).first():
        db.session.add(Facility(organisation_id=organisation.id, name="Line 1"))
    db.session.add(
        TableForm(organisation_id=organisation.id, kind="need", signature="s", fields={})
    )
    _expect_people(organisation, owner.id)


def _mark(organisation: Organisation, suggestion: Suggestion) -> None:
    mark = SuggestionMark(
        suggestion_id=suggestion.id,
        organisation_id=organisation.id,
        user_id=factories.UserFactory().id,
        mark="kept",
        at=now(),
    )
    db.session.add(mark)


def _work(dice: random.Random, owner: Any, match: Match) -> None:
    own, partner = match.organisation_ids
    message = factories.MessageFactory(match_id=match.id, author=owner, organisation_id=own)
    db.session.flush()
    db.session.add_all(
        [
            ReadMark(match_id=match.id, organisation_id=own, message_id=message.id, at=now()),
            promise(match, own, owner.id),
        ]
    )
    has_one = db.session.query(Facility).filter_by(organisation_id=partner, name="Line 1").first()
    if not has_one:
        factories.agreement_in_force(match, owner)


def promise(match: Match, organisation_id: int, user_id: int) -> ConfidentialityAcceptance:
    return ConfidentialityAcceptance(
        match_id=match.id,
        organisation_id=organisation_id,
        user_id=user_id,
        at=now(),
        annex_version=1,
    )


def _expect_people(organisation: Organisation, owner_id: int) -> None:
    stranger = factories.UserFactory()
    for email in ("both@example.org", f"{stranger.id}@example.org"):
        db.session.add_all(
            [
                ShownPerson(
                    organisation_id=organisation.id,
                    name="Chen",
                    email=email,
                    role="expert",
                    added_by_id=owner_id,
                    added_at=now(),
                ),
                invitation(organisation, email, owner_id),
            ]
        )
    db.session.add(
        JoinRequest(organisation_id=organisation.id, user_id=stranger.id, at=now(), status="open")
    )


def invitation(organisation: Organisation, email: str, owner_id: int) -> Invitation:
    return Invitation(
        organisation_id=organisation.id,
        email=email,
        role="editor",
        token_hash=f"{organisation.id} {email}",
        invited_by_id=owner_id,
        created_at=now(),
        expires_at=now() + timedelta(days=9),
    )


def test_every_column_that_names_an_organisation_moves_or_stays() -> None:
    known = {(line.name, line.owner.key) for line in MOVING}
    known |= {(column.class_.__tablename__, column.key) for column in STAYING}
    named = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "organisations" for key in column.foreign_keys)
        or column.name == "organisation_id"
    }
    assert known == named


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(3))
def test_undone_at_once_all_is_as_before(
    app: Flask, session: Session, curator: Actor, seed: int
) -> None:
    dice = random.Random(seed)
    partner = factories.OrganisationFactory(eastern=True)
    both = [factories.OrganisationFactory(), factories.OrganisationFactory(unverified=True)]
    shared = factories.UserFactory()
    for organisation in both:
        furnish(dice, organisation, partner)
        role = dice.choice(["owner", "editor", "viewer"])
        factories.MembershipFactory(user=shared, organisation=organisation, role=role)
    indexing.reindex(session)
    before = holdings(session)
    done = merge(session, curator, *both)
    after = holdings(session)
    assert after != before
    assert {owner for _, owner in after["listings"]} == {both[0].id, partner.id}
    undo(session, curator, done)
    assert holdings(session) == before


@pytest.mark.both_databases
def test_nothing_is_deleted_and_all_but_what_stands_twice_moves(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    partner = factories.OrganisationFactory(eastern=True)
    for organisation in (kept, twin):
        furnish(random.Random(5), organisation, partner)
    indexing.reindex(session)
    before = holdings(session)
    merge(session, curator, kept, twin)
    after = holdings(session)
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    left = {line.name for line in MOVING if any(owner == twin.id for _, owner in after[line.name])}
    assert left <= {"files", "imported_listings", "invitations", "shown_people", "table_forms"}
    assert ("Line 1",) not in [row[1:] for row in after["names"] if row in after["facilities"]]


def test_an_invitation_to_one_address_stays_where_the_kept_one_has_invited_it(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    owner = factories.member_of(kept)
    for organisation in (kept, twin):
        session.add(invitation(organisation, "chen@example.org", owner.id))
    session.commit()
    merge(session, curator, kept, twin)
    owners = session.scalars(select(Invitation.organisation_id).order_by(Invitation.id)).all()
    assert owners == [kept.id, twin.id]


def test_a_facility_of_one_name_is_told_apart(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    session.add_all(Facility(organisation_id=one.id, name="Line 1") for one in (kept, twin))
    session.commit()
    merge(session, curator, kept, twin)
    names = session.scalars(select(Facility.name).order_by(Facility.id)).all()
    assert names == ["Line 1", f"Line 1 · {twin.name_for('zh')}"]


def test_a_party_of_an_agreement_means_the_kept_one(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    match = factories.MatchFactory(
        need=factories.need(organisation=factories.OrganisationFactory()),
        capability=factories.capability(organisation=factories.OrganisationFactory(eastern=True)),
    )
    version = factories.agreement_in_force(match, factories.UserFactory()).versions[0]
    terms = factories.terms("pilot_scale", parties=[Party("Salt", organisation_id=twin.id)])
    version.content = terms.to_json()
    session.add(Consent(version_id=version.id, organisation_id=twin.id, answer="yes"))
    session.commit()
    merge(session, curator, kept, twin)
    found = session.get_one(AgreementVersion, version.id)
    assert found.terms.organisation_ids == {kept.id}


def test_what_is_published_is_found_by_the_kept_name_and_matched_again(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    need = factories.need(organisation=twin)
    draft = factories.need(organisation=twin, draft=True)
    merge(session, curator, kept, twin)
    due = dict(session.execute(select(Listing.id, Listing.matching_due)).tuples().all())
    assert due == {need.id: True, draft.id: False}
    assert session.scalars(select(SearchRow.listing_id)).all() == [need.id]


def test_the_two_are_no_partners_of_each_other(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    factories.SuggestionFactory(
        need=factories.need(organisation=twin), capability=factories.capability(organisation=kept)
    )
    assert the_suggestion(session).is_shown_to(kept.id)
    merge(session, curator, kept, twin)
    assert not the_suggestion(session).is_shown_to(kept.id)


def the_suggestion(session: Session) -> Suggestion:
    sides = [
        joinedload(side).joinedload(Listing.organisation)
        for side in (Suggestion.need, Suggestion.capability)
    ]
    query = select(Suggestion).options(*sides, selectinload(Suggestion.marks))
    return session.scalars(query.execution_options(populate_existing=True)).one()


def test_members_act_for_the_kept_one(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    editor = factories.member_of(twin, "editor")
    done = merge(session, curator, kept, twin)
    assert of_user(session, editor.id) == (kept.id, "editor")
    undo(session, curator, done)
    assert of_user(session, editor.id) == (twin.id, "editor")


def of_user(session: Session, user_id: int) -> tuple[int | None, str | None]:
    found = acting.actor_of(session, user_id)
    assert found is not None
    return found[0].organisation_id, found[0].organisation_role


@pytest.mark.parametrize(
    ("role", "role_in_twin", "then"),
    [
        ("viewer", "owner", "owner"),
        ("editor", "viewer", "editor"),
        ("viewer", "editor", "editor"),
        ("owner", "owner", "owner"),
    ],
)
def test_who_belongs_to_both_has_the_higher_role(
    app: Flask,
    session: Session,
    curator: Actor,
    kept: Organisation,
    twin: Organisation,
    role: str,
    role_in_twin: str,
    then: str,
) -> None:
    user = factories.member_of(kept, role)
    factories.MembershipFactory(user=user, organisation=twin, role=role_in_twin)
    done = merge(session, curator, kept, twin)
    assert of_user(session, user.id) == (kept.id, then)
    undo(session, curator, done)
    roles = dict(
        session.execute(select(Membership.organisation_id, Membership.role)).tuples().all()
    )
    assert roles == {kept.id: role, twin.id: role_in_twin}


def test_who_is_told(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    partner = factories.OrganisationFactory(eastern=True)
    factories.MatchFactory(
        need=factories.need(organisation=twin),
        capability=factories.capability(organisation=partner),
    )
    people = [factories.member_of(one) for one in (kept, twin, partner)]
    done = merge(session, curator, kept, twin)
    told = [notices(session, user) for user in people]
    assert told == [["organisation.merged"], ["organisation.merged"], ["match.side_merged"]]
    undo(session, curator, done)
    assert [notices(session, user)[1:] for user in people] == [["organisation.unmerged"]] * 3


def test_both_are_audited(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    undo(session, curator, merge(session, curator, kept, twin))
    for one in (kept, twin):
        records = audit.about(session, "organisation", one.id)
        actions = [record.action for record in records]
        assert sorted(actions) == ["organisation.merge", "organisation.unmerge"]


def test_what_came_since_stays_but_for_what_hangs_on_a_listing_that_moves_back(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    partner = factories.OrganisationFactory(eastern=True)
    moved = factories.need(organisation=twin)
    owner = factories.member_of(kept)
    done = merge(session, curator, kept, twin)
    new = factories.need(organisation=kept)
    match = factories.MatchFactory(
        need=session.get_one(Listing, moved.id),
        capability=factories.capability(organisation=partner),
    )
    session.add(promise(match, kept.id, owner.id))
    session.commit()
    undo(session, curator, done)
    owners = dict(session.execute(select(Listing.id, Listing.organisation_id)).tuples().all())
    assert (owners[moved.id], owners[new.id]) == (twin.id, kept.id)
    assert session.scalars(select(ConfidentialityAcceptance.organisation_id)).all() == [twin.id]


@pytest.mark.parametrize(
    ("kept", "merged", "together", "refusal"),
    [
        ("verified", "verified", False, None),
        ("lapsed", "refused", False, None),
        ("registered", "registered", False, None),
        ("verified", "verified", True, Refusal.WORK_TOGETHER),
        ("verified", "merged", False, Refusal.MERGED_ALREADY),
        ("merged", "verified", False, Refusal.MERGED_ALREADY),
        ("suspended", "verified", False, Refusal.MERGE_NEEDS_TWO_OPEN),
        ("verified", "suspended", False, Refusal.MERGE_NEEDS_TWO_OPEN),
        ("verified", "closed", False, Refusal.MERGE_NEEDS_TWO_OPEN),
    ],
)
def test_which_two_may_become_one(
    kept: str, merged: str, together: bool, refusal: Refusal | None
) -> None:
    assert merge_obstacle(kept, merged, work_together=together) == refusal


def test_two_with_a_match_are_two(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    factories.MatchFactory(
        need=factories.need(organisation=kept), capability=factories.capability(organisation=twin)
    )
    with pytest.raises(Refused) as refused:
        merge(session, curator, kept, twin)
    assert refused.value.refusal == Refusal.WORK_TOGETHER


def test_it_is_undone_within_a_week_and_once(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    done = merge(session, curator, kept, twin)
    with pytest.raises(Refused) as refused:
        undo(session, curator, done, at=done.at + timedelta(days=7, minutes=1))
    assert refused.value.refusal == Refusal.MERGE_STANDS
    session.rollback()
    undo(session, curator, done, at=done.at + timedelta(days=7))
    with pytest.raises(Conflict):
        undo(session, curator, done)


def test_of_two_mergers_in_a_row_the_later_is_undone_first(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    need = factories.need(organisation=twin)
    third = factories.OrganisationFactory()
    first = merge(session, curator, kept, twin)
    second = merge(session, curator, third, session.get_one(Organisation, kept.id))
    assert queries.standing_for(session, twin.id) == third.id
    with pytest.raises(Refused) as refused:
        undo(session, curator, first)
    assert refused.value.refusal == Refusal.MERGE_UNDER_ANOTHER
    session.rollback()
    undo(session, curator, second)
    undo(session, curator, first)
    assert session.get_one(Listing, need.id).organisation_id == twin.id


@pytest.mark.race
def test_a_listing_begun_meanwhile_is_not_lost(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    plan_id = factories.plan().id
    author = acting.actor_of(session, factories.member_of(twin).id)
    assert author is not None
    kept_id, twin_id, content = kept.id, twin.id, complete()

    def create(mine: Session) -> None:
        organisation, plan = queries.organisation(mine, twin_id), plan_with_tasks(mine, plan_id)
        assert organisation is not None
        assert plan is not None
        listing_service.create(mine, author[0], organisation, plan, content, kind="need")

    at_once(app, [create, merges(curator, kept_id, twin_id)])
    session.expire_all()
    assert session.get_one(Organisation, twin_id).status == "merged"
    owners = session.scalars(select(Listing.organisation_id)).all()
    assert owners in ([], [kept_id])


@pytest.mark.race
def test_no_match_of_one_organisation_with_itself_comes_of_it(
    app: Flask, session: Session, curator: Actor, kept: Organisation, twin: Organisation
) -> None:
    need = factories.need(organisation=twin).id
    capability = factories.capability(organisation=kept).id
    asker = acting.actor_of(session, factories.member_of(twin).id)
    assert asker is not None
    kept_id, twin_id = kept.id, twin.id

    def express(mine: Session) -> None:
        found = [listings.subject(mine, one) for one in (need, capability)]
        pair = [one.listing for one in found if one is not None]
        cooperation.express_interest(mine, asker[0], *pair)

    at_once(app, [express, merges(curator, kept_id, twin_id)])
    session.expire_all()
    is_one = session.get_one(Organisation, twin_id).status == "merged"
    has_match = session.scalar(select(Match.id)) is not None
    assert is_one != has_match


def merges(curator: Actor, kept_id: int, twin_id: int) -> Callable[[Session], None]:
    def deed(mine: Session) -> None:
        pair = twins.twins(mine, kept_id, twin_id)
        assert pair is not None
        versions = pair.kept.version, pair.merged.version
        merging.merge(mine, curator, pair, versions, WHY)

    return deed
