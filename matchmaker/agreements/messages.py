"""Notices about agreements. Readers see organisations' names in their own language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.agreements.models import Agreement, Milestone, Slot
from matchmaker.notices import service as notices
from matchmaker.organisations.belonging import writers
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import by_ids
from matchmaker.permissions import Actor


def tell_sent(
    session: Session, agreement: Agreement, actor: Actor, asked: Iterable[int], *, at: datetime
) -> None:
    """Ask everybody whose consent is needed, but for who sent it."""
    _tell(session, agreement, asked, actor, "agreement.sent", at=at)


def tell_sent_back(session: Session, agreement: Agreement, actor: Actor, *, at: datetime) -> None:
    _tell(session, agreement, agreement.organisation_ids, actor, "agreement.sent_back", at=at)


def tell_in_force(session: Session, agreement: Agreement, actor: Actor, *, at: datetime) -> None:
    _tell(session, agreement, agreement.organisation_ids, actor, "agreement.in_force", at=at)


def tell_ended(session: Session, agreement: Agreement, actor: Actor, *, at: datetime) -> None:
    _tell(
        session,
        agreement,
        agreement.organisation_ids,
        actor,
        "agreement.ended",
        agreement_end_reason=agreement.end_reason,
        at=at,
    )


def tell_overdue(session: Session, milestone: Milestone, *, at: datetime) -> None:
    """Tell both sides of a milestone whose day is over."""
    agreement = milestone.agreement
    for organisation_id in agreement.side_ids:
        notices.notify(
            session,
            writers(session, organisation_id),
            "agreement.overdue",
            _path(agreement),
            title=title(agreement),
            until=milestone.due_on.isoformat(),
            concerning=organisation_id,
            at=at,
        )


def tell_booked(
    session: Session, agreement: Agreement, actor: Actor, slot: Slot, *, at: datetime
) -> None:
    """Tell who owns the facility that a slot is taken."""
    owner = agreement.facility.organisation_id if agreement.facility else 0
    _tell(
        session,
        agreement,
        [owner],
        actor,
        "agreement.booked",
        time=slot.begins_at.isoformat(),
        at=at,
    )


def title(agreement: Agreement) -> str:
    """The name that the sides gave it; nothing where only the kind can name it."""
    shown = agreement.shown
    return str(shown.terms.values.get("subject") or "") if shown else ""


def _tell(
    session: Session,
    agreement: Agreement,
    organisation_ids: Iterable[int],
    actor: Actor,
    kind: str,
    *,
    at: datetime,
    **params: str,
) -> None:
    acting = _acting(session, actor)
    for organisation_id in sorted(set(organisation_ids) - {actor.organisation_id}):
        for user in writers(session, organisation_id):
            name = acting.name_for(user.language) if acting else ""
            notices.notify(
                session,
                [user],
                kind,
                _path(agreement),
                organisation=name,
                title=title(agreement),
                **params,
                concerning=organisation_id,
                at=at,
            )


def _acting(session: Session, actor: Actor) -> Organisation | None:
    return by_ids(session, [actor.organisation_id or 0]).get(actor.organisation_id or 0)


def _path(agreement: Agreement) -> str:
    return f"/agreements/{agreement.id}"
