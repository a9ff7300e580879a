"""One organisation that is here twice: which ones may be it, and what each of them has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker.agreements.models import Agreement, AgreementVersion, Consent
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.files.models import StoredFile
from matchmaker.files.states import Purpose
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import asking, capability, join_listings, join_sides, need, offering
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.names import alike, comparable

Column = InstrumentedAttribute[int]


@dataclass(frozen=True, slots=True)
class Twins:
    """Two organisations that may be one, as the permission table sees them."""

    kept: Organisation
    merged: Organisation

    @property
    def provinces(self) -> tuple[str, str]:
        return self.kept.province, self.merged.province

    @property
    def organisation_ids(self) -> tuple[int, int]:
        return self.kept.id, self.merged.id


@dataclass(frozen=True, slots=True)
class Contents:
    """How much an organisation has of what a merge moves."""

    published: int
    other_listings: int
    matches: int
    agreements: int
    files: int


def twins(session: Session, organisation_id: int, other_id: int) -> Twins | None:
    """Two organisations with their members and verifications; None where one is absent."""
    kept = organisations.with_members(session, organisation_id)
    merged = organisations.with_members(session, other_id)
    return Twins(kept, merged) if kept and merged and kept is not merged else None


def candidates(session: Session, organisation: Organisation) -> Sequence[Organisation]:
    """Organisations that may be this one, wherever they are: by code, then by likeness of names."""
    proposed = organisation.proposal.after if organisation.proposal else {}
    names = [proposed.get(one, getattr(organisation, one)) for one in ("name_zh", "name_other")]
    codes = [code for code in (organisation.uscc, proposed.get("uscc")) if code]
    register = organisation.register_number, organisation.country
    found = [
        *organisations.of_same_body(session, codes, *register, but=organisation.id),
        *alike(names, comparable(organisations.names_of_others(session, organisation.id))),
    ]
    loaded = (organisations.organisation(session, one) for one in dict.fromkeys(found))
    return [other for other in loaded if other]


def contents(session: Session, organisation_id: int) -> Contents:
    """Count what an organisation has."""
    of_status = dict(
        session.execute(
            select(Listing.status, func.count())
            .where(Listing.organisation_id == organisation_id)
            .group_by(Listing.status)
        )
        .tuples()
        .all()
    )
    files = select(func.count(StoredFile.id)).where(
        StoredFile.organisation_id == organisation_id,
        StoredFile.purpose != Purpose.VERIFICATION,
        StoredFile.deleted_at.is_(None),
    )
    published = of_status.pop(ListingStatus.PUBLISHED, 0)
    return Contents(
        published,
        sum(of_status.values()),
        session.scalar(select(func.count()).select_from(_matches(organisation_id).subquery())) or 0,
        len(_agreements(session, organisation_id)),
        session.scalar(files) or 0,
    )


def work_together(session: Session, one: int, other: int) -> bool:
    """Return whether two organisations have a match with each other, or one agreement names both.

    Then they are two: whoever makes them one would agree with itself.
    """
    sides = (asking.id, offering.id)
    between = join_sides(select(Match.id), Match).where(_are(sides, one), _are(sides, other))
    if session.scalar(between.limit(1)) is not None:
        return True
    return not _agreements(session, one).isdisjoint(_agreements(session, other))


def _are(sides: Sequence[Column], organisation_id: int) -> ColumnElement[bool]:
    return or_(*(side == organisation_id for side in sides))


def _matches(organisation_id: int) -> Select[tuple[int]]:
    sides = (need.organisation_id, capability.organisation_id)
    return join_listings(select(Match.id), Match).where(_are(sides, organisation_id))


def _agreements(session: Session, organisation_id: int) -> set[int]:
    """The agreements that an organisation is a side of, or was asked about."""
    own = select(Agreement.id).where(Agreement.match_id.in_(_matches(organisation_id)))
    asked = (
        select(AgreementVersion.agreement_id)
        .join(Consent, Consent.version_id == AgreementVersion.id)
        .where(Consent.organisation_id == organisation_id)
    )
    return set(session.scalars(own)) | set(session.scalars(asked))


def partners_of(session: Session, organisation_id: int) -> set[int]:
    """The organisations that one has matches with which have not ended."""
    of_it = join_sides(select(asking.id, offering.id).select_from(Match), Match).where(
        _are((asking.id, offering.id), organisation_id), Match.status.not_in(MatchStatus.ENDED)
    )
    both = session.execute(of_it).tuples()
    return {one for pair in both for one in pair if one != organisation_id}
