"""What is looked for in an index: the forms of a query's parts that listings have, and weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .query import CONCEPT, Form, Part, Query, read_query

Frequency = Callable[[str], int]  # term → number of listings that have it

COVER = 0.5  # share of a query that a hit covers; a rare word counts more
WHOLE = 2 / 3  # share of a form's terms that stands for the form: two pairs of 牦牛绒毛
MOST_FORMS = 10  # of a part
BROADER_STRENGTH = 0.4


class Swap(NamedTuple):
    """A word of a query, and what was looked for instead."""

    typed: str
    used: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a query that listings have: its rarity, its forms, and what is needed of it."""

    rarity: float
    forms: tuple[Form, ...]
    needed: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked for, what must not be there, and words that no listing has.

    It is not possible when no listing has a word that is needed. ``nearest`` has the word and the concept that stands for it, where no listing has the word but
    some are about a broader concept.
    """

    wanted: tuple[Wanted, ...]
    without: tuple[Form, ...]
    unknown: tuple[str, ...]
    nearest: tuple[Swap, ...]
    is_possible: bool


def look_for(query: Query, frequency: Frequency, total: int) -> Plan:
    """Return what to look for among ``total`` listings."""
    wanted: list[Wanted] = []
    unknown: list[str] = []
    nearest: list[Swap] = []
    for part in query.parts:
        own = _known(part.own, frequency)
        forms = [*own, *_known(part.meant, frequency)][:MOST_FORMS]
        if not forms:
            broader = next((code for code in part.broader if frequency(CONCEPT + code)), "")
            if broader:
                nearest.append(Swap(part.text, broader))
                forms = [Form((CONCEPT + broader,), BROADER_STRENGTH)]
        if forms:
            often = max(_frequency(form, frequency) for form in own or forms)
            needed = tuple(_known(_readings(part), frequency)) if part.is_needed else ()
            wanted.append(Wanted(_rarity(often, total), tuple(forms), needed))
        else:
            unknown.append(part.text)
    without = [form for part in query.without for form in _known(part.own, frequency)]
    is_possible = all(_known(_readings(part), frequency) for part in query.parts if part.is_needed)
    return Plan(tuple(wanted), tuple(without), tuple(unknown), tuple(nearest), is_possible)


def mended(query: Query, frequency: Frequency) -> tuple[Query, tuple[Swap, ...]]:
    """Return the query with other words for those that no listing has, where there are likely ones.

    Only words that listings have take the place of others.
    """
    swaps: list[Swap] = []
    text = query.text
    speller = query.labels.speller

    def often(candidate: str) -> int:
        parts = read_query(candidate, query.labels).parts
        return min(
            (max((_frequency(form, frequency) for form in part.own), default=0) for part in parts),
            default=0,
        )

    for start, end in reversed(_unknown_places(query, frequency)):
        typed = query.text[start:end]
        for group in speller.meant(typed):
            found = {one: count for one in group if (count := often(one))}
            if found:
                used = max(found, key=lambda one: (found[one], -group.index(one)))
                text = text[:start] + used + text[end:]
                swaps.append(Swap(typed, used))
                break
    return (read_query(text, query.labels) if swaps else query), tuple(reversed(swaps))


def _unknown_places(query: Query, frequency: Frequency) -> list[tuple[int, int]]:
    """Return the places of words that no listing has, Latin ones beside each other as one."""
    places: list[tuple[int, int]] = []
    for part in query.parts:
        if _known((*part.own, *part.meant), frequency):
            continue
        if places and part.text.isascii() and query.text[places[-1][1] : part.start] == " ":
            places[-1] = (places[-1][0], part.end)
        else:
            places.append((part.start, part.end))
    return places


def _known(forms: Iterable[Form], frequency: Frequency) -> list[Form]:
    """Return the forms that a listing may have, the strongest first, with the terms in use."""
    found: dict[tuple[str, ...], Form] = {}
    for form in forms:
        terms = tuple(term for term in form.terms if frequency(term))
        if terms and len(terms) >= WHOLE * len(form.terms):
            share = len(terms) / len(form.terms)
            kept = found.get(terms)
            if kept is None or kept.strength < share * form.strength:
                found[terms] = Form(terms, share * form.strength)
    return sorted(found.values(), key=lambda form: -form.strength)


def _readings(part: Part) -> tuple[Form, ...]:
    """Return the forms that are the word itself."""
    return tuple(Form(terms, 1.0) for terms in part.readings)


def _frequency(form: Form, frequency: Frequency) -> int:
    return min(map(frequency, form.terms))


def _rarity(frequency: int, total: int) -> float:
    """Return the inverse document frequency of BM25, never negative."""
    return math.log(1 + (max(total - frequency, 0) + 0.5) / (frequency + 0.5))
