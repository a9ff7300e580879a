"""Agreements as their parties, and the curators of both sides, see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.agreements import rules
from matchmaker.agreements.models import (
    Agreement,
    AgreementPerson,
    AgreementVersion,
    Consent,
    Facility,
    Milestone,
    MilestoneFile,
    ServiceEntry,
    Slot,
)
from matchmaker.agreements.states import AgreementStatus, Answer, VersionStatus
from matchmaker.agreements.terms import Payment
from matchmaker.cooperation.models import Match
from matchmaker.db import chunks
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import asking, join_sides, offering
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.states import OrganisationStatus


def agreement(session: Session, agreement_id: int) -> Agreement | None:
    """One agreement with all that its page shows."""
    return session.scalar(select(Agreement).where(Agreement.id == agreement_id).options(*_whole()))


def locked(session: Session, agreement_id: int) -> Agreement:
    """The same as it is now, held until the commit: of two who act at once the second waits."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(*_whole())
        .with_for_update(of=Agreement)
        .execution_options(populate_existing=True)
    ).one()


def _whole() -> Iterable[ORMOption]:
    match = joinedload(Agreement.match)
    for side in (Match.need, Match.capability):
        yield match.joinedload(side).joinedload(Listing.organisation)
        yield match.joinedload(side).selectinload(Listing.tasks)
    yield match.selectinload(Match.steps)
    yield match.selectinload(Match.curator_invitations)
    yield joinedload(Agreement.facility)
    yield joinedload(Agreement.registration)
    yield _versions()
    yield selectinload(Agreement.milestones).selectinload(Milestone.files)
    for part in (
        Agreement.people,
        Agreement.payments_made,
        Agreement.entries,
    ):
        yield selectinload(part)


def _versions() -> ORMOption:
    return (
        selectinload(Agreement.versions)
        .selectinload(AgreementVersion.consents)
        .joinedload(Consent.organisation)
    )


def _sides() -> Iterable[ORMOption]:
    match = joinedload(Agreement.match)
    for side in (Match.need, Match.capability):
        yield match.joinedload(side).joinedload(Listing.organisation)


def agreements_of_files(session: Session, file_ids: Collection[int]) -> Mapping[int, Agreement]:
    """File → the agreement of the milestone that it shows."""
    found = session.execute(
        select(MilestoneFile.file_id, Agreement)
        .join(Milestone, Milestone.id == MilestoneFile.milestone_id)
        .join(Agreement, Agreement.id == Milestone.agreement_id)
        .where(MilestoneFile.file_id.in_(file_ids))
        .options(*_whole())
    )
    return dict(found.tuples().all())


def of_match(session: Session, match_id: int, organisation_id: int | None) -> Sequence[Agreement]:
    """The agreements of a match that an organisation knows of, the newest first."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.match_id == match_id)
        .where(
            or_(
                Agreement.status != AgreementStatus.DRAFT,
                Agreement.drafter_id == organisation_id,
            )
        )
        .options(*_sides(), _versions(), selectinload(Agreement.milestones))
        .order_by(Agreement.id.desc())
    ).all()


def instruments_of(session: Session, match_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Match → the kinds of its agreements that both sides know of, for matches that have any."""
    found: dict[int, list[str]] = {}
    for ids in chunks(match_ids):
        query = (
            select(Agreement.match_id, Agreement.instrument_code)
            .where(Agreement.match_id.in_(ids), is_known())
            .order_by(Agreement.id)
        )
        for match_id, code in session.execute(query).tuples():
            found.setdefault(match_id, []).append(code)
    return found


def is_known() -> ColumnElement[bool]:
    """Mirrors `Agreement.is_known`: the other side and curators know of it."""
    return Agreement.status != AgreementStatus.DRAFT


def awaiting(session: Session, organisation_id: int) -> Sequence[Agreement]:
    """Those whose pending version waits for the organisation's word, the oldest first."""
    return session.scalars(
        select(Agreement)
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .join(Consent, Consent.version_id == AgreementVersion.id)
        .where(AgreementVersion.status == VersionStatus.SENT)
        .where(Consent.organisation_id == organisation_id, Consent.answer == Answer.NONE)
        .options(*_sides(), _versions())
        .order_by(AgreementVersion.sent_at, Agreement.id)
    ).all()


def as_third_party(organisation_id: int) -> Select[tuple[Agreement]]:
    """Select those that an organisation was asked about and is no side of, the newest first."""
    asked = (
        select(AgreementVersion.agreement_id)
        .join(Consent, Consent.version_id == AgreementVersion.id)
        .where(Consent.organisation_id == organisation_id)
    )
    own = join_sides(select(Match.id), Match).where(
        or_(asking.id == organisation_id, offering.id == organisation_id)
    )
    return (
        select(Agreement)
        .where(Agreement.id.in_(asked), Agreement.match_id.not_in(own))
        .options(*_sides(), _versions())
        .order_by(Agreement.updated_at.desc(), Agreement.id.desc())
    )


def overdue_of(session: Session, organisation_id: int, day: date) -> Sequence[Milestone]:
    """Milestones of the organisation's agreements that are overdue, the oldest first."""
    own = join_sides(select(Match.id), Match).where(
        or_(asking.id == organisation_id, offering.id == organisation_id)
    )
    return session.scalars(
        _overdue(day).where(Agreement.match_id.in_(own)).options(*_milestone_with_sides())
    ).all()


def unpaid_of(
    session: Session, organisation_id: int, day: date
) -> Sequence[tuple[Agreement, Payment]]:
    """Payments of the organisation's agreements that were due before a day, the oldest first."""
    own = join_sides(select(Match.id), Match).where(
        or_(asking.id == organisation_id, offering.id == organisation_id)
    )
    found = session.scalars(
        select(Agreement)
        .where(Agreement.status.in_(AgreementStatus.BINDING), Agreement.match_id.in_(own))
        .options(*_sides(), _versions(), selectinload(Agreement.payments_made))
        .order_by(Agreement.id)
    ).all()
    late = [
        (due, one, payment)
        for one in found
        if one.current is not None
        for payment, due in rules.unpaid(
            one.current.terms.payments, {made.place for made in one.payments_made}, day
        )
    ]
    return [(one, payment) for _, one, payment in sorted(late, key=lambda each: each[0])]


def overdue_untold(session: Session, day: date) -> Sequence[Milestone]:
    """Those that nobody has been told of yet, each held until the commit."""
    return session.scalars(
        _overdue(day)
        .where(Milestone.told_at.is_(None))
        .options(*_milestone_with_sides())
        .with_for_update(of=Milestone, skip_locked=True)
    ).all()


def _overdue(day: date) -> Select[tuple[Milestone]]:
    return (
        select(Milestone)
        .join(Agreement, Agreement.id == Milestone.agreement_id)
        .where(Milestone.done_on.is_(None), Milestone.due_on < day)
        .where(Agreement.status.in_(AgreementStatus.BINDING))
        .order_by(Milestone.due_on, Milestone.id)
    )


def _milestone_with_sides() -> Iterable[ORMOption]:
    own = joinedload(Milestone.agreement)
    match = own.joinedload(Agreement.match)
    for side in (Match.need, Match.capability):
        yield match.joinedload(side).joinedload(Listing.organisation)
    yield own.selectinload(Agreement.versions).selectinload(AgreementVersion.consents)


def organisation_named(session: Session, text: str) -> Organisation | None:
    """The one verified organisation of this name or unified social credit code."""
    found = session.scalars(
        select(Organisation)
        .where(
            or_(
                Organisation.name_zh == text,
                Organisation.name_other == text,
                Organisation.uscc == text.upper(),
            )
        )
        .where(Organisation.standing == OrganisationStatus.VERIFIED)
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def full_time_of(session: Session, organisation_id: int, key: str) -> Sequence[AgreementPerson]:
    """The full-time periods of one person in agreements that bind."""
    return session.scalars(
        select(AgreementPerson)
        .join(Agreement, Agreement.id == AgreementPerson.agreement_id)
        .where(AgreementPerson.organisation_id == organisation_id, AgreementPerson.key == key)
        .where(AgreementPerson.full_time.is_(True))
        .where(Agreement.status.in_(AgreementStatus.BINDING))
    ).all()


@dataclass(frozen=True, slots=True)
class ServiceTotals:
    """What a service log adds up to, without what was struck out."""

    entries: int
    days: int
    hours: float
    people: int


def service_totals(session: Session, agreement_id: int) -> ServiceTotals:
    row = session.execute(
        select(
            func.count(),
            func.count(ServiceEntry.day.distinct()),
            func.coalesce(func.sum(ServiceEntry.hours), 0),
            func.coalesce(func.sum(ServiceEntry.people), 0),
        ).where(ServiceEntry.agreement_id == agreement_id, ServiceEntry.struck_at.is_(None))
    ).one()
    return ServiceTotals(row[0], row[1], float(row[2]), row[3])


def facilities(session: Session, organisation_id: int) -> Sequence[Facility]:
    return session.scalars(
        select(Facility).where(Facility.organisation_id == organisation_id).order_by(Facility.name)
    ).all()


def facility(session: Session, organisation_id: int, name: str) -> Facility | None:
    return session.scalar(
        select(Facility).where(Facility.organisation_id == organisation_id, Facility.name == name)
    )


def hold_facility(session: Session, facility_id: int) -> None:
    """Hold it until the commit, so that slots are offered one after the other."""
    session.execute(select(Facility.id).where(Facility.id == facility_id).with_for_update())


def slots(session: Session, facility_id: int, since: datetime) -> Sequence[Slot]:
    """The slots of a facility that are not over, the next first."""
    return session.scalars(
        select(Slot)
        .where(Slot.facility_id == facility_id, Slot.ends_at > since)
        .order_by(Slot.begins_at)
    ).all()


def slots_between(
    session: Session, facility_id: int, begin: datetime, end: datetime
) -> Sequence[Slot]:
    """The slots that have a moment in common with a time."""
    return session.scalars(
        select(Slot)
        .where(Slot.facility_id == facility_id)
        .where(Slot.begins_at < end, Slot.ends_at > begin)
    ).all()


def slot(session: Session, agreement: Agreement, slot_id: int) -> Slot | None:
    """A slot of the agreement's facility."""
    return session.scalar(
        select(Slot).where(Slot.id == slot_id, Slot.facility_id == agreement.facility_id)
    )


def bookers(session: Session, slots: Iterable[Slot]) -> dict[int, Agreement]:
    """Agreement → itself with its sides, of those that have booked."""
    ids = {one.agreement_id for one in slots if one.agreement_id}
    found = session.scalars(select(Agreement).where(Agreement.id.in_(ids)).options(*_sides()))
    return {one.id: one for one in found}
