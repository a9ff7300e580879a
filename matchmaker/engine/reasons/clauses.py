"""Texts of a capability in sentences and clauses, with the terms, amounts and measures of each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..listing import Listing
from ..text.folding import fold_with_offsets
from ..text.quantities import Amount, amounts, relative_changes
from ..vectors.features import CONCEPTS, SENSES, WORDS, Occurrence
from .measures import ANY, Mention, kinds_of, mentions

Key = tuple[str, str]
# text, language, kind of listing -> its terms, each with whether it is denied
ReadField = Callable[[str, str, str], Sequence[tuple[Occurrence, bool]]]
Span = tuple[int, int]

COMPARED = (CONCEPTS, SENSES, WORDS)
_LEAST_SENSE = 0.32  # what is less likely is a stray meaning of one character
_SENTENCE = re.compile(r"[。！!？?;\n]|\.(?=\s|$)|\s\((?=\d\))|(?<=[。;:,])\((?=\d\))")
_CLAUSE = re.compile(
    r"[。！!？?;\n:,()]|\.(?=\s|$)|—|(?<=[A-Za-z0-9%‰)升克吨米元倍天年度])、(?=\D)"
)
_COMMA_IN_NUMBER = re.compile(r"(?<=\d),(?=\d)")


@dataclass
class Field:
    """A text of a capability: its folded form, and what it says with places in it."""

    text: str
    folded: str
    language: str
    offsets: list[int]
    terms: list[tuple[int, int, Key, bool]]
    sentence_ends: list[int]
    clause_ends: list[int]
    starts: list[int] = field(default_factory=list)
    stated: dict[tuple[str, str], Span | None] = field(default_factory=dict)
    _keys: dict[Span, frozenset[Key]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.starts = [term[0] for term in self.terms]

    @cached_property
    def amounts(self) -> list[Amount]:
        """Amounts of the text, and the changes between two of them."""
        found = amounts(self.folded, self.language)
        return sorted([*found, *relative_changes(found)], key=lambda one: one.start)

    @cached_property
    def mentions(self) -> list[Mention]:
        """Measures that the text names."""
        return mentions(self.folded, self.language)

    def sentence(self, place: int) -> Span:
        """Return the sentence around a place."""
        return _around(self.sentence_ends, place)

    def clause(self, place: int) -> Span:
        """Return the clause around a place."""
        return _around(self.clause_ends, place)

    @cached_property
    def clauses(self) -> list[Span]:
        """Clauses of the text, in order."""
        starts = [0, *self.clause_ends[:-1]]
        return [
            (start, end) for start, end in zip(starts, self.clause_ends, strict=True) if start < end
        ]

    def keys(self, span: Span) -> frozenset[Key]:
        """Return the terms that begin in a span."""
        if span not in self._keys:
            self._keys[span] = frozenset(term[2] for term in self.between(span))
        return self._keys[span]

    def ending(self, span: Span) -> frozenset[Key]:
        """Return the terms of a span that reach its end."""
        return frozenset(term[2] for term in self.between(span) if term[1] >= span[1] - 1)

    def between(self, span: Span) -> list[tuple[int, int, Key, bool]]:
        """Return the terms that begin in a span with their places."""
        first, last = bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])
        return self.terms[first:last]

    def zone(self, amount: Amount) -> Span:
        """Return the words that say what an amount is of: its clause between its neighbours."""
        start, end = self.clause(amount.start)
        end = max(end, self.clause(max(amount.start, amount.end - 1))[1])
        kind = amount.unit.split("/", maxsplit=1)[0]
        for other in self.amounts:
            if other.unit.split("/", maxsplit=1)[0] != kind or other == amount:
                continue
            if other.end <= amount.start and not other.before:
                start = max(start, other.end)
            elif other.start >= amount.end:
                end = min(end, other.start)
        if self.folded[start : amount.start].strip(" ,;:.()、") and self._has_next(amount, end):
            end = amount.end
        return start, end

    def _has_next(self, amount: Amount, end: int) -> bool:
        """Tell whether the words after an amount belong to the next one."""
        return any(other.start == end for other in self.amounts) and not re.match(
            r"\s?(?:of|de|del|的)\b", self.folded[amount.end : amount.end + 5]
        )

    def measures(self, amount: Amount, span: Span) -> list[Mention]:
        """Return the measures in a span that an amount can be of, the nearest first."""
        kinds = kinds_of(amount.unit)
        found = [
            one
            for one in self.mentions
            if span[0] <= one.start
            and one.end <= span[1]
            and ((amount.change and amount.unit == "ratio") or one.measure.kinds & (kinds | ANY))
        ]
        return sorted(found, key=lambda one: (_distance(one, amount), one.start - one.end))

    def said(self, span: Span) -> str:
        """Return the words of a span as they are written."""
        start, end = span
        end += self.folded[end : end + 1] in (".", "。", "!", "?", "！", "？")
        return self.text[self.offsets[start] : self.offsets[min(end, len(self.folded))]].strip(
            " ,;，；、"
        )


def is_compared(term: Occurrence) -> bool:
    """Tell whether a term counts: no characters, and no unlikely sense of a word."""
    return term.channel in COMPARED and (term.channel != SENSES or term.weight >= _LEAST_SENSE)


def _distance(mention: Mention, amount: Amount) -> int:
    return max(mention.start - amount.end, amount.start - mention.end, 0)


def _around(ends: list[int], place: int) -> Span:
    at = bisect_right(ends, place)
    return (ends[at - 1] if at else 0), ends[min(at, len(ends) - 1)]


def read_fields(listing: Listing, language: str, read: ReadField) -> list[Field]:
    """Return the texts of a capability, the title first."""
    return [
        read_field(text, language, listing.kind, read)
        for text in (listing.title, listing.summary, listing.description)
        if text.strip()
    ]


def read_field(text: str, language: str, kind: str, read: ReadField) -> Field:
    """Read one text of a listing."""
    folded, offsets = fold_with_offsets(text)
    terms = sorted(
        (term.start, term.end, (term.channel, term.term), denied)
        for term, denied in read(text, language, kind)
        if is_compared(term)
    )
    return Field(
        text,
        folded,
        language,
        offsets,
        terms,
        [*(match.end() for match in _SENTENCE.finditer(folded)), len(folded) + 1],
        [
            *(
                match.end()
                for match in _CLAUSE.finditer(folded)
                if not _COMMA_IN_NUMBER.match(folded, match.start())
            ),
            len(folded) + 1,
        ],
    )
