"""A listing as one row of a file: what its columns are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.engine import Listing

# Field of the engine's listing → column. A capability's or a need's kind is the file it stands in.
COLUMNS: Mapping[str, str] = {
    "id": "id",
    "language": "lang",
    "title": "title",
    "summary": "summary",
    "description": "description",
    "tags": "sectors",
    "must_haves": "must_haves",
    "modes": "cooperation_modes",
    "goal": "goal",
    "province": "province",
    "org_type": "org_type",
    "trl": "trl",
    "tasks": "task_id",
}


def to_row(listing: Listing) -> dict[str, Any]:
    """Return the listing's columns, without the empty ones."""
    values = {column: getattr(listing, field) for field, column in COLUMNS.items()}
    return {
        column: list(value) if isinstance(value, tuple) else value
        for column, value in values.items()
        if value not in (None, "", ())
    }
