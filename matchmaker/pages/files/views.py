"""The one way to the bytes of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from matchmaker.files import queries
from matchmaker.files.rules import media_type, place
from matchmaker.pages.files.hanging import Annex, Attached, attached
from matchmaker.pages.shared.watching import Look, note_look
from matchmaker.services import services
from matchmaker.web.guards import guard

blueprint = Blueprint("files", __name__)

AT_ONCE = 2**16


def load(session: Session, file_id: int) -> Attached | None:
    file = queries.file(session, file_id)
    return attached(session, [file])[0] if file else None


@blueprint.get("/files/<int:file_id>")
@guard("file.read", load=load)
def download(one: Attached) -> ResponseReturnValue:
    """Send the bytes to be saved: no browser is to show them as a page of this site."""
    file = one.file
    path = place(services().settings.home_path, file.key)
    if not path.is_file():
        abort(404)
    if isinstance(annex := one.subject, Annex):
        note_look(Look.ANNEX, annex.organisation_id, file=file.id, annex_of=annex.listing.id)
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
