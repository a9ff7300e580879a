"""What a reader may see, as files: own listings, results of a search, feeds, deadlines."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from matchmaker.db import db, now
from matchmaker.listings import queries, rules
from matchmaker.listings.rules import ReadableListing
from matchmaker.pages.exports import columns, feeds
from matchmaker.pages.listings.forms import read_filters
from matchmaker.pages.listings.kept import described
from matchmaker.pages.listings.shown import searching
from matchmaker.pages.shared.downloads import attachment, csv_file, jsonl_file, xlsx_file
from matchmaker.search.browsing import Filters, first_found, tiers_of
from matchmaker.search.jobs import address
from matchmaker.web.guards import guard
from matchmaker.web.session import current_actor

blueprint = Blueprint("exports", __name__)

MOST = 1000  # rows of a search that are taken along
NEWEST = 50  # entries of a feed


@blueprint.get("/our/listings.<any(xlsx, csv, jsonl):suffix>")
@guard("listing.mine")
def own(suffix: str) -> Response:
    """Everything that the organisation has written, but for confidential annexes."""
    found = queries.mine_whole(db.session(), current_actor())
    return _file("listings", suffix, [rules.project(one, "members") for one in found])


@blueprint.get("/listings.<any(xlsx, csv, jsonl):suffix>")
@guard("search.download")
def found(suffix: str) -> Response:
    """The first thousand results of a search, as far as the reader may read them."""
    return _file("search", suffix, _found(_filters(), MOST))


@blueprint.get("/listings.atom")
@guard("listing.browse")
def feed() -> Response:
    """The newest results of a search or of a key task. A feed reader is a visitor."""
    filters = Filters(_filters().chosen, _filters().q, "newest")
    page = url_for("home.front", _external=True).rstrip("/") + address(filters)
    data = feeds.atom(described(filters), page, _found(filters, NEWEST), now())
    return Response(data, mimetype="application/atom+xml")


@blueprint.get("/account/deadlines.ics")
@guard("kept.read")
def deadlines() -> Response:
    """The last days of what one keeps and of what one's organisation shows."""
    actor, session = current_actor(), db.session()
    near = [
        feeds.Deadline(
            one.id, one.deadline, gettext("Last day: %(title)s", title=one.approved_title)
        )
        for one in queries.with_deadline(session, actor)
        if one.deadline is not None
    ]
    data = feeds.calendar(near, request.host, now())
    return Response(data, mimetype="text/calendar", headers=attachment("deadlines.ics"))


def _filters() -> Filters:
    return read_filters(request.args, tuple(queries.task_titles(db.session())))


def _found(filters: Filters, most: int) -> list[ReadableListing]:
    actor = current_actor()
    tier = tiers_of(actor)[-1]
    listings = first_found(db.session(), actor, filters, searching(), most)
    return [rules.project(one, tier) for one in listings]


def _file(name: str, suffix: str, listings: Sequence[ReadableListing]) -> Response:
    if suffix == "jsonl":
        rows = (json.dumps(columns.plain(one), ensure_ascii=False) for one in listings)
        return jsonl_file(name, rows)
    head = [str(label) for label in columns.COLUMNS.values()]
    make = csv_file if suffix == "csv" else xlsx_file
    return make(name, head, map(columns.said, listings))
