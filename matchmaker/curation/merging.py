"""One organisation that was registered twice becomes one, and two again within a week.

What belongs to the merged one moves to the kept one, whose identity and verification stand. Nothing
is deleted: what moved is written down, and moves back when a curator undoes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, select, update
from sqlalchemy.orm import Session, aliased

from matchmaker.accounts import queries as accounts
from matchmaker.accounts.models import User
from matchmaker.agreements import queries as agreements
from matchmaker.agreements.models import AgreementVersion, Facility
from matchmaker.agreements.terms import Terms
from matchmaker.audit import service as audit
from matchmaker.curation import twins
from matchmaker.curation.belongings import MOVING, Belonging
from matchmaker.curation.twins import Twins
from matchmaker.db import chunks, moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.listings import following
from matchmaker.listings.models import Listing
from matchmaker.notices import service as notices
from matchmaker.organisations import belonging, identity, rules
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.models import Membership, Organisation, OrganisationMerge
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor, MemberRole

LONGEST_FACILITY, LONGEST_OWNER = 150, 45  # what is shown of the two names, to tell them apart
# Beside the tables in what is kept of a merge: names that stood, and versions of agreements.
FACILITY_NAMES, PARTIES, ROLES = "facility_names", "parties", "roles"


def merge(
    session: Session,
    actor: Actor,
    pair: Twins,
    versions: tuple[int, int],
    reason: str,
    *,
    at: datetime | None = None,
) -> OrganisationMerge:
    """Make the merged organisation of a pair part of the kept one.

    `versions`: of both as the page showed them, the kept one's first. Members, partners and
    curators are told. Raises Conflict when one of them is another by now, and Refused, with nothing
    stored, when they cannot be one.
    """
    at = moment(at)
    held = organisations.hold_whole(session, pair.organisation_ids)
    kept, merged = (held[one] for one in pair.organisation_ids)
    for organisation, version in zip((kept, merged), versions, strict=True):
        identity.check_version(organisation, version)
    together = twins.work_together(session, kept.id, merged.id)
    refusal = rules.merge_obstacle(kept.status, merged.status, work_together=together)
    if refusal is not None:
        raise Refused(refusal)
    told = _concerned(session, kept, merged)
    done = OrganisationMerge(
        kept=kept,
        merged=merged,
        curator_id=actor.user_id,
        reason=reason,
        at=at,
        status_before=merged.status,
        moved={},
    )
    session.add(done)
    done.moved = {
        ROLES: _give_higher_roles(session, kept, merged),
        FACILITY_NAMES: _tell_facilities_apart(session, kept, merged),
        PARTIES: _point(session, _naming(session, merged.id), merged.id, kept.id),
        **{line.name: _move(session, line, merged.id, kept.id) for line in MOVING},
    }
    identity.move(session, merged, OrganisationStatus.MERGED)
    identity.touch(session, kept)
    following.follow_owner(session, _moved_listings(done))
    _record(session, actor, "merge", done, at=at)
    kinds = "organisation.merged", "match.side_merged"
    _tell(session, told, kinds, done, note=reason, at=at)
    return done


def undo(
    session: Session, actor: Actor, done: OrganisationMerge, *, at: datetime | None = None
) -> None:
    """Make them two again. What came since stays with the kept one, but for what hangs on listings.

    Raises Conflict when it was undone before, and Refused after a week, or while the kept one is
    itself part of another.
    """
    at = moment(at)
    held = organisations.hold_whole(session, done.organisation_ids)
    kept, merged = (held[one] for one in done.organisation_ids)
    session.refresh(done, ["undone_at", "moved"])
    if done.undone_at is not None:
        raise Conflict("organisation", kept.id)
    if not rules.may_undo_merge(done.at, at):
        raise Refused(Refusal.MERGE_STANDS)
    if kept.status == OrganisationStatus.MERGED:
        raise Refused(Refusal.MERGE_UNDER_ANOTHER)
    _restore(session, done)
    done.undone_at, done.undone_by_id = at, actor.user_id
    identity.move(session, merged, done.status_before)
    identity.touch(session, kept)
    following.follow_owner(session, _moved_listings(done))
    _record(session, actor, "unmerge", done, at=at)
    told, kind = _concerned(session, kept, merged), "organisation.unmerged"
    _tell(session, told, (kind, kind), done, at=at)


@dataclass(frozen=True, slots=True)
class _Concerned:
    """Who is told: members of both with their curators, and partners of the merged one."""

    own: Sequence[User]
    partners: Sequence[User]


def _concerned(session: Session, kept: Organisation, merged: Organisation) -> _Concerned:
    members = belonging.people_of(session, (kept.id, merged.id), list(MemberRole))
    curators = [
        curator
        for province in sorted({kept.province, merged.province})
        for curator in accounts.curators_of(session, province)
    ]
    own = {user.id: user for users in (*members.values(), curators) for user in users}
    others = twins.partners_of(session, merged.id)
    met = belonging.people_of(session, others, MemberRole.WRITERS)
    partners = {user.id: user for users in met.values() for user in users}
    return _Concerned(
        list(own.values()), [user for id_, user in partners.items() if id_ not in own]
    )


def _tell(
    session: Session,
    told: _Concerned,
    kinds: tuple[str, str],
    done: OrganisationMerge,
    *,
    at: datetime,
    **params: Any,
) -> None:
    """Tell them, members and partners in a kind of message each; `params` are for members."""
    for users, one in zip((told.own, told.partners), kinds, strict=True):
        for user in users:
            names: dict[str, Any] = {
                "organisation": done.kept.name_for(user.language),
                "merged": done.merged.name_for(user.language),
            }
            extra = params if users is told.own else {}
            notices.notify(session, [user], one, "/home", **names, **extra, at=at)


def _record(
    session: Session, actor: Actor, verb: str, done: OrganisationMerge, *, at: datetime
) -> None:
    """Record the act on both: processes that hold the search index hear of it by this."""
    session.flush()
    number = len(_moved_listings(done))
    audit.record_all(
        session,
        [
            audit.Event(
                actor,
                f"organisation.{verb}",
                "organisation",
                one,
                {"kept": done.kept_id, "merged": done.merged_id, "listings": number},
                at,
            )
            for one in done.organisation_ids
        ],
    )


def _moved_listings(done: OrganisationMerge) -> Sequence[int]:
    ids: Sequence[int] = done.moved.get(Listing.__tablename__, ())
    return ids


def _move(session: Session, line: Belonging, source: int, target: int) -> list[int]:
    """Move rows from one organisation to another; return which."""
    query = select(line.key).where(line.owner == source).order_by(line.key)
    if line.only is not None:
        query = query.where(line.only(line.owner.class_))
    if line.once:
        twin = aliased(line.owner.class_)
        same = [getattr(twin, column.key) == column for column in line.once]
        if line.only is not None:
            same.append(line.only(twin))
        query = query.where(~exists().where(getattr(twin, line.owner.key) == target, *same))
    ids = list(session.scalars(query))
    for some in chunks(ids):
        _set_owner(session, line, target, line.owner == source, line.key.in_(some))
    return ids


def _restore(session: Session, done: OrganisationMerge) -> None:
    """Move back what moved, and what hangs on the listings that moved back."""
    kept, merged = done.kept_id, done.merged_id
    here = select(Listing.id).where(Listing.organisation_id == merged)
    for line in MOVING:
        for some in chunks(done.moved.get(line.name, [])):
            _set_owner(session, line, merged, line.owner == kept, line.key.in_(some))
        if line.hangs_on is not None:
            _set_owner(session, line, merged, line.owner == kept, line.hangs_on(here))
    for number, (before, after) in done.moved.get(ROLES, {}).items():
        session.execute(
            update(Membership)
            .where(Membership.id == int(number), Membership.role == after)
            .values(role=before)
            .execution_options(synchronize_session=False)
        )
    _point(session, done.moved.get(PARTIES, ()), kept, merged)
    for number, name in done.moved.get(FACILITY_NAMES, {}).items():
        session.execute(update(Facility).where(Facility.id == int(number)).values(name=name))


def _set_owner(
    session: Session, line: Belonging, owner: int, *conditions: ColumnElement[bool]
) -> None:
    session.execute(
        update(line.owner.class_)
        .where(*conditions)
        .values({line.owner.key: owner})
        .execution_options(synchronize_session=False)
    )


def _give_higher_roles(
    session: Session, kept: Organisation, merged: Organisation
) -> dict[str, list[str]]:
    """Who belongs to both has the higher role of the two in the kept one.

    Return number of the membership → the role that stood, and the one that stands now.
    """
    held = {one.user_id: one.role for one in belonging.lock_members(session, merged.id)}
    changed = {}
    for one in belonging.lock_members(session, kept.id):
        higher = rules.higher_role(one.role, held.get(one.user_id, one.role))
        if higher != one.role:
            changed[str(one.id)] = [one.role, higher]
            one.role = higher
    session.flush()
    return changed


def _tell_facilities_apart(
    session: Session, kept: Organisation, merged: Organisation
) -> dict[str, str]:
    """Rename facilities of the merged one that are called as one of the kept one's.

    Return number → the name that stood.
    """
    names = {one.name for one in agreements.facilities(session, kept.id)}
    stood = {}
    for one in agreements.facilities(session, merged.id):
        if one.name in names:
            stood[str(one.id)] = one.name
            owner = merged.name_for("zh")[:LONGEST_OWNER]
            one.name = f"{one.name[:LONGEST_FACILITY]} · {owner}"
    session.flush()
    return stood


def _naming(session: Session, organisation_id: int) -> list[int]:
    """Return the versions of agreements whose parties name the organisation."""
    words = cast(AgreementVersion.content, String)
    found = session.execute(
        select(AgreementVersion.id, AgreementVersion.content).where(
            words.contains(f'"organisation_id": {organisation_id}')
        )
    ).tuples()
    return [
        one
        for one, content in found
        if organisation_id in Terms.from_json(content).organisation_ids
    ]


def _point(session: Session, ids: Sequence[int], source: int, target: int) -> list[int]:
    """Let parties of agreements mean another organisation. Their words stay as they are."""
    for one in session.scalars(select(AgreementVersion).where(AgreementVersion.id.in_(ids))):
        parties = [
            {**party, "organisation_id": target}
            if party.get("organisation_id") == source
            else party
            for party in one.content.get("parties", ())
        ]
        one.content = {**one.content, "parties": parties}
    return list(ids)
