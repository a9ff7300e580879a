from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine import analyse
from matchmaker.engine.text.folding import fold, fold_with_offsets
from matchmaker.engine.text.tokens import label_terms, plain_number, tokenise


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("电池", "锂电池回收", "zh"),
        ("回收", "锂电池回收", "zh"),
        ("锂电池", "鋰電池", "zh"),
        ("batteries", "Battery recycling", "en"),
        ("recycled", "Battery recycling", "en"),
        ("baterias", "Reciclaje de baterías", "es"),
        ("batería", "BATERIAS usadas", "es"),
        ("recuperacion", "recuperaciones", "es"),
        ("Li2CO3", "工业级Li2CO3提纯", "zh"),
        ("Ｌｉ２ＣＯ３", "Li2CO3 of battery grade", "en"),
        ("Mg2+", "老卤含Mg²⁺约110g/L", "zh"),
        ("GB/T 2260", "按GB/T2260编码", "zh"),
        ("35 ℃", "below 35°C", "en"),
        ("8 g/kg", "8g/kg in soil", "en"),
        ("2.4 Mt/a", "2,4 Mt/a", "es"),
        ("1200 m2", "1.200 m2", "es"),
        ("0.8 μm", "粒径0.8微米", "zh"),
        ("LiDAR", "lidar", "en"),
    ],
)
def test_a_query_finds_a_text(query: str, text: str, language: str) -> None:
    assert set(analyse(query, language)) <= set(analyse(text, language))


@pytest.mark.parametrize(
    ("text", "language", "term"),
    [
        ("工业级Li2CO3提纯", "zh", "li2co3"),
        ("350MW wind farm", "en", "350mw"),
        ("pH 9.2", "en", "ph9.2"),
        ("water at 35 ℃", "en", "35°c"),
        ("按YS/T 582标准", "zh", "ys/t582"),
        ("R&D in the east", "en", "r&d"),
        ("SM2/SM9", "en", "sm9"),
    ],
)
def test_names_and_quantities_stay_whole(text: str, language: str, term: str) -> None:
    assert term in analyse(text, language)


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [("the cost of it", "en", "the"), ("de la sal", "es", "de"), ("锂的提取", "zh", "的")],
)
def test_stop_words_are_no_terms(text: str, language: str, word: str) -> None:
    assert word not in analyse(text, language)


def test_a_stop_word_parts_its_neighbours() -> None:
    assert "锂提" not in analyse("锂的提取", "zh")


def test_a_shouted_text_is_read_as_words() -> None:
    assert "batteri" in analyse("RECYCLING BATTERIES BEFORE WINTER", "en")


def test_concepts_carry_across_languages() -> None:
    found = [
        {term for term in analyse(text, language) if term.startswith("concept:")}
        for text, language in (("卤水", "zh"), ("brine", "en"), ("salmuera", "es"))
    ]
    assert found[0] & found[1] & found[2]


@pytest.mark.parametrize(
    ("numeral", "language", "plain"),
    [
        ("1.100", "es", "1100"),
        ("1,100", "en", "1100"),
        ("2,4", "es", "2.4"),
        ("0,25", "es", "0.25"),
        ("2.4", "es", "2.4"),
        ("12", "zh", "12"),
    ],
)
def test_a_number_is_written_one_way(numeral: str, language: str, plain: str) -> None:
    assert plain_number(numeral, language) == plain


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("盐 湖 提 锂", "盐湖提锂"),
        ("鹽　湖　提　鋰", "盐湖提锂"),
        ("盐  湖  提  锂", "盐湖提锂"),
        ("从 老 卤 中 提 锂 ， 成 本 低 。", "从老卤中提锂,成本低。"),
        ("从 老 卤 中 提 锂， 成 本 低。", "从老卤中提锂,成本低。"),
        ("回 收 率 达 到 9 0 % 以 上", "回收率达到90%以上"),
        ("锂 离 子 电 池 lithium 回 收", "锂离子电池 lithium 回收"),
        ("技 术 指 标\n成 本 低", "技术指标\n成本低"),
        # Blanks between words, or around few characters, are meant.
        ("盐湖 提锂 技术", "盐湖 提锂 技术"),
        ("姓 名", "姓 名"),
        ("锂 钾 硼", "锂 钾 硼"),
        ("A 区 B 区", "A 区 B 区"),
        ("1 2 3 4 5 吨", "1 2 3 4 5 吨"),
        ("lithium from brine", "lithium from brine"),
    ],
)
def test_chinese_that_stands_apart_is_joined(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded
    assert fold_with_offsets(text)[0] == folded


@pytest.mark.parametrize(
    ("text", "term", "written"),
    [
        ("盐 湖 提 锂", "提锂", "提 锂"),
        ("鹽　湖　提　鋰 技 術", "盐湖", "鹽　湖"),
        ("达 到 9 0 % 以 上 的 纯 度", "纯度", "纯 度"),
        ("锂 离 子 电 池 lithium 回 收", "lithium", "lithium"),
        ("Tecnologi\u0301a 盐 湖 提 锂", "提锂", "提 锂"),
    ],
)
def test_places_in_joined_text_are_those_of_the_original(
    text: str, term: str, written: str
) -> None:
    folded, offsets = fold_with_offsets(text)
    start = folded.index(term)
    assert text[offsets[start] : offsets[start + len(term)]].rstrip() == written


def test_joined_text_has_the_terms_of_the_plain_one() -> None:
    plain = "从盐湖老卤中提锂，回收率高"
    assert analyse(" ".join(plain)) == analyse(plain)


@given(st.text(alphabet="盐湖提鋰，。9 %\n\tae\u0301", max_size=30))
def test_joining_is_done_once_and_keeps_places(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert fold(folded) == folded == fold(text)
    assert offsets == sorted(offsets)
    assert len(offsets) == len(folded) + 1


@given(st.text(), st.sampled_from(["zh", "en", "es"]))
def test_any_text_has_tokens_inside_it(text: str, language: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(offsets) == len(folded) + 1
    for token in tokenise(folded, language):
        assert 0 <= offsets[token.start] <= offsets[token.end] <= len(text)


@given(st.text(max_size=80))
def test_analysis_never_fails_and_never_varies(text: str) -> None:
    assert analyse(text) == analyse(text)


@pytest.mark.parametrize("text", ["", " ", "。", "的", "the"])
def test_a_text_without_words_has_no_terms(text: str) -> None:
    assert analyse(text) == []


@given(st.text(alphabet="abcEñé- ", max_size=20), st.sampled_from(["en", "es"]))
def test_a_label_has_the_terms_of_its_tokens(label: str, language: str) -> None:
    assert label_terms(label, language) == [token.term for token in tokenise(label, language)]
