"""Terms: what a listing is found by, what a query asks for, how much each counts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from matchmaker.engine.search.query import (
    COVER,
    LONGEST_TERM,
    MOST_TERMS,
    read_query,
    search_row,
    warm,
    weigh,
)


def terms(
    public: str = "", members: str = "", language: str = "en"
) -> dict[str, tuple[str, float]]:
    for_all, for_members = search_row([(public, 1.0)], [(members, 1.0)], language)
    assert not for_all.keys() & for_members.keys()
    found = {term: ("public", weight) for term, weight in for_all.items()}
    return found | {term: ("members", weight) for term, weight in for_members.items()}


def test_a_term_needs_the_lowest_tier_that_says_it() -> None:
    found = terms("battery plant", "battery furnace")
    assert (found["batteri"][0], found["furnac"][0]) == ("public", "members")


def test_what_members_read_does_not_move_what_visitors_find() -> None:
    assert (
        terms("battery plant", "")["batteri"] == terms("battery plant", "battery " * 50)["batteri"]
    )


def test_a_field_of_more_weight_counts_more() -> None:
    title, _ = search_row([("drip", 3.0)], [], "en")
    summary, _ = search_row([("drip", 1.0)], [], "en")
    assert title["drip"] > summary["drip"]


def test_chinese_is_indexed_by_characters_and_pairs() -> None:
    assert {"锂电", "电池", "回收", "锂"} <= terms("锂电池回收", language="zh").keys()
    assert "锂电池" not in terms("锂电池回收", language="zh")


def test_a_concept_brings_those_its_name_is_made_of() -> None:
    assert {"concept:battery_recycling", "concept:battery"} <= terms(
        "锂电池回收", language="zh"
    ).keys()


def test_no_term_is_longer_than_its_column() -> None:
    assert all(len(term) <= LONGEST_TERM for term in terms("x" * 300 + " a" * 3))


@pytest.mark.parametrize(
    ("query", "word", "concept"),
    [
        ("电池", "电池", "concept:battery"),
        ("drip irrigation", "irrig", "concept:drip_irrigation"),
        ("riego por goteo", "gote", "concept:drip_irrigation"),
        ("bateria", "bateri", "concept:battery"),
        ("電池", "电池", "concept:battery"),
    ],
)
def test_a_query_is_read_in_its_language(query: str, word: str, concept: str) -> None:
    found = {term for reading in read_query(query) for term in reading.terms}
    assert {word, concept} <= found


@pytest.mark.parametrize("query", ["", "   ", "的", "the of", "😀", "!?"])
def test_a_query_without_words_asks_for_little_or_nothing(query: str) -> None:
    readings = read_query(query)
    assert weigh(readings, {}, 10) == []


def test_words_that_occur_nowhere_do_not_count_against_the_others() -> None:
    readings = read_query("lithium zorblax")
    [found] = [term for term in weigh(readings, {"lithium": 2}, 10) if term.term == "lithium"]
    assert max(found.covers) == 1.0


def test_one_word_of_several_does_not_cover_the_query() -> None:
    readings = read_query("lithium furnace gasket")
    frequencies = {"lithium": 50, "furnac": 50, "gasket": 50}
    [found] = [term for term in weigh(readings, frequencies, 1000) if term.term == "gasket"]
    assert max(found.covers) < COVER


def test_a_concept_covers_only_the_words_it_stands_for() -> None:
    readings = read_query("电池 价格 预测 酒店 会员 积分")
    frequencies = {term: 5 for reading in readings for term in reading.terms}
    [found] = [
        term for term in weigh(readings, frequencies, 1000) if term.term == "concept:battery"
    ]
    assert 0 < max(found.covers) < COVER


def test_a_rare_term_weighs_more() -> None:
    found = {
        term.term: term.weight
        for term in weigh(read_query("lithium gasket"), {"lithium": 500, "gasket": 2}, 1000)
    }
    assert found["gasket"] > found["lithium"] > 0


def test_a_long_query_asks_for_a_limited_number_of_terms() -> None:
    readings = read_query("盐湖提锂吸附剂膜法纳滤电渗析蒸发结晶镁锂比" * 9)
    frequencies = {term: 1 for reading in readings for term in reading.terms}
    assert len(weigh(readings, frequencies, 10)) <= MOST_TERMS


def test_search_does_not_load_what_fits_models() -> None:
    script = (
        "import sys; from matchmaker.engine import search; search.warm(); "
        "sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_warming_up_asks_for_nothing() -> None:
    warm()
