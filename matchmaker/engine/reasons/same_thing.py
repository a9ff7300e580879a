"""Whether an amount of a capability measures what a must-have asks for, and of the same thing."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from ..text.quantities import Amount
from .asked import Asked, Group, Target, coverage, has_rarest
from .clauses import Field, Key, Span
from .found import Offer
from .measures import TELLING, Measure
from .negation import negated

_HEAD_ALONE, _ENOUGH, _NAMES_IT, _SURELY = (
    0.3,
    0.4,
    0.55,
    0.75,
)  # shares of the words that say what it is of
_ON_SUBJECT, _ON_TOPIC, _CLOSE = 0.1, 0.5, 0.5  # shares of the need's title
_CERTAIN, _IMPLIED, _ALONE, _CARRIED = 1.0, 0.8, 0.75, 0.7
_ON_ITS_SUBJECT = 0.45  # share of the title from which a measure needs no subject of its own
_A_WORD = 0.15
_ON_SOLE = 0.15  # share of the title for the only amount of a measure
_ON_PLACE = 0.2  # share of the title where a must-have names but the place of what it asks
_COUNTING = frozenset({"incidence", "proportion", "capacity", "people", "sites", "species"})
_COMMON = frozenset(
    {"", "count", "people", "time", "ratio", "money", "length", "mass", "area", "volume"}
    | {"temperature", "angle", "times", "age"}
)
_CONTENTS = frozenset({"mass", "amount", "count", "money", "people", ""})  # mg/L: of what?
_COSTS = frozenset({"cost", "cost_operating", "cost_investment"})
# How long something takes: the field has many names for it.
_TURNAROUND = frozenset({"result_time", "delivery_time", "process_time"})
_ANY_THING = _TURNAROUND | {"dose"}  # measures that say little of what they are of
_OTHER_RATE = re.compile(r"(?:[率度]|含量|浓度|\bcontent|contenido)[^,;。]{0,4}$")
# How long something has been so: no answer to how long it takes or lasts.
_HISTORY = re.compile(
    r"(?:\bhace|\bdesde hace|\blleva\w*|\b(?:for|over|in) the (?:last|past)"
    r"|连续|已有?|成立|从业|做了"
    r"|干了|临床|(?:经验|历史)[^,;。]{0,4})\s?(?:más de |unos |about |over |近|约|了)?$",
    re.IGNORECASE,
)
_HISTORY_AFTER = re.compile(
    r"\s?(?:ago\b|of (?:experience|practice|history)|de (?:experiencia|historia|trayectoria)|多?前"
    r"|以?来|以上经验|的?(?:经验|历史))",
    re.IGNORECASE,
)
_AT = re.compile(r"(?:\b(?:at|to|of|a|hasta|de|with)|[在至到])\s?$", re.IGNORECASE)
_UNDER = re.compile(r"\bat\s$", re.IGNORECASE)
_ALTITUDE = re.compile(
    r"(?:\b(?:at|to|above|over|a|hasta|de|encima de|al?)|至|到|米)\s$", re.IGNORECASE
)
_SERVES = re.compile(
    r"运行|工作|启动|使用|环境|充放?电|放电|待机|作业|施工|开机"
    r"|\bwork|\boperat|\brun|\bstart|\bfunciona|\bopera|\barran",
    re.IGNORECASE,
)
_STORED = re.compile(r"存放|贮存|储存|保存|\bstor(?:ed|age)|\bkept|almacen|conserv", re.IGNORECASE)
# What a part of the work costs, not the whole.
_COMPONENT = re.compile(r"材料|for the |for labour|mano de obra", re.IGNORECASE)
_PART_OF_COST = re.compile(
    r"收购|\bpurchase price|\bventa\b|药费|用工|配件|零件|\bparts\b|\bpiezas\b",
    re.IGNORECASE,
)
# The state before a treatment.
_INFLOW = re.compile(
    r"原水|进水|来水|来流|入料|原料|原矿|进料|原有|本底|土壤含?"
    r"|\bfeed\b|\braw water\b|\binfluent|\binflow|\bstarting|\bon soil"
    r"|\bentradas?\b|\bagua bruta|\bafluente|\bcon entradas|\ba partir de",
    re.IGNORECASE,
)
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


class Likeness(NamedTuple):
    """How sure an amount is the one that is asked for, its level, and whether it may say no."""

    score: float
    amount: Amount
    may_deny: bool


class Place(NamedTuple):
    """An amount where it stands: its own words, its sentence, and its terms."""

    text: Field
    amount: Amount
    zone: Span
    sentence: Span
    own: frozenset[Key]
    around: frozenset[Key]


def place_of(text: Field, amount: Amount) -> Place:
    """Return an amount with the words around it."""
    zone, sentence = text.zone(amount), text.sentence(amount.start)
    own = text.keys(zone)
    return Place(text, amount, zone, sentence, own, own | text.keys(sentence))


def likeness(
    asked: Asked, target: Target, place: Place, level: Amount, offer: Offer
) -> Likeness | None:
    """Return how an amount answers a target; None when it is of something else."""
    measured, level = _measured(asked, target, place, level)
    experience = target.measure is not None and target.measure.name == "experience"
    if not measured or _is_inflow(asked, place) or _has_avoided(asked, place):
        return None
    if _is_history(place) != experience:
        return None
    if place.amount.unit == "ratio" and _is_condition(asked, target, place):
        return None
    one_each = place.amount.unit.count("/each") != target.amount.unit.count("/each")
    counted = place.amount.unit.endswith("/each") and target.amount.per is not None
    if counted and not _same_each(asked, target.amount, place, offer):
        return None
    objects = [one for one in asked.objects if not (counted and _is_per(one.span, target.amount))]
    own, around = coverage(objects, place.own), coverage(objects, place.around)
    overall = coverage(objects, place.around | offer.head)
    named = target.measure is not None
    close = overall >= _A_WORD and offer.topic >= _ON_SUBJECT
    by_head = asked.head is None or asked.head.among(place.own)
    if named:
        by_head = by_head or (measured == _CERTAIN and _is_headed(asked, place))
        beside = (
            measured == _CERTAIN and level.unit != "ratio"
        )  # shares are of what is next to them
        best = max(own, around if beside else 0.0)
        by_head = by_head and (best >= _HEAD_ALONE)
        near = best >= _ENOUGH or by_head
    else:
        near = own >= _NAMES_IT and (by_head or has_rarest(objects, place.own))
        near = near or (_is_rare(level.unit) and (max(own, around) >= _HEAD_ALONE or close))
    if not near and (counted or not _about(target.measure, measured, overall, offer)):
        sole = measured == _CERTAIN and offer.topic >= _ON_SOLE
        if sole and _stands_for(target.measure, "sole") and _is_only(target.measure, offer):
            return Likeness(measured + own, level, may_deny=False)
        return None
    if not _enough_said(asked, target, objects, place, offer):
        return None
    may_deny = (
        not one_each
        and measured > _ALONE
        and (near or _stands_for(target.measure, "own") or _is_close(target.measure, offer))
    )
    return Likeness(
        measured + own + 0.5 * around + 0.2 * overall,
        level,
        may_deny and (named or own >= _SURELY),
    )


def _is_only(measure: Measure | None, offer: Offer) -> bool:
    """Tell whether a capability gives one amount of a measure, which is then of its subject."""
    found = [
        (amount.low, amount.high)
        for text in offer.fields
        for amount in text.amounts
        if not amount.before
        and any(one.measure == measure for one in text.measures(amount, text.zone(amount))[:1])
    ]
    return len(set(found)) == 1


def _is_rare(unit: str) -> bool:
    """Tell whether a unit is of so few things that it says what it measures."""
    kinds = [one for one in unit.split("/") if one not in ("time", "each")]
    if len(kinds) > 1:
        return kinds[0] not in _CONTENTS
    return bool(kinds) and kinds[0] not in _COMMON


def _is_headed(asked: Asked, place: Place) -> bool:
    return asked.head is not None and asked.head.among(place.around)


def _stands_for(measure: Measure | None, what: str) -> bool:
    return measure is not None and what in measure.subject


def _is_close(measure: Measure | None, offer: Offer) -> bool:
    return _stands_for(measure, "whole") and offer.topic >= _CLOSE


def _about(measure: Measure | None, measured: float, overall: float, offer: Offer) -> bool:
    """Tell whether an amount that does not name its subject is of what is asked all the same."""
    if measure is None:
        return False
    whole = "whole" in measure.subject
    if whole and overall >= _ENOUGH:
        return True
    if measured < _CERTAIN:
        return False
    on_topic = offer.topic >= _ON_TOPIC and (whole or overall >= _ENOUGH)
    on_topic = on_topic or (offer.topic >= _ON_ITS_SUBJECT and overall >= _A_WORD)
    if measure.subject == "named":
        return False
    return on_topic or "own" in measure.subject


def _enough_said(
    asked: Asked, target: Target, objects: list[Group], place: Place, offer: Offer
) -> bool:
    """Tell whether counts name what they count, and a bare rate is on the need's subject."""
    counts = place.amount.unit in ("people", "count", "") and not _stands_for(target.measure, "own")
    people = target.measure is not None and "people" in target.measure.kinds
    people = people and offer.topic >= _ON_TOPIC
    if counts and not people and not has_rarest(objects, place.around):
        return False
    if objects:
        return True
    if target.measure is None:
        return False
    if asked.placed and offer.topic < _ON_PLACE:
        return False
    return "share" not in target.measure.kinds or offer.topic >= _ON_SUBJECT


def _is_per(span: Span, amount: Amount) -> bool:
    return amount.per is not None and amount.per[0] <= span[0] < amount.per[1]


def _is_history(place: Place) -> bool:
    """Tell whether a time is how long somebody has been at it."""
    text, amount = place.text.folded, place.amount
    return amount.unit == "time" and bool(
        _HISTORY.search(text[max(0, amount.start - 24) : amount.start])
        or _HISTORY_AFTER.match(text, amount.end)
    )


def _is_inflow(asked: Asked, place: Place) -> bool:
    """Tell whether an amount is that of what comes in, which nobody asked for."""
    text, amount = place.text, place.amount
    before = max((one.end for one in text.amounts if one.end <= amount.start), default=0)
    own = text.folded[max(place.zone[0], before) : place.zone[1]]
    return bool(_INFLOW.search(own)) and not _INFLOW.search(asked.text)


def _is_condition(asked: Asked, target: Target, place: Place) -> bool:
    """Tell whether a share is that under which a statement holds: "4 % at 30 % moisture"."""
    text = place.text.folded
    return bool(_UNDER.search(text[place.zone[0] : place.amount.start])) and not _UNDER.search(
        asked.folded[: target.amount.start]
    )


def _has_avoided(asked: Asked, place: Place) -> bool:
    """Tell whether a sentence has, undenied, what a must-have does without."""
    return bool(asked.avoided) and any(
        key in group.keys and not negated(place.text, (start, end), place.sentence)
        for start, end, key, _ in place.text.between(place.sentence)
        for group in asked.avoided
    )


def _same_each(asked: Asked, wanted: Amount, place: Place, offer: Offer) -> bool:
    """Tell whether two amounts are counted by the same thing: by head, household or plant."""
    per = place.amount.per
    if wanted.per is None or per is None:
        return wanted.per is None
    one, other = asked.folded[slice(*wanted.per)], place.text.folded[slice(*per)]
    if any(words.match(one) and words.match(other) for words in _EACH):
        return True
    keys = place.text.keys(per)
    return any(group.among(keys) for group in (*asked.groups, *offer.title))


def _is_other_rate(asked: Asked, place: Place) -> bool:
    """Tell whether a rate or content beside an amount is of another thing than what is asked."""
    start, end = place.zone[0], place.amount.start
    match = _OTHER_RATE.search(place.text.folded[start:end])
    if not match:
        return False
    keys = place.text.ending((start, start + match.start() + 1))
    return not any(group.among(keys) for group in asked.objects)


def _names_all(asked: Asked, place: Place) -> bool:
    """Tell whether the words beside an amount are all that a must-have is of, and its head."""
    return (
        asked.head is not None
        and not _is_other_rate(asked, place)
        and (place.amount.unit != "time" or len(asked.objects) > 1)
        and asked.head.among(place.own)
        and coverage(asked.objects, place.own) >= _SURELY
    )


def _measured(subject: Asked, target: Target, place: Place, level: Amount) -> tuple[float, Amount]:
    """Return how sure an amount measures what is asked, 0 for something else, and its level."""
    named = place.text.measures(place.amount, place.zone)
    asked = target.measure
    if asked is None and named and named[0].measure.name in _COUNTING:
        return _IMPLIED, level
    if asked is None:
        other = any(one.measure.name not in _ANY_THING for one in named[:1])
        return (0.0 if other or _is_other_rate(subject, place) else _CERTAIN), level
    if asked.name == "experience":
        return _CERTAIN, level
    if "money" in asked.kinds and _PART_OF_COST.search(place.text.folded[slice(*place.zone)]):
        return 0.0, level
    if not named:
        implied = _implied(asked, place, level)
        return max(implied, _ALONE if _names_all(subject, place) else 0.0), level
    for one in named:
        if one.start != named[0].start:
            continue
        measure = one.measure
        if measure == asked or _is_kin(asked, measure):
            return _CERTAIN, level
        if {asked.name, measure.name} <= _TURNAROUND and subject.objects:
            return _IMPLIED, level
        if measure.complement == asked.name and level.unit == "ratio" and not level.change:
            return _CERTAIN, level._replace(low=1.0 - level.high, high=1.0 - level.low)
        if asked.name in ("cost_material", "cost_extra") and measure.name == "cost":
            return (_IMPLIED if level.high <= target.amount.high else 0.0), level
    return 0.0, level


def _is_kin(asked: Measure, offered: Measure) -> bool:
    """Tell whether a measure is a kind of what is asked: a running cost is a cost."""
    if asked.name == "cost":
        return offered.name in _COSTS
    if asked.name in ("recovery", "reuse"):
        return offered.name in ("recovery", "reuse")
    return asked.name in _COSTS and offered.name == "cost"


def _implied(asked: Measure, place: Place, level: Amount) -> float:
    """Return how sure an amount beside which no measure is named is one of what is asked."""
    text, amount = place.text, place.amount
    if TELLING.get(level.unit) == asked.name:
        return _IMPLIED
    start, end = text.clause(amount.start)
    clause, before = text.folded[start:end], text.folded[max(0, amount.start - 14) : amount.start]
    if asked.name == "cost" and level.unit.startswith("money/"):
        return 0.0 if _COMPONENT.search(clause) else _IMPLIED
    if asked.name == "altitude":
        most = level.high if math.isfinite(level.high) else level.low
        return _CERTAIN if 1000 <= most <= 9000 and _ALTITUDE.search(before) else 0.0
    if asked.name == "lowest_air" and max(level.low, level.high) < 0:
        serves = _AT.search(before) or _SERVES.search(clause)
        return _IMPLIED if serves and not _STORED.search(clause) else 0.0
    alone = not text.folded[start : amount.start].strip(" (")
    if (
        asked.name in ("weight", "power")
        and alone
        and not text.folded[amount.end : end].strip(" ,;.。)")
    ):
        return _ALONE
    named = text.measures(amount, place.sentence)
    if named and named[0].end <= amount.start and all(one.measure == asked for one in named):
        return _CARRIED
    return 0.0
