"""Decisions about personal data, over plain facts."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

# Reserved by RFC 2606: no mail is ever sent there.
NOWHERE = "erased.invalid"


def pseudonym(user_id: int) -> str:
    """Return what stands in the place of the name of somebody whose account was erased."""
    return f"#{user_id}"


def empty_address(user_id: int) -> str:
    """Return what stands in the place of that person's e-mail address."""
    return f"{user_id}@{NOWHERE}"


def archive(held: Mapping[str, Any]) -> bytes:
    """Return a zip with one JSON file for each place where something is kept."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name, rows in held.items():
            text = json.dumps(rows, ensure_ascii=False, indent=2, default=_as_text)
            file.writestr(f"{name}.json", text)
    return packed.getvalue()


def _as_text(value: object) -> str:
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    raise TypeError(type(value).__name__)
