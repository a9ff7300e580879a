"""Qualities that sentences of many wordings say, from a table in three languages.

"Works without mains power" follows from solar power; the table has, for each quality, patterns of
must-haves that ask for it and of capabilities that have it ("yes") or have not ("no").
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from ..paths import DATA
from .clauses import Field, Span

_TABLE = DATA / "requirements" / "qualities.tsv"
_LOOK_BACK = 14
_DENIED = re.compile(
    r"(?:不(?:是|能|可|具备|提供|支持)|没有|并非|未)[^,;。]{0,6}$"
    r"|\b(?:not|cannot|no longer|never|isn't|aren't)\s(?:\w+\s){0,2}$|\bno (?:es|son|está|tiene"
    r"|dispone)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, str, str], re.Pattern[str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["quality"], row["role"], row["language"]): re.compile(
                row["pattern"], re.IGNORECASE
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        }


def asked_qualities(folded: str, language: str) -> list[tuple[str, Span]]:
    """Return the qualities that a must-have asks for, and where."""
    return [
        (quality, match.span())
        for (quality, role, code), pattern in _table().items()
        if role == "ask" and code == language and (match := pattern.search(folded))
    ]


def stated(quality: str, role: str, text: Field) -> Span | None:
    """Return where a text states that it has a quality ("yes") or has it not ("no")."""
    if (quality, role) not in text.stated:
        text.stated[quality, role] = _stated(quality, role, text)
    return text.stated[quality, role]


def _stated(quality: str, role: str, text: Field) -> Span | None:
    pattern = _table().get((quality, role, text.language))
    for match in pattern.finditer(text.folded) if pattern else ():
        before = text.folded[max(0, match.start() - _LOOK_BACK) : match.start()]
        if not _DENIED.search(before):
            return match.span()
    return None
