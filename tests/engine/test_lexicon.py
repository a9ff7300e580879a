from __future__ import annotations

import pytest

from matchmaker.engine import Concept
from matchmaker.engine.lexicon.lexicon import Lexicon
from tests.engine.conftest import SMALL, concept

SALTS = (
    concept("lithium_salt", "锂盐", "lithium salt", "sal de litio"),
    concept("lithium_mine", "锂矿", "lithium mine", "mina de litio"),
    concept("potassium_salt", "钾盐", "potassium salt", "sal de potasio"),
    concept("potassium_mine", "钾矿", "potassium mine", "mina de potasio"),
)


@pytest.mark.parametrize(
    ("unit", "stem"), [("锂", "lithium"), ("钾", "potassium"), ("盐", "salt"), ("矿", "mine")]
)
def test_a_character_finds_its_stem(unit: str, stem: str) -> None:
    assert Lexicon(SALTS).chinese(unit)[0][0][0] == stem


@pytest.mark.parametrize(
    ("unit", "stem"), [("liti", "lithium"), ("potasi", "potassium"), ("sal", "salt")]
)
def test_a_spanish_stem_finds_its_english_one(unit: str, stem: str) -> None:
    assert Lexicon(SALTS).spanish(unit)[0][0] == stem


def test_an_unseen_word_is_made_of_known_pieces() -> None:
    assert [senses[0][0] for senses in Lexicon(SALTS).chinese("钾锂")] == ["potassium", "lithium"]


def test_what_is_unknown_has_no_senses() -> None:
    lexicon = Lexicon(SALTS)
    assert (lexicon.chinese("茶"), lexicon.spanish("te")) == ([], ())


def test_the_weights_of_a_word_add_up_to_one() -> None:
    lexicon = Lexicon(SMALL)
    for senses in (*lexicon.senses["zh"].values(), *lexicon.senses["es"].values()):
        assert sum(weight for _, weight in senses) == pytest.approx(1.0)


@pytest.mark.parametrize("concepts", [(), (concept("a", "甲", "", ""),)])
def test_without_parallel_labels_there_is_nothing_to_learn(concepts: tuple[Concept, ...]) -> None:
    assert Lexicon(concepts).senses == {"zh": {}, "es": {}}
