"""Breadth: a text that names subjects of every field offers everything, in whatever words.

On the demonstration and the judged collections, an honest listing names at most twenty-eight
subjects, and those of many fields name seventeen. One that holds the titles of all needs names
sixty-five, of all fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from math import exp, log

from ..lexicon.glossary import Glossary, default_glossary
from ..listing import Listing
from ..vectors.features import CONCEPTS
from ..vectors.vectoriser import count_terms, language_of
from ..weights import Weights

_COMMON = ("general", "cooperation")  # fields that any listing may name
_FIELDS = 6.0  # effective number of fields, below which a long text is merely thorough
_SOME, _MANY = 28, 40  # concepts


def breadth(concepts: Collection[str], glossary: Glossary) -> float:
    """Return how far a text offers everything, 0..1.

    Parameters
    ----------
    concepts : Collection[str]
        Ids of the concepts that it names.
    glossary : Glossary
        Where the concepts are from; the name of a concept's file is its field.
    """
    if len(concepts) <= _SOME:
        return 0.0
    fields = Counter(field for code in concepts if (field := _field(code, glossary)) not in _COMMON)
    total = fields.total()
    entropy = -sum(count / total * log(count / total) for count in fields.values())
    if exp(entropy) < _FIELDS:
        return 0.0
    return min(max((total - _SOME) / (_MANY - _SOME), 0.0), 1.0)


def unrelated_subjects(listing: Listing) -> list[str]:
    """Return ids of the concepts that a capability names, if it offers everything; else none.

    Parameters
    ----------
    listing : Listing
        A capability.

    Examples
    --------
    >>> unrelated_subjects(Listing("c", "capability", "Pumps for brine"))
    []
    """
    glossary = default_glossary()
    named = count_terms(listing, language_of(listing), Weights(), glossary).said[CONCEPTS]
    if not breadth(named, glossary):
        return []
    return sorted(
        (code for code in named if _field(code, glossary) not in _COMMON),
        key=lambda code: (-named[code], code),
    )


def _field(code: str, glossary: Glossary) -> str:
    return glossary.concepts[code].source.partition(".")[0]
