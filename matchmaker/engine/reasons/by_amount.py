"""Verdicts on amounts: the amount of the same quantity that a capability states."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from ..text.quantities import Amount, satisfies
from .asked import Asked, Group, Target, coverage, has_rarest
from .clauses import Field, Key, Span
from .measures import TELLING, Measure
from .negation import negated

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"
_ENOUGH = 0.4
_NAMES_IT, _SURELY = 0.55, 0.75
_ON_TOPIC, _ON_SUBJECT = 0.3, 0.1
# Measures of a thing as a whole, which need not be named beside the amount.
_OF_THE_WHOLE = frozenset(
    "altitude lowest_air cost cost_operating cost_material cost_investment weight capacity lifetime storage"
    " warranty noise energy_use served battery_life wind footprint growth_period lead_time yield"
    " water_use heave settlement voltage_deviation false_alarms unattended power slope room_temp".split()
)
# Measures that need no word beside them to say what they are of.
_SAYS_ALL = frozenset(
    "settlement heave coercivity remanence voltage_deviation false_positive specificity unattended wind"
    " cop scr ph shrinkage_temp growth_period withdrawal alkalinity cells"
    " core_temp softening moisture interval".split()
)
_LIMIT = re.compile(
    r"最高|最大|最多|最低|仅限|限于|不足|以下|上限|不允许|不得|不适用|只能|\bnot\b|\bmaximum|\blargest|\bup to|\bonly|\blimited|\bno more|\bhasta|\bmáxim\w+"
    r"|\bno\b|\bsolo\b|\bsmallest|最小|起步|\bdejan? de",
    re.IGNORECASE,
)
_SHOWN_BELOW = frozenset("altitude served sites plant_size ground_temp".split())
_INFLOW = re.compile(
    r"原水|进水|来水|来流|入料|原料|原矿|进料|原有|本底|土壤含?|\bfeed\b|\braw water\b|\binfluent|\binflow|\bstarting|\bentradas?\b|\bagua bruta|\bafluente"
    r"|\bon soil|\bcon entradas|\ba partir de",
    re.IGNORECASE,
)
_WATER = re.compile(r"水|\bwater|\bagua|\beffluent|\befluente|\bsewage|污|\bflow|\bcaudal", re.IGNORECASE)
_ALTITUDE = re.compile(r"(?:\b(?:at|to|above|over|a|hasta|de|encima de|al?)|至|到|米)\s$", re.IGNORECASE)
_AT = re.compile(r"(?:\b(?:at|to|of|a|hasta|de|with)|[在至到])\s?$", re.IGNORECASE)
_STORED = re.compile(r"存放|贮存|储存|保存|\bstor(?:ed|age)|\bkept|almacen|conserv", re.IGNORECASE)
_COSTS = frozenset({"cost", "cost_operating", "cost_investment", "cost_material"})
_OTHER_RATE = re.compile(r"[率度][^,;。]{0,4}$")
# What a part of the work costs, not the whole.
_COMPONENT = re.compile(r"药费|用工|工钱|料费|材料|for the |for labour|mano de obra", re.IGNORECASE)
# Words for what an amount is counted by, in three languages.
_EACH = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"户|household|dwelling|home|family|vivienda|hogar|casa|familia",
        r"头|只|匹|head|animal|cabeza",
        r"株|棵|plant|tree|planta|árbol|cepa",
        r"人|person|pupil|people|persona|alumno",
        r"次|time|use|vez|dosis|dose",
        r"个|件|unit|piece|item|unidad|pieza",
        r"车|vehicle|vehículo|coche|camión",
        r"瓶|bottle|botella",
    )
)


class Found(NamedTuple):
    """A verdict, how sure the amount is the one that is asked for, and where it stands."""

    status: str
    score: float = 0.0
    field: Field | None = None
    span: Span = (0, 0)


class Offer(NamedTuple):
    """A capability's texts, the terms of its head, and the share of a need's title it has."""

    fields: Sequence[Field]
    head: Set[Key]
    topic: float
    title: Sequence[Group] = ()
    every: Set[Key] = frozenset()


def by_amounts(asked: Asked, offer: Offer) -> Found:
    """Return the verdict on a part of a must-have that sets amounts: all of them must be met."""
    verdicts = [_by_amount(asked, target, offer) for target in asked.targets]
    if any(one.status == UNKNOWN for one in verdicts):
        return Found(UNKNOWN)
    unmet = [one for one in verdicts if one.status == UNMET]
    return unmet[0] if unmet else verdicts[-1]


def _by_amount(asked: Asked, target: Target, offer: Offer) -> Found:
    kind = target.amount.unit.split("/", maxsplit=1)[0]
    kinds = ("mass", "volume") if kind in ("mass", "volume") else (kind,)
    found = [
        one
        for text in offer.fields
        for amount in text.amounts
        if amount.unit.startswith(kinds)
        and (own := _comparable(amount, target, text)) is not None
        and (one := _candidate(asked, target, text, amount, own, offer)) is not None
    ]
    known = [one for one in found if one.status != UNKNOWN]
    if not known:
        return Found(UNKNOWN)
    best = max(known, key=lambda one: one.score)
    top = [one for one in found if one.score >= best.score - 0.15]
    if any(one.status not in (best.status, UNKNOWN) for one in top):
        return Found(UNKNOWN)
    return best


def _comparable(offered: Amount, target: Target, text: Field) -> Amount | None:
    """Return an offered amount in the asked unit; None for another quantity or a state before."""
    asked = target.amount
    if offered.before or offered.change != asked.change:
        return None
    if offered.unit == asked.unit:
        return offered
    if not ("volume" in offered.unit or "mass" in offered.unit):
        return None
    if offered.unit.replace("volume", "mass") != asked.unit.replace("volume", "mass"):
        return None
    if not _WATER.search(text.folded):  # a cubic metre of water is a tonne
        return None
    factor = 1.0
    for place, (one, other) in enumerate(
        zip(offered.unit.split("/"), asked.unit.split("/"), strict=True)
    ):
        ratio = 1.0 if one == other else 1e3 if one == "volume" else 1e-3
        factor *= ratio if place == 0 else 1 / ratio
    return offered._replace(unit=asked.unit, low=offered.low * factor, high=offered.high * factor)


def _candidate(
    asked: Asked, target: Target, text: Field, amount: Amount, own: Amount, offer: Offer
) -> Found | None:
    """Judge one amount; None when it measures something else."""
    zone = text.zone(amount)
    measured, own = _measured(target, text, amount, own, zone)
    if not measured:
        return None
    keys = text.keys(zone)
    each = amount.unit.endswith("/each") and target.amount.per is not None
    if each and _same_each(asked, target.amount, text, amount, offer):
        keys = keys | text.keys(amount.per or zone) | _per_keys(asked, target.amount)
    sentence = text.sentence(amount.start)
    around = text.keys(sentence)
    in_zone, in_sentence = coverage(asked.objects, keys), coverage(asked.objects, keys | around)
    overall = coverage(asked.objects, keys | around | offer.head)
    near = in_zone if target.measure is None else max(in_zone, in_sentence if measured >= 1 else 0.0)
    whole = target.measure is not None and target.measure.name in _OF_THE_WHOLE
    named = target.measure is not None
    heads = asked.head is None or asked.head.among(keys)
    if not named and not (in_zone >= _NAMES_IT and heads):
        return None
    if amount.unit in ("people", "count", "") and not has_rarest(asked.objects, keys | around):
        return None
    if named and not asked.objects and offer.topic < _ON_SUBJECT and _needs_object(target.measure):
        return None
    if each and not _same_each(asked, target.amount, text, amount, offer):
        return None
    heads = heads or (measured >= 1.0 and asked.head is not None and asked.head.among(around))
    says_all = named and measured >= 1.0 and target.measure.name in _SAYS_ALL
    on_topic = measured >= 1.0 and offer.topic >= _ON_TOPIC and (whole or overall >= _ENOUGH)
    if (
        near < _ENOUGH
        and not heads
        and not says_all
        and (each or not (on_topic or (whole and overall >= _ENOUGH)))
    ):
        return None
    before = max((one.end for one in text.amounts if one.end <= amount.start), default=0)
    if _INFLOW.search(text.folded[max(zone[0], before) : zone[1]]) and not _INFLOW.search(asked.text):
        return None
    if asked.avoided and _has_avoided(asked, text, sentence):
        return None
    status = compare(own, target, text, sentence)
    if status != UNKNOWN and not _conditions_hold(asked, text, amount, sentence):
        status = UNKNOWN
    if status == UNMET and not (
        measured >= 0.8
        and (near >= _ENOUGH or heads or says_all or (whole and offer.topic >= 0.5))
        and (named or in_zone >= _SURELY)
    ):
        status = UNKNOWN
    score = measured + in_zone + 0.5 * in_sentence + 0.2 * overall
    return Found(status, score, text, _told(text, amount, sentence))


def _per_keys(asked: Asked, amount: Amount) -> set[Key]:
    """Return the terms of the word that an asked amount is counted by."""
    start, end = amount.per or (0, 0)
    own = [group for group in asked.objects if start <= group.span[0] < end]
    return {key for group in own for key in group.keys}


def _has_avoided(asked: Asked, text: Field, sentence: Span) -> bool:
    """Tell whether a sentence has, undenied, what a must-have does without."""
    return any(
        key in group.keys and not negated(text, (start, end), sentence)
        for start, end, key, _ in text.between(sentence)
        for group in asked.avoided
    )


def _needs_object(measure: Measure | None) -> bool:
    """Tell whether a measure alone says little: a recovery, or a cost."""
    return measure is not None and bool(measure.kinds & {"share"})


def _same_each(
    asked: Asked, wanted: Amount, text: Field, amount: Amount, offer: Offer
) -> bool:
    """Tell whether two amounts are counted by the same thing: by head, household or plant."""
    if wanted.per is None or amount.per is None:
        return wanted.per is None
    one, other = asked.folded[slice(*wanted.per)], text.folded[slice(*amount.per)]
    if any(words.match(one) and words.match(other) for words in _EACH):
        return True
    groups = [*asked.groups, *offer.title]
    return any(group.among(text.keys(amount.per)) for group in groups)


def _told(text: Field, amount: Amount, sentence: Span) -> Span:
    """Return the clause of an amount, or its sentence when the clause alone says too little."""
    start, end = text.clause(amount.start)
    end = max(end, text.clause(max(amount.start, amount.end - 1))[1])
    letters = sum(character.isalpha() for character in text.folded[start:end])
    return sentence if letters < 8 or end - start < 8 else (start, end)


def _measured(
    target: Target, text: Field, amount: Amount, own: Amount, zone: Span
) -> tuple[float, Amount]:
    """Return how sure an amount measures what is asked, 0 for something else, and its level."""
    named = text.measures(amount, zone)
    asked = target.measure
    if asked is None:
        other = named or _OTHER_RATE.search(text.folded[zone[0] : amount.start])
        return (0.0 if other else 1.0), own
    if named:
        first = [one.measure for one in named if one.start == named[0].start or one == named[0]]
        for measure in first:
            if measure == asked or _is_kin(asked, measure):
                return 1.0, own
            if measure.complement == asked.name and own.unit == "ratio" and not own.change:
                return 1.0, own._replace(low=1.0 - own.high, high=1.0 - own.low)
            if asked.name == "cost_material" and measure.name == "cost":
                return (0.9 if own.high <= target.amount.high else 0.0), own
        return 0.0, own
    return _implied(asked, text, amount, own), own


def _implied(asked: Measure, text: Field, amount: Amount, own: Amount) -> float:
    """Return how sure an amount beside which no measure is named is one of what is asked."""
    if TELLING.get(own.unit) == asked.name:
        return 0.8
    if asked.name == "cost" and own.unit.startswith("money/"):
        return 0.0 if _COMPONENT.search(text.folded[slice(*text.clause(amount.start))]) else 0.8
    before = text.folded[max(0, amount.start - 14) : amount.start]
    if asked.name == "altitude":
        high = 1000 <= max(own.low, own.high if math.isfinite(own.high) else 0) <= 9000
        return 1.0 if high and _ALTITUDE.search(before) else 0.0
    if asked.name == "lowest_air" and max(own.low, own.high) < 0 and _AT.search(before):
        return 0.0 if _STORED.search(text.folded[slice(*text.clause(amount.start))]) else 0.8
    start, end = text.clause(amount.start)
    alone = not text.folded[start : amount.start].strip(" (") and not text.folded[
        amount.end : end
    ].strip(" ,;.。)")
    if asked.name in ("weight", "power") and alone:
        return 0.75
    sentence = text.sentence(amount.start)
    others = text.measures(amount, sentence)
    if others and all(one.measure == asked for one in others) and others[0].end <= amount.start:
        return 0.7
    return 0.0


def _is_kin(asked: Measure, offered: Measure) -> bool:
    """Tell whether a measure is a kind of what is asked: a running cost is a cost."""
    if asked.name == "cost":
        return offered.name in _COSTS - {"cost_material"}
    return asked.name in ("cost_operating", "cost_investment") and offered.name == "cost"


def compare(offered: Amount, target: Target, text: Field, sentence: Span) -> str:
    """Compare an offered amount with the asked one, by what its measure means."""
    asked, wanted = target.amount, target.measure.wanted if target.measure else ""
    if offered.reach and wanted in ("reach", "more"):
        offered = offered._replace(low=offered.high)
    ranged = math.isfinite(asked.low) and math.isfinite(asked.high) and asked.low < asked.high
    if wanted in ("reach", "cover") and ranged:
        if offered.high < asked.low or offered.low > asked.high:
            return UNMET
        if wanted == "reach" or (offered.low <= asked.low and offered.high >= asked.high):
            return MET
        return UNMET if math.isfinite(offered.low) and math.isfinite(offered.high) else UNKNOWN
    if wanted in ("reach", "cold"):
        return _reaches(offered, target, text.folded[slice(*sentence)])
    fits = satisfies(offered, asked)
    return UNKNOWN if fits is None else MET if fits else UNMET


def _reaches(offered: Amount, target: Target, said: str) -> str:
    asked = target.amount
    name = target.measure.name if target.measure else ""
    if asked.low == -math.inf:
        reached = offered.low if math.isfinite(offered.low) else offered.high
        if reached <= asked.high:
            return MET
        return UNKNOWN if name == "lowest_air" else UNMET
    reached = offered.high if math.isfinite(offered.high) else offered.low
    if reached >= asked.low:
        return UNMET if offered.high == math.inf and _LIMIT.search(said) else MET
    plain = name not in _SHOWN_BELOW
    return UNMET if plain or offered.reach or _LIMIT.search(said) else UNKNOWN


def _conditions_hold(asked: Asked, text: Field, amount: Amount, sentence: Span) -> bool:
    """Tell whether a statement holds under the conditions of a must-have, such as 5 °C."""
    for condition in asked.conditions:
        if condition.unit not in ("temperature", "age"):
            continue
        stated = [
            one
            for one in text.amounts
            if one.unit == condition.unit and sentence[0] <= one.start < sentence[1] and one != amount
        ]
        if not stated:
            return False
        if condition.unit == "age":
            return any(abs(one.low - condition.low) < 0.2 * condition.low for one in stated)
        least = min(one.low if math.isfinite(one.low) else one.high for one in stated)
        most = max(one.high if math.isfinite(one.high) else one.low for one in stated)
        if (least > condition.high + 0.5) if condition.high < 15 else (most < condition.low - 0.5):
            return False
    return True


