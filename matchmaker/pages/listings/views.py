"""Lists of listings: of all, of one organisation, one's own; and the page of a listing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext

from matchmaker import codelists, regions
from matchmaker.cooperation import queries as cooperation
from matchmaker.db import db
from matchmaker.listings import concepts, ours, queries
from matchmaker.listings.rules import TRL_BANDS, Subject
from matchmaker.listings.tiers import tier_of
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.models import Organisation
from matchmaker.pages.account.forms import LANGUAGE_NAMES
from matchmaker.pages.listings.filters import read_filters
from matchmaker.pages.listings.shown import searching, show_context
from matchmaker.pages.partners.views import partners_of
from matchmaker.pages.shared.requests import one_page
from matchmaker.permissions import may
from matchmaker.search.browsing import FACETS, Filters, ListingPage
from matchmaker.search.browsing import browse as find
from matchmaker.search.similar import similar_to
from matchmaker.web.guards import guard, page_number
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor
from matchmaker.web.templating import with_query

OPEN_FACETS = ("kind", "resource", "task", "sector", "concept")

blueprint = Blueprint("listings", __name__)


@blueprint.get("/listings")
@guard("listing.browse")
def browse() -> str:
    titles = queries.task_titles(db.session())
    filters = read_filters(request.args, tuple(titles))
    found = find(db.session(), current_actor(), filters, page_number(), searching())
    labels = facet_labels(titles)
    return render_template(
        "listings/browse.html",
        filters=filters,
        page=found,
        facets=[facet(name, filters, found, labels[name]) for name in FACETS],
        active=active_filters(filters, labels),
        instead=instead(filters.q, found),
        nearest=[
            (one.typed, labels["concept"][one.used])
            for one in (found.hits.nearest if found.hits else ())
        ],
    )


@blueprint.get("/our/listings")
@guard("listing.mine")
def mine() -> str:
    actor, status = current_actor(), request.args.get("status")
    status = status if status in codelists.codes("listing_status") else None
    page = one_page(ours.mine(actor, status))
    return render_template(
        "listings/mine.html",
        page=page,
        status=status,
        counts=ours.count_mine(db.session(), actor),
    )


@blueprint.get("/organisations/<int:organisation_id>/listings")
@guard("organisation.read", load=organisations.organisation)
def of_organisation(organisation: Organisation) -> str:
    page = one_page(queries.published_of(organisation.id))
    return render_template("listings/of_organisation.html", organisation=organisation, page=page)


@blueprint.get("/listings/<int:listing_id>")
@guard("listing.read", load=queries.subject)
def show(subject: Subject) -> str:
    """Show a listing; its organisation and curators see its suggested partners too."""
    actor = current_actor()
    facts = cooperation.tier_facts(db.session(), actor, subject.listing.id)
    tier = tier_of(actor, subject, matched=facts.matched, accepted=facts.accepted)
    context = show_context(subject, tier)
    if may(actor, "suggestion.list", subject):
        context["partners"] = partners_of(actor, subject.listing)
    if subject.is_shown:
        context["similar"] = similar_to(
            db.session(), actor, subject.listing, reader_language(), searching()
        )
    return render_template("listings/show.html", **context)


@dataclass(frozen=True, slots=True)
class Instead:
    """A word that no listing has, what was looked for, and the addresses of other readings."""

    typed: str
    used: str
    others: Sequence[tuple[str, str]]


def instead(q: str, found: ListingPage) -> list[Instead]:
    """Return the words of a search that others stood in for."""

    def address(typed: str, other: str) -> str:
        return with_query(q=q.replace(typed, other) if typed in q else other)

    return [
        Instead(typed, used, [(other, address(typed, other)) for other in others])
        for typed, used, others in (found.hits.swaps if found.hits else ())
    ]


@dataclass(frozen=True, slots=True)
class FacetValue:
    label: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    legend: str
    values: Sequence[FacetValue]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    legend: str
    label: str
    href: str


def legends() -> Mapping[str, str]:
    return {
        "kind": gettext("Kind"),
        "resource": gettext("What it is"),
        "task": gettext("Key task"),
        "sector": gettext("Sector"),
        "concept": gettext("Topic"),
        "province": gettext("Organisation's province"),
        "mode": gettext("Way to cooperate"),
        "goal": gettext("Goal"),
        "language": gettext("Language"),
        "trl": gettext("Readiness (TRL)"),
    }


def facet_labels(task_titles: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """Labels by facet and value, in the order of the code lists."""
    language = reader_language()
    lists = {"kind": "listing_kind"} | {
        name: name for name in ("resource", "sector", "mode", "goal")
    }
    labels: dict[str, Mapping[str, str]] = {
        facet: {
            code: codelists.label(codelist, code, language) for code in codelists.codes(codelist)
        }
        for facet, codelist in lists.items()
    }
    labels["task"] = {code: title[language] for code, title in task_titles.items()}
    labels["concept"] = concepts.labels(language)
    labels["province"] = {
        code: regions.region_name(code, language) for code in regions.all_regions()
    }
    labels["language"] = dict(LANGUAGE_NAMES)
    labels["trl"] = {
        band: gettext("%(low)s–%(high)s of 9", low=low, high=high)
        for band, (low, high) in TRL_BANDS.items()
    }
    return labels


def facet(name: str, filters: Filters, found: ListingPage, labels: Mapping[str, str]) -> Facet:
    """The values with results: in the order of the list, else the most frequent first."""
    chosen, counts = filters.of(name), found.counts[name]
    codes = [code for code in labels if counts.get(code) or code in chosen]
    if name not in ("task", "trl", "kind", "resource"):
        codes.sort(key=lambda code: -counts.get(code, 0))
    values = [
        FacetValue(
            labels[code],
            counts.get(code, 0),
            code in chosen,
            with_query(**{name: _toggled(chosen, code)}),
        )
        for code in codes
    ]
    return Facet(
        name,
        legends()[name],
        values,
        bool(chosen) or name in OPEN_FACETS,
    )


def active_filters(filters: Filters, labels: Mapping[str, Mapping[str, str]]) -> list[ActiveFilter]:
    """The filters in use, each with the address that drops it."""
    named = legends()
    return [
        ActiveFilter(
            named[name], labels[name][code], with_query(**{name: _toggled(filters.of(name), code)})
        )
        for name in FACETS
        for code in filters.of(name)
    ]


def _toggled(chosen: Sequence[str], code: str) -> list[str]:
    return [value for value in chosen if value != code] if code in chosen else [*chosen, code]
