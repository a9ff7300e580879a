from __future__ import annotations

import math

import pytest

from matchmaker.engine import Glossary, Pair, Recommender, Requirement
from matchmaker.engine.text.folding import fold
from matchmaker.engine.text.quantities import amounts, satisfies
from tests.engine.conftest import BOARD, capability, need


def one(text: str, language: str) -> tuple[float, float, str]:
    found = amounts(fold(text), language)[0]
    return found.low, found.high, found.unit


@pytest.mark.parametrize(
    ("text", "language", "low", "high", "unit"),
    [
        ("收率不低于90%", "zh", 0.9, math.inf, "ratio"),
        ("损耗≤6%", "zh", -math.inf, 0.06, "ratio"),
        ("每天3吨以上", "zh", 3e3, math.inf, "mass"),
        ("海拔4200～4450米", "zh", 4200, 4450, "length"),
        ("改造费不超过3.5万元", "zh", -math.inf, 35000, "money"),
        ("at least 600 t/d", "en", 600e3 / 86400, math.inf, "mass/time"),
        ("below 0.5 ppm", "en", -math.inf, 5e-7, "ratio"),
        ("No part heavier than 50 kg", "en", -math.inf, 50, "mass"),
        ("no less than 1,200 m2", "en", 1200, math.inf, "area"),
        ("from 20 to 40 days", "en", 20 * 86400, 40 * 86400, "time"),
        ("inferior a 1,8 yuanes", "es", -math.inf, 1.8, "money"),
        ("10 meses como mínimo", "es", 10 * 2629800, math.inf, "time"),
        ("Works at -35 °C", "en", -35, -35, "temperature"),
    ],
)
def test_amounts_are_intervals(
    text: str, language: str, low: float, high: float, unit: str
) -> None:
    assert one(text, language) == (pytest.approx(low), pytest.approx(high), unit)


@pytest.mark.parametrize(
    ("offered", "asked", "fits"),
    [
        ("95 %", "at least 90 %", True),
        ("85 %", "at least 90 %", False),
        ("above 95 %", "at least 90 %", True),
        ("above 80 %", "at least 90 %", None),
        ("2 kg", "below 3000 g", True),
        ("100 t/d", "at least 20,000 t/a", True),
        ("3-5 days", "within 4 days", None),
        ("5 kg", "at least 5 m", None),
        ("-40 °C", "at -35 °C", None),
    ],
)
def test_amounts_are_compared_in_common_units(offered: str, asked: str, fits: bool | None) -> None:
    assert satisfies(amounts(offered, "en")[0], amounts(asked, "en")[0]) is fits


OFFER = capability(
    "offer",
    "卤水提锂吸附剂",
    description="锂回收率达到92%。吸附剂不含铝。每年派驻医生八个月。不提供锂电池回收。"
    "现场电池房占地300平方米。处理老卤电耗18 kWh/t。",
    language="zh",
)


def judged(glossary: Glossary, text: str, language: str) -> Requirement:
    asked = need("n", "卤水提锂", must_haves=(text,), language=language)
    recommender = Recommender(glossary=glossary).fit([*BOARD, OFFER])
    pair = recommender.between([(asked, [OFFER.id])])[0][0]
    assert Pair.from_dict(pair.to_dict()) == pair
    return pair.requirements[0]


@pytest.mark.parametrize(
    ("text", "language", "status", "sentence"),
    [
        ("锂回收率不低于90%", "zh", "met", "锂回收率达到92%。"),
        ("锂回收率不低于95%", "zh", "unmet", "锂回收率达到92%。"),
        ("At least 90 % of lithium recycled", "en", "met", "锂回收率达到92%。"),
        ("Reciclaje de litio superior al 95 %", "es", "unmet", "锂回收率达到92%。"),
        ("吸附剂不含铝", "zh", "met", "吸附剂不含铝。"),
        ("Reciclaje de baterías de litio", "es", "unmet", "不提供锂电池回收。"),
        ("每年派驻医生", "zh", "met", "每年派驻医生八个月。"),
        ("At most 20 kWh/t of clouded brine", "en", "met", "处理老卤电耗18 kWh/t。"),
        ("At most 20 % of clouded brine", "en", "unknown", ""),
        ("青稞育种", "zh", "unknown", ""),
        ("锂回收率不超过三天即20天", "zh", "unknown", ""),
    ],
)
def test_met_unmet_or_unknown(
    glossary: Glossary, text: str, language: str, status: str, sentence: str
) -> None:
    found = judged(glossary, text, language)
    assert (found.text, found.status) == (text, status)
    assert found.sentence == sentence


def test_without_explanations_nothing_is_judged(glossary: Glossary) -> None:
    asked = need("n", "卤水提锂", must_haves=("锂",))
    pairs = Recommender(glossary=glossary, explain=False).fit(BOARD).rank([asked], 1)[0]
    assert pairs[0].requirements == ()
