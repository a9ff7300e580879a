"""Decisions about imports, over plain facts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from matchmaker.engine import detect_language
from matchmaker.imports.resources import PREFIX
from matchmaker.imports.rows import FIELDS
from matchmaker.imports.states import ImportStatus, RowFault
from matchmaker.listings.rules import Content
from matchmaker.listings.states import ListingStatus
from matchmaker.tables.finding import Column, Table
from matchmaker.tables.headings import Field, plain

MOST_ROWS = 10_000
UNDO_WITHIN = timedelta(days=1)
KEPT = timedelta(days=30)  # rows hold names and numbers of people: they are kept no longer
# What the templates' example is called where it is to have an id. It is no listing.
EXAMPLE = "示例 · example · ejemplo"
_MOST_READ = 40_000  # characters of a text that tell its language
_TEXTS = ("title", "summary", "description")
_TUPLES = frozenset(one.name for one in fields(Content) if isinstance(one.default, tuple))


def table_of(sheet: Mapping[str, Any]) -> Table:
    """Return a sheet as it is kept as a table without rows."""
    columns = [
        Column(place, heading, Field(name) if name else None, by_content)
        for place, heading, name, by_content in sheet["columns"]
    ]
    left_out, replaced = sheet["left_out"], sheet["replaced"]
    return Table(sheet["name"], sheet["heading_row"], columns, (), left_out, replaced)


def column_of(column: Column, kind: str) -> list[Any]:
    """Return a column as it is kept; one that no listing of the kind has is not used."""
    held = column.field if column.field in (*FIELDS[kind], Field.NUMBER) else None
    held = None if held is Field.NUMBER else held
    return [column.place, column.heading, held, column.by_content and held is not None]


def signature(columns: Sequence[Sequence[Any]]) -> str:
    """Return what an office's form is known again by: its headings, each in its place."""
    headings = "\n".join(f"{place} {plain(heading)}" for place, heading, *_ in columns)
    return hashlib.sha256(headings.encode()).hexdigest()


def has_title(sheets: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether each sheet has a column of titles."""
    return all(any(name == Field.TITLE for _, _, name, _ in one["columns"]) for one in sheets)


def content_with(content: Content, told: Mapping[str, Any]) -> Content:
    """Return a content with the fields that a row fills. An open language is told by the text."""
    own = {name.removeprefix(PREFIX): said for name, said in told.items() if _is_own(name)}
    details = {code: said for code, said in (content.details | own).items() if said}
    others = {name: said for name, said in told.items() if not _is_own(name)}
    changed = replace(content, **others, details=details)
    if not changed.language:
        text = " ".join(getattr(changed, name) for name in _TEXTS)
        changed = replace(changed, language=detect_language(text[:_MOST_READ]))
    return changed


def _is_own(name: str) -> bool:
    """Tell whether a field is of one resource alone."""
    return name.startswith(PREFIX)


def as_kept(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as JSON has them."""
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in told.items()
    }


def as_told(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept fields as a content has them."""
    return {
        name: date.fromisoformat(value)
        if name == "deadline" and value
        else tuple(value)
        if name in _TUPLES
        else value
        for name, value in kept.items()
    }


def some_of(content: Content, names: Sequence[str]) -> dict[str, Any]:
    """Return some fields of a content as JSON has them; codes in one order."""
    return as_kept(
        {
            name: content.details.get(name.removeprefix(PREFIX))
            if _is_own(name)
            else getattr(content, name)
            for name in names
        }
    )


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the fields that a row says otherwise than before."""
    return [name for name, value in after.items() if _plain(before.get(name)) != _plain(value)]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(map(str, value)) or None
    return None if value == "" else value


def fault_of(
    status: str, current: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> RowFault | None:
    """Return why a row may not change the listing that was made of it, or None.

    `before` is what an earlier import told, `current` what the listing says now in these fields.
    """
    if status in (ListingStatus.CLOSED,):
        return RowFault.CLOSED
    if status == ListingStatus.IN_REVIEW:
        return RowFault.UNDER_REVIEW
    if status not in ListingStatus.WITH_AUTHOR:
        return RowFault.PUBLISHED
    changed = differing(before, after)
    edited = differing(current, {name: before.get(name) for name in changed})
    return RowFault.EDITED_HERE if edited else None


def may_undo(status: str, finished_at: datetime | None, at: datetime) -> bool:
    """Tell whether what an import made may still be taken back."""
    return (
        status == ImportStatus.DONE and finished_at is not None and at - finished_at <= UNDO_WITHIN
    )
