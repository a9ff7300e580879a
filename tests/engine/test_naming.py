"""Which words a reason names, and that its shares still add up."""

from __future__ import annotations

import pytest

from matchmaker.engine import Glossary, Listing, Pair, Recommender, default_glossary
from matchmaker.engine.lexicon.everyday import general_concepts
from matchmaker.engine.reasons.naming import agree, is_empty, is_everyday, is_word, means
from tests.engine.conftest import capability, need


@pytest.mark.parametrize(
    ("language", "empty", "telling"),
    [
        (
            "zh",
            "项目 公司 技术 平台 十二月 3月 星期三 周五 年 吨 公里 立方米 运行 成套",
            "卤水 铁塔 牦牛 COD",
        ),
        (
            "en",
            "project technology companies March Monday 25 40kWh tonnes m³ %",
            "brine yaks LiDAR",
        ),
        (
            "es",
            "proyecto tecnologías empresas marzo lunes toneladas valor 2,4",
            "salmuera COD epoxi",
        ),
    ],
)
def test_an_empty_word_names_no_subject(language: str, empty: str, telling: str) -> None:
    assert [word for word in empty.split() if not is_empty(word, language)] == []
    assert [word for word in telling.split() if is_empty(word, language)] == []


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("森林", "zh", True),
        ("铁塔", "zh", False),
        ("families", "en", True),
        ("IT", "en", False),
        ("fish farm", "en", False),
        ("casas", "es", True),
        ("salmuera", "es", False),
    ],
)
def test_everyday_words(word: str, language: str, expected: bool) -> None:
    assert is_everyday(word, language) is expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("时厌", False),
        ("下晶间", False),
        ("解制", False),
        ("晶间", False),
        ("膜", False),
        ("三家", False),
        ("每年", False),
        ("铁塔", True),
        ("锂", True),
        ("brine", True),
    ],
)
def test_a_piece_of_a_segmentation_is_no_word(form: str, expected: bool) -> None:
    assert is_word(form, {"锂"}.__contains__) is expected


@pytest.mark.parametrize(
    ("form", "language", "sense", "expected"),
    [
        ("昆虫", "zh", "insect", True),
        ("insects", "en", "insect", True),
        ("insectos", "es", "insect", True),
        ("valor", "es", "courag", False),
        ("taller", "es", "size", False),
        ("PDF", "es", "#pdf", True),
        ("Gulf", "en", "~KLF", False),
    ],
)
def test_a_stray_sense_is_not_what_a_word_means(
    form: str, language: str, sense: str, expected: bool
) -> None:
    assert means(form, language, sense) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("定制", "zh"), ("aduana", "es"), False),
        (("屠宰", "zh"), ("slaughter", "en"), True),
        (("电网", "zh"), ("电流", "zh"), False),
        (("PDF", "zh"), ("PDF", "es"), True),
    ],
)
def test_one_english_word_between_two_others_is_not_enough(
    one: tuple[str, str], other: tuple[str, str], expected: bool
) -> None:
    assert agree(one, other) is expected


PAIRS = [
    (
        need(
            "n", "老卤提锂技术需求", description="十二月前完成项目，吸附材料寿命短。", language="zh"
        ),
        capability("c", "盐湖老卤吸附提锂技术", description="公司项目，吸附稳定。", language="zh"),
        {"老卤", "吸附"},
    ),
    (
        need("n", "Lithium from brine", description="A project of our company.", language="en"),
        capability("c", "Salmuera: adsorción de litio", description="Proyecto de empresa.",
                   language="es"),
        {"Lithium", "brine"},
    ),
    (
        need("n", "Cría de yak", description="Proyecto de marzo, 30 toneladas.", language="es"),
        capability("c", "牦牛育种", description="三月的项目，30吨。", language="zh"),
        {"yak"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "offered", "named"), PAIRS)
def test_reasons_name_words_of_both_texts(
    glossary: Glossary, asked: Listing, offered: Listing, named: set[str]
) -> None:
    pair = explained(glossary, asked, offered)
    told = [one for one in pair.reasons if one.kind in ("concept", "term")]
    assert {form for one in told for form in one.need_terms} == named
    for side, listing in (("need_terms", asked), ("capability_terms", offered)):
        forms = [form.casefold() for one in told for form in getattr(one, side)]
        assert len(forms) == len(set(forms))
        assert all(form in f"{listing.title} {listing.description}".casefold() for form in forms)
    assert all(one.need_terms and one.capability_terms for one in told)


@pytest.mark.parametrize(("asked", "offered"), [pair[:2] for pair in PAIRS])
def test_the_shares_add_up_to_the_part(
    glossary: Glossary, asked: Listing, offered: Listing
) -> None:
    pair = explained(glossary, asked, offered)
    shares = sum(one.share for one in pair.reasons if one.part == "text")
    assert shares == pytest.approx(pair.parts["text"], abs=1e-6)


def explained(glossary: Glossary, asked: Listing, offered: Listing) -> Pair:
    return Recommender(glossary=glossary).fit([offered]).rank([asked])[0][0]


def test_what_texts_of_any_subject_name_is_no_reason() -> None:
    pair = (
        Recommender()
        .fit([capability("c", "Yak breeding with certification", description="Yak calves.")])
        .rank([need("n", "Yaks: breeding, certification", description="Yak calves die.")])[0][0]
    )
    told = {one.code for one in pair.reasons if one.kind == "concept"}
    assert "yak" in told
    assert "certification" not in told


def test_general_concepts_are_concepts_of_the_glossary() -> None:
    assert general_concepts() <= default_glossary().concepts.keys()
