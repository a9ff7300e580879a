"""A listing as a row of a table: what its reader may see of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from matchmaker import codelists, regions
from matchmaker.listings.resources import all_details
from matchmaker.listings.tiers import ReadableListing
from matchmaker.pages.account.forms import LANGUAGE_NAMES
from matchmaker.web.i18n import reader_language

# What each column is called. Programs that read .jsonl get the names at the left, and codes.
COLUMNS: Mapping[str, Any] = {
    "id": _l("Id"),
    "kind": _l("Kind"),
    "resource": _l("What it is"),
    "standing": _l("State"),
    "title": _l("Title"),
    "summary": _l("Summary"),
    "description": _l("Description"),
    "must_haves": _l("Must have"),
    "nice_to_haves": _l("Nice to have"),
    "language": _l("Language of the text"),
    "sectors": _l("Sectors"),
    "tasks": _l("Key tasks"),
    "goal": _l("Goal"),
    "modes": _l("Ways to cooperate"),
    "province": _l("Province"),
    "deadline": _l("Deadline"),
    "trl": _l("Readiness (TRL)"),
    "trl_high": _l("Readiness level, up to"),
    "budget_min": _l("Budget from"),
    "budget_max": _l("Budget up to"),
    "fund_source": _l("Source of funds"),
    "evidence": _l("Evidence"),
    "references": _l("Patents, papers and standards"),
    "deployments": _l("Where it is in use"),
    "ip_status": _l("Intellectual property"),
    "licences": _l("Licensing options"),
    "talent_kind": _l("People"),
    "talent_number": _l("How many people"),
    "talent_months": _l("Months of work"),
    "seats": _l("Places for trainees"),
    "details": _l("Details"),
    "organisation": _l("Organisation"),
    "address": _l("Page"),
}
_LISTS = {
    "kind": "listing_kind",
    "resource": "resource",
    "standing": "listing_status",
    "sectors": "sector",
    "goal": "goal",
    "modes": "mode",
    "fund_source": "fund_source",
    "ip_status": "ip_status",
    "licences": "licence_type",
    "talent_kind": "talent_kind",
}


def plain(shown: ReadableListing) -> dict[str, Any]:
    """Return the columns that a reader may see and that say something, as JSON has them."""
    found: dict[str, Any] = {}
    for name in COLUMNS:
        value = getattr(shown, name, None)
        if value is None and shown.members is not None:
            value = getattr(shown.members, name, None)
        if isinstance(value, date):
            value = value.isoformat()
        if isinstance(value, tuple):
            value = [getattr(one, "code", one) for one in value]
        if value not in (None, "", [], {}):
            found[name] = value
    owner = shown.owner
    found["organisation"] = owner.name_zh if reader_language() == "zh" else owner.name_other
    found["address"] = url_for("listings.show", listing_id=shown.id, _external=True)
    return found


def said(shown: ReadableListing) -> list[object]:
    """Return a cell for each column, with labels in the reader's language in place of codes."""
    row = plain(shown)
    return [_cell(name, row.get(name)) for name in COLUMNS]


def _cell(name: str, value: Any) -> object:
    language = reader_language()
    if value is None:
        return ""
    if name == "province":
        return regions.region_name(value, language)
    if name == "language":
        return LANGUAGE_NAMES[value]
    if name == "details":
        return "\n".join(
            gettext(
                "%(name)s: %(value)s",
                name=one.labels[language],
                value=one.said(value[one.code], language),
            )
            for one in all_details()
            if one.code in value
        )
    if isinstance(value, list):
        texts = (
            [codelists.label(_LISTS[name], one, language) for one in value]
            if (name in _LISTS)
            else value
        )
        return "\n".join(texts)
    return codelists.label(_LISTS[name], value, language) if name in _LISTS else value
