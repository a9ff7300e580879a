"""Names of organisations: which one is shown, and which are alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from rapidfuzz import fuzz, process

ALIKE = 88  # of 100, by rapidfuzz's ratio of what distinguishes two names
MAYBE = 60  # the same by a ratio that counts parts of a name too: somebody chooses among them
MOST_ALIKE = 5
# What says the form or the kind of a body: two names that share nothing else are not alike.
FORMS = re.compile(
    r"有限责任公司|股份有限公司|有限公司|集团|公司"
    r"|\b(?:co|company|ltd|limited|inc|corp|corporation|group|s ?a|s ?l|s ?r ?l)\b"
)


class Named(Protocol):
    """Whatever has the names of an organisation."""

    @property
    def name_zh(self) -> str: ...
    @property
    def name_other(self) -> str: ...
    @property
    def other_language(self) -> str: ...


def name_in(named: Named, language: str) -> tuple[str, str]:
    """The name to show a reader of the language, and the language that the name is in.

    An organisation that has a name in one language alone is called by that one everywhere.
    """
    zh, other = (named.name_zh, "zh"), (named.name_other, named.other_language)
    first, second = (zh, other) if language == "zh" else (other, zh)
    return first if first[0] else second


def legal_name(text: str, language: str) -> dict[str, Any]:
    """A name as it stands on the licence, as fields of a profile: by its script.

    `language` is that of who typed it: it tells English from Spanish.
    """
    other_language = language if language != "zh" else "en"
    is_chinese = any(unicodedata.name(c, "").startswith("CJK UNIFIED") for c in text)
    return {
        "name_zh": text if is_chinese else "",
        "name_other": "" if is_chinese else text,
        "other_language": other_language,
    }


def folded(text: str) -> str:
    """A text as it is compared: full-width letters and capitals do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def distinctive(name: str) -> str:
    """What tells a name from others: without marks, spaces and the legal form."""
    words = re.sub(r"[\W_]+", " ", folded(name))
    return re.sub(r"\s+", "", FORMS.sub(" ", words)) or re.sub(r"\s+", "", words)


def comparable(others: Mapping[int, Sequence[str]]) -> list[tuple[int, str]]:
    """Return names as they are compared, each with whose it is: once for many comparisons."""
    return [(one, distinctive(name)) for one, given in others.items() for name in given if name]


def alike(names: Sequence[str], others: Sequence[tuple[int, str]]) -> list[int]:
    """Return whose names are like one of the names, the likest first; `others` are comparable.

    >>> others = comparable({1: ["青海盐湖有限公司"], 2: ["西藏牦牛有限公司"]})
    >>> alike(["青海盐湖股份有限公司"], others)
    [1]
    """
    best: dict[int, float] = {}
    texts = [text for _, text in others]
    for name in filter(None, names):
        found = process.extract(
            distinctive(name), texts, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None
        )
        for _, score, place in found:
            one = others[place][0]
            best[one] = max(score, best.get(one, 0))
    return sorted(best, key=lambda one: (-best[one], one))[:MOST_ALIKE]


def likely(name: str, others: Sequence[tuple[int, str]]) -> list[int]:
    """Return whom a short or mistyped name may stand for, the likest first.

    >>> likely("盐湖集团", comparable({1: ["青海盐湖工业股份有限公司"], 2: ["西藏牦牛有限公司"]}))
    [1]
    """
    found = process.extract(
        distinctive(name),
        [text for _, text in others],
        scorer=fuzz.WRatio,
        score_cutoff=MAYBE,
        limit=2 * MOST_ALIKE,
    )
    return list(dict.fromkeys(others[place][0] for _, _, place in found))[:MOST_ALIKE]
