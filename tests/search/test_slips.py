"""What a word that nothing has may be meant to be."""

from __future__ import annotations

import csv

import pytest

from matchmaker.engine.search.abbreviations import TABLE
from matchmaker.engine.search.slips import Speller
from matchmaker.engine.search.sounds import blurred, readings


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(["人才飞地", "Zhangjiang"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gouqi", "枸杞"),
        ("gou qi", "枸杞"),
        ("rencai feidi", "人才飞地"),
        ("rcfd", "人才飞地"),
        ("勾杞", "枸杞"),
        ("马玲薯", "马铃薯"),
        ("提理", "提锂"),
        ("稀士", "稀土"),
        ("lithum", "lithium"),
        ("litihum", "lithium"),
        ("hidrojeno", "hidrógeno"),
        ("Zhangjang", "Zhangjiang"),
        ("electrolisers", "electrolyser"),
    ],
)
def test_what_may_be_meant(speller: Speller, typed: str, meant: str) -> None:
    assert meant in {one for group in speller.meant(typed) for one in group}


@pytest.mark.parametrize("typed", ["zebra", "zzz", "RCFD", "gq", "x", "", "lithum brin"])
def test_what_is_no_slip(speller: Speller, typed: str) -> None:
    assert not any(speller.meant(typed))


def test_a_piece_of_a_longer_word_is_not_taken_for_another(speller: Speller) -> None:
    def found(is_whole: bool) -> set[str]:
        return {one for group in speller.meant("稀士", is_whole=is_whole) for one in group}

    assert "稀土" in found(True) - found(False)


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [("提锂", "提理", True), ("中试", "总是", True), ("锂", "铝", False), ("重庆", "冲庆", True)],
)
def test_how_words_sound(one: str, other: str, is_alike: bool) -> None:
    sounds = [{blurred(way) for way in readings(word)} for word in (one, other)]
    assert (not sounds[0].isdisjoint(sounds[1])) is is_alike


def test_an_abbreviation_has_one_row_with_all_languages() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len({row["short"].lower() for row in rows}) == len(rows)
    assert all(all(row.values()) for row in rows)
