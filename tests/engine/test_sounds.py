from __future__ import annotations

import pytest

from matchmaker.engine import default_glossary
from matchmaker.engine.text.sounds import chinese_sound, latin_sounds, syllable_sound, writes_names
from matchmaker.engine.tools.dictionary_build import name_characters
from matchmaker.engine.vectors.features import SENSES, occurrences

NAMES = (
    "紐卡斯爾 纽卡斯尔 [Niu3 ka3 si1 er3] /Newcastle (place name)/",
    "卡特 卡特 [Ka3 te4] /Carter (name)/",
    "卡斯特羅 卡斯特罗 [Ka3 si1 te4 luo2] /Castro (name)/Fidel Castro/",
    "特斯拉 特斯拉 [Te4 si1 la1] /Nikola Tesla (1856-1943), inventor/",
    "拉斯特 拉斯特 [La1 si1 te4] /Laster/",
    "北京 北京 [Bei3 jing1] /Beijing, capital of China/",
)


@pytest.mark.parametrize(
    ("latin", "chinese"),
    [
        ("Goldenson", "戈登森"),
        ("Silva", "席尔瓦"),
        ("Bingen", "宾根"),
        ("Piketty", "皮凯蒂"),
        ("Montréal", "蒙特利尔"),
    ],
)
def test_a_name_sounds_alike_in_both_scripts(latin: str, chinese: str) -> None:
    assert writes_names(chinese)
    assert chinese_sound(chinese) in latin_sounds(latin)


@pytest.mark.parametrize(("latin", "chinese"), [("Goldenson", "席尔瓦"), ("Bonn", "戈登森")])
def test_other_names_sound_otherwise(latin: str, chinese: str) -> None:
    assert chinese_sound(chinese) not in latin_sounds(latin)


@pytest.mark.parametrize(
    ("syllable", "sound"),
    [
        ("te4", "T"),
        ("lin2", "LN"),
        ("er3", "L"),
        ("zhang1", "SN"),
        ("wu3", ""),
        ("wei2", "F"),
        ("ao4", ""),
        ("xxx", "S"),
    ],
)
def test_syllables(syllable: str, sound: str) -> None:
    assert syllable_sound(syllable) == sound


def test_one_consonant_is_no_name() -> None:
    assert latin_sounds("Lee") == ()
    assert chinese_sound("里") == ""


def test_characters_are_learnt_from_foreign_names_only() -> None:
    found = name_characters(NAMES)
    assert {"斯": "S", "特": "T"}.items() <= found.items()
    assert "京" not in found


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [
        ("根据戈登森的计划", "zh", {"~KTNSN"}),
        ("Goldenson merged them", "en", {"~KLTNSN", "~KTNSN"}),
        ("El plan de Goldenson", "es", {"~KLTNSN", "~KTNSN"}),
        ("锂电池回收", "zh", set()),  # words that dictionaries have are not read aloud
        ("merged lithium", "en", set()),
    ],
)
def test_only_names_are_read_aloud(text: str, language: str, marked: set[str]) -> None:
    found = occurrences(text, language, default_glossary())
    assert {
        term.term for term in found if term.channel == SENSES and term.term.startswith("~")
    } == marked
