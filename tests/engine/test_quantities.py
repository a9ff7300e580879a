from __future__ import annotations

import math

import pytest

from matchmaker.engine.text.folding import fold
from matchmaker.engine.text.numerals import number
from matchmaker.engine.text.quantities import Amount, amounts, relative_changes, satisfies

DAY, YEAR, MU = 86400, 31557600.0, 1e4 / 15


def first(text: str, language: str) -> Amount:
    return amounts(fold(text), language)[0]


@pytest.mark.parametrize(
    ("text", "language", "low", "high", "unit"),
    [
        ("收率不低于90%", "zh", 0.9, math.inf, "ratio"),
        ("损耗≤6%", "zh", -math.inf, 0.06, "ratio"),
        ("每批3吨以上", "zh", 3e3, math.inf, "mass/each"),
        ("海拔4200～4450米", "zh", 4200, 4450, "length"),
        ("改造费不超过3.5万元", "zh", -math.inf, 35000, "money"),
        ("at least 600 t/d", "en", 600e3 / DAY, math.inf, "mass/time"),
        ("below 0.5 ppm", "en", -math.inf, 5e-7, "ratio"),
        ("No part heavier than 50 kg", "en", -math.inf, 50, "mass"),
        ("no less than 1,200 m2", "en", 1200, math.inf, "area"),
        ("no more than 30 min", "en", -math.inf, 1800, "time"),
        ("more than 5,000 operating hours", "en", 5000 * 3600, math.inf, "time"),
        ("menos del 5 % de piezas", "es", -math.inf, 0.05, "ratio"),
        ("from 20 to 40 days", "en", 20 * DAY, 40 * DAY, "time"),
        ("inferior a 1,8 yuanes", "es", -math.inf, 1.8, "money"),
        ("10 meses como mínimo", "es", 10 * 2629800, math.inf, "time"),
        ("al menos 15 días", "es", 15 * DAY, math.inf, "time"),
        ("Works at -35 °C", "en", -35, -35, "temperature"),
        ("down to 20 degrees below zero", "en", -math.inf, -20, "temperature"),
        ("hasta 18 grados bajo cero", "es", -math.inf, -18, "temperature"),
        ("零下30度", "zh", -30, -30, "temperature"),
        ("日处理60、100、150吨", "zh", 60e3 / DAY, 150e3 / DAY, "mass/time"),
        ("纯度4N5", "zh", 0.99995, 0.99995, "ratio"),
    ],
)
def test_amounts_are_intervals(
    text: str, language: str, low: float, high: float, unit: str
) -> None:
    found = first(text, language)
    assert (found.low, found.high, found.unit) == (pytest.approx(low), pytest.approx(high), unit)


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("sixty-four minutes", "en", 64 * 60, "time"),
        ("three hundred and twenty metres", "en", 320, "length"),
        ("within a week", "en", 7 * DAY, "time"),
        ("two and a half hours", "en", 9000, "time"),
        ("a year and a half", "en", 1.5 * YEAR, "time"),
        ("eight out of ten", "en", 0.8, "ratio"),
        ("treinta y cinco días", "es", 35 * DAY, "time"),
        ("doscientos cuarenta metros", "es", 240, "length"),
        ("dos horas y media", "es", 9000, "time"),
        ("tres de cada cuatro", "es", 0.75, "ratio"),
        ("9.000 páginas diarias", "es", 9000 / DAY, "count/time"),
        ("三个半小时", "zh", 12600, "time"),
        ("两年半", "zh", 2.5 * YEAR, "time"),
        ("一点五米", "zh", 1.5, "length"),
        ("九成一", "zh", 0.91, "ratio"),
        ("每天接待3000人次", "zh", 3000 / DAY, "people/time"),
        ("光伏供电，零下三十度", "zh", -30, "temperature"),
        ("每次0.1毫西弗", "zh", 1e-4, "dose_equivalent/each"),
        ("单片涂覆成本95元", "zh", 95, "money/each"),
        ("每亩成本180元", "zh", 180 / MU, "money/area"),
        ("亩产420公斤", "zh", 420 / MU, "mass/area"),
        ("吨水电耗0.9千瓦时", "zh", 0.9, "energy/mass"),
        ("每吨干品电耗700度", "zh", 700, "energy/mass"),
        ("单线年处理2万吨", "zh", 2e7 / YEAR, "mass/time"),
        ("25元/亩", "zh", 25 / MU, "money/area"),
        ("CNY 2,100 per mu", "en", 2100 / MU, "money/area"),
        ("5,000 t a year", "en", 5e6 / YEAR, "mass/time"),
        ("300 t of dry matter per day", "en", 3e5 / DAY, "mass/time"),
        ("CNY 6 per lamb", "en", 6, "money/each"),
        ("9.000 yuanes por hectárea", "es", 0.9, "money/area"),
        ("40 toneladas diarias", "es", 4e4 / DAY, "mass/time"),
        ("120 mg/kg", "en", 1.2e-4, "ratio"),
        ("2 kGs", "en", 0.2, "induction"),
        ("12微摩尔/克", "zh", 0.012, "amount/mass"),
        ("35万/毫升", "zh", 3.5e11, "count/volume"),
        ("two alarms a year", "en", 2 / YEAR, "count/time"),
        ("设计使用年限25年", "zh", 25 * YEAR, "time"),
    ],
)
def test_what_an_amount_is_counted_by(text: str, language: str, value: float, unit: str) -> None:
    found = first(text, language)
    assert (found.high if math.isfinite(found.high) else found.low, found.unit) == (
        pytest.approx(value),
        unit,
    )


@pytest.mark.parametrize(
    ("numeral", "language", "low", "high"),
    [
        ("两三", "zh", 2, 3),
        ("三十五", "zh", 35, 35),
        ("一千二百", "zh", 1200, 1200),
        ("四万", "zh", 40000, 40000),
        ("半", "zh", 0.5, 0.5),
        ("forty", "en", 40, 40),
        ("1,200", "en", 1200, 1200),
        ("veintitrés", "es", 23, 23),
        ("1,2", "es", 1.2, 1.2),
    ],
)
def test_numbers_in_words(numeral: str, language: str, low: float, high: float) -> None:
    assert number(numeral, language) == (low, high)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("成活七成半", "zh", 0.75),
        ("三分之二", "zh", 2 / 3),
        ("百分之四十", "zh", 0.4),
        ("两项成果", "zh", None),
        ("cut by two thirds", "en", 2 / 3),
        ("half of the water", "en", 0.5),
        ("bajó un tercio", "es", 1 / 3),
        ("tres cuartas partes", "es", 0.75),
    ],
)
def test_shares_in_words(text: str, language: str, value: float | None) -> None:
    found = [one.low for one in amounts(fold(text), language) if one.unit == "ratio"]
    assert found == ([] if value is None else [pytest.approx(value)])


@pytest.mark.parametrize(
    ("text", "language", "change"),
    [
        ("用水量降低60%", "zh", "fall"),
        ("用水量降到60%", "zh", ""),
        ("产量提高三成", "zh", "rise"),
        ("consumption fell by 40 %", "en", "fall"),
        ("consumption fell to 40 %", "en", ""),
        ("40 % less cobalt", "en", "fall"),
        ("drop in remanence not above 0.2 kGs", "en", "fall"),
        ("el consumo baja un 40 %", "es", "fall"),
        ("al menos el 40 %", "es", ""),
        ("descenso del nivel de al menos 6 m", "es", "fall"),
        ("energy regained by at least 2 %", "en", "rise"),
        ("run by twenty women", "en", ""),
        ("menos del 5 % de piezas", "es", ""),
    ],
)
def test_a_change_is_no_level(text: str, language: str, change: str) -> None:
    assert amounts(fold(text), language)[-1].change == change


@pytest.mark.parametrize(
    ("text", "language", "reached"),
    [
        ("发病率由21%降到4%", "zh", [0.04]),
        ("从18%升至33%", "zh", [0.33]),
        ("lowered from 4.0 to 0.5 %", "en", [0.005]),
        ("42 % against 12 % so far", "en", [0.42]),
        ("reducido del 60 al 9 %", "es", [0.09]),
        ("entre 50 y 70 %", "es", [0.5]),
    ],
)
def test_the_state_before_is_marked(text: str, language: str, reached: list[float]) -> None:
    found = [one.low for one in amounts(fold(text), language) if not one.before]
    assert found == [pytest.approx(one) for one in reached]


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
        ("CNY 340 per hectare", "within CNY 25 per mu", True),
    ],
)
def test_amounts_are_compared_in_common_units(offered: str, asked: str, fits: bool | None) -> None:
    assert satisfies(first(offered, "en"), first(asked, "en")) is fits


@pytest.mark.parametrize("text", ["2021—2023年", "5月3日", "（1）", "K99", "第3天"])
def test_dates_names_and_enumerators_are_no_amounts(text: str) -> None:
    assert not [one for one in amounts(fold(text), "zh") if one.unit in ("", "time")]


@pytest.mark.parametrize(
    ("text", "language", "low", "high", "change"),
    [
        ("剪切力由92N降到48N", "zh", 0.478, 0.478, "fall"),
        ("死亡率由10%降到4%", "zh", 0.6, 0.6, "fall"),
        ("lowered from 40 to 10 hours", "en", 0.75, 0.75, "fall"),
        ("reducido del 60 al 9 %", "es", 0.85, 0.85, "fall"),
        ("从20%升至30%", "zh", 0.1, 0.5, "rise"),  # ten points, or half as much again
    ],
)
def test_both_ends_of_a_change_tell_its_size(
    text: str, language: str, low: float, high: float, change: str
) -> None:
    (found,) = relative_changes(amounts(fold(text), language))
    assert (found.unit, found.change) == ("ratio", change)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


@pytest.mark.parametrize("text", ["从0%升至30%", "由20吨到30天", "20%至30%"])
def test_without_two_ends_of_one_quantity_no_change_is_told(text: str) -> None:
    assert relative_changes(amounts(fold(text), "zh")) == []
