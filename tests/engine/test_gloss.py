"""What a gloss says, and what it had better not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchmaker.engine import gloss
from matchmaker.engine.gloss.words import Words
from matchmaker.engine.tools import gloss_build


def terms(text: str, source: str, target: str, context: str = "") -> dict[str, str]:
    return {
        piece.text: piece.gloss for piece in gloss(text, source, target, context) if piece.gloss
    }


@pytest.mark.parametrize(
    ("text", "source", "target", "told"),
    [
        ("青海的卤水", "zh", "en", {"青海": "Qinghai", "卤水": "brine"}),
        ("青海的卤水", "zh", "es", {"卤水": "salmuera"}),
        ("Brine and wolfberry", "en", "zh", {"Brine": "卤水", "wolfberry": "枸杞"}),
        ("Lithium batteries", "en", "es", {"Lithium batteries": "batería de litio"}),
        ("Salmuera con litio", "es", "zh", {"Salmuera": "卤水", "litio": "锂"}),
        ("Vacunas para ovejas", "es", "en", {"Vacunas": "vaccine", "ovejas": "sheep"}),
    ],
)
def test_terms_are_told_in_the_readers_language(
    text: str, source: str, target: str, told: dict[str, str]
) -> None:
    assert terms(text, source, target) == told


def test_the_pieces_are_the_whole_text() -> None:
    text = "盐湖（青海）卤水提锂，收率≥90%。"
    assert "".join(piece.text for piece in gloss(text, "zh", "en")) == text


@pytest.mark.parametrize(
    ("text", "source", "target", "told"),
    [
        ("42万亩", "zh", "en", {"42万亩": "420,000 mu"}),
        ("42万亩", "zh", "es", {"42万亩": "420.000 mu"}),
        ("2021年", "zh", "en", {"2021年": "2021"}),
        ("3年", "zh", "en", {"3年": "3 years"}),
        ("12座", "zh", "en", {}),
        ("1.35 m", "en", "es", {"1.35 m": "1,35 m"}),
        ("2,4 t", "es", "en", {"2,4 t": "2.4 t"}),
        ("de 2 a 8", "es", "en", {"8": "8"}),
    ],
)
def test_amounts_are_written_as_the_reader_writes_them(
    text: str, source: str, target: str, told: dict[str, str]
) -> None:
    assert terms(text, source, target) == told


@pytest.mark.parametrize(
    ("text", "source", "target", "told"),
    [
        ("无催化剂", "zh", "en", {"无": "without", "催化剂": "catalyst"}),
        ("No catalyst", "en", "zh", {"No": "无", "catalyst": "催化剂"}),
        ("Sin catalizador", "es", "zh", {"Sin": "无", "catalizador": "催化剂"}),
        ("Not here. Brine", "en", "zh", {"Brine": "卤水"}),
    ],
)
def test_what_is_denied_is_not_told_as_said(
    text: str, source: str, target: str, told: dict[str, str]
) -> None:
    assert terms(text, source, target) == told


@pytest.mark.parametrize(
    ("text", "source", "absent"),
    [
        ("Lithium from salt lakes", "en", "Lithium from salt"),  # no lithium salt
        ("Los vinos del Helan son buenos", "es", "Helan"),  # a mountain; helar is to freeze
        ("牦牛养了三代", "zh", "三代"),  # three generations; a dictionary has three dynasties
        ("Las células", "es", "células"),  # a mobile phone is a celular
    ],
)
def test_better_nothing_than_nonsense(text: str, source: str, absent: str) -> None:
    target = "zh" if source != "zh" else "en"
    assert absent not in terms(text, source, target)


def test_the_context_decides_between_senses() -> None:
    words = gloss_build.in_order(
        {"叶片": ["leaf", "blade"]}, "en", gloss_build.Use([], gloss_build.Glossary())
    )
    assert words["叶片"] == ["leaf", "blade"]
    assert terms("叶片", "zh", "en", "风力发电机组的叶片")["叶片"] == "blade"


CEDICT = """\
鹽湖 盐湖 [yan2 hu2] /salt lake/
灌注 灌注 [guan4 zhu4] /to pour into/perfusion/to teach/
李四光 李四光 [Li3 Si4 guang1] /Li Siguang (1889-1971), Chinese geologist/
科爾沁 科尔沁 [Ke1 er3 qin4] /Horqin, a place in Inner Mongolia/
個 个 [ge4] /classifier for people/
"""


def test_a_dictionarys_explanations_are_no_translations() -> None:
    assert gloss_build.read_chinese(CEDICT.splitlines()) == {
        "盐湖": ["salt lake"],
        "灌注": ["pour into", "perfusion", "teach"],
        "科尔沁": ["Horqin"],
    }


def test_a_word_is_not_told_as_another_one_of_its_stem() -> None:
    table = gloss_build.packed({"celular": ["手机"]}, "es", ["célula"])
    words = Words(gloss_build.gzip.decompress(table), "es")
    assert (words.translations("Celular"), words.translations("células")) == (("手机",), ())


def test_the_shipped_words_are_there() -> None:
    folder = Path(gloss_build.path_of("zh", "en")).parent
    names = {f"{a}_{b}.tsv.gz" for a in ("zh", "en", "es") for b in ("zh", "en", "es") if a != b}
    assert {path.name for path in folder.glob("*.gz")} == names
