"""What pages read of a request."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request
from sqlalchemy import Select

from matchmaker.db import db
from matchmaker.web.guards import page_number
from matchmaker.web.paging import PAGE_SIZE, Page, paginate

MISSING = -1  # a version that no row has


def version_sent() -> int:
    """Return the version that the sent form was made from, or MISSING."""
    return request.form.get("version", MISSING, type=int)


def version_to_send(current: int | None) -> int | None:
    """Return the version for a form: the one it came back with, else the current one."""
    return request.form.get("version", current, type=int)


def whole_number(text: str | None) -> int | None:
    """Return the number that a text spells in at most nine digits, else None."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def day(text: str | None) -> date | None:
    """Return the day that a text spells as 2026-11-23, else None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def searched(name: str) -> str:
    """Return the text that the address asks for by ``?name=``, cut to a length that a name has."""
    return request.args.get(name, "").replace("\x00", "").strip()[:200]


def one_page(query: Select[Any], size: int = PAGE_SIZE) -> Page[Any]:
    """Return the page of a list that the address asks for by ``?page=``."""
    return paginate(db.session(), query, page_number(), size)
