"""The measures of results, and how their file is read."""

from __future__ import annotations

from typing import Any

import pytest

from matchmaker import codelists
from matchmaker.codelists import LANGUAGES
from matchmaker.errors import UnusableFile
from matchmaker.outcomes.measures import Measure, all_measures, parse

ENTRY: dict[str, Any] = {
    "zh": "工作",
    "en": "Jobs",
    "es": "Empleos",
    "unit": {"zh": ["人", "人"], "en": ["job", "jobs"], "es": ["empleo", "empleos"]},
    "kind": "count",
    "adds": "latest",
    "most": 10,
    "evidence": {"zh": "名册", "en": "A roll", "es": "Una relación"},
}


def test_a_measure_is_read() -> None:
    assert parse({"jobs": ENTRY})["jobs"].is_plausible(10)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "length"},
        {"adds": "often"},
        {"most": 0},
        {"most": "many"},
        {"unit": {"zh": ["人", "人"]}},
        {"unit": {**ENTRY["unit"], "en": ["job"]}},
        {"evidence": "A roll"},
        {"colour": "red"},
    ],
)
def test_what_is_wrong_with_a_measure_is_said_with_its_code(change: dict[str, Any]) -> None:
    with pytest.raises(UnusableFile, match="jobs"):
        parse({"jobs": {**ENTRY, **change}})


@pytest.mark.parametrize("missing", sorted(ENTRY))
def test_nothing_of_a_measure_may_be_missing(missing: str) -> None:
    entry = {name: value for name, value in ENTRY.items() if name != missing}
    with pytest.raises(UnusableFile, match=missing):
        parse({"jobs": entry})


@pytest.mark.parametrize("data", [None, {}, [], "jobs", {"jobs": None}])
def test_what_is_no_list_of_measures_is_refused(data: Any) -> None:
    with pytest.raises(UnusableFile, match="outcome measure"):
        parse(data)


@pytest.mark.parametrize("measure", all_measures().values(), ids=lambda one: one.code)
def test_every_measure_is_named_in_every_language(measure: Measure) -> None:
    for language in LANGUAGES:
        assert codelists.label("outcome_measure", measure.code, language)
        assert measure.evidence[language]


@pytest.mark.parametrize(
    ("code", "text", "amount"),
    [
        ("contract_value", "120万元", 1_200_000),
        ("people_trained", "36人次", 36),
        ("people_moved", "1 person", 1),
        ("days_served", "1.2万", 12_000),
        ("hectares", "300亩", 200_000),
        ("hectares", "1亩", 667),
        ("hectares", "12.5", 125_000),
        ("hectares", "2 km²", 2_000_000),
        ("co2_tonnes", "12,5 t", 12_500),
        ("co2_tonnes", "800 kg", 800),
        ("data_volume", "2.5 TB", 2500),
        ("data_volume", "800 GB", 800),
        ("households", "320户", 320),
        ("investment", "1.2亿", 120_000_000),
    ],
)
def test_an_amount_is_stored_in_the_smallest_unit(code: str, text: str, amount: int) -> None:
    assert all_measures()[code].read(text) == amount


@pytest.mark.parametrize(
    ("code", "text"),
    [("people_trained", "1.5"), ("people_trained", "3 ha"), ("hectares", "3 t"), ("savings", "€5")],
)
def test_an_amount_of_another_kind_is_refused(code: str, text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        all_measures()[code].read(text)
