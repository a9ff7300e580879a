"""Verdicts on what a must-have asks for or forbids without an amount."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from .asked import Asked, Group, coverage, has_rarest
from .clauses import Field, Span
from .found import MET, UNKNOWN, UNMET, Found, Offer
from .negation import denied_after, denies, done_without, negated
from .qualities import stated

_FORBIDS = re.compile(
    r"^\W*(?:不(?!仅|只)|无|免|禁|勿|非|零)|不(?:用|使用|含|得使用|采用|添加|出现|需|外加|放|设)"
    r"|^\W*(?:no|not(?! only)|never|without|sin|nunca|ningun[ao]?|ningún|nada de|neither"
    r"|nor|ni)\b|\b(?:without|free of"
    r"|free from|libre de)\b|-free\b",
    re.IGNORECASE,
)
_USES = re.compile(
    r"(?:采用|使用|以|投加|添加|加入|喷洒?|灌|施用|靠|通过|供应|生产|注入|浸出|穿|铺|浇筑?|喷筑|衬|埋)[^,;。]{0,12}$"
    r"|\b(?:us(?:es|ing|ed)|with|adds?|by means of|contain\w*|appl(?:y|ies|ied)|inject\w*"
    r"|dos(?:es|ed|ing)|con|mediante|usa\w*|utiliza\w*|emplea\w*|añad\w+|dosific\w+"
    r"|aplica\w*)\s(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"替代|代替|取代|replac|instead|sustitu|en lugar|不再|无需|rather than", re.IGNORECASE
)
_UNTESTED = re.compile(
    r"[未待][^,;。]{0,4}(?:鉴定|验证|测试|试验|评估|检测)|not (?:yet )?(?:been )?(?:tested"
    r"|verified|assessed)"
    r"|no (?:probad|ensayad|verificad)",
    re.IGNORECASE,
)
# An amount that was not understood: words alone do not answer it.
_BOUNDS = re.compile(
    r"\d|不(?:少|低|高|超|多|大|小)|以上|以内|以下|\bat (?:least|most)|\bbelow|\babove"
    r"|\bal menos|\bmáximo"
    r"|\bmínimo|\bpor debajo|\bpor encima",
    re.IGNORECASE,
)
_SAYS_IT = 0.65
_TELLING = 4.0  # weight of a word that is enough alone
_DENIES_IT = 0.8
_ON_TOPIC = 0.15
_OF_THE_REST = 0.4
_ON_SUBJECT = 0.1


def by_quality(asked: Asked, offer: Offer) -> Found:
    """Return the verdict on a part of a must-have without amounts."""
    by_table = _by_table(asked, offer)
    if by_table.status != UNKNOWN:
        return by_table
    if asked.conditions or _BOUNDS.search(asked.text):
        return Found(UNKNOWN)
    if _FORBIDS.search(asked.text):
        return _forbidden(_after_negation(asked), offer)
    return _stated(asked, offer)


def _by_table(asked: Asked, offer: Offer) -> Found:
    for quality, (start, end) in asked.qualities:
        rest = [one for one in asked.groups if one.span[1] <= start or end <= one.span[0]]
        if coverage(rest, offer.every) < _OF_THE_REST and offer.topic < _ON_TOPIC:
            continue
        yes = next(_statements(quality, "yes", offer.fields), None)
        no = next(_statements(quality, "no", offer.fields), None)
        if (yes is None) == (no is None):
            continue
        status = MET if yes else UNMET
        text, span = yes or no or (offer.fields[0], (0, 0))
        return Found(status, 1.0, text, text.clause(span[0]))
    return Found(UNKNOWN)


def _statements(quality: str, role: str, fields: Sequence[Field]) -> Iterator[tuple[Field, Span]]:
    for text in fields:
        span = stated(quality, role, text)
        if span is not None:
            yield text, span


def _forbidden(groups: Sequence[Group], offer: Offer) -> Found:
    """Return met when a clause says it does without, unmet when one says it is used."""
    used = Found(UNKNOWN)
    for number, text in enumerate(offer.fields):
        for span in text.clauses:
            keys = text.keys(span)
            if coverage(groups, keys) < 0.6 or not has_rarest(groups, keys):
                continue
            place = _place(groups, text, span)
            if place is None:
                continue
            if done_without(text, place, span):
                return Found(MET, 1.0, text, span)
            if (
                used.status == UNKNOWN
                and not negated(text, place, span)
                and coverage(groups, keys) >= _DENIES_IT
                and not _INSTEAD.search(text.folded[slice(*text.sentence(span[0]))])
                and (number == 0 or _USES.search(text.folded[span[0] : place[0]]))
            ):
                used = Found(UNMET, 1.0, text, span)
    return used


def _place(groups: Sequence[Group], text: Field, span: Span) -> Span | None:
    """Return where a clause names the weightiest of some words."""
    for group in sorted(groups, key=lambda one: -one.weight):
        keys = group.keys.union(*group.pieces)
        for start, end, key, _ in text.between(span):
            if key in keys:
                return start, end
    return None


def _after_negation(asked: Asked) -> Sequence[Group]:
    """Return the words that a must-have forbids: those after its "no"."""
    match = _FORBIDS.search(asked.text)
    place = asked.folded.index(asked.text) + (match.end() if match else 0)
    after = [group for group in asked.groups if group.span[0] >= place - 1]
    return after or asked.groups


def _stated(asked: Asked, offer: Offer) -> Found:
    """Return met when a sentence says all of it, unmet when one denies all of it."""
    groups = asked.groups
    best = Found(UNKNOWN)
    wanted = any(denies(asked.folded[: group.span[0]], asked.language) for group in groups)
    if not groups or offer.topic < (_ON_SUBJECT if len(groups) > 1 else _ON_TOPIC):
        return best
    if len(groups) == 1 and groups[0].weight < _TELLING:
        return best
    for text in offer.fields:
        for span in text.clauses:
            share = coverage(groups, text.keys(span))
            if share < _SAYS_IT or share <= best.score or not has_rarest(groups, text.keys(span)):
                continue
            place = _place(groups, text, span)
            if place is None:
                continue
            denied = any(one[3] for one in text.between(span)) or any(
                negated(text, (start, end), span) or denied_after(text, (start, end), span)
                for start, end, key, _ in text.between(span)
                if any(key in group.keys for group in groups)
            )
            if _UNTESTED.search(text.folded[slice(*span)]):
                continue
            if wanted:
                best = Found(MET, share, text, span) if denied else best
            else:
                best = Found(UNMET if denied else MET, share, text, span)
    return best


def absent(asked: Asked, offer: Offer) -> Found:
    """Return met when a capability says that a substance with an upper limit is absent."""
    limited = all(
        one.measure is None and one.amount.low == -math.inf and not one.amount.change
        for one in asked.targets
    )
    if not limited or not asked.objects:
        return Found(UNKNOWN)
    found = _forbidden(asked.objects, offer)
    return found if found.status == MET else Found(UNKNOWN)
