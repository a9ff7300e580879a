"""Words such as "no" and "without": a gloss that drops them would say the opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

# Words of a lack, and those that deny what follows.
_WORDS: Mapping[str, tuple[str, str]] = {
    "zh": ("没有|无需|无", "不|没|未"),
    "en": (r"\b(?:no|without)\b", r"\b(?:not|never)\b"),
    "es": (r"\bsin\b", r"\b(?:no|ni|nunca)\b"),
}
_FOUND = {
    language: re.compile(f"(?P<lack>{lack})|{denial}", re.IGNORECASE)
    for language, (lack, denial) in _WORDS.items()
}
_TOLD = {"zh": ("无", "不"), "en": ("without", "not"), "es": ("sin", "no")}
# Characters between a denial and the term that it denies.
_NEAR = {"zh": 1, "en": 12, "es": 12}
_BREAK = re.compile(r"[,.;:!?、。()]")


def denials(
    folded: str, terms: Mapping[tuple[int, int], str], source: str, target: str
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the denials that stand right before a glossed term, with their glosses."""
    starts = sorted(start for start, _ in terms)
    inside = {place for span in terms for place in range(*span)}
    for found in _FOUND[source].finditer(folded):
        following = next((start for start in starts if start >= found.end()), None)
        if following is None or not inside.isdisjoint(range(*found.span())):
            continue
        between = folded[found.end() : following]
        if len(between) <= _NEAR[source] and not _BREAK.search(between):
            yield found.span(), _TOLD[target][0 if found["lack"] else 1]
