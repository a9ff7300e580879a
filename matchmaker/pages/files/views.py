"""The one way to the bytes of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from matchmaker.agreements.queries import agreement_of_file
from matchmaker.conversations.queries import match_of_file
from matchmaker.cooperation.queries import tier_facts
from matchmaker.files import queries
from matchmaker.files.models import StoredFile
from matchmaker.files.rules import media_type, place
from matchmaker.files.states import Purpose
from matchmaker.listings.queries import subject_of_file
from matchmaker.listings.tiers import tier_of
from matchmaker.organisations.claims import queries as claims
from matchmaker.organisations.queries import of_paper
from matchmaker.outcomes.queries import outcome_of_file
from matchmaker.pages.shared.watching import Look, note_look
from matchmaker.services import services
from matchmaker.web.guards import guard
from matchmaker.web.session import current_actor

blueprint = Blueprint("files", __name__)

AT_ONCE = 2**16


@dataclass(frozen=True, slots=True)
class Annex:
    """The confidential annex of a listing. `tier`: of the listing, that the reader may read."""

    listing_id: int
    organisation_id: int
    tier: str


def annex_of_file(session: Session, file_id: int) -> Annex | None:
    actor, subject = current_actor(), subject_of_file(session, file_id)
    if subject is None:
        return None
    facts = tier_facts(session, actor, subject.listing.id)
    tier = tier_of(actor, subject, matched=facts.matched, accepted=facts.accepted)
    return Annex(subject.listing.id, subject.organisation_id, tier)


# What a file of each purpose hangs on: the action that opens it, and how the thing is found.
HANGS_ON: Mapping[str, tuple[str, Callable[[Session, int], Any]]] = {
    Purpose.MESSAGE: ("thread.read", match_of_file),
    Purpose.ANNEX: ("annex.read", annex_of_file),
    Purpose.MILESTONE: ("agreement.read", agreement_of_file),
    Purpose.RESULT: ("outcome.read", outcome_of_file),
    Purpose.VERIFICATION: ("organisation.papers", of_paper),
    Purpose.CLAIM: ("claim.papers", claims.of_paper),
}


@dataclass(frozen=True, slots=True)
class Attached:
    """A file, and the thing that it hangs on with the action that opens both."""

    file: StoredFile
    action: str
    subject: Any


def load(session: Session, file_id: int) -> Attached | None:
    file = queries.file(session, file_id)
    if file is None:
        return None
    action, find = HANGS_ON[file.purpose]
    return Attached(file, action, find(session, file.id))


@blueprint.get("/files/<int:file_id>")
@guard("file.read", load=load)
def download(attached: Attached) -> ResponseReturnValue:
    """Send the bytes to be saved: no browser is to show them as a page of this site."""
    file = attached.file
    path = place(services().settings.home_path, file.key)
    if not path.is_file():
        abort(404)
    if isinstance(annex := attached.subject, Annex):
        note_look(Look.ANNEX, annex.organisation_id, file=file.id, annex_of=annex.listing_id)
    response = Response(_pieces(path), mimetype=media_type(file.type))
    response.content_length = file.size
    name = quote(file.name, safe="")  # RFC 8187: a header has no Chinese characters
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(AT_ONCE):
            yield piece
