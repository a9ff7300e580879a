"""What belongs to an organisation: one line a column that names one, and what a merge does to it.

A test compares the lines with the tables, so that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.accounts.models import UserSession
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
from matchmaker.files.models import StoredFile
from matchmaker.files.states import Purpose
from matchmaker.imports.models import Import, ImportedListing, TableForm
from matchmaker.listings.models import Listing
from matchmaker.organisations.claims.models import Claim
from matchmaker.organisations.claims.states import ClaimStatus
from matchmaker.organisations.models import (
    Invitation,
    JoinRequest,
    Membership,
    ShownPerson,
)
from matchmaker.organisations.states import JoinStatus
from matchmaker.recommendation.models import Suggestion, SuggestionMark

Column = InstrumentedAttribute[Any]
# From the numbers of listings to the rows that hang on them.
OfListings = Callable[[Select[tuple[int]]], ColumnElement[bool]]
# From a table, or an alias of it, to a condition on its rows.
Only = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Belonging:
    """Rows that name their organisation by `owner` and are told apart by `key`.

    `only` says which of them move. Those stay that would stand twice: `once` are the columns that
    are unique within an organisation. `hangs_on` says which rows follow a listing.
    """

    owner: Column
    key: Column
    only: Only | None = None
    once: Sequence[Column] = ()
    hangs_on: OfListings | None = None

    @property
    def name(self) -> str:
        return str(self.owner.class_.__tablename__)


def _matches(listings: Select[tuple[int]]) -> Select[tuple[int]]:
    either = or_(Match.need_id.in_(listings), Match.capability_id.in_(listings))
    return select(Match.id).where(either)


def _by_match(column: Column) -> OfListings:
    return lambda listings: column.in_(_matches(listings))


def _by_agreement(column: Column) -> OfListings:
    return lambda listings: column.in_(
        select(Agreement.id).where(Agreement.match_id.in_(_matches(listings)))
    )


def _of_versions(listings: Select[tuple[int]]) -> ColumnElement[bool]:
    agreements = select(Agreement.id).where(Agreement.match_id.in_(_matches(listings)))
    return Consent.version_id.in_(
        select(AgreementVersion.id).where(AgreementVersion.agreement_id.in_(agreements))
    )


def _of_suggestions(listings: Select[tuple[int]]) -> ColumnElement[bool]:
    either = or_(Suggestion.need_id.in_(listings), Suggestion.capability_id.in_(listings))
    return SuggestionMark.suggestion_id.in_(select(Suggestion.id).where(either))


# Listings come first: what hangs on them follows where they are.
MOVING: Sequence[Belonging] = (
    Belonging(Listing.organisation_id, Listing.id),
    Belonging(
        SuggestionMark.organisation_id,
        SuggestionMark.id,
        once=[SuggestionMark.suggestion_id],
        hangs_on=_of_suggestions,
    ),
    Belonging(
        ConfidentialityAcceptance.organisation_id,
        ConfidentialityAcceptance.id,
        hangs_on=_by_match(ConfidentialityAcceptance.match_id),
    ),
    Belonging(Message.organisation_id, Message.id, hangs_on=_by_match(Message.match_id)),
    # Of an organisation there is one a match.
    Belonging(ReadMark.organisation_id, ReadMark.match_id, hangs_on=_by_match(ReadMark.match_id)),
    Belonging(Agreement.drafter_id, Agreement.id, hangs_on=_by_match(Agreement.match_id)),
    Belonging(
        AgreementVersion.organisation_id,
        AgreementVersion.id,
        hangs_on=_by_agreement(AgreementVersion.agreement_id),
    ),
    Belonging(Consent.organisation_id, Consent.id, hangs_on=_of_versions),
    Belonging(
        AgreementPerson.organisation_id,
        AgreementPerson.id,
        hangs_on=_by_agreement(AgreementPerson.agreement_id),
    ),
    Belonging(
        ServiceEntry.organisation_id,
        ServiceEntry.id,
        hangs_on=_by_agreement(ServiceEntry.agreement_id),
    ),
    Belonging(Facility.organisation_id, Facility.id),
    Belonging(
        StoredFile.organisation_id,
        StoredFile.id,
        only=lambda one: one.purpose != Purpose.VERIFICATION,
    ),
    Belonging(Import.organisation_id, Import.id),
    Belonging(
        ImportedListing.organisation_id,
        ImportedListing.listing_id,
        once=[ImportedListing.kind, ImportedListing.key],
    ),
    Belonging(TableForm.organisation_id, TableForm.id, once=[TableForm.kind, TableForm.signature]),
    Belonging(Membership.organisation_id, Membership.id, once=[Membership.user_id]),
    Belonging(UserSession.organisation_id, UserSession.id),
    Belonging(
        Invitation.organisation_id,
        Invitation.id,
        only=lambda one: and_(one.accepted_at.is_(None), one.withdrawn_at.is_(None)),
        once=[Invitation.email],
    ),
    Belonging(
        JoinRequest.organisation_id,
        JoinRequest.id,
        only=lambda one: one.status == JoinStatus.OPEN,
    ),
    Belonging(
        Claim.organisation_id,
        Claim.id,
        only=lambda one: one.status == ClaimStatus.OPEN,
        once=[Claim.user_id],
    ),
    Belonging(ShownPerson.organisation_id, ShownPerson.id, once=[ShownPerson.email]),
)
