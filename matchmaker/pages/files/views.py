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

from matchmaker.conversations.queries import match_of_file
from matchmaker.files import queries
from matchmaker.files.models import StoredFile
from matchmaker.files.rules import media_type, place
from matchmaker.files.states import Purpose
from matchmaker.organisations.queries import of_paper
from matchmaker.services import services
from matchmaker.web.guards import guard

blueprint = Blueprint("files", __name__)

AT_ONCE = 2**16

# What a file of each purpose hangs on: the action that opens it, and how the thing is found.
HANGS_ON: Mapping[str, tuple[str, Callable[[Session, int], Any]]] = {
    Purpose.MESSAGE: ("thread.read", match_of_file),
    Purpose.VERIFICATION: ("organisation.papers", of_paper),
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
