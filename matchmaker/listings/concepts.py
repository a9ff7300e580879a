"""Concepts of the glossary that a listing's own text names, and their labels.

A search row holds broader concepts too: a search for batteries finds lithium batteries. Facets and
tags show what a listing is *about*, which is what its words say, kept in a table of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from matchmaker import engine
from matchmaker.engine.search import Texts

MOST_NAMED, MOST_TAGS = 10, 6
# A concept whose name is only a piece of a longer one's.
INSIDE_ANOTHER = 0.4


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept as a reader sees it.

    `leads`: the list can be narrowed to it; `shared`: a pair has it in common.
    """

    code: str
    label: str
    leads: bool = True
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A concept that a text names, the tier it takes to know that, and how much is said of it."""

    code: str
    tier: str
    weight: float


def concepts_of(public: Texts, members: Texts, language: str, kind: str) -> list[Named]:
    """The concepts that a listing is most about, each with the tier that a reader needs to know it.

    Which ones visitors see is settled by the public texts alone.
    """
    open_ones = _heaviest(_weighed(public, language, kind))
    more = _heaviest(_weighed([*public, *members], language, kind))
    found = [Named(code, "public", weight) for code, weight in open_ones.items()]
    return found + [
        Named(code, "members", weight) for code, weight in more.items() if code not in open_ones
    ]


def _heaviest(weights: Mapping[str, float]) -> dict[str, float]:
    ranked = sorted(weights.items(), key=lambda entry: (-entry[1], entry[0]))
    return {code: round(weight, 4) for code, weight in ranked[:MOST_NAMED]}


def _weighed(texts: Texts, language: str, kind: str) -> dict[str, float]:
    """Weigh the concepts that the texts name.

    Everyday ones are left out, and what a listing says it does not do or ask for.
    """
    weights: defaultdict[str, float] = defaultdict(float)
    for text, field_weight in texts:
        folded, _, found = engine.read(text, language, engine.default_glossary())
        denied = (engine.unwanted if kind == "need" else engine.disclaimed)(folded, language)
        whole = set(engine.longest_first(found))
        for mention in found:
            if any(start <= mention.start < end for start, end in denied):
                continue
            for code in set(mention.concepts) - _everyday():
                weights[code] += (
                    field_weight
                    * (1.0 if mention in whole else INSIDE_ANOTHER)
                    / len(mention.concepts)
                )
    return dict(weights)


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return engine.general_concepts() | frozenset(
        code
        for code, concept in engine.default_glossary().concepts.items()
        if engine.is_everyday(concept)
    )


@lru_cache(maxsize=8)
def labels(language: str) -> Mapping[str, str]:
    """Concept → what readers of the language call it, standing alone."""
    return {
        code: _standing_alone(concept.label(language))
        for code, concept in engine.default_glossary().concepts.items()
    }


def _standing_alone(label: str) -> str:
    """With a capital, unless the first word has its own way of writing: pH, mRNA, pCO2."""
    first = label.split(" ", 1)[0]
    return label[:1].upper() + label[1:] if len(first) > 1 and first == first.lower() else label


def tags(
    named: Sequence[str], language: str, shared: Sequence[str] = (), most: int = MOST_TAGS
) -> list[Tag]:
    """Return the shared concepts first, then the others, the weightiest first.

    No broader concept stands beside its narrower one.
    """
    known = labels(language)
    codes = [code for code in dict.fromkeys((*shared, *named)) if code in known]
    broader = _broader(codes)
    kept = [code for code in codes if code in shared or code not in broader]
    return [Tag(code, known[code], code in named, code in shared) for code in kept[:most]]


def _broader(codes: Iterable[str]) -> set[str]:
    glossary = engine.default_glossary()
    return {ancestor for code in codes for ancestor in glossary.ancestors(code)}
