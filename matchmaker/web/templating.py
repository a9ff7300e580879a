"""Functions for templates: labels, dates, money, permissions, side chips."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context

from matchmaker import codelists, phrasing, regions
from matchmaker.paths import STATIC
from matchmaker.permissions import may
from matchmaker.web import cells, glosses, i18n, markdown
from matchmaker.web.resume import asked_path, local_path
from matchmaker.web.session import current_actor, own_organisations

# Not carried to the next address: a page's number, and what url_for takes for its own.
UNKEPT = {"page", "endpoint"}
BACK = "back"  # the address of the list that a page was opened from
PLAIN = {"kind"}  # narrows a list no further than the menu does
NO_SIDES: dict[str, tuple[str, ...]] = {"beneficiary": (), "partner": (), "also_partner": ()}


def install(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        date=i18n.show_date,
        month=i18n.show_month,
        time=i18n.show_time,
        period=i18n.show_period,
        money=i18n.show_money,
        size=i18n.show_size,
        money_up_to=money_up_to,
        up_to=up_to,
        listed=listed,
        listed_with_and=listed_with_and,
        label=label,
        pick=pick,
        region=region,
        country=country,
        city=city,
        markdown=markdown.render,
        glossed=glosses.glossed,
        headed=cells.headed,
        is_told=glosses.is_told,
    )
    app.jinja_env.tests["eastern"] = lambda code: code in regions.eastern()
    app.context_processor(context)
    app.url_defaults(version_static_files)


def version_static_files(endpoint: str, values: dict[str, Any]) -> None:
    """A static file's address changes with its content, so that browsers may keep it for good."""
    if endpoint == "static" and "v" not in values:
        values["v"] = _fingerprint(values["filename"])


@cache
def _fingerprint(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:10]


# The context keeps Jinja from working a label out once, in the first reader's language.
@pass_context
def label(_context: Context, code: str, codelist: str) -> str:
    """The label of a code in the reader's language; nothing for no code."""
    return codelists.label(codelist, code, i18n.reader_language()) if code else ""


@pass_context
def region(_context: Context, code: str) -> str:
    """The name of a province in the reader's language; nothing for no code."""
    return regions.region_name(code, i18n.reader_language()) if code else ""


@pass_context
def country(_context: Context, code: str) -> str:
    """The name of a country in the reader's language."""
    return i18n.country_name(code)


@pass_context
def city(_context: Context, name: str, province: str) -> str:
    """The name of a city in the reader's language, if the province has it."""
    return regions.city_name(name, province, i18n.reader_language())


def listed(names: Iterable[object]) -> str:
    """Names one after another, as the reader's language lists them."""
    return phrasing.listed([str(name) for name in names], i18n.reader_language())


def listed_with_and(names: Iterable[object]) -> str:
    """Names as a sentence of the reader's language lists them."""
    return phrasing.listed_with_and([str(name) for name in names], i18n.reader_language())


def up_to(low: object, high: object) -> str:
    """A range of numbers, as the reader's language writes it."""
    return phrasing.spanned(str(low), str(high), i18n.reader_language())


def money_up_to(low: int, high: int) -> str:
    """A range of money, as the reader's language writes it."""
    return phrasing.money_between(low, high, i18n.reader_language())


def pick(labels: Mapping[str, str]) -> str:
    """The label in the reader's language."""
    return labels[i18n.reader_language()]


def context() -> dict[str, Any]:
    actor = current_actor()
    language = i18n.reader_language()
    return {
        "actor": actor,
        "sides": g.get("sides", NO_SIDES),
        "unread": g.get("unread", 0),
        "own_organisations": own_organisations(),
        "may": lambda action, subject=None: may(actor, action, subject),
        "language": language,
        "html_lang": i18n.HTML_LANG,
        "csrf_token": generate_csrf,
        "modes_by_group": codelists.modes_by_group,
        "codes": codelists.codes,
        "with_query": with_query,
        "onward": onward,
        "as_left": as_left,
    }


def with_query(**changes: Any) -> str:
    """Return this page's address with changed query parameters, at page 1; None removes one."""
    query: dict[str, Any] = {
        name: request.args.getlist(name) for name in request.args if name not in UNKEPT
    }
    query.update(changes)
    kept = {
        name: value
        for name, value in query.items()
        if value not in (None, "", []) and not name.startswith("_")
    }
    return url_for(request.endpoint or "home.front", **{**kept, **(request.view_args or {})})


def onward(endpoint: str, **values: Any) -> str:
    """Return the address of an item of a list, which knows the way back to the list as narrowed."""
    if BACK not in request.args and set(request.args) - PLAIN:
        values[BACK] = asked_path()
    return url_for(endpoint, **values)


def as_left(href: str) -> str:
    """Return the address of a list as the reader left it for this page, else as it is.

    Only an address of the same list counts: the query of this page is anyone's to write.
    """
    left = local_path(request.args.get(BACK))
    return left if left and urlsplit(left).path == urlsplit(href).path else href
