"""The directory of verified organisations."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import Select

from matchmaker import codelists, regions
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.replies import Replies
from matchmaker.db import db
from matchmaker.organisations import queries
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import NO_SIDES
from matchmaker.pages.account.forms import province_names
from matchmaker.pages.shared.requests import one_page, searched
from matchmaker.search import directory
from matchmaker.search.directory import DirectoryFilters
from matchmaker.web.guards import guard, page_number
from matchmaker.web.i18n import reader_language
from matchmaker.web.paging import PAGE_SIZE, Page, within

blueprint = Blueprint("directory", __name__)

SIDES = ("beneficiary", "partner")


@blueprint.get("/organisations")
@guard("organisation.browse")
def index() -> str:
    session, zones = db.session(), directory.zones(db.session())
    filters = read_filters(request.args, zones)
    query = directory.directory(filters, g.get("sides", NO_SIDES), reader_language())
    if filters.order == "replies":
        page, replies = _by_replies(query)
    else:
        page = one_page(query)
        replies = cooperation.replies_by_organisation(session, [one.id for one in page.items])
    ids = [one.id for one in page.items]
    return render_template(
        "organisation/directory.html",
        filters=filters,
        page=page,
        zones=zones,
        options=_options(zones),
        replies=replies,
        listings=directory.listings_of(session, ids),
    )


def _options(zones: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Filter → its values with their texts."""
    language = reader_language()
    lists = ("organisation_type", "sector", "listing_kind", "organisation_order")
    return {
        **{
            name: [(code, codelists.label(name, code, language)) for code in codelists.codes(name)]
            for name in lists
        },
        "side": [(code, codelists.label("side", code, language)) for code in SIDES],
        "province": list(province_names().items()),
        "zone": [(zone, zone) for zone in zones],
    }


def _by_replies(query: Select[tuple[Organisation]]) -> tuple[Page[Any], Mapping[int, Replies]]:
    """Order by the rate of replies: who was asked too rarely to tell comes last, by name."""
    session = db.session()
    ids = list(session.scalars(query.with_only_columns(Organisation.id)))
    replies = cooperation.replies_by_organisation(session, ids)
    ids.sort(key=lambda one: -replies[one].percent if one in replies else 1)
    number = within(page_number(), len(ids))
    shown = ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    found = queries.by_ids(session, shown)
    return Page([found[one] for one in shown], len(ids), number), replies


def read_filters(args: Mapping[str, str], zones: Sequence[str]) -> DirectoryFilters:
    """Read the filters of an address; an unknown value counts as none."""

    def one_of(name: str, known: Container[str], usual: str = "") -> str:
        value = args.get(name, "")
        return value if value in known else usual

    return DirectoryFilters(
        q=searched("q"),
        type=one_of("type", codelists.codes("organisation_type")),
        side=one_of("side", SIDES),
        province=one_of("province", regions.all_regions()),
        zone=one_of("zone", zones),
        sector=one_of("sector", codelists.codes("sector")),
        posts=one_of("posts", codelists.codes("listing_kind")),
        order=one_of("order", codelists.codes("organisation_order"), "name"),
    )
