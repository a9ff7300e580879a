"""Verdicts on a need's must-haves: met, unmet or unknown, with the clause that says so.

Only statements about the same subject count, so silence gives *unknown*.
"""

from __future__ import annotations

from ..listing import Listing, Requirement
from ..vectors.vectoriser import Vectoriser
from .asked import Asked, read_asked
from .by_amount import MET, UNKNOWN, UNMET, Found, by_amounts
from .by_quality import by_quality
from .clauses import Field, ReadField, read_fields


class Judge:
    """Judge the must-haves of needs against capabilities; keep the texts read so far."""

    def __init__(self, vectoriser: Vectoriser, read: ReadField) -> None:
        self.vectoriser = vectoriser
        self.read = read
        self._asked: dict[tuple[str, str], tuple[Asked, ...]] = {}
        self._read: dict[str, list[Field]] = {}

    def requirements(
        self, need: Listing, need_language: str, capability: Listing, language: str
    ) -> tuple[Requirement, ...]:
        """Return a verdict on every must-have of a need."""
        if not need.must_haves:
            return ()
        if capability.id not in self._read:
            self._read[capability.id] = read_fields(capability, language, self.read)
        judged = []
        for text in need.must_haves:
            key = (text, need_language)
            if key not in self._asked:
                self._asked[key] = read_asked(
                    text, need_language, self.read, self.vectoriser.rarity
                )
            judged.append(judge(text, self._asked[key], self._read[capability.id]))
        return tuple(judged)


def judge(text: str, parts: tuple[Asked, ...], fields: list[Field]) -> Requirement:
    """Return a verdict: met when every part is met, unmet when one is not."""
    found = [
        by_amounts(part, fields) if part.targets else by_quality(part, fields) for part in parts
    ]
    verdict = _joined(found)
    said = verdict.field.said(verdict.span) if verdict.field else ""
    return Requirement(text, verdict.status, said if verdict.status != UNKNOWN else "")


def _joined(found: list[Found]) -> Found:
    unmet = [one for one in found if one.status == UNMET]
    if unmet:
        return unmet[0]
    if found and all(one.status == MET for one in found):
        return found[0]
    return Found(UNKNOWN, 0.0)
