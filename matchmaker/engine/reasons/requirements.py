"""Verdicts on a need's must-haves: met, unmet or unknown, with the capability's sentence.

Only sentences about the same subject count, so silence gives *unknown*. Words are compared as
groups of synonyms across languages, amounts as intervals in common units.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..listing import Listing, Requirement
from ..text.folding import fold, fold_with_offsets
from ..text.quantities import Amount, amounts, satisfies
from ..vectors.features import CONCEPTS, SENSES, WORDS, Occurrence
from ..vectors.vectoriser import Vectoriser

Key = tuple[str, str]
Rarity = Callable[[Key], float]
# text, language, kind of listing -> its terms
ReadField = Callable[[str, str, str], Sequence[tuple[Occurrence, bool]]]

_COMPARED = (CONCEPTS, SENSES, WORDS)
_END = re.compile(r"[。！!？?;\n]|\.(?=\s|$)")
_NEGATED = re.compile(
    r"^\W*(?:不|无|免|禁|勿|非|\b(?:no|not|never|without|sin|nunca)\b)"
    r"|不(?:用|使用|含|破坏|影响|捕杀|出|改变|需|添加)"
    r"|\b(?:without|free of|free from|libre de)\b|-free\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"不|无|免|零|\b(?:no|not|never|without|free|zero|sin|ning\w+|nunca|libre|cero)\b",
    re.IGNORECASE,
)
_SAYS_IT = 0.6
_SAME_SUBJECT = 0.5
_FEWEST_WORDS = 2  # so that one shared word of several never decides
# Rates such as kWh per kg name their subject themselves: one word suffices.
_SAME_SUBJECT_IN_RATES = 0.3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a capability: its text, terms with places, denied terms and amounts."""

    text: str
    terms: dict[Key, int]
    denied: frozenset[Key]
    amounts: tuple[Amount, ...]
    negates: bool


class Asked(NamedTuple):
    """A requirement: weighted groups of synonyms, its amount, and whether it forbids something."""

    text: str
    groups: tuple[tuple[frozenset[Key], float], ...]
    amount: Amount | None
    forbids: bool


class Judge:
    """Judge the must-haves of needs against capabilities; keep the texts read so far."""

    def __init__(self, vectoriser: Vectoriser, read: ReadField) -> None:
        self.vectoriser = vectoriser
        self.read = read
        self._asked: dict[tuple[str, str], Asked] = {}
        self._read: dict[str, list[Sentence]] = {}

    def requirements(
        self, need: Listing, need_language: str, capability: Listing, language: str
    ) -> tuple[Requirement, ...]:
        """Return a verdict on every must-have of a need."""
        if not need.must_haves:
            return ()
        if capability.id not in self._read:
            self._read[capability.id] = read_sentences(capability, language, self.read)
        judged = []
        for text in need.must_haves:
            key = (text, need_language)
            if key not in self._asked:
                self._asked[key] = read_requirement(
                    text, need_language, self.read, self.vectoriser.rarity
                )
            judged.append(judge(self._asked[key], self._read[capability.id]))
        return tuple(judged)


def read_sentences(listing: Listing, language: str, read: ReadField) -> list[Sentence]:
    """Return the sentences of a capability, the title first."""
    return [
        sentence
        for text in (listing.title, listing.summary, listing.description)
        for sentence in _sentences(text, language, listing.kind, read)
    ]


def _sentences(text: str, language: str, kind: str, read: ReadField) -> Iterable[Sentence]:
    folded, offsets = fold_with_offsets(text)
    found = [
        (term, denied) for term, denied in read(text, language, kind) if term.channel in _COMPARED
    ]
    ends = [*(match.end() for match in _END.finditer(folded)), len(folded)]
    of_sentence: list[list[tuple[Occurrence, bool]]] = [[] for _ in ends]
    for term, denied in found:
        of_sentence[bisect_right(ends, term.start)].append((term, denied))
    start = 0
    for end, own in zip(ends, of_sentence, strict=True):
        if folded[start:end].strip():
            yield Sentence(
                text=text[offsets[start] : offsets[end]].strip(),
                terms={(term.channel, term.term): term.start - start for term, _ in own},
                denied=frozenset((term.channel, term.term) for term, denied in own if denied),
                amounts=tuple(amounts(folded[start:end], language)),
                negates=bool(_NOT.search(folded[start:end])),
            )
        start = end


def read_requirement(text: str, language: str, read: ReadField, rarity: Rarity) -> Asked:
    """Read a requirement; a word weighs as much as its most common synonym."""
    folded = fold(text)
    found = amounts(folded, language)
    amount = found[0] if found else None
    groups: dict[tuple[int, int], set[Key]] = {}
    for term, _ in read(text, language, "need"):
        if term.channel in _COMPARED and not _inside(term, amount):
            groups.setdefault((term.start, term.end), set()).add((term.channel, term.term))
    outer = {place: keys for place, keys in groups.items() if not _within_another(place, groups)}
    for place, keys in groups.items():
        for other in outer:
            if other[0] <= place[0] and place[1] <= other[1]:
                outer[other] |= keys if len(keys) == 1 else set()
    weighted = tuple((frozenset(keys), min(map(rarity, keys))) for keys in outer.values())
    return Asked(text, weighted, amount, bool(_NEGATED.search(folded)))


def _inside(term: Occurrence, amount: Amount | None) -> bool:
    return amount is not None and amount.start <= term.start < amount.end


def _within_another(place: tuple[int, int], groups: Iterable[tuple[int, int]]) -> bool:
    return any(other != place and other[0] <= place[0] and place[1] <= other[1] for other in groups)


def judge(asked: Asked, sentences: Iterable[Sentence]) -> Requirement:
    """Return a verdict by the sentence that covers the requirement best."""
    best, verdict, told = 0.0, "unknown", ""
    for sentence in sentences:
        share, place, denied = _coverage(asked, sentence)
        found = _verdict(asked, sentence, share, place, denied)
        if found != "unknown" and share > best:
            best, verdict, told = share, found, sentence.text
    return Requirement(asked.text, verdict, told)


def _coverage(asked: Asked, sentence: Sentence) -> tuple[float, int, bool]:
    """Return the share of a requirement that a sentence covers, its place, and any denial."""
    total = sum(weight for _, weight in asked.groups)
    hits = [(keys & sentence.terms.keys(), weight) for keys, weight in asked.groups]
    shared = [key for keys, _ in hits for key in keys]
    if not shared or not total:
        return 0.0, 0, False
    place = max(sentence.terms[key] for key in shared)
    fewest = 1 if _is_rate(asked) else _FEWEST_WORDS
    if sum(bool(keys) for keys, _ in hits) < min(fewest, len(hits)):
        return 0.0, 0, False
    return (
        sum(weight for keys, weight in hits if keys) / total,
        place,
        bool(sentence.denied.intersection(shared)),
    )


def _verdict(asked: Asked, sentence: Sentence, share: float, place: int, denied: bool) -> str:
    if asked.amount is not None:
        least = _SAME_SUBJECT_IN_RATES if _is_rate(asked) else _SAME_SUBJECT
        return (
            _by_amount(asked.amount, sentence, place)
            if share >= least and not denied
            else "unknown"
        )
    if share < _SAYS_IT:
        return "unknown"
    if asked.forbids:
        return "met" if sentence.negates else "unknown"
    return "unmet" if denied else "met"


def _is_rate(asked: Asked) -> bool:
    """Tell whether a requirement limits an amount of one thing to one of another."""
    return asked.amount is not None and "/" in asked.amount.unit


def _by_amount(asked: Amount, sentence: Sentence, place: int) -> str:
    """Compare the asked amount with the nearest amount in the same unit."""
    comparable = [amount for amount in sentence.amounts if amount.unit == asked.unit]
    if not comparable:
        return "unknown"
    nearest = min(comparable, key=lambda amount: (abs(amount.start - place), amount.start))
    fits = satisfies(nearest, asked)
    return "unknown" if fits is None else "met" if fits else "unmet"
