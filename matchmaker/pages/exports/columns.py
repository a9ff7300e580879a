"""A listing as a row of a table: what its reader may see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from matchmaker import codelists, regions
from matchmaker.details import Detail, DetailKind
from matchmaker.imports.resources import DETAILS, OWNER
from matchmaker.listings.resources import resource
from matchmaker.listings.tiers import ReadableListing
from matchmaker.pages.account.forms import LANGUAGE_NAMES
from matchmaker.pages.shared.detail_fields import detail_heading
from matchmaker.tables.headings import Field
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
    "talent_kind": _l("People wanted or available"),
    "talent_number": _l("How many people"),
    "talent_months": _l("Months of work"),
    "seats": _l("Places for trainees"),
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
    own = shown.members.details if shown.members is not None else {}
    codes = [one.code for one in resource(shown.resource).details if own.get(one.code)]
    if codes:
        found["details"] = {code: own[code] for code in codes}
    owner = shown.owner
    found["organisation"] = owner.name_zh if reader_language() == "zh" else owner.name_other
    found["address"] = url_for("listings.show", listing_id=shown.id, _external=True)
    return found


def own_fields(listings: Sequence[ReadableListing]) -> list[Field]:
    """Return the fields that the resources of some listings alone have: a column each."""
    present = {one.resource for one in listings if one.members is not None}
    return [field for field, owner in OWNER.items() if owner in present]


def head(own: Sequence[Field]) -> list[object]:
    """Return the headings of a table with these fields of resources."""
    return [*(str(label) for label in COLUMNS.values()), *map(detail_heading, own)]


def said(shown: ReadableListing, own: Sequence[Field]) -> list[object]:
    """Return a cell for each column, with labels in the reader's language in place of codes."""
    row = plain(shown)
    details = row.get("details", {})
    return [
        *(_cell(name, row.get(name)) for name in COLUMNS),
        *(_detail_cell(DETAILS[field], details.get(DETAILS[field].code)) for field in own),
    ]


def _detail_cell(detail: Detail, value: Any) -> str:
    """Say a value without its unit, which the heading has."""
    if not value:
        return ""
    return str(value) if detail.kind == DetailKind.NUMBER else detail.said(value, reader_language())


def _cell(name: str, value: Any) -> object:
    language = reader_language()
    if value is None:
        return ""
    if name == "province":
        return regions.region_name(value, language)
    if name == "language":
        return LANGUAGE_NAMES[value]
    if isinstance(value, list):
        texts = (
            [codelists.label(_LISTS[name], one, language) for one in value]
            if (name in _LISTS)
            else value
        )
        return "\n".join(texts)
    return codelists.label(_LISTS[name], value, language) if name in _LISTS else value
