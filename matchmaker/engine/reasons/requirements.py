"""Verdicts on a need's must-haves: met, unmet or unknown, with the clause that says so.

Only statements about the same subject count, so silence gives *unknown*.
"""

from __future__ import annotations

from ..listing import Listing, Requirement
from ..vectors.vectoriser import Vectoriser
from .asked import Asked, Group, coverage, read_asked, read_groups
from .by_amount import by_amounts
from .by_quality import absent, by_quality
from .clauses import Field, Key, ReadField, is_compared, read_fields
from .found import MET, UNKNOWN, UNMET, Found, Offer


class Judge:
    """Judge the must-haves of needs against capabilities; keep the texts read so far."""

    def __init__(self, vectoriser: Vectoriser, read: ReadField) -> None:
        self.vectoriser = vectoriser
        self.read = read
        self._asked: dict[tuple[str, str], tuple[Asked, ...]] = {}
        self._titles: dict[tuple[str, str], list[Group]] = {}
        self._about: dict[tuple[str, ...], frozenset[Key]] = {}
        self._read: dict[str, tuple[list[Field], set[Key], set[Key]]] = {}

    def requirements(
        self, need: Listing, need_language: str, capability: Listing, language: str
    ) -> tuple[Requirement, ...]:
        """Return a verdict on every must-have of a need."""
        if not need.must_haves:
            return ()
        if capability.id not in self._read:
            fields = read_fields(capability, language, self.read)
            head = {key for text in fields[:2] for key in text.keys((0, len(text.folded) + 1))}
            every = head | {key for text in fields for key in text.keys((0, len(text.folded) + 1))}
            self._read[capability.id] = fields, head, every
        fields, head, every = self._read[capability.id]
        title = self._groups_of(need.title, need_language)
        own_title = self._groups_of(capability.title, language, "capability")
        about = coverage(own_title, self._words_of(need, need_language)) if own_title else 0.0
        offer = Offer(fields, head, every, title, max(coverage(title, every), about))
        return tuple(
            judge(text, self._parts_of(text, need_language), offer) for text in need.must_haves
        )

    def _parts_of(self, text: str, language: str) -> tuple[Asked, ...]:
        key = (text, language)
        if key not in self._asked:
            self._asked[key] = read_asked(text, language, self.read, self.vectoriser.rarity)
        return self._asked[key]

    def _groups_of(self, title: str, language: str, kind: str = "need") -> list[Group]:
        key = (title, language)
        if key not in self._titles:
            rarity = self.vectoriser.rarity
            self._titles[key] = read_groups(title, language, self.read, rarity, kind=kind)
        return self._titles[key]

    def _words_of(self, need: Listing, language: str) -> frozenset[Key]:
        """Return the terms of a need's texts, because a title may be no more than an image."""
        texts = (need.title, need.summary, need.description, *need.must_haves)
        if texts not in self._about:
            self._about[texts] = frozenset(
                (term.channel, term.term)
                for text in texts
                for term, _ in self.read(text, language, "need")
                if is_compared(term)
            )
        return self._about[texts]


def judge(text: str, parts: tuple[Asked, ...], offer: Offer) -> Requirement:
    """Return a verdict: met when every part is met, unmet when one is not."""
    verdict = _joined([_judge(part, offer) for part in parts])
    if verdict.status == UNKNOWN or verdict.field is None:
        return Requirement(text, UNKNOWN, "")
    return Requirement(text, verdict.status, verdict.field.said(verdict.span))


def _judge(part: Asked, offer: Offer) -> Found:
    if not part.targets:
        return by_quality(part, offer)
    found = by_amounts(part, offer)
    return absent(part, offer) if found.status == UNKNOWN else found


def _joined(found: list[Found]) -> Found:
    unmet = [one for one in found if one.status == UNMET]
    if unmet:
        return unmet[0]
    if found and all(one.status == MET for one in found):
        return found[0]
    return Found(UNKNOWN)
