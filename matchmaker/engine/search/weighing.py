"""What is looked for in an index: the forms of a query's parts that listings have, and weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..text.language import is_han
from .query import CONCEPT, Form, Part, Query, read_query

Frequency = Callable[[str], int]  # term → number of listings that have it

COVER = 0.35  # share of a query that a hit covers; a rare word counts more
WHOLE = 1 / 2  # share of a form's terms that stands for the form: one pair of 葡萄酒
MOST_FORMS = 10  # of a part
MOST_OTHERS = 3
BROADER_STRENGTH = 0.4


class Swap(NamedTuple):
    """A word of a query, what was looked for instead, and what else may be meant."""

    typed: str
    used: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a query that listings have: its rarity, its forms, and what is needed of it."""

    rarity: float
    forms: tuple[Form, ...]
    needed: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked for, what must not be there, and words that no listing has.

    It is not possible when no listing has a word that is needed. ``nearest`` has words that no
    listing has, each with a broader concept that some are about.
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
            needed = tuple(_known(part.readings, frequency)) if part.is_needed else ()
            wanted.append(Wanted(_rarity(often, total), tuple(forms), needed))
        else:
            unknown.append(part.text)
    without = [form for part in query.without for form in _known(part.own, frequency)]
    is_possible = all(_known(part.readings, frequency) for part in query.parts if part.is_needed)
    return Plan(tuple(wanted), tuple(without), tuple(unknown), tuple(nearest), is_possible)


def mended(query: Query, frequency: Frequency) -> tuple[Query, tuple[Swap, ...]]:
    """Return the query with other words for those that no listing has, where there are likely ones.

    Only words that listings have take the place of others.
    """
    swaps: list[Swap] = []
    text = query.text

    def often(candidate: str) -> int:
        parts = read_query(candidate, query.labels).parts
        return min(
            (max((_frequency(form, frequency) for form in part.own), default=0) for part in parts),
            default=0,
        )

    done = len(text)  # what stands behind is settled
    for start, end, is_whole in _doubtful_places(query, frequency):
        typed = query.text[start:end]
        groups = query.labels.speller.meant(typed, is_whole=is_whole) if end <= done else ()
        found = [one for group in groups for one in _by_use(group, typed, often)]
        if found:
            used, *others = dict.fromkeys(found)
            text = text[:start] + used + text[end:]
            swaps.append(Swap(typed, used, tuple(others[:MOST_OTHERS])))
            done = start
    return (read_query(text, query.labels) if swaps else query), tuple(reversed(swaps))


def _by_use(group: Iterable[str], typed: str, often: Frequency) -> list[str]:
    """Return the candidates that listings have, those with the same beginning first."""
    found = {one: count for one in group if (count := often(one))}
    return sorted(found, key=lambda one: (one[0] != typed[0], -found[one], one))


def _doubtful_places(query: Query, frequency: Frequency) -> Iterator[tuple[int, int, bool]]:
    """Yield the places of words that no listing has, the last first, and whether they are a run.

    Each comes after the run of words around it: pinyin is often written apart, and a Chinese word
    with a slip is cut into others.
    """
    for run in reversed(_runs(query)):
        unknown = [part for part in run if not _known((*part.own, *part.meant), frequency)]
        if len(run) > 1 and unknown:
            yield run[0].start, run[-1].end, True
        for part in reversed(unknown):
            beside = (
                query.text[max(part.start - 1, 0) : part.start]
                + query.text[part.end : part.end + 1]
            )
            yield part.start, part.end, not any(map(is_han, beside))


def _runs(query: Query) -> list[list[Part]]:
    """Return Latin words with nothing but blanks between them, and Chinese ones side by side."""
    runs: list[list[Part]] = []
    for part in query.parts:
        between = " " if part.text.isascii() else ""
        if runs and query.text[runs[-1][-1].end : part.start] == between:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _known(forms: Iterable[Form], frequency: Frequency) -> list[Form]:
    """Return the forms that a listing may have, the strongest first, with the terms in use."""
    found: dict[tuple[tuple[str, ...], str], Form] = {}
    for form in forms:
        terms = tuple(term for term in form.terms if frequency(term))
        if terms and len(terms) >= WHOLE * len(form.terms):
            share = len(terms) / len(form.terms)
            kept = found.get((terms, form.language))
            if kept is None or kept.strength < share * form.strength:
                found[terms, form.language] = form._replace(
                    terms=terms, strength=share * form.strength
                )
    return sorted(found.values(), key=lambda form: -form.strength)


def _frequency(form: Form, frequency: Frequency) -> int:
    return min(map(frequency, form.terms))


def _rarity(frequency: int, total: int) -> float:
    """Return the inverse document frequency of BM25, never negative."""
    return math.log(1 + (max(total - frequency, 0) + 0.5) / (frequency + 0.5))
