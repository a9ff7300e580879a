"""Verdicts on amounts: the amount of the same quantity that a capability states."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..text.quantities import Amount, satisfies
from .asked import Asked, Group, Target
from .clauses import Field, Span
from .measures import Measure, table

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"
_ENOUGH = 0.5
# Units that say what they measure.
_TELLING = {
    "energy/mass": "energy_use", "energy/volume": "energy_use", "energy/area": "energy_use",
    "fuel/mass": "energy_use", "mass/area": "yield", "mass/time": "capacity",
    "volume/time": "capacity", "count/time": "", "field": "coercivity",
}  # fmt: skip
_OF_THE_WHOLE = {
    "altitude", "lowest_air", "cost", "cost_operating", "cost_material", "cost_investment", "weight",
    "capacity", "lifetime", "storage", "warranty", "noise", "energy_use", "served", "battery_life",
    "depth", "wind", "footprint", "growth_period", "result_time", "lead_time", "yield", "water_use",
}  # fmt: skip
_LIMIT = re.compile(
    r"最高|最大|最多|最低|仅限|限于|不足|以下|上限|不允许|不得|不适用|只能|\bnot\b|\bmaximum|\blargest|\bup to|\bonly|\blimited|\bno more|\bhasta|\bmáxim\w+"
    r"|\bno\b|\bsolo\b|\bsmallest|最小|起步|\bdejan? de",
    re.IGNORECASE,
)
_INFLOW = re.compile(
    r"原水|进水|来水|来流|入料|原料|原矿|进料|原有|本底|土壤含?|\bfeed\b|\braw water\b|\binfluent|\binflow|\bstarting|\bentradas?\b|\bagua bruta|\bafluente"
    r"|\bon soil|\bcon entradas|\ba partir de",
    re.IGNORECASE,
)
_COSTS = {"cost", "cost_operating", "cost_investment", "cost_material", "cost_extra"}


class Found(NamedTuple):
    """A verdict, how sure the amount is the one that is asked for, and where it stands."""

    status: str
    score: float
    field: Field | None = None
    span: Span = (0, 0)


def by_amounts(asked: Asked, fields: Sequence[Field]) -> Found:
    """Return the verdict on a part of a must-have that sets amounts: all of them must be met."""
    verdicts = [_by_amount(asked, target, fields) for target in asked.targets]
    if any(one.status == UNKNOWN for one in verdicts):
        main = verdicts[-1]
        return main if main.status == UNMET else Found(UNKNOWN, 0.0)
    unmet = [one for one in verdicts if one.status == UNMET]
    return unmet[0] if unmet else verdicts[-1]


def _by_amount(asked: Asked, target: Target, fields: Sequence[Field]) -> Found:
    head = fields[0].keys((0, len(fields[0].folded) + 1)) if fields else set()
    if len(fields) > 1 and len(fields[1].folded) < 300:
        head = head | fields[1].keys((0, len(fields[1].folded) + 1))
    found: list[Found] = []
    for text in fields:
        for amount in text.amounts:
            if comparable(amount, target.amount):
                one = _candidate(asked, target, text, amount, head)
                if one is not None:
                    found.append(one)
    if not found:
        return Found(UNKNOWN, 0.0)
    best = max(one.score for one in found)
    top = [one for one in found if one.score >= best - 0.15 and one.status != UNKNOWN]
    first = [one for one in found if one.score == best]
    if any(one.status == UNKNOWN for one in first) or len({one.status for one in top}) != 1:
        return Found(UNKNOWN, 0.0)
    return first[0]


def comparable(offered: Amount, asked: Amount) -> bool:
    """Tell whether two amounts are of one quantity and both levels, or both changes of one way."""
    return offered.unit == asked.unit and offered.change == asked.change and not offered.before


def _candidate(
    asked: Asked, target: Target, text: Field, amount: Amount, head: set[tuple[str, str]]
) -> Found | None:
    """Judge one amount; None when it measures something else."""
    zone = text.zone(amount)
    measured = _measured(target, text, amount, zone)
    if measured is None:
        return None
    keys = text.keys(zone)
    sentence = text.sentence(amount.start)
    in_zone = coverage(asked.objects, keys)
    in_sentence = coverage(asked.objects, keys | text.keys(sentence))
    overall = coverage(asked.objects, keys | text.keys(sentence) | head)
    whole = target.measure is not None and target.measure.name in _OF_THE_WHOLE
    near = in_zone if in_zone >= _ENOUGH else in_sentence if measured >= 1.0 else 0.0
    if near < _ENOUGH and not (whole and measured >= 1.0 and overall >= _ENOUGH):
        return None
    if target.measure is None and in_zone < _ENOUGH:
        return None
    if _INFLOW.search(text.folded[slice(*zone)]) and not _INFLOW.search(asked.text):
        return None
    score = measured + in_zone + 0.5 * in_sentence + 0.2 * overall
    status = compare(amount, target, text, sentence)
    if status != UNKNOWN and not _conditions_hold(asked, text, amount, sentence):
        status = UNKNOWN
    if status == UNMET and (measured < 1.0 and target.measure is not None or near < _ENOUGH and asked.objects):
        status = UNKNOWN
    return Found(status, score, text, _told(text, amount, sentence))


def _told(text: Field, amount: Amount, sentence: Span) -> Span:
    """Return the clause of an amount, or its sentence when the clause alone says too little."""
    start, end = text.clause(amount.start)
    end = max(end, text.clause(max(amount.start, amount.end - 1))[1])
    letters = sum(character.isalpha() for character in text.folded[start:end])
    return sentence if letters < 8 or end - start < 8 else (start, end)


def _measured(target: Target, text: Field, amount: Amount, zone: Span) -> float | None:
    """Return how sure an amount measures what is asked: None for something else."""
    named = text.measures(amount, zone)
    asked = target.measure
    if asked is None:
        return 1.0 if not named else None
    if named:
        names = {one.measure.name for one in named if one.start == named[0].start} | {
            one.measure.name for one in named[:1]
        }
        if asked.name in names or any(_is_kin(asked, table()[name]) for name in names):
            return 1.0
        return None
    if _TELLING.get(amount.unit, "-") in (asked.name, ""):
        return 0.8
    if asked.name in _COSTS - {"cost_extra"} and amount.unit.startswith("money/"):
        return 0.8 if asked.name != "cost_material" else None
    sentence = text.sentence(amount.start)
    before = [one for one in text.measures(amount, sentence) if one.end <= amount.start]
    if before and before[0].measure == asked and len(text.measures(amount, sentence)) == len(
        [one for one in text.measures(amount, sentence) if one.measure == asked]
    ):
        return 0.7
    return None


def _is_kin(asked: Measure, offered: Measure) -> bool:
    """Tell whether a measure is a kind of what is asked: a running cost is a cost."""
    return (
        asked.name == "cost"
        and offered.name in _COSTS - {"cost_extra"}
        or asked.name in ("cost_operating", "cost_investment")
        and offered.name == "cost"
    )


def coverage(groups: Sequence[Group], keys: set[tuple[str, str]]) -> float:
    """Return the share of the weight of words that are among some terms; 1 for no words."""
    total = sum(group.weight for group in groups)
    if not total:
        return 1.0
    return sum(group.weight for group in groups if not group.keys.isdisjoint(keys)) / total


def compare(offered: Amount, target: Target, text: Field, sentence: Span) -> str:
    """Compare an offered amount with the asked one, by what its measure means."""
    asked, wanted = target.amount, target.measure.wanted if target.measure else ""
    if offered.reach and wanted in ("reach", "more"):
        offered = offered._replace(low=offered.high)
    if wanted == "reach" and math.isfinite(asked.low) and math.isfinite(asked.high) and asked.low < asked.high:
        return _covers(offered, asked)
    if wanted in ("reach", "cold"):
        return _reaches(offered, asked, wanted, text.folded[slice(*sentence)])
    fits = satisfies(offered, asked)
    return UNKNOWN if fits is None else MET if fits else UNMET


def _reaches(offered: Amount, asked: Amount, wanted: str, said: str) -> str:
    if wanted == "cold" or asked.low == -math.inf:
        reached = offered.low if math.isfinite(offered.low) else offered.high
        if asked.low != -math.inf:
            fits = satisfies(offered, asked)
            return UNKNOWN if fits is None else MET if fits else UNMET
        if reached <= asked.high:
            return MET
        return UNKNOWN if wanted == "cold" else UNMET
    reached = offered.high if math.isfinite(offered.high) else offered.low
    if reached >= asked.low:
        return MET
    return UNMET if offered.reach or _LIMIT.search(said) else UNKNOWN


def _covers(offered: Amount, asked: Amount) -> str:
    if offered.high < asked.low or offered.low > asked.high:
        return UNMET
    return MET


def _conditions_hold(asked: Asked, text: Field, amount: Amount, sentence: Span) -> bool:
    """Tell whether a statement holds under the conditions of a must-have, such as 5 °C."""
    for condition in asked.conditions:
        if condition.unit == "temperature":
            stated = [
                one
                for one in text.amounts
                if one.unit == "temperature" and sentence[0] <= one.start < sentence[1] and one != amount
            ]
            if not stated:
                return False
            least = min(one.low if math.isfinite(one.low) else one.high for one in stated)
            most = max(one.high if math.isfinite(one.high) else one.low for one in stated)
            if (least > condition.high + 0.5) if condition.high < 15 else (most < condition.low - 0.5):
                return False
    return True


def groups_in(groups: Iterable[Group], keys: set[tuple[str, str]]) -> list[Group]:
    """Return the words that are among some terms."""
    return [group for group in groups if not group.keys.isdisjoint(keys)]
