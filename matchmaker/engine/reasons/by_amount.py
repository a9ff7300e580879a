"""Verdicts on amounts: the amount of the same quantity that a capability states."""

from __future__ import annotations

import math
import re

from ..text.quantities import Amount, satisfies
from .asked import Asked, Target
from .clauses import Field, Span
from .found import MET, UNKNOWN, UNMET, Found, Offer
from .same_thing import Place, likeness, place_of

_AS_SURE = 0.15
_COUNTS = frozenset({"", "count", "people"})
# Amounts so far apart that they are hardly of the same thing: a second and three days.
_APART, _APART_UNNAMED = 1000.0, 100.0
_SIZED = frozenset(
    {"time", "mass", "money", "volume", "area", "length", "power", "count", "people"}
)
_TINY = 1e-12
_YEAR = 31557600.0
_FIRST_HAN = "\u4e00"
_TOO_SHORT = 8
_LIMIT = re.compile(
    r"最高|最大|最多|最低|仅限|限于|不足|以下|上限|不允许|不得|不适用|只能|最小|起步"
    r"|退出|不宜|不推荐|不建议|除外|\bno data|\bno (?:se )?recom\w+"
    r"|\bnot?\b|\bmaximum|\blargest|\bsmallest|\bup to|\bonly|\blimited"
    r"|\bhasta|\bmáxim\w+|\bsolo\b|\bdejan? de",
    re.IGNORECASE,
)
# Measures of which an example below what is asked is no limit.
_EXAMPLES = frozenset({"altitude", "served", "sites", "plant_size", "ground_temp"})
# What is sold by the piece: its price is that of one.
_DEVICE = re.compile(
    r"[台套件部架]|unit|set|kit|machine|device|unidad|equipo|máquina", re.IGNORECASE
)
_WATER = re.compile(
    r"水|污|\bwater|\bagua|\beffluent|\befluente|\bsewage|\bflow|\bcaudal", re.IGNORECASE
)


def by_amounts(asked: Asked, offer: Offer) -> Found:
    """Return the verdict on a part of a must-have that sets amounts: all of them must be met."""
    verdicts = [_by_amount(asked, target, offer) for target in asked.targets]
    if any(one.status == UNKNOWN for one in verdicts):
        return Found(UNKNOWN)
    unmet = [one for one in verdicts if one.status == UNMET]
    return unmet[0] if unmet else verdicts[-1]


def _by_amount(asked: Asked, target: Target, offer: Offer) -> Found:
    kind = target.amount.unit.split("/", maxsplit=1)[0]
    kinds: tuple[str, ...] = ("mass", "volume") if kind in ("mass", "volume") else (kind,)
    kinds = ("count", "people", "") if kind in _COUNTS else kinds
    found = [
        one
        for text in offer.fields
        for amount in text.amounts
        if amount.unit.startswith(kinds)
        and (level := _comparable(amount, asked, target, text)) is not None
        and (one := _candidate(asked, target, place_of(text, amount), level, offer)) is not None
    ]
    known = [one for one in found if one.status != UNKNOWN]
    if not known:
        return Found(UNKNOWN)
    best = max(known, key=lambda one: one.score)
    top = [one for one in found if one.score >= best.score - _AS_SURE]
    if any(one.status not in (best.status, UNKNOWN) for one in top):
        return Found(UNKNOWN)
    return best


def _counts_by(unit: str) -> str | None:
    """Return what a count is by, as "/time"; None for other quantities."""
    counted, slash, by = unit.partition("/")
    return slash + by if counted in _COUNTS else None


def _comparable(offered: Amount, must_have: Asked, target: Target, text: Field) -> Amount | None:
    """Return an offered amount in the asked unit; None for another quantity or a state before."""
    asked = target.amount
    if offered.before or offered.change != asked.change:
        return None
    if offered.unit == asked.unit:
        return offered
    money = asked.unit.startswith("money")
    if asked.unit == "money/each" and offered.unit == "money" and asked.per is not None:
        each = must_have.folded[slice(*asked.per)]
        return offered._replace(unit=asked.unit) if _DEVICE.match(each) else None
    if not money and offered.unit.replace("/each", "") == asked.unit.replace("/each", ""):
        return offered._replace(unit=asked.unit)  # what it is by is often left out
    if _counts_by(offered.unit) is not None and _counts_by(offered.unit) == _counts_by(asked.unit):
        return offered._replace(unit=asked.unit)  # people, heads and pages are all counted
    if asked.unit == "time/time" and offered.unit == "time" and offered.high <= _YEAR:
        return offered._replace(
            unit=asked.unit, low=offered.low / _YEAR, high=offered.high / _YEAR
        )  # months a year
    if not ("volume" in offered.unit or "mass" in offered.unit):
        return None
    if offered.unit.replace("volume", "mass") != asked.unit.replace("volume", "mass"):
        return None
    if not _WATER.search(text.folded):  # a cubic metre of water is a tonne
        return None
    factor = 1.0
    units = zip(offered.unit.split("/"), asked.unit.split("/"), strict=True)
    for place, (one, other) in enumerate(units):
        ratio = 1.0 if one == other else 1e3 if one == "volume" else 1e-3
        factor *= ratio if place == 0 else 1 / ratio
    return offered._replace(unit=asked.unit, low=offered.low * factor, high=offered.high * factor)


def _candidate(
    asked: Asked, target: Target, place: Place, level: Amount, offer: Offer
) -> Found | None:
    """Judge one amount; None when it measures something else."""
    like = likeness(asked, target, place, level, offer)
    if like is None:
        return None
    status = _compare(like.amount, target, place)
    if (status == UNMET and not like.may_deny) or not _conditions_hold(asked, place):
        status = UNKNOWN
    if _times_apart(like.amount, target.amount) > (_APART if target.measure else _APART_UNNAMED):
        status = UNKNOWN
    return Found(status, like.score, place.text, _told(place))


def _times_apart(offered: Amount, asked: Amount) -> float:
    """Return how many times an amount is another; 1 where that says nothing, as of shares."""
    if asked.unit.split("/", maxsplit=1)[0] not in _SIZED:
        return 1.0
    sizes = [
        abs(one.low if math.isfinite(one.low) else one.high) or _TINY for one in (offered, asked)
    ]
    return max(sizes) / min(sizes)


def _told(place: Place) -> Span:
    """Return the clause of an amount, or its sentence when the clause alone says too little."""
    text, amount = place.text, place.amount
    start, end = text.clause(amount.start)
    end = max(end, text.clause(max(amount.start, amount.end - 1))[1])
    said = filter(str.isalpha, text.folded[start:end])
    width = sum(1 if letter < _FIRST_HAN else 2 for letter in said)
    return place.sentence if width < _TOO_SHORT else (start, end)


def _compare(offered: Amount, target: Target, place: Place) -> str:
    """Compare an offered amount with the asked one, by what its measure means."""
    asked, wanted = target.amount, target.measure.wanted if target.measure else ""
    if offered.reach and wanted in ("reach", "more"):
        offered = offered._replace(low=offered.high)
    ranged = math.isfinite(asked.low) and math.isfinite(asked.high) and asked.low < asked.high
    if wanted in ("reach", "cover") and ranged:
        return _covers(offered, asked, whole=wanted == "cover")
    if wanted in ("reach", "cold"):
        return _reaches(offered, target, place.text.folded[slice(*place.sentence)])
    fits = satisfies(offered, asked)
    return UNKNOWN if fits is None else MET if fits else UNMET


def _covers(offered: Amount, asked: Amount, whole: bool) -> str:
    """Compare ranges: of a size, one that meets the asked one will do; of a band, none less."""
    if offered.high < asked.low or offered.low > asked.high:
        return UNMET
    if not whole or (offered.low <= asked.low and offered.high >= asked.high):
        return MET
    return UNMET if math.isfinite(offered.low) and math.isfinite(offered.high) else UNKNOWN


def _reaches(offered: Amount, target: Target, said: str) -> str:
    """Compare how far something reaches: what does more also does less."""
    asked = target.amount
    name = target.measure.name if target.measure else ""
    if asked.low == -math.inf:
        reached = offered.low if math.isfinite(offered.low) else offered.high
        if reached <= asked.high:
            return MET
        return UNKNOWN if name == "lowest_air" else UNMET
    reached = offered.high if math.isfinite(offered.high) else offered.low
    limited = bool(_LIMIT.search(said))
    if offered.low == -math.inf and not offered.reach and limited and reached >= asked.low:
        return UNKNOWN  # "below 1.2 m it does not hold"
    if reached >= asked.low:
        return MET if offered.high != math.inf or not limited else UNKNOWN
    return UNMET if name not in _EXAMPLES or offered.reach or limited else UNKNOWN


def _conditions_hold(asked: Asked, place: Place) -> bool:
    """Tell whether a statement holds under the conditions of a must-have, such as 5 °C."""
    return all(
        _holds(condition, _stated(condition.unit, place))
        for condition in asked.conditions
        if condition.unit in ("temperature", "age")
    )


def _stated(unit: str, place: Place) -> list[Amount]:
    start, end = place.sentence
    return [
        one
        for one in place.text.amounts
        if one.unit == unit and start <= one.start < end and one != place.amount
    ]


def _holds(condition: Amount, stated: list[Amount]) -> bool:
    if not stated:
        return False
    if condition.unit == "age":
        return any(abs(one.low - condition.low) < 0.2 * condition.low for one in stated)
    least = min(one.low if math.isfinite(one.low) else one.high for one in stated)
    most = max(one.high if math.isfinite(one.high) else one.low for one in stated)
    cold = condition.high < 15
    return least <= condition.high + 0.5 if cold else most >= condition.low - 0.5
