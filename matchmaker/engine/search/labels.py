"""Labels of what listings are marked with: modes of cooperation, sectors, key tasks, regions."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from ..lexicon.glossary import Mention, default_glossary
from ..text.folding import fold
from .slips import Speller
from .words import Word, words_of

LEAST_SHARE = 0.15  # of a label's weight, that a query has to say


class Labels:
    """Labels by the words they are made of.

    Parameters
    ----------
    named : Iterable[tuple[str, str]]
        Codes, as ``search_row`` takes them, each with a label in any language. A code may come
        with several labels.

    Attributes
    ----------
    texts : tuple[str, ...]
        All labels.

    Examples
    --------
    >>> labels = Labels([("mode.training", "Training"), ("mode.training", "Formación")])
    >>> labels.of(words_of("training courses"))
    [{'mode.training': 1.0}, {}]
    """

    def __init__(self, named: Iterable[tuple[str, str]] = ()) -> None:
        known = list(dict.fromkeys(named))
        self.texts = tuple(dict.fromkeys(text for _, text in known))
        self._labels: list[tuple[str, Mapping[str, float]]] = []
        self._of_term: defaultdict[str, list[int]] = defaultdict(list)
        self._of_concept: defaultdict[str, set[str]] = defaultdict(set)
        terms = [(code, _terms(words_of(fold(text)))) for code, text in known]
        common = Counter(term for _, own in terms for term in own)
        for number, ((code, own), (_, text)) in enumerate(zip(terms, known, strict=True)):
            weights = {term: math.log(1 + len(known) / common[term]) for term in own}
            total = sum(weights.values())
            self._labels.append((code, {term: weights[term] / total for term in own}))
            for term in own:
                self._of_term[term].append(number)
            for concept in _said_as_a_whole(fold(text)):
                self._of_concept[concept].add(code)

    @cached_property
    def speller(self) -> Speller:
        """What knows the labels and the glossary by their spelling and their sound."""
        return Speller(self.texts)

    def of(self, words: Sequence[Word], mentions: Iterable[Mention] = ()) -> list[dict[str, float]]:
        """Return for each word the codes whose label it says, with the share of it that is said.

        Parameters
        ----------
        words : Sequence[Word]
            The words of a query.
        mentions : Iterable[Mention]
            Labels of the glossary in the query.
        """
        said: defaultdict[int, dict[str, set[int]]] = defaultdict(dict)
        for place, word in enumerate(words):
            for term in _terms([word]):
                for number in self._of_term.get(term, ()):
                    said[number].setdefault(term, set()).add(place)
        found: list[dict[str, float]] = [{} for _ in words]
        for number, terms in said.items():
            code, weights = self._labels[number]
            share = sum(weights[term] for term in terms)
            for place in set().union(*terms.values()) if share >= LEAST_SHARE else ():
                found[place][code] = max(found[place].get(code, 0.0), round(share, 4))
        for mention in mentions:
            for place, word in enumerate(words):
                if mention.start <= word.start and word.end <= mention.end:
                    found[place] |= {
                        code: 1.0
                        for concept in mention.concepts
                        for code in self._of_concept.get(concept, ())
                    }
        return found


def _terms(words: Iterable[Word]) -> set[str]:
    return {term for word in words for reading in word.readings for term in reading.terms}


def _said_as_a_whole(folded: str) -> set[str]:
    """Return the concepts that a label as a whole is a name of, in any language."""
    return {
        concept
        for language in ("zh", "en", "es")
        for mention in default_glossary().find(folded, language)
        if (mention.start, mention.end) == (0, len(folded))
        for concept in mention.concepts
    }


NO_LABELS = Labels()
