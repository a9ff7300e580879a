from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.db import chunks
from matchmaker.errors import Conflict, NotAllowed
from matchmaker.organisations.models import (
    Handover,
    Membership,
    Organisation,
    OrganisationMerge,
    ProfileChange,
    ShownPerson,
    Verification,
    VerificationFile,
    VerificationMessage,
)
from matchmaker.organisations.names import MOST_ALIKE, alike, comparable
from matchmaker.organisations.rules import BODY, Profile
from matchmaker.organisations.states import ChangeStatus, OrganisationStatus
from matchmaker.permissions import Actor, MemberRole
from matchmaker.plan.models import Plan
from matchmaker.plan.rules import Sides

NO_SIDES: Sides = {"beneficiary": (), "partner": (), "also_partner": ()}


def select_awaiting(actor: Actor) -> Select[tuple[Organisation]]:
    """Select what the actor may verify: new ones and new identities first, then lapsed, by age.

    One that a curator has entered waits until somebody has taken it over.
    """
    awaiting = or_(Organisation.standing.in_(OrganisationStatus.AWAITING), _proposed())
    decided = (*OrganisationStatus.OUT, OrganisationStatus.REFUSED)
    query = select(Organisation).where(
        awaiting, Organisation.status.not_in(decided), ~Organisation.awaits_owner
    )
    if "national_curator" not in actor.roles:
        provinces = actor.provinces if "provincial_curator" in actor.roles else ()
        query = query.where(of_provinces(provinces))
    if actor.organisation_id is not None:
        query = query.where(Organisation.id != actor.organisation_id)
    only_lapsed = and_(Organisation.standing == OrganisationStatus.LAPSED, ~_proposed())
    return query.options(selectinload(Organisation.changes)).order_by(only_lapsed, Organisation.id)


def curated(actor: Actor) -> Select[tuple[Organisation]]:
    """Select the organisations that a curator decides about, but for those that are out."""
    query = select(Organisation).where(
        Organisation.status.not_in(OrganisationStatus.OUT),
        Organisation.id != (actor.organisation_id or 0),
    )
    if "national_curator" not in actor.roles:
        query = query.where(Organisation.province.in_(actor.provinces))
    return query.order_by(Organisation.id)


def of_provinces(provinces: Collection[str]) -> ColumnElement[bool]:
    """Keep organisations of the provinces, or that propose to be. As `Organisation.provinces`."""
    to = ProfileChange.after["province"].as_string()
    return or_(Organisation.province.in_(provinces), _proposed(to.in_(provinces)))


def _proposed(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        ProfileChange.organisation_id == Organisation.id,
        ProfileChange.status == ChangeStatus.PROPOSED,
        *conditions,
    )


def organisation(session: Session, organisation_id: int | None) -> Organisation | None:
    """One organisation with the changes of its profile, newest first."""
    return session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(selectinload(Organisation.changes))
    )


def held(session: Session, organisation_id: int) -> Organisation:
    """One organisation with its changes as it is now, held until the commit."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(selectinload(Organisation.changes))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def by_ids(session: Session, ids: Collection[int]) -> Mapping[int, Organisation]:
    """Organisations by id, without anything that belongs to them."""
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {organisation.id: organisation for organisation in found}


def with_members(session: Session, organisation_id: int | None) -> Organisation | None:
    """The same with its members and verifications, and with who changed and verified it."""
    return session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(
            selectinload(Organisation.verifications).options(
                joinedload(Verification.curator), joinedload(Verification.second)
            ),
            selectinload(Organisation.changes).options(
                joinedload(ProfileChange.user), joinedload(ProfileChange.decided_by)
            ),
            selectinload(Organisation.memberships).joinedload(Membership.user),
        )
    )


def standing_with_members(session: Session, organisation_id: int) -> Organisation | None:
    """The same of the organisation that one is part of by now."""
    return with_members(session, standing_for(session, organisation_id))


def proposal(session: Session, organisation_id: int) -> ProfileChange | None:
    """The open proposal of another identity."""
    return session.scalar(
        select(ProfileChange).where(
            ProfileChange.organisation_id == organisation_id,
            ProfileChange.status == ChangeStatus.PROPOSED,
        )
    )


def open_verifications(session: Session, organisation_id: int) -> Sequence[Verification]:
    """Verifications that were not ended: in force, run out, or waiting for a second officer."""
    return session.scalars(
        select(Verification).where(
            Verification.organisation_id == organisation_id, Verification.ended_at.is_(None)
        )
    ).all()


def handovers(session: Session, organisation_id: int) -> Sequence[Handover]:
    """What administrators decided about who owns the organisation, newest first."""
    return session.scalars(
        select(Handover)
        .where(Handover.organisation_id == organisation_id)
        .options(joinedload(Handover.administrator))
        .order_by(Handover.id.desc())
    ).all()


def search(text: str, *, ownerless: bool) -> Select[tuple[Organisation]]:
    """Organisations by a part of a name or code, newest first; perhaps those without an owner."""
    query = select(Organisation).order_by(Organisation.id.desc())
    if text:
        columns = (Organisation.name_zh, Organisation.name_other, Organisation.uscc)
        query = query.where(or_(*(one.icontains(text, autoescape=True) for one in columns)))
    if ownerless:
        has_owner = exists().where(
            Membership.organisation_id == Organisation.id,
            Membership.role == MemberRole.OWNER,
            User.id == Membership.user_id,
            User.may_sign_in,
        )
        query = query.where(~has_owner, Organisation.status != OrganisationStatus.MERGED)
    return query


def current_sides(session: Session) -> Sides:
    """The current plan's word on which provinces post needs and which capabilities."""
    return session.scalar(select(Plan.sides).where(Plan.is_current)) or NO_SIDES


def by_uscc(session: Session, uscc: str | None) -> Organisation | None:
    """The organisation with a code, or that it is part of; None where there is none, or no code."""
    if not uscc:
        return None
    found = session.scalar(select(Organisation.id).where(Organisation.uscc == uscc))
    return organisation(session, standing_for(session, found)) if found else None


def standing_for(session: Session, organisation_id: int) -> int:
    """The organisation that one is part of by now, else itself."""
    kept = session.scalar(
        select(OrganisationMerge.kept_id).where(
            OrganisationMerge.merged_id == organisation_id, OrganisationMerge.undone_at.is_(None)
        )
    )
    return standing_for(session, kept) if kept is not None else organisation_id


def merge(session: Session, merge_id: int) -> OrganisationMerge | None:
    """One merge, with both organisations."""
    return session.scalar(_merges().where(OrganisationMerge.id == merge_id))


def merges_into(session: Session, organisation_id: int) -> Sequence[OrganisationMerge]:
    """What has become part of an organisation, and still is; the newest first."""
    return session.scalars(
        _merges()
        .where(OrganisationMerge.kept_id == organisation_id, OrganisationMerge.undone_at.is_(None))
        .order_by(OrganisationMerge.id.desc())
    ).all()


def _merges() -> Select[tuple[OrganisationMerge]]:
    return select(OrganisationMerge).options(
        joinedload(OrganisationMerge.kept),
        joinedload(OrganisationMerge.merged),
        joinedload(OrganisationMerge.curator),
    )


def by_codes(session: Session, codes: Sequence[str]) -> Mapping[str, Organisation]:
    """Return code → the organisation with it."""
    return {
        str(one.uscc): one
        for part in chunks(codes)
        for one in session.scalars(select(Organisation).where(Organisation.uscc.in_(part)))
    }


def awaiting_owner(actor: Actor) -> Select[tuple[Organisation]]:
    """Select what curators have entered and nobody has taken over, the newest first."""
    awaiting = curated(actor).where(Organisation.awaits_owner)
    return awaiting.order_by(None).order_by(Organisation.id.desc())


def leaving(until: date) -> Select[tuple[Organisation]]:
    """Select what nobody has taken over and is due to be deleted by a day, the first due first."""
    return (
        select(Organisation)
        .where(
            Organisation.awaits_owner,
            Organisation.leaves_on <= until,
            Organisation.status.not_in(OrganisationStatus.OUT),
        )
        .order_by(Organisation.leaves_on, Organisation.id)
    )


def leaving_of(actor: Actor, until: date) -> Select[tuple[Organisation]]:
    """Select those of them that a curator decides about."""
    due = leaving(until).with_only_columns(Organisation.id).order_by(None)
    of_actor = curated(actor).where(Organisation.id.in_(due))
    return of_actor.order_by(None).order_by(Organisation.leaves_on, Organisation.id)


def names_of_others(session: Session, organisation_id: int) -> Mapping[int, Sequence[str]]:
    """Organisation → its names, of all but one and those that are closed."""
    rows = session.execute(
        select(Organisation.id, Organisation.name_zh, Organisation.name_other).where(
            Organisation.id != organisation_id,
            Organisation.status.not_in((OrganisationStatus.CLOSED, OrganisationStatus.MERGED)),
        )
    ).tuples()
    return {one: names for one, *names in rows}


def of_same_body(
    session: Session,
    codes: Collection[str],
    register_number: str,
    country: str,
    *,
    but: int | None = None,
) -> Sequence[int]:
    """Which organisations have the number of one body in their code, or one of another register.

    Those count that propose such a code. `but`: the one that is compared with the others.
    """
    same: list[ColumnElement[bool]] = []
    to = ProfileChange.after["uscc"].as_string()
    for number in {code[BODY] for code in codes}:
        for column in (Organisation.uscc, to):
            is_same = func.substr(column, BODY.start + 1, len(number)) == number
            same.append(_proposed(is_same) if column is to else is_same)
    if register_number:
        is_same = Organisation.register_number == register_number
        same.append(and_(is_same, Organisation.country == country))
    if not same:
        return ()
    return session.scalars(
        select(Organisation.id)
        .where(
            or_(*same),
            Organisation.id != but if but is not None else true(),
            Organisation.status.not_in((OrganisationStatus.CLOSED, OrganisationStatus.MERGED)),
        )
        .order_by(Organisation.id)
        .limit(MOST_ALIKE)
    ).all()


def likely_same(session: Session, profile: Profile) -> Sequence[Organisation]:
    """Organisations that everybody may see and that may be the one somebody registers."""
    shown = session.execute(
        select(Organisation.id, Organisation.name_zh, Organisation.name_other).where(
            Organisation.is_shown
        )
    ).tuples()
    codes = [profile.uscc] if profile.uscc else []
    of_one = of_same_body(session, codes, profile.register_number, profile.country)
    by_name = alike(
        [profile.name_zh, profile.name_other], comparable({one: names for one, *names in shown})
    )
    found = by_ids(session, {*of_one, *by_name})
    ordered = (found[one] for one in dict.fromkeys([*of_one, *by_name]))
    return [one for one in ordered if one.is_shown]


def messages(session: Session, organisation_id: int) -> Sequence[VerificationMessage]:
    """The conversation about a verification, oldest first, with authors and files."""
    return session.scalars(
        select(VerificationMessage)
        .where(VerificationMessage.organisation_id == organisation_id)
        .options(joinedload(VerificationMessage.author), selectinload(VerificationMessage.files))
        .order_by(VerificationMessage.id)
    ).all()


def of_papers(session: Session, file_ids: Collection[int]) -> Mapping[int, Organisation]:
    """File → the organisation whose licence or letter it is."""
    found = session.execute(
        select(VerificationFile.file_id, Organisation)
        .join(VerificationMessage, VerificationMessage.id == VerificationFile.message_id)
        .join(Organisation, Organisation.id == VerificationMessage.organisation_id)
        .where(VerificationFile.file_id.in_(file_ids))
        .options(selectinload(Organisation.changes))
    )
    return dict(found.tuples().all())


def people(session: Session, organisation_id: int) -> Sequence[ShownPerson]:
    """The people that an organisation names, shown or not."""
    return session.scalars(
        select(ShownPerson)
        .where(ShownPerson.organisation_id == organisation_id)
        .order_by(ShownPerson.role, ShownPerson.id)
    ).all()


def person(session: Session, person_id: int) -> ShownPerson | None:
    """One named person, with the organisation."""
    return session.scalar(
        select(ShownPerson)
        .where(ShownPerson.id == person_id)
        .options(joinedload(ShownPerson.organisation))
    )


def hold(session: Session, organisation_id: int) -> None:
    """Lock the organisation's row until the commit. Others may refer to it meanwhile.

    Raises NotAllowed when it is deleted by now.
    """
    found = session.scalar(
        select(Organisation.id)
        .where(Organisation.id == organisation_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotAllowed


def hold_whole(session: Session, ids: Collection[int]) -> Mapping[int, Organisation]:
    """Organisations as they are now: until the commit nobody changes them or refers to them."""
    found = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(ids))
        .options(selectinload(Organisation.changes))
        .order_by(Organisation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {organisation.id: organisation for organisation in found}


def check_stands(session: Session, *ids: int) -> None:
    """Raise Conflict for an organisation that has become part of another one meanwhile.

    Until the commit none of them becomes part of another.
    """
    rows = session.execute(
        select(Organisation.id, Organisation.status)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.id)
        .with_for_update(read=True, key_share=True)
    ).tuples()
    for organisation_id, status in rows:
        if status == OrganisationStatus.MERGED:
            raise Conflict("organisation", organisation_id)


def changes_around(
    session: Session, user_id: int, organisation_id: int | None
) -> Sequence[ProfileChange]:
    """Changes of profiles that somebody made, or that concern the organisation."""
    return session.scalars(
        select(ProfileChange).where(
            or_(
                ProfileChange.user_id == user_id,
                ProfileChange.organisation_id == organisation_id,
            )
        )
    ).all()


def change(session: Session, organisation_id: int, change_id: int) -> ProfileChange | None:
    """One change of one organisation's profile, with the organisation and its other changes."""
    return session.scalar(
        select(ProfileChange)
        .where(ProfileChange.id == change_id, ProfileChange.organisation_id == organisation_id)
        .options(joinedload(ProfileChange.organisation).selectinload(Organisation.changes))
    )


def lock_expiring(session: Session, today: date, until: date) -> Sequence[Organisation]:
    """Return verified organisations whose time ends by a day, held until the commit."""
    return session.scalars(
        select(Organisation)
        .where(
            Organisation.status == OrganisationStatus.VERIFIED,
            Organisation.verified_until.between(today, until),
        )
        .order_by(Organisation.id)
        .with_for_update(skip_locked=True)
    ).all()


def lock_lapsed(session: Session, today: date) -> Sequence[Organisation]:
    """Return organisations recorded as verified whose time is over, held until the commit."""
    return session.scalars(
        select(Organisation)
        .where(
            Organisation.status == OrganisationStatus.VERIFIED,
            or_(Organisation.verified_until.is_(None), Organisation.verified_until < today),
        )
        .order_by(Organisation.id)
        .with_for_update(skip_locked=True)
    ).all()
