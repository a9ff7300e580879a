"""Selects of requests for an account, each with those who may not decide about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.organisations.claims.models import Claim, ClaimFile, ClaimMessage
from matchmaker.organisations.claims.states import ClaimStatus, ClaimWord
from matchmaker.organisations.models import Membership, Organisation
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor, MemberRole


@dataclass(frozen=True, slots=True)
class Case:
    """A request, and everybody who belongs to either side: none of them decides."""

    claim: Claim
    insiders: frozenset[int]

    @property
    def user_id(self) -> int:
        return self.claim.user_id

    @property
    def organisation_id(self) -> int:
        return self.claim.organisation_id

    @property
    def province(self) -> str:
        return self.claim.organisation.province


def case(session: Session, claim_id: int) -> Case | None:
    """One request with its person and organisation."""
    claim = session.scalar(_claims().where(Claim.id == claim_id))
    if claim is None:
        return None
    own = select(Membership.organisation_id).where(Membership.user_id == claim.user_id)
    either = (Membership.organisation_id == claim.organisation_id) | (
        Membership.organisation_id.in_(own)
    )
    insiders = session.scalars(select(Membership.user_id).where(either))
    return Case(claim, frozenset({*insiders, claim.user_id}))


def of_papers(session: Session, file_ids: Collection[int]) -> Mapping[int, Case]:
    """File → the request that it is evidence of."""
    found = session.execute(
        select(ClaimFile.file_id, ClaimMessage.claim_id)
        .join(ClaimMessage, ClaimMessage.id == ClaimFile.message_id)
        .where(ClaimFile.file_id.in_(file_ids))
    )
    cases = {file_id: case(session, claim_id) for file_id, claim_id in found.tuples()}
    return {file_id: one for file_id, one in cases.items() if one is not None}


def to_decide(actor: Actor) -> Select[tuple[Claim]]:
    """Open requests that the actor may decide about, the oldest first.

    Mirrors "claim.decide" of the permission table.
    """
    theirs, own = aliased(Membership), aliased(Membership)
    of_person = select(theirs.organisation_id).where(theirs.user_id == Claim.user_id)
    belongs = (
        select(own.id)
        .where(
            own.user_id == actor.user_id,
            (own.organisation_id == Claim.organisation_id) | own.organisation_id.in_(of_person),
        )
        .exists()
    )
    query = _claims().where(*_open(), Claim.user_id != actor.user_id, ~belongs)
    if "national_curator" not in actor.roles:
        query = query.where(Organisation.province.in_(actor.provinces))
    return query


def open_for(session: Session, organisation_id: int) -> Sequence[Claim]:
    """What its account managers can object to, the oldest first."""
    query = _claims().where(*_open(), Claim.organisation_id == organisation_id)
    return session.scalars(query).all()


def open_of(session: Session, user_id: int | None) -> Sequence[Claim]:
    """A person's own requests that wait."""
    return session.scalars(_claims().where(*_open(), Claim.user_id == user_id)).all()


def managing_since(
    session: Session, organisation_ids: Collection[int]
) -> Mapping[int, Sequence[datetime]]:
    """Organisation → when each of those joined who manage its account now and can sign in."""
    since: defaultdict[int, list[datetime]] = defaultdict(list)
    rows = session.execute(
        select(Membership.organisation_id, Membership.joined_at)
        .join(Membership.user)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role == MemberRole.OWNER,
            User.may_sign_in,
        )
    ).tuples()
    for organisation_id, joined_at in rows:
        since[organisation_id].append(joined_at)
    return since


def objected(session: Session, claim_ids: Collection[int]) -> set[int]:
    """Which of some requests somebody objects to."""
    return set(
        session.scalars(
            select(ClaimMessage.claim_id).where(
                ClaimMessage.claim_id.in_(claim_ids), ClaimMessage.kind == ClaimWord.OBJECTION
            )
        )
    )


def last_refused(session: Session, user_id: int | None, organisation_id: int) -> datetime | None:
    """When somebody was last refused an organisation's account."""
    return session.scalar(
        select(func.max(Claim.decided_at)).where(
            Claim.user_id == user_id,
            Claim.organisation_id == organisation_id,
            Claim.status == ClaimStatus.REFUSED,
        )
    )


def messages(session: Session, claim_id: int, *, with_objections: bool) -> Sequence[ClaimMessage]:
    """What was said about a request, oldest first. Who asks does not read the objections."""
    query = (
        select(ClaimMessage)
        .where(ClaimMessage.claim_id == claim_id)
        .options(joinedload(ClaimMessage.author), selectinload(ClaimMessage.files))
        .order_by(ClaimMessage.id)
    )
    if not with_objections:
        query = query.where(ClaimMessage.kind != ClaimWord.OBJECTION)
    return session.scalars(query).all()


def objection_of(session: Session, claim_id: int, user_id: int | None) -> ClaimMessage | None:
    """What an account manager, or for None the contact, has said against a request."""
    author = ClaimMessage.author_id
    return session.scalar(
        select(ClaimMessage).where(
            ClaimMessage.claim_id == claim_id,
            ClaimMessage.kind == ClaimWord.OBJECTION,
            author.is_(None) if user_id is None else author == user_id,
        )
    )


def number_of_files(session: Session, claim_id: int) -> int:
    query = (
        select(func.count(ClaimFile.file_id))
        .join(ClaimMessage, ClaimMessage.id == ClaimFile.message_id)
        .where(ClaimMessage.claim_id == claim_id)
    )
    return session.scalar(query) or 0


def _open() -> tuple[ColumnElement[bool], ...]:
    """One that has become part of another organisation has no account of its own."""
    return Claim.status == ClaimStatus.OPEN, Organisation.status != OrganisationStatus.MERGED


def _claims() -> Select[tuple[Claim]]:
    return (
        select(Claim)
        .join(Claim.organisation)
        .options(contains_eager(Claim.organisation), joinedload(Claim.user))
        .order_by(Claim.id)
    )
