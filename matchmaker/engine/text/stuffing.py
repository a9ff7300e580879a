"""Stuffing: words that a text repeats to be found, which then do not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..listing import Listing
from .folding import fold
from .language import detect_language
from .tokens import BREAK, Token, tokenise

_SHORT = 30  # tokens; a shorter field cannot repeat itself that often
_RUN = 3
_REPEATS = 6
_OFTEN, _SHARE, _ENOUGH = 12, 0.04, 3


def stuffed(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens of a field that are stuffing.

    These are runs of three words that occur six times or more. They are also words that occur a
    dozen times and make up a twenty-fifth of the field, after their first three occurrences.
    """
    words = [token for token in tokens if token.kind != BREAK]
    if len(words) < _SHORT:
        return []
    runs = [
        tuple(token.term for token in words[place : place + _RUN])
        for place in range(len(words) - _RUN + 1)
    ]
    often = Counter(runs)
    places = {
        place + step
        for place, run in enumerate(runs)
        if often[run] >= _REPEATS
        for step in range(_RUN)
    }
    counts = Counter(token.term for token in words)
    loud = {term for term, count in counts.items() if count >= max(_OFTEN, _SHARE * len(words))}
    said: Counter[str] = Counter()
    found: list[Token] = []
    for place, token in enumerate(words):
        said[token.term] += 1
        if place in places or (token.term in loud and said[token.term] > _ENOUGH):
            found.append(token)
    return found


def stuffed_words(listing: Listing) -> list[str]:
    """Return the words of a listing that are stuffing, as they are written, the commonest first.

    Parameters
    ----------
    listing : Listing
        A need or a capability.

    Examples
    --------
    >>> stuffed_words(Listing("c", "capability", "Pumps", description="brine pump " * 30))
    ['brine', 'pump']
    """
    counts: Counter[str] = Counter()
    for text in (listing.title, listing.summary, listing.description):
        folded = fold(text)
        tokens = tokenise(folded, detect_language(text, listing.language))
        counts.update(folded[token.start : token.end].lower() for token in stuffed(tokens))
    return [word for word, _ in counts.most_common()]
