"""Search terms of listings, from the engine's own analysis of text.

Terms are Latin stems, Chinese characters and pairs of them, names, quantities, concepts and labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..lexicon.terms import analyse
from ..text.language import is_han

LONGEST_TERM = 80
SATURATION, TYPICAL_LENGTH = 1.2, 250.0
LABEL = "label:"

Texts = Iterable[tuple[str, float]]  # (text, weight of its field)
TermWeights = dict[str, float]  # term → weight


def search_row(
    public: Texts, members: Texts, language: str, labels: Iterable[str] = ()
) -> tuple[TermWeights, TermWeights]:
    """Return the weighted terms of a listing by tier.

    Public terms are weighed by the public texts alone, so that members' texts never move a
    visitor's results.

    Parameters
    ----------
    public : Texts
        Texts that everybody may read, each with the weight of its field.
    members : Texts
        Texts that members alone may read.
    language : str
        "zh", "en" or "es".
    labels : Iterable[str]
        Codes of what the listing is marked with, as ``Labels`` has them; everybody may read them.

    Returns
    -------
    tuple[TermWeights, TermWeights]
        Term weights of the public texts, and of terms that only the members' texts have.

    Examples
    --------
    >>> public, members = search_row([("Brine pumps", 3.0)], [("Sealed pumps", 1.0)], "en")
    >>> sorted(term for term in public if not term.startswith("concept:"))
    ['brine', 'pump']
    >>> [term for term in members if not term.startswith("concept:")]
    ['seal']
    """
    open_terms = {**_weighed(public, language), **{LABEL + code: 1.0 for code in labels}}
    more_terms = _weighed(members, language)
    return open_terms, {
        term: weight for term, weight in more_terms.items() if term not in open_terms
    }


def _weighed(texts: Texts, language: str) -> TermWeights:
    """Return each term's frequency, weighted by field and saturated as in BM25."""
    counts: defaultdict[str, float] = defaultdict(float)
    length = 0
    for text, field_weight in texts:
        for term in _terms(text, language):
            counts[term] += field_weight
            length += 1
    damping = SATURATION * (0.6 + 0.4 * length / TYPICAL_LENGTH)
    return {
        term: round(count * (SATURATION + 1) / (count + damping), 4)
        for term, count in counts.items()
    }


def _terms(text: str, language: str) -> list[str]:
    """Return the terms of a text without overlong ones and long Chinese words."""
    return [
        term
        for term in analyse(text, language)
        if len(term) <= LONGEST_TERM and not _is_long_chinese(term)
    ]


def _is_long_chinese(term: str) -> bool:
    """Tell whether a term is a Chinese word whose pairs of characters are terms too."""
    return len(term) > 2 and all(map(is_han, term))
