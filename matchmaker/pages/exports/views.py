"""What a reader may see, as files: own listings, results of a search, feeds, deadlines."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import force_locale, gettext

from matchmaker.accounts import queries as accounts
from matchmaker.accounts.feeds import hash_token
from matchmaker.cooperation import queries as cooperation
from matchmaker.db import db, now
from matchmaker.listings import ours, queries, tiers
from matchmaker.listings.tiers import ReadableListing
from matchmaker.organisations.acting import person
from matchmaker.pages.exports import columns, feeds
from matchmaker.pages.listings.filters import read_filters
from matchmaker.pages.listings.kept import described
from matchmaker.pages.listings.shown import searching
from matchmaker.pages.shared.downloads import attachment, csv_file, jsonl_file, xlsx_file
from matchmaker.permissions import Actor
from matchmaker.search import queries as searches
from matchmaker.search.browsing import Filters, first_found, tiers_of
from matchmaker.search.jobs import address
from matchmaker.web.guards import guard
from matchmaker.web.i18n import LOCALES
from matchmaker.web.session import current_actor

blueprint = Blueprint("exports", __name__)

MOST = 1000  # rows of a search that are taken along
NEWEST = 50  # entries of a feed
NO_STORE = {"Cache-Control": "no-store"}


@blueprint.get("/our/listings.<any(xlsx, csv, jsonl):suffix>")
@guard("listing.mine")
def own(suffix: str) -> Response:
    """Everything that the organisation has written, but for confidential annexes."""
    found = ours.mine_whole(db.session(), current_actor())
    return _file("listings", suffix, [tiers.project(one, "members") for one in found])


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
    """The last days of what one keeps and of what one's organisation shows, and of matches."""
    data = _calendar([current_actor()])
    return Response(data, mimetype="text/calendar", headers=attachment("deadlines.ics"))


def _calendar(actors: Sequence[Actor]) -> bytes:
    """The days of all organisations that somebody acts for, each once."""
    near = {one.name: one for actor in actors for one in _near(actor)}
    return feeds.calendar(list(near.values()), request.host, now())


def _near(actor: Actor) -> list[feeds.Deadline]:
    session = db.session()
    near = [
        feeds.Deadline(
            f"deadline-{one.id}",
            one.deadline,
            gettext("Last day: %(title)s", title=one.approved_title),
            url_for("listings.show", listing_id=one.id, _external=True),
        )
        for one in ours.with_deadline(session, actor)
        if one.deadline is not None
    ]
    if actor.organisation_id is not None:
        near += [
            feeds.Deadline(
                f"answer-{one.id}",
                one.expires_on,
                gettext("Answer due: %(title)s", title=one.need.approved_title),
                url_for("matches.show", match_id=one.id, _external=True),
            )
            for one in session.scalars(cooperation.waiting_for(actor))
        ]
    return near


@blueprint.get("/feeds/<token>/deadlines.ics")
@guard("feed.read")
def own_deadlines(token: str) -> Response:
    """The same for a program that knows a person's secret address."""
    readers = _readers(token)
    with force_locale(LOCALES[readers[0].language]):
        return Response(_calendar(readers), mimetype="text/calendar", headers=NO_STORE)


@blueprint.get("/feeds/<token>/searches/<int:saved_id>.atom")
@guard("feed.read")
def own_search(token: str, saved_id: int) -> Response:
    """The newest results of a search that somebody has saved, as far as they may see them."""
    reader = max(_readers(token), key=lambda one: one.organisation_verified)
    saved = searches.saved(db.session(), saved_id)
    if saved is None or saved.user_id != reader.user_id:
        abort(404)
    filters = Filters(saved.filters, saved.q, "newest")
    with force_locale(LOCALES[reader.language]):
        page = url_for("home.front", _external=True).rstrip("/") + address(filters)
        data = feeds.atom(saved.name, page, _found(filters, NEWEST, reader), now())
    return Response(data, mimetype="application/atom+xml", headers=NO_STORE)


def _readers(token: str) -> Sequence[Actor]:
    """Return whose secret address this is, for each of their organisations; 404 for any other."""
    session = db.session()
    user_id = accounts.reader_of_feed(session, hash_token(token))
    found = person(session, user_id) if user_id is not None else None
    return found.members or (found.alone,) if found else abort(404)


def _filters() -> Filters:
    return read_filters(request.args, tuple(queries.task_titles(db.session())))


def _found(filters: Filters, most: int, actor: Actor | None = None) -> list[ReadableListing]:
    actor = actor or current_actor()
    tier = tiers_of(actor)[-1]
    listings = first_found(db.session(), actor, filters, searching(), most)
    return [tiers.project(one, tier) for one in listings]


def _file(name: str, suffix: str, listings: Sequence[ReadableListing]) -> Response:
    if suffix == "jsonl":
        rows = (json.dumps(columns.plain(one), ensure_ascii=False) for one in listings)
        return jsonl_file(name, rows)
    own = columns.own_fields(listings)
    make = csv_file if suffix == "csv" else xlsx_file
    return make(name, columns.head(own), [columns.said(one, own) for one in listings])
