"""New listings as a feed (Atom, RFC 4287), deadlines as a calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405  # nothing is parsed

from flask import url_for
from icalendar import Calendar, Event

from matchmaker.listings.tiers import ReadableListing
from matchmaker.web.i18n import HTML_LANG

ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Deadline(NamedTuple):
    """A last day; `summary` is what a calendar shows, `page` where it is looked at."""

    name: str
    day: date
    summary: str
    page: str


def atom(title: str, address: str, listings: Sequence[ReadableListing], at: datetime) -> bytes:
    """Return a feed of listings, the newest first; `address`: where their list stands."""
    feed = Element("feed", xmlns=ATOM)
    _text(feed, "id", address)
    _text(feed, "title", title)
    SubElement(feed, "link", rel="alternate", href=address)
    newest = [one.published_at for one in listings if one.published_at]
    _text(feed, "updated", (max(newest) if newest else at).isoformat())
    for one in listings:
        entry = SubElement(feed, "entry")
        page = url_for("listings.show", listing_id=one.id, _external=True)
        _text(entry, "id", page)
        _text(entry, "title", one.title, one.language)
        SubElement(entry, "link", rel="alternate", href=page)
        _text(entry, "updated", (one.published_at or one.updated_at).isoformat())
        _text(entry, "summary", one.summary, one.language)
        author = SubElement(entry, "author")
        _text(author, "name", one.owner.name_zh if one.language == "zh" else one.owner.name_other)
        for code in (one.kind, *one.sectors):
            SubElement(entry, "category", term=code)
    data: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return data


def _text(parent: Element, tag: str, text: str, language: str = "") -> None:
    child = SubElement(parent, tag, {_LANG: HTML_LANG[language]} if language else {})
    child.text = text


def calendar(deadlines: Iterable[Deadline], host: str, at: datetime) -> bytes:
    """Return deadlines as entries of whole days."""
    made = Calendar()
    made.add("prodid", "-//East-West Matchmaker//Deadlines//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for one in deadlines:
        event = Event()
        event.add("uid", f"{one.name}@{host}")
        event.add("dtstamp", at)
        event.add("dtstart", one.day)
        event.add("summary", one.summary)
        event.add("url", one.page)
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    data: bytes = made.to_ical()
    return data
