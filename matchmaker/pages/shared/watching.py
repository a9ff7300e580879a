"""What the guards of the site look up, and who looked at contacts: noted once a page is answered.

It is written in a transaction of its own, since most pages only read. A look at contacts is not
shown when it cannot be noted; of other events the log on standard error has each one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from matchmaker.audit import queries as audit_queries
from matchmaker.audit import service as audit
from matchmaker.db import CHINA, db, now, writing
from matchmaker.listings.tiers import ReadableListing
from matchmaker.permissions import Actor
from matchmaker.security import service
from matchmaker.security.service import Seen
from matchmaker.security.states import SecurityKind
from matchmaker.web.session import current_actor

log = structlog.get_logger("security")
TOO_MANY = 429


# What looks are recorded about: not the organisation, whose history others read.
SUBJECT = "contacts"


class Look(StrEnum):
    """What of an organisation only some may see, as an action of the audit log."""

    CONTACTS = "contacts.see"
    ANNEX = "contacts.see_annex"


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody saw what only some may see. `detail`: where they saw it."""

    actor: Actor
    look: Look
    organisation_id: int
    detail: dict[str, Any]


def note(kind: SecurityKind, *, account: str = "", **detail: Any) -> None:
    """Note an event: of the account that was typed, else of the person signed in."""
    actor = current_actor()
    name = account or actor.name
    seen = Seen(kind, actor.user_id, name, request.remote_addr or "", detail)
    g.setdefault("seen", []).append(seen)


def note_look(look: Look, organisation_id: int, **detail: Any) -> None:
    """Note that the reader sees contacts or an annex of another organisation, once a day."""
    actor = current_actor()
    if organisation_id != actor.organisation_id:
        g.setdefault("looked", []).append(Looked(actor, look, organisation_id, detail))


def note_looks(organisation_id: int, shown: ReadableListing, **detail: Any) -> None:
    """Note what a page shows of a listing that only some may see."""
    if shown.contact:
        note_look(Look.CONTACTS, organisation_id, **detail)
    if shown.annex or shown.annex_files:
        note_look(Look.ANNEX, organisation_id, **detail)


def register(app: Flask) -> None:
    app.after_request(write)


def write(response: Response) -> Response:
    if response.status_code == TOO_MANY:
        note(SecurityKind.LIMITED, account=request.form.get("email", "").strip(), path=request.path)
    if (action := g.pop("refused", None)) and current_actor().signed_in:
        note(SecurityKind.REFUSED, action=action, path=request.path)
    looked, seen = g.pop("looked", []), g.pop("seen", [])
    if not looked and not seen:
        return response
    token = writing.set(True)
    try:
        db.session.rollback()
        _write_looks(looked, now())
        _write_events(seen)
    finally:
        writing.reset(token)
    return response


def _write_looks(looked: list[Looked], at: datetime) -> None:
    begin = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    for one in looked:
        subject = (SUBJECT, one.organisation_id)
        if not audit_queries.was_recorded(
            db.session(), one.actor, one.look, subject, since=begin, detail=one.detail
        ):
            detail = {"by": _by(one.actor), **one.detail}
            audit.record(db.session(), one.actor, one.look, *subject, at=at, **detail)
    db.session.commit()


def _by(actor: Actor) -> int | str | None:
    """Who looks, as the owner may know it: an organisation, else a curator or an administrator."""
    return actor.organisation_id or ("curator" if actor.is_curator else "administrator")


def _write_events(seen: list[Seen]) -> None:
    for one in seen:
        tell = log.warning if one.kind in SecurityKind.ALARMING else log.info
        tell(
            f"security.{one.kind}",
            account_id=one.account_id,
            account=one.account,
            address=one.address,
            **one.detail,
        )
    try:
        for one in seen:
            service.note(db.session(), one)
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
        log.warning("security.not_noted", exc_info=True)
