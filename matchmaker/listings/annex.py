"""Files of the confidential annex. As with its text, a promise of silence is for one version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import Conflict, Refusal, Refused
from matchmaker.files import service as files
from matchmaker.files.models import StoredFile
from matchmaker.files.service import Received
from matchmaker.files.states import Purpose
from matchmaker.listings.models import Listing
from matchmaker.permissions import Actor


def add_files(
    session: Session,
    actor: Actor,
    listing: Listing,
    received: Sequence[Received],
    *,
    at: datetime | None = None,
) -> None:
    """Add files to the annex, within the quota of its organisation.

    An earlier promise of confidentiality does not open it: it has to be given again. Raises
    Refused without a file.
    """
    at = moment(at)
    if not received:
        raise Refused(Refusal.NO_FILE)
    kept = files.keep(
        session, actor, listing.organisation_id, received, purpose=Purpose.ANNEX, at=at
    )
    listing.annex_files.extend(kept)
    _change(session, actor, listing, "add_annex_files", [one.id for one in kept], at=at)


def remove_file(
    session: Session,
    actor: Actor,
    listing: Listing,
    file: StoredFile,
    *,
    at: datetime | None = None,
) -> None:
    """Take a file out of the annex and delete it; the record of it stays."""
    at = moment(at)
    listing.annex_files.remove(file)
    files.delete(session, actor, file, at=at)
    _change(session, actor, listing, "remove_annex_file", [file.id], at=at)


def _change(
    session: Session,
    actor: Actor,
    listing: Listing,
    action: str,
    file_ids: Sequence[int],
    *,
    at: datetime,
) -> None:
    listing_id = listing.id
    listing.annex_version += 1
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("listing", listing_id) from error
    audit.record(session, actor, f"listing.{action}", "listing", listing_id, files=file_ids, at=at)
