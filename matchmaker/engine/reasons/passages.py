"""The sentence of a text that carries most of a pair's fit: what is asked, or what is claimed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..text.folding import fold_with_offsets
from .speech import asks, claims

Key = tuple[str, str]  # channel, term
Span = tuple[int, int]

LONGEST = 160
_SENTENCE = re.compile(r"[。！!？?;；]+|\.(?=\s|$)|\n+")
_CLAUSE = re.compile(r"(?<!\d)[,，:：]|[,，:：](?!\d)|[、)）]|—+|\s[-–]\s")
_PARENTHESES = re.compile(r"[(（][^()（）]*[)）]")
_MARKUP = re.compile(r"\*\*|__|`|(?:^|\s)#+(?=\s)")
_NUMBERING = re.compile(r"^(?:[(（]?\d{1,2}[)）]|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]、)")
_DENYING, _CUT = 0.3, 0.7
_EDGES = " \t\r\n,，;；、:：-–—*#>•·|"


class Passage(NamedTuple):
    """Words to quote, their terms, and how well they stand alone: 1 for a whole sentence."""

    text: str
    terms: list[Key]
    whole: float
    denies: bool


@dataclass
class Text:
    """A text of a listing: its field, its words, and where its terms begin in its folded form.

    ``denied`` is where the terms begin that the text denies or refuses.
    """

    field: str
    text: str
    terms: Sequence[tuple[int, Key]]
    denied: Sequence[int] = ()

    @cached_property
    def passages(self) -> list[Passage]:
        """The passages that hold a term."""
        return list(_passages(self))


def best_passage(texts: Sequence[Text], pulls: Mapping[Key, float], kind: str) -> str:
    """Return the sentence, or clauses of one, that best says what is asked or claimed.

    It is the one whose terms pull most, the earliest of equals. One that asks or claims is worth
    more, one that denies or begins in the middle of a sentence less. A title is a heading already,
    so it counts only when nothing else has a term.

    Parameters
    ----------
    texts : Sequence[Text]
        Texts of one listing, without labels that its author did not write.
    pulls : Mapping[Key, float]
        How much of the pair's fit each shared term carries.
    kind : str
        "need" or "capability", whose listing it is.

    Examples
    --------
    >>> text = Text("summary", "Hello. brine is here. Bye.", [(7, ("words", "en:brine"))])
    >>> best_passage([text], {("words", "en:brine"): 1.0}, "need")
    'brine is here.'
    """
    for titles in (False, True):
        chosen, most = "", 0.0
        for one in texts:
            if (one.field == "title") is not titles:
                continue
            for passage in one.passages:
                pull = sum(pulls[key] for key in passage.terms if key in pulls)
                pull *= passage.whole * _aptness(passage, one.field, kind)
                if pull > most * (1 + 1e-9):
                    chosen, most = passage.text, pull
        if chosen:
            return chosen
    return ""


def _aptness(passage: Passage, name: str, kind: str) -> float:
    """Return how much a passage is the kind of thing that is quoted."""
    if kind == "capability":
        return _DENYING if passage.denies else claims(passage.text)
    if name == "must_haves":
        return 1.0
    asked = asks(passage.text)
    return _DENYING * asked if passage.denies else asked


def _passages(text: Text) -> Iterator[Passage]:
    folded, offsets = fold_with_offsets(text.text)
    terms = sorted(text.terms)
    denied = sorted(text.denied)
    for sentence in _pieces(_SENTENCE, folded, (0, len(folded))):
        for start, end in _windows(folded, sentence):
            held = terms[bisect_left(terms, (start,)) : bisect_left(terms, (end,))]
            if held:
                passage = text.text[offsets[start] : offsets[end]].strip(_EDGES)
                passage = _MARKUP.sub("", _NUMBERING.sub("", passage)).strip(_EDGES)
                yield Passage(
                    passage[:LONGEST],
                    list(dict.fromkeys(key for _, key in held)),
                    1.0 if start == sentence[0] else _CUT,
                    bisect_left(denied, start) < bisect_left(denied, end),
                )


def _windows(folded: str, sentence: Span) -> Iterator[Span]:
    """Yield a sentence, or the runs of its clauses that are short enough to be read."""
    if sentence[1] - sentence[0] <= LONGEST:
        yield sentence
        return
    hushed = _PARENTHESES.sub(lambda match: "·" * len(match[0]), folded)
    clauses = [
        piece for clause in _pieces(_CLAUSE, hushed, sentence) for piece in _cut(folded, clause)
    ]
    for first, (start, _) in enumerate(clauses):
        ends = [end for _, end in clauses[first:] if end - start <= LONGEST]
        if ends:
            yield start, ends[-1]


def _cut(folded: str, clause: Span) -> Iterator[Span]:
    """Yield a clause, or the parts of one too long, cut between words where there are spaces."""
    start, end = clause
    while end - start > LONGEST:
        space = folded.rfind(" ", start + 1, start + LONGEST)
        cut = space if space > start else start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def _pieces(pattern: re.Pattern[str], folded: str, span: Span) -> Iterator[Span]:
    """Yield the parts of a span between the ends of a pattern's matches, without empty ones."""
    ends = [match.end() for match in pattern.finditer(folded, *span)]
    start = span[0]
    for end in (*ends, span[1]):
        if folded[start:end].strip(_EDGES):
            yield start, end
        start = end
