"""What somebody keeps for themselves: listings, watched or not, and searches."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.listings import bookmarks, kept, queries
from matchmaker.listings.models import Bookmark
from matchmaker.listings.rules import Subject
from matchmaker.pages.listings.filters import read_filters
from matchmaker.pages.listings.views import facet_labels
from matchmaker.pages.shared.requests import one_page
from matchmaker.search import queries as searches
from matchmaker.search import saved
from matchmaker.search.browsing import FACETS, Filters
from matchmaker.search.jobs import address
from matchmaker.search.models import SavedSearch
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.resume import local_path
from matchmaker.web.session import current_actor

blueprint = Blueprint("kept", __name__)


@blueprint.get("/account/kept")
@guard("kept.read")
def index() -> str:
    actor = current_actor()
    held = searches.saved_by(db.session(), actor.user_id)
    return render_template(
        "listings/kept.html",
        page=one_page(kept.kept_by(actor.user_id)),
        searches=[(one, address(saved.filters_of(one))) for one in held],
    )


@blueprint.post("/listings/<int:listing_id>/bookmark")
@guard("listing.bookmark", load=queries.subject)
def keep(subject: Subject) -> ResponseReturnValue:
    """Keep a listing; with `watch` in the form, be told of its changes too."""
    watch = request.form.get("watch") == "yes"
    bookmarks.keep(db.session(), current_actor(), subject.listing, watch=watch)
    jobs.commit()
    return _back(url_for("listings.show", listing_id=subject.listing.id))


@blueprint.post("/account/kept/<int:bookmark_id>/remove")
@guard("kept.change", load=kept.bookmark)
def remove(bookmark: Bookmark) -> ResponseReturnValue:
    bookmarks.remove(db.session(), current_actor(), bookmark)
    jobs.commit()
    return _back(url_for("listings.kept.index"))


@blueprint.post("/account/searches")
@guard("search.save")
def save_search() -> ResponseReturnValue:
    """Save the search of the results page that the form stands on."""
    filters = read_filters(request.form, tuple(queries.task_titles(db.session())))
    saved.save(db.session(), current_actor(), filters, described(filters))
    jobs.commit()
    flash(gettext("Saved. Each morning we tell you about new listings that fit."))
    return redirect(address(filters), code=303)


@blueprint.post("/account/searches/<int:saved_id>/delete")
@guard("kept.change", load=searches.saved)
def delete_search(search: SavedSearch) -> ResponseReturnValue:
    saved.delete(db.session(), current_actor(), search)
    jobs.commit()
    flash(gettext("Deleted."))
    return redirect_to("listings.kept.index")


def described(filters: Filters) -> str:
    """What a search looks for, in the reader's language."""
    labels = facet_labels(queries.task_titles(db.session()))
    chosen = [labels[facet][code] for facet in FACETS for code in filters.of(facet)]
    return " · ".join([filters.q] * bool(filters.q) + chosen) or str(gettext("All listings"))


def _back(otherwise: str) -> ResponseReturnValue:
    return redirect(local_path(request.form.get("next")) or otherwise, code=303)
