"""Organisations that curators have entered and nobody takes over: what holds one, and its end.

One goes with its drafts, its invitations, and what tables have left. Whatever else names it holds
it: that is somebody's work, or the record of a decision. A test compares the lines with the tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, not_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker.agreements.models import (
    Agreement,
    AgreementPerson,
    AgreementVersion,
    Consent,
    Facility,
    ServiceEntry,
)
from matchmaker.conversations.models import Message, ReadMark
from matchmaker.cooperation.models import ConfidentialityAcceptance, Match
from matchmaker.curation.models import Judgement
from matchmaker.db import day_of, moment
from matchmaker.files.models import StoredFile
from matchmaker.imports.models import Import, ImportedListing, ImportedOrganisation, TableForm
from matchmaker.listings import drafts
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import capability, join_listings, need
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations import entering, queries, rules
from matchmaker.organisations.claims.models import Claim
from matchmaker.organisations.claims.states import ClaimStatus
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
from matchmaker.organisations.states import JoinStatus, Tie
from matchmaker.permissions import SYSTEM
from matchmaker.recommendation.models import Suggestion, SuggestionMark

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Line:
    """Rows that hold the organisation they name by `owner`; `only` says which of them."""

    tie: Tie
    owner: Column
    only: ColumnElement[bool] | None = None


# As `listings.rules.may_delete`.
_DRAFT = Listing.status.in_(ListingStatus.WITH_AUTHOR) & (Listing.approved_title == "")

HOLDING: Sequence[Line] = (
    Line(Tie.MEMBER, Membership.organisation_id),
    Line(Tie.LISTING, Listing.organisation_id, not_(_DRAFT)),
    Line(Tie.MATCH, ConfidentialityAcceptance.organisation_id),
    Line(Tie.MATCH, Message.organisation_id),
    Line(Tie.MATCH, ReadMark.organisation_id),
    Line(Tie.AGREEMENT, Agreement.drafter_id),
    Line(Tie.AGREEMENT, AgreementVersion.organisation_id),
    Line(Tie.AGREEMENT, AgreementPerson.organisation_id),
    Line(Tie.AGREEMENT, Consent.organisation_id),
    Line(Tie.AGREEMENT, ServiceEntry.organisation_id),
    Line(Tie.AGREEMENT, Facility.organisation_id),
    Line(Tie.REQUEST, Claim.organisation_id, Claim.status == ClaimStatus.OPEN),
    Line(Tie.REQUEST, JoinRequest.organisation_id, JoinRequest.status == JoinStatus.OPEN),
    Line(Tie.TABLE, Import.organisation_id),
    Line(Tie.RECORD, Claim.organisation_id, Claim.status != ClaimStatus.OPEN),
    Line(Tie.RECORD, Verification.organisation_id),
    Line(Tie.RECORD, VerificationMessage.organisation_id),
    Line(Tie.RECORD, ProfileChange.organisation_id),
    Line(Tie.RECORD, Handover.organisation_id),
    Line(Tie.RECORD, OrganisationMerge.kept_id),
    Line(Tie.RECORD, OrganisationMerge.merged_id),
    Line(Tie.RECORD, ShownPerson.organisation_id),
    Line(Tie.RECORD, SuggestionMark.organisation_id),
    Line(Tie.RECORD, StoredFile.organisation_id, StoredFile.deleted_at.is_(None)),
)
# Pairs of listings hold the organisations of both.
_PAIRS = ((Tie.MATCH, Match), (Tie.RECORD, Suggestion), (Tie.RECORD, Judgement))
# What goes with it, beside its drafts, invitations and requests to join.
GOING: Sequence[Column] = (
    ImportedListing.organisation_id,
    TableForm.organisation_id,
    ImportedOrganisation.organisation_id,
)


def ties(session: Session, ids: Collection[int]) -> Mapping[int, Collection[Tie]]:
    """Organisation → why it is not deleted; nothing holds those that are not in it."""
    found: defaultdict[int, set[Tie]] = defaultdict(set)
    if not ids:
        return found
    for line in HOLDING:
        query = select(line.owner).where(line.owner.in_(ids)).distinct()
        for one in session.scalars(query if line.only is None else query.where(line.only)):
            found[one].add(line.tie)
    for tie, pairs in _PAIRS:
        for side in (need.organisation_id, capability.organisation_id):
            of_side = join_listings(select(side).select_from(pairs), pairs).where(side.in_(ids))
            for one in session.scalars(of_side.distinct()):
                found[one].add(tie)
    return found


def due(session: Session, today: date) -> Sequence[int]:
    """The organisations whose time is over, whether or not something holds them."""
    return session.scalars(queries.leaving(today).with_only_columns(Organisation.id)).all()


def forget(session: Session, organisation_id: int, *, at: datetime | None = None) -> bool:
    """Delete an organisation that nobody took over in time; return whether it was.

    One that somebody works with at this moment stays until the next night. Who takes it over holds
    the invitation first and the organisation after it; in the same order, nobody waits in a ring.
    """
    at = moment(at)
    _hold_invitations(session, organisation_id)
    organisation = session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if organisation is None:
        return False
    holding = ties(session, [organisation_id]).get(organisation_id, ())
    if not rules.leaves(organisation, holding, day_of(at)):
        return False
    drafts.discard(session, SYSTEM, _listings(session, organisation_id), at=at)
    for column in GOING:
        gone = delete(column.class_).where(column == organisation_id)
        session.execute(gone, execution_options={"synchronize_session": False})
    session.expunge(organisation)
    entering.remove(session, SYSTEM, [organisation_id], at=at)
    return True


def _hold_invitations(session: Session, organisation_id: int) -> None:
    session.execute(
        select(Invitation.id)
        .where(Invitation.organisation_id == organisation_id)
        .order_by(Invitation.id)
        .with_for_update()
    )


def _listings(session: Session, organisation_id: int) -> Sequence[Listing]:
    query = select(Listing).where(Listing.organisation_id == organisation_id).order_by(Listing.id)
    return session.scalars(query).all()
