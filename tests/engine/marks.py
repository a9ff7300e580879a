"""Sentences whose places to find stand between square brackets."""

from __future__ import annotations

from collections.abc import Callable

from matchmaker.engine.text.folding import fold

Finder = Callable[[str, str], list[tuple[int, int]]]
_EDGES = " ,.;:!。；"


def found(find: Finder, marked: str, language: str) -> str:
    """Return the sentence with brackets around what ``find`` finds, without its punctuation."""
    folded = fold(marked.replace("[", "").replace("]", ""))
    for start, end in reversed(find(folded, language)):
        inner = folded[start:end].strip(_EDGES)
        at = folded.index(inner, start)
        folded = f"{folded[:at]}[{inner}]{folded[at + len(inner) :]}"
    return folded
