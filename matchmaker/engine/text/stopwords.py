"""Folded words without a subject, by language; the lists are our own and short on purpose."""

from __future__ import annotations

from ..paths import DATA

_FOLDER = DATA / "stopwords"


def _read(language: str) -> frozenset[str]:
    lines = (_FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


STOPWORDS: dict[str, frozenset[str]] = {
    language: _read(language) for language in ("zh", "en", "es")
}
