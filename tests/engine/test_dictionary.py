from __future__ import annotations

import gzip

import pytest

from matchmaker.engine import default_glossary
from matchmaker.engine.lexicon.dictionary import INVERSES, NOTHING, SPANISH, Dictionary, shipped
from matchmaker.engine.lexicon.glossary import PACKED, Glossary
from matchmaker.engine.lexicon.lexicon import Lexicon, lexicon_of
from matchmaker.engine.tools.dictionary_build import (
    gloss_stems,
    inverse,
    pack,
    read_cedict,
    read_spanish,
    spanish_table,
    spread,
    weigh,
)
from matchmaker.engine.vectors.features import SENSES, occurrences
from tests.engine.test_lexicon import SALTS

CEDICT = (
    "# a remark",
    "鋰 锂 [li3] /lithium (chemistry)/",
    "電池 电池 [dian4 chi2] /battery/CL:節|节[jie2]/",
    "提取 提取 [ti2 qu3] /to withdraw (money); to extract/to refine/",
    "王 王 [Wang2] /surname Wang/",
    "王 王 [wang2] /king or monarch/variant of 忘[wang4]/",
)


def test_glosses_become_stems() -> None:
    assert read_cedict(CEDICT) == {
        "锂": [("lithium",)],
        "电池": [("batteri",)],
        "提取": [("withdraw",), ("extract",), ("refin",)],
        "王": [("king", "monarch")],
    }


@pytest.mark.parametrize(
    ("gloss", "stems"),
    [
        ("to adhere to (a surface)", ("adher",)),
        ("classifier for horses", ("hors",)),
        ("sth", ()),
        ("café-bar", ("cafe", "bar")),
    ],
)
def test_what_speaks_about_words_is_no_sense(gloss: str, stems: tuple[str, ...]) -> None:
    assert gloss_stems(gloss) == stems


def test_spanish_words_are_stemmed() -> None:
    assert read_spanish(["batería\tbattery|drum kit", "mesa de trabajo\tworkbench"]) == {
        "bateri": [("batteri",), ("drum", "kit")]
    }


def test_earlier_senses_weigh_more_and_common_words_less() -> None:
    glosses = read_cedict(CEDICT)
    weights = weigh(glosses["提取"], spread(glosses), len(glosses))
    assert weights["withdraw"] > weights["extract"] > weights["refin"]
    assert (
        weigh([("rare",)], {"rare": 1}, 100)["rare"]
        > weigh([("often",)], {"often": 50}, 100)["often"]
    )


def test_every_packed_word_is_found() -> None:
    glosses = {word: [("x",)] for word in ("a", "ab", "b", "锂", "锂电", "电", "%")}
    dictionary = Dictionary(pack(glosses, {}, 7))
    assert all(dictionary.senses(word) == (("x", 1.0),) for word in glosses)
    assert [dictionary.senses(word) for word in ("", "aa", "c", "池", "$")] == [()] * 5
    assert NOTHING.get("a") == ()


@pytest.mark.parametrize(
    ("language", "word", "stem"), [("zh", "牦牛", "yak"), ("es", "abej", "bee")]
)
def test_the_shipped_dictionaries(language: str, word: str, stem: str) -> None:
    assert shipped(language).senses(word)[0][0] == stem


def test_the_packed_files_are_those_of_the_sources() -> None:
    """When this fails: python -m matchmaker.engine.tools.dictionary_build"""
    assert Dictionary.load(SPANISH) == Dictionary(spanish_table())
    assert gzip.decompress(PACKED.read_bytes()) == gzip.decompress(Glossary.load().packed())


def test_the_other_direction_is_that_of_the_packed_files() -> None:
    """When this fails: python -m matchmaker.engine.tools.dictionary_build"""
    for source, target in INVERSES.items():
        table = inverse(gzip.decompress(source.read_bytes()))
        assert gzip.decompress(target.read_bytes()) == table


def test_the_other_direction_keeps_what_a_stem_is_the_sense_of() -> None:
    table = "熊\tbear 0.90\n熊猫\tpanda 0.95,bear 0.30\n轴承\tbear 0.77".encode()
    assert Dictionary(inverse(table)).senses("bear") == (("熊", 0.9), ("轴承", 0.77))


def test_stored_lessons_are_those_that_would_be_learned() -> None:
    stored = lexicon_of(default_glossary())
    learned = Lexicon(default_glossary().concepts.values())
    for language, units in learned.senses.items():
        for unit in sorted(units)[::40]:
            expected = dict(units[unit])
            assert dict(stored.senses[language].get(unit, ())) == pytest.approx(expected, abs=1e-3)


def test_a_dictionary_leads_and_the_glossary_joins() -> None:
    lexicon = Lexicon(SALTS, {"zh": Dictionary("盐\tsodium 0.80".encode())})
    (senses,) = lexicon.chinese("盐")
    weights = dict(senses)
    assert max(weights, key=lambda one: weights[one]) == "sodium"
    assert 0.0 < weights["salt"] < weights["sodium"]


def test_irregular_forms_and_names_meet_across_languages() -> None:
    glossary = default_glossary()
    english = {
        term.term
        for term in occurrences("Wolves led; the teeth of LiFePO4, 2015", "en", glossary)
        if term.channel == SENSES
    }
    assert {"wolf", "lead", "tooth", "#lifepo4", "#2015"} <= english
    chinese = {
        term.term
        for term in occurrences("超级碗的牙齿2015", "zh", glossary)
        if term.channel == SENSES
    }
    assert {"super", "bowl", "tooth", "#2015"} <= chinese
