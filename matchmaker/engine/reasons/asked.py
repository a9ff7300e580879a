"""A must-have read: the amounts it sets, what they are of, and what it forbids or asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..text.folding import fold
from ..text.quantities import Amount, amounts
from ..vectors.features import Occurrence
from .clauses import COMPARED, Key, ReadField, Span
from .measures import Measure, kinds_of, mentions

Rarity = Callable[[Key], float]
_PART = re.compile(r"[,;，；](?=\s|[^\d\s])|(?<=\D),(?=\d)|\band\b(?= (?:at|no|below|above|under|over)\b)")
_BOUND_WORDS = re.compile(
    r"不(?:低|少|小|大|高|超|短|多|长|得)(?:于|过)?|至少|最多|以上|以下|以内|之内|达到|控制在?|左右|大于|小于|高于|低于|超过"
    r"|(?:降低|下降|减少|提高|增加|降到|降至)(?=$|[不\d一二三四五六七八九到至以约达了])"
    r"|\b(?:at (?:least|most)|no (?:more|less|fewer|higher|lower|longer) than|not (?:above|below|more than|over)|below|above"
    r"|under|over|within|up to|minimum|maximum|more than|less than|al menos|como (?:m[aá]ximo|m[ií]nimo)|no (?:superior|inferior)(?:es)?"
    r"|superior(?:es)?|inferior(?:es)?|hasta|por (?:debajo|encima)|m[aá]s de|menos de|m[aá]xim\w+|m[ií]nim\w+|unidad(?:es)? como)\b",
    re.IGNORECASE,
)
# Words that every must-have may have, which say nothing of its subject.
_EMPTY = re.compile(
    r"能够?|可以?|可用|具有|具备|适应|适用|使用|需要?|必须|应当?|单个|每个|正常|条件下?|时|后|期间|进行|达|有|在|内|总|综合|对|由|的|为|和|与|及|并|首个|产品|技术|系统"
    r"|must|should|can|able|allow\w*|use[ds]?|using|usable|work\w*|function\w*|operat\w+|suitable|at|per|with|in|of|the|a|an|to|for|each|every|total|product|system|shown|proven"
    r"|debe\w*|puede\w*|permit\w*|funciona\w*|apto|apta|con|en|de|por|para|cada|el|la|los|las|total|producto|sistema|acreditad[oa]",
    re.IGNORECASE,
)


class Group(NamedTuple):
    """A word of a must-have: its synonyms in all languages, its weight and its place."""

    keys: frozenset[Key]
    weight: float
    span: Span


class Target(NamedTuple):
    """An amount that is asked for, and what it measures."""

    amount: Amount
    measure: Measure | None


class Asked(NamedTuple):
    """A part of a must-have: its words, the amounts it sets and those under which they hold."""

    text: str
    groups: tuple[Group, ...]
    objects: tuple[Group, ...]
    targets: tuple[Target, ...]
    conditions: tuple[Amount, ...]


def read_asked(text: str, language: str, read: ReadField, rarity: Rarity) -> tuple[Asked, ...]:
    """Return the parts of a must-have: one for each amount that it sets in a clause of its own."""
    folded = fold(text)
    found = amounts(folded, language)
    groups = _groups(text, language, read, rarity)
    parts = []
    for start, end in _spans(folded, found):
        own = [one for one in found if start <= one.start < end]
        parts.append(
            _part(
                folded,
                (start, end),
                language,
                own,
                [group for group in groups if start <= group.span[0] < end],
            )
        )
    return tuple(parts)


def _spans(folded: str, found: Sequence[Amount]) -> list[Span]:
    """Cut a must-have where two of its clauses have bounded amounts."""
    cuts = [0, *(match.end() for match in _PART.finditer(folded)), len(folded)]
    spans = [
        (start, end)
        for start, end in zip(cuts, cuts[1:], strict=False)
        if folded[start:end].strip(" ,;，；")
    ]
    full = [any(start <= one.start < end and one.bounded for one in found) for start, end in spans]
    return spans if len(spans) > 1 and all(full) else [(0, len(folded))]


def _part(
    folded: str, span: Span, language: str, found: Sequence[Amount], groups: Sequence[Group]
) -> Asked:
    named = mentions(folded[span[0] : span[1]], language)
    measured = []
    for amount in found:
        kinds = kinds_of(amount.unit)
        own = [
            one
            for one in named
            if one.measure.kinds & kinds or (amount.change and amount.unit == "ratio")
        ]
        nearest = min(
            own,
            key=lambda one, at=amount: (_far(one.start + span[0], one.end + span[0], at), one.start - one.end),
            default=None,
        )
        measured.append((amount, nearest))
    bounded = [one for one in measured if one[0].bounded and one[0].unit]
    bounded = bounded or [one for one in measured if one[0].bounded]
    wanted = bounded or [one for one in measured if one[1] and one[1].measure.wanted]
    taken = [(one.start, one.end) for one in found]
    taken += [
        (mention.start + span[0], mention.end + span[0]) for _, mention in wanted if mention
    ]
    taken += [match.span() for match in _BOUND_WORDS.finditer(folded)]
    objects = tuple(
        group
        for group in groups
        if not any(start <= group.span[0] and group.span[1] <= end for start, end in taken)
        and not _EMPTY.fullmatch(folded[slice(*group.span)])
    )
    return Asked(
        folded[span[0] : span[1]].strip(" ,;，；"),
        tuple(group for group in groups if not _in_amount(group, found)),
        objects,
        tuple(
            Target(_as_wanted(amount, mention and mention.measure), mention and mention.measure)
            for amount, mention in wanted
        ),
        tuple(one for one in found if not any(one is target for target, _ in wanted)),
    )


def _far(start: int, end: int, amount: Amount) -> int:
    return max(start - amount.end, amount.start - end, 0)


def _in_amount(group: Group, found: Iterable[Amount]) -> bool:
    return any(one.start <= group.span[0] < one.end for one in found)


def _as_wanted(amount: Amount, measure: Measure | None) -> Amount:
    """Give an amount the bound that its measure implies: frost of −35 °C is to be borne."""
    wanted = measure.wanted if measure else ""
    if wanted == "reach" and amount.reach:
        return amount._replace(low=amount.high, high=math.inf)
    if amount.bounded:
        if wanted == "cold" and amount.low == -math.inf:
            return amount
        return amount
    if wanted in ("more", "reach"):
        return amount._replace(high=math.inf, bounded=True)
    if wanted in ("less", "cold"):
        return amount._replace(low=-math.inf, bounded=True)
    return amount


def _groups(text: str, language: str, read: ReadField, rarity: Rarity) -> list[Group]:
    """Return the words of a must-have with their synonyms; a word weighs as its most common one."""
    found: dict[Span, set[Key]] = {}
    for term, _ in read(text, language, "need"):
        if term.channel in COMPARED:
            found.setdefault((term.start, term.end), set()).add((term.channel, term.term))
    outer = {place: keys for place, keys in found.items() if not _within_another(place, found)}
    for place, keys in found.items():
        for other in outer:
            if other[0] <= place[0] and place[1] <= other[1]:
                outer[other] |= keys if len(keys) == 1 else set()
    return [
        Group(frozenset(keys), min(map(rarity, keys)), place)
        for place, keys in sorted(outer.items())
    ]


def _within_another(place: Span, groups: Iterable[Span]) -> bool:
    return any(other != place and other[0] <= place[0] and place[1] <= other[1] for other in groups)


__all__ = ["Asked", "Group", "Occurrence", "Target", "read_asked"]
