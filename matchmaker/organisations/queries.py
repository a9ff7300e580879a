from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.db import chunks
from matchmaker.notices.models import Notice
from matchmaker.organisations.models import (
    Handover,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    ProfileChange,
    Registration,
    ShownPerson,
    Verification,
    VerificationFile,
    VerificationMessage,
)
from matchmaker.organisations.rules import may_post_now
from matchmaker.organisations.states import ChangeStatus, JoinStatus, OrganisationStatus
from matchmaker.permissions import Actor, MemberRole
from matchmaker.plan.models import Plan
from matchmaker.plan.rules import Sides

NO_SIDES: Sides = {"beneficiary": (), "partner": (), "also_partner": ()}


def actor_of(session: Session, user_id: int) -> tuple[Actor, int] | None:
    """Return the actor that a user is now, and the user's generation.

    None when suspended, unconfirmed or absent.
    """
    row = session.execute(
        select(User, Membership, Organisation, Plan.sides)
        .select_from(User)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Plan, Plan.is_current.is_(True))
        .where(User.id == user_id, User.may_sign_in)
        .options(selectinload(User.staff_roles))
    ).first()
    if row is None:
        return None
    user, membership, organisation, sides = row
    return _actor(user, membership, organisation, sides or NO_SIDES), user.generation


def frame_facts(session: Session, user_id: int | None) -> tuple[Sides, int]:
    """The current plan's sides and how many notices the user has not read."""
    unread = (
        select(func.count(Notice.id))
        .where(Notice.user_id == user_id, Notice.read_at.is_(None))
        .scalar_subquery()
    )
    sides = select(Plan.sides).where(Plan.is_current).scalar_subquery()
    found, count = session.execute(select(sides, unread)).one()
    return found or NO_SIDES, count


def _actor(
    user: User, membership: Membership | None, organisation: Organisation | None, sides: Sides
) -> Actor:
    staff = Actor(
        user_id=user.id,
        name=user.name,
        language=user.language,
        time_zone=user.time_zone,
        roles=frozenset(entry.role for entry in user.staff_roles),
        provinces=frozenset(
            entry.province for entry in user.staff_roles if entry.role == "provincial_curator"
        ),
    )
    if membership is None or organisation is None or organisation.status in OrganisationStatus.OUT:
        return staff
    verified = organisation.standing == OrganisationStatus.VERIFIED
    return Actor(
        user_id=staff.user_id,
        name=staff.name,
        language=staff.language,
        time_zone=staff.time_zone,
        roles=staff.roles,
        provinces=staff.provinces,
        organisation_id=organisation.id,
        organisation_role=membership.role,
        organisation_verified=verified,
        may_post_needs=may_post_now(organisation, "need", sides),
        may_post_capabilities=may_post_now(organisation, "capability", sides),
    )


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
        query = query.where(~has_owner)
    return query


def current_sides(session: Session) -> Sides:
    """The current plan's word on which provinces post needs and which capabilities."""
    return session.scalar(select(Plan.sides).where(Plan.is_current)) or NO_SIDES


def by_uscc(session: Session, uscc: str | None) -> Organisation | None:
    """The organisation with a code; None where there is none, or no code."""
    if not uscc:
        return None
    return session.scalar(select(Organisation).where(Organisation.uscc == uscc))


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


def names_of_others(session: Session, organisation_id: int) -> Mapping[int, Sequence[str]]:
    """Organisation → its names, of all but one and those that are closed."""
    rows = session.execute(
        select(Organisation.id, Organisation.name_zh, Organisation.name_other).where(
            Organisation.id != organisation_id, Organisation.status != OrganisationStatus.CLOSED
        )
    ).tuples()
    return {one: names for one, *names in rows}


def messages(session: Session, organisation_id: int) -> Sequence[VerificationMessage]:
    """The conversation about a verification, oldest first, with authors and files."""
    return session.scalars(
        select(VerificationMessage)
        .where(VerificationMessage.organisation_id == organisation_id)
        .options(joinedload(VerificationMessage.author), selectinload(VerificationMessage.files))
        .order_by(VerificationMessage.id)
    ).all()


def of_paper(session: Session, file_id: int) -> Organisation | None:
    """The organisation whose licence or letter a file is."""
    return session.scalar(
        select(Organisation)
        .join(VerificationMessage, VerificationMessage.organisation_id == Organisation.id)
        .join(VerificationFile, VerificationFile.message_id == VerificationMessage.id)
        .where(VerificationFile.file_id == file_id)
        .options(selectinload(Organisation.changes))
    )


def join_request(session: Session, request_id: int) -> JoinRequest | None:
    """One request to join, with the person and the organisation."""
    return session.scalar(_join_requests().where(JoinRequest.id == request_id))


def join_requests(session: Session, organisation_id: int) -> Sequence[JoinRequest]:
    """Requests that wait for the owners, oldest first."""
    return session.scalars(
        _join_requests().where(
            JoinRequest.organisation_id == organisation_id, JoinRequest.status == JoinStatus.OPEN
        )
    ).all()


def join_requests_of(session: Session, user_id: int | None) -> Sequence[JoinRequest]:
    """A person's own requests that wait."""
    return session.scalars(
        _join_requests().where(
            JoinRequest.user_id == user_id, JoinRequest.status == JoinStatus.OPEN
        )
    ).all()


def _join_requests() -> Select[tuple[JoinRequest]]:
    loaded = joinedload(JoinRequest.user), joinedload(JoinRequest.organisation)
    return select(JoinRequest).options(*loaded).order_by(JoinRequest.id)


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


def of_user(session: Session, user_id: int | None) -> Organisation | None:
    """The organisation that a user belongs to, also while it is suspended or closed."""
    return session.scalar(
        select(Organisation).join(Organisation.memberships).where(Membership.user_id == user_id)
    )


def people_of(
    session: Session, organisation_ids: Collection[int], roles: Collection[str]
) -> Mapping[int, Sequence[User]]:
    """Organisation → its people with one of the roles who may sign in: those who are told."""
    people: defaultdict[int, list[User]] = defaultdict(list)
    rows = session.execute(
        select(Membership.organisation_id, User)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role.in_(roles),
            User.may_sign_in,
        )
        .order_by(User.id)
    ).tuples()
    for organisation_id, user in rows:
        people[organisation_id].append(user)
    return people


def writers(session: Session, organisation_id: int) -> Sequence[User]:
    """Return who is told of an organisation's listings, partners and matches."""
    return people_of(session, [organisation_id], MemberRole.WRITERS).get(organisation_id, ())


def owners(session: Session, organisation_id: int) -> Sequence[User]:
    """Return who is told what happens to an organisation itself."""
    return people_of(session, [organisation_id], [MemberRole.OWNER]).get(organisation_id, ())


def membership(session: Session, membership_id: int) -> Membership | None:
    """One membership with its user and organisation."""
    return session.scalar(
        select(Membership)
        .where(Membership.id == membership_id)
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
    )


def membership_of(session: Session, user_id: int | None) -> Membership | None:
    return session.scalar(
        select(Membership)
        .where(Membership.user_id == user_id)
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
    )


def hold(session: Session, organisation_id: int) -> None:
    """Lock the organisation's row until the commit."""
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    )


def lock_members(session: Session, organisation_id: int) -> Sequence[Membership]:
    """Return the members as they are now.

    The organisation's row is held until the commit: two owners who leave at once take turns.
    """
    hold(session, organisation_id)
    return session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
        .order_by(Membership.id)
        .execution_options(populate_existing=True)
    ).all()


def is_member_email(session: Session, organisation_id: int, email: str) -> bool:
    query = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id, User.email == email)
    )
    return session.scalar(query) is not None


def open_invitations(session: Session, organisation_id: int, at: datetime) -> Sequence[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return session.scalars(
        _open(at)
        .where(Invitation.organisation_id == organisation_id)
        .order_by(Invitation.id.desc())
    ).all()


def invitations_unverified(session: Session, organisation_id: int) -> int:
    """The number of invitations since the organisation's last verification ended, or ever."""
    ended = (
        select(func.max(Verification.ended_at))
        .where(Verification.organisation_id == organisation_id)
        .scalar_subquery()
    )
    query = select(func.count(Invitation.id)).where(
        Invitation.organisation_id == organisation_id,
        or_(ended.is_(None), Invitation.created_at > ended),
    )
    return session.scalar(query) or 0


def concerned_by_address(session: Session, email: str, at: datetime) -> Sequence[User]:
    """Return the owners of organisations that have or invite somebody with this address."""
    member_of = (
        select(Membership.organisation_id)
        .join(User, User.id == Membership.user_id)
        .where(User.email == email)
    )
    invited_by = _open(at).where(Invitation.email == email)
    invited_by = invited_by.with_only_columns(Invitation.organisation_id)
    return session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            or_(
                Membership.organisation_id.in_(member_of),
                Membership.organisation_id.in_(invited_by),
            ),
            Membership.role == MemberRole.OWNER,
            User.may_sign_in,
        )
        .order_by(User.id)
    ).all()


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


def invitation(session: Session, invitation_id: int) -> Invitation | None:
    return session.get(Invitation, invitation_id)


def open_invitation(
    session: Session, token_hash: str, at: datetime, *, lock: bool = False
) -> Invitation | None:
    """Return the invitation of a mailed link, with its organisation, while it is open.

    `lock` holds it until the commit: of several who send one link, one is first.
    """
    query = _open(at).where(
        Invitation.token_hash == token_hash, Organisation.status.not_in(OrganisationStatus.OUT)
    )
    if lock:
        query = query.with_for_update(of=Invitation).execution_options(populate_existing=True)
    return session.scalar(
        query.join(Invitation.organisation).options(joinedload(Invitation.organisation))
    )


def _open(at: datetime) -> Select[tuple[Invitation]]:
    return select(Invitation).where(
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > at,
    )


def registration(session: Session, user_id: int | None) -> Registration | None:
    """Return the typed registration of a user who has no organisation yet."""
    return session.get(Registration, user_id) if user_id is not None else None


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
