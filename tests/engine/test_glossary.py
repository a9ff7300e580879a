from __future__ import annotations

from pathlib import Path

import pytest

from matchmaker.engine import Concept, Glossary, GlossaryError
from matchmaker.engine.lexicon import glossary
from matchmaker.engine.lexicon.glossary import read_concepts
from matchmaker.engine.listing import LANGUAGES
from matchmaker.engine.text.everyday import COMMON
from matchmaker.engine.text.folding import fold
from matchmaker.engine.tools.glossary_check import ERRORS, check, main
from tests.engine.conftest import concept

HEADER = "id\tzh\ten\tes\tbroader\tsector\ttasks\n"


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("废旧锂电池回收", "zh", ["battery_recycling"]),
        ("锂电池", "zh", ["lithium_battery"]),
        ("鋰電池", "zh", ["lithium_battery"]),
        ("蓄电池和电池", "zh", ["battery", "battery"]),
        ("提取 锂 的方法", "zh", ["lithium"]),
        ("Lithium batteries", "en", ["lithium_battery"]),
        ("batteries recycled", "en", ["battery_recycling"]),
        ("recycling of batteries", "en", ["battery"]),
        ("Battery-recycling plants", "en", ["battery_recycling"]),
        ("battery. Recycling", "en", ["battery"]),
        ("baterias de litio", "es", ["lithium_battery"]),
        ("el reciclaje de la batería", "es", ["battery_recycling"]),
        ("PLC控制", "zh", ["plc"]),
        ("with AI", "en", ["ai"]),
        ("ai ai ai", "en", []),
        ("una IA", "es", ["ai"]),
        ("电 池", "zh", ["battery"]),
        ("nothing here", "en", []),
    ],
)
def test_the_longest_label_is_found(
    glossary: Glossary, text: str, language: str, found: list[str]
) -> None:
    assert [name for mention in glossary.find(text, language) for name in mention.concepts] == found


def test_a_mention_has_its_place(glossary: Glossary) -> None:
    text = "Old brine and lithium batteries"
    places = [fold(text)[mention.start : mention.end] for mention in glossary.find(text, "en")]
    assert places == ["brine", "lithium batteries"]


def test_a_single_character_is_a_concept_only_as_a_word_of_its_own() -> None:
    tea = Glossary([concept("tea", "茶", "tea", "té")])
    assert tea.find("茶的品质", "zh") != []
    assert tea.find("茶几", "zh") == []


def test_a_label_of_two_concepts_names_both() -> None:
    two = Glossary(
        [
            concept("salt", "盐", "salt", "sal"),
            concept("salinity", "盐度", "salt|salinity", "salinidad"),
        ]
    )
    assert two.find("salt", "en")[0].concepts == ("salt", "salinity")


def test_ancestors_are_nearest_first() -> None:
    chain = Glossary(
        [
            concept("a", "甲", "a1", ""),
            concept("b", "乙", "b1", "", "a"),
            concept("c", "丙", "c1", "", "b"),
        ]
    )
    assert chain.ancestors("c") == ("b", "a")


def test_a_cycle_ends_the_chain() -> None:
    ring = Glossary([concept("a", "甲", "a1", "", "b"), concept("b", "乙", "b1", "", "a")])
    assert ring.ancestors("a") == ("b",)


def test_an_unknown_broader_concept_ends_the_chain() -> None:
    assert Glossary([concept("a", "甲", "a1", "", "gone")]).ancestors("a") == ()


def test_the_preferred_label_is_the_first() -> None:
    assert concept("brine", "卤水|老卤", "brine", "").label("zh") == "卤水"


def test_a_missing_label_is_borrowed() -> None:
    assert concept("brine", "卤水", "brine", "").label("es") == "brine"


def write(folder: Path, text: str, name: str = "one.tsv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("id\tzh\ten\n", "row 1: the header"),
        (HEADER + "a\t甲\ta1\t\t\t\t\textra\n", "row 2: 8 cells"),
        (HEADER + "A b\t甲\ta1\n", "row 2: 'A b' is not an id"),
        (HEADER + "a\t\t\t\t\t\t\n", "row 2: 'a' has no label"),
        (HEADER + "a\t甲\ta1\t\t\t\tSOON\n", "row 2: 'SOON' is not a task id"),
        (HEADER + "\na\t甲\ta1\n\t甲\n", "row 4: '' is not an id"),
    ],
)
def test_a_malformed_row_is_named(tmp_path: Path, rows: str, complaint: str) -> None:
    with pytest.raises(GlossaryError, match=complaint):
        read_concepts(write(tmp_path, rows))


def test_rows_are_read(tmp_path: Path) -> None:
    write(tmp_path, HEADER + "a\t甲 | 乙\ta1\tes1\tb\tsalt_lake\tQH-2, XZ-1\n\nb\t丁\n")
    first, second = read_concepts(tmp_path)
    assert first == Concept(
        "a",
        {"zh": ("甲", "乙"), "en": ("a1",), "es": ("es1",)},
        "b",
        "salt_lake",
        ("QH-2", "XZ-1"),
        "one.tsv, row 2",
    )
    assert second.labels["zh"] == ("丁",)


def test_an_empty_file_or_folder_is_an_empty_glossary(tmp_path: Path) -> None:
    assert read_concepts(tmp_path) == []
    assert read_concepts(write(tmp_path, "")) == []


def test_a_concept_defined_twice_keeps_the_first_and_gains_labels(tmp_path: Path) -> None:
    write(tmp_path, HEADER + "a\t甲\ta1\n", "one.tsv")
    write(tmp_path, HEADER + "a\t乙\ta1\n", "two.tsv")
    both = Glossary.load(tmp_path)
    assert both.concepts["a"].labels["zh"] == ("甲",)
    assert both.find("乙", "zh")[0].concepts == ("a",)


def test_a_packed_glossary_is_the_one_that_was_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (
        "a\t锂 电池|LiFePO4\tlithium battery|PH|pH (acidity)\tbatería de litio\tb\ts\tQH-2\n"
        "b\t电池\tbattery\n"
    )
    monkeypatch.setattr(glossary, "SHIPPED", write(tmp_path, HEADER + rows))
    monkeypatch.setattr(glossary, "PACKED", tmp_path / "packed")
    read = Glossary.load(tmp_path)
    assert not Glossary.shipped().is_shipped
    glossary.PACKED.write_bytes(read.packed())
    packed = Glossary.shipped()
    assert packed.is_shipped
    assert packed.concepts == read.concepts
    for text, language in (
        ("锂电池 LiFePO4，PH", "zh"),
        ("lithium batteries, PH, pH (acidity)", "en"),
        ("batería de litio", "es"),
    ):
        assert packed.find(text, language) == read.find(text, language) != []
    assert packed.packed() == read.packed()
    write(tmp_path, HEADER + "c\t丙\n")
    assert list(Glossary.shipped().concepts) == ["c"]


@pytest.mark.parametrize(
    ("concepts", "kind"),
    [
        ([concept("a", "甲", "a1", "e1"), concept("a", "乙", "a2", "e2")], "duplicate_id"),
        ([concept("a", "甲", "a1", "e1", "gone")], "dangling_broader"),
        ([concept("a", "甲", "a1", "e1", "b"), concept("b", "乙", "b1", "e2", "a")], "cycle"),
        ([concept("a", "甲", "a1", "e1", "a")], "cycle"),
        ([concept("a", "甲", "", "e1")], "missing_label"),
        ([concept("a", "甲", "Salt", "e1"), concept("b", "乙", "salt", "e2")], "shared_label"),
        ([concept("a", "时间", "a1", "e1")], "everyday_label"),
        ([concept("a", "甲", "Working", "e1")], "everyday_label"),
        ([concept("a", "甲", "a1", "Tiempos")], "everyday_label"),
    ],
)
def test_the_check_reports(concepts: list[Concept], kind: str) -> None:
    assert kind in {problem.kind for problem in check(concepts)}


@pytest.mark.parametrize(
    ("zh", "en", "es"), [("工作时间", "IT", "pH"), ("甲", "work time", "tiempo real")]
)
def test_names_in_capitals_and_longer_labels_are_no_everyday_words(
    zh: str, en: str, es: str
) -> None:
    assert check([concept("a", zh, en, es)]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_everyday_word_is_one_that_a_label_could_be(language: str) -> None:
    words = (COMMON / f"{language}.txt").read_text(encoding="utf-8").split()
    assert len(words) > 300
    assert not [word for word in words if word != word.lower()]


def test_the_check_is_content_with_good_data() -> None:
    assert check([concept("a", "甲", "a1", "e1"), concept("b", "乙", "b1", "e2", "a")]) == []


def test_the_shipped_glossary_has_no_errors() -> None:
    assert [problem for problem in check(read_concepts()) if problem.kind in ERRORS] == []


def test_the_check_as_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path, HEADER + "a\t甲\ta1\te1\tgone\n"))]) == 1
    assert "dangling_broader" in capsys.readouterr().out
