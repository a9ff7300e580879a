"""Terms of a listing, the parts of a query, and what is looked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from matchmaker.engine.search.labels import Labels
from matchmaker.engine.search.phrases import holds
from matchmaker.engine.search.query import (
    LONGEST_QUERY,
    MOST_PARTS,
    Query,
    read_query,
    unquoted,
    warm,
)
from matchmaker.engine.search.rows import LABEL, LONGEST_TERM, search_row
from matchmaker.engine.search.weighing import MOST_FORMS, Plan, look_for
from matchmaker.engine.search.words import words_of


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


def test_a_listing_is_found_by_its_labels_as_everybody() -> None:
    for_all, for_members = search_row([("pump", 1.0)], [], "en", ["mode.training"])
    assert (for_all[LABEL + "mode.training"], for_members) == (1.0, {})


def said(query: Query) -> set[str]:
    """All terms of the forms that say what the query says."""
    return {term for part in query.parts for form in part.own for term in form.terms}


def meant(query: str) -> set[tuple[str, ...]]:
    """Terms of other languages that the dictionaries have for the query."""
    return {form.terms for part in read_query(query).parts for form in part.meant}


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
    assert {word, concept} <= said(read_query(query))


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("wine", ("葡萄", "萄酒")),
        ("wine", ("vin",)),
        ("葡萄酒", ("wine",)),
        ("葡萄酒", ("vin",)),
        ("vino", ("wine",)),
        ("vino", ("葡萄", "萄酒")),
        ("tornillos", ("bolt",)),
        ("螺栓", ("tornill",)),
    ],
)
def test_a_word_without_a_concept_is_looked_up(query: str, terms: tuple[str, ...]) -> None:
    assert terms in meant(query)


def test_a_spanish_stem_is_not_looked_for_in_english_texts() -> None:
    [part] = read_query("setas").parts
    assert {(form.terms, form.language) for form in part.readings} == {
        (("seta",), "en"),
        (("set",), "es"),
    }


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("LFP", {"磷酸", "酸铁", "铁锂"}),
        ("lfp", {"lithium", "iron", "phosphat"}),
        ("磷酸铁锂", {"lfp"}),
        ("lithium iron phosphate", {"lfp"}),
        ("fosfato de hierro y litio", {"lfp"}),
        ("UASB", {"anaerob", "sludg", "blanket"}),
        ("upflow anaerobic sludge blanket", {"uasb"}),
    ],
)
def test_an_abbreviation_and_what_it_stands_for_are_one(query: str, other: set[str]) -> None:
    assert other <= said(read_query(query))


@pytest.mark.parametrize(
    ("query", "parts", "without", "phrases"),
    [
        ("brine pump", "brine pump", "", ()),
        ("brine -pump", "brine", "pump", ()),
        ("卤水 -硼", "卤水", "硼", ()),
        ("卤水 －硼", "卤水", "硼", ()),
        ('"brine pump" seal', "brine pump seal", "", ("brine pump",)),
        ("“科技特派员” 蔬菜", "科技特派员 蔬菜", "", ("科技特派员",)),
        ("«bomba de salmuera»", "bomba salmuera", "", ("bomba de salmuera",)),
        ('pump -"brine seal"', "pump", "brine seal", ()),
        ("pump -35", "pump", "", ()),
        ("QH-1", "QH-1", "", ()),
        ("eco-friendly", "eco friendly", "", ()),
        ("-pump", "pump", "", ()),  # nothing else would be left to look for
        ('pump "', "pump", "", ()),
        ("brine brine", "brine", "", ()),
    ],
)
def test_minus_and_quotation_marks(
    query: str, parts: str, without: str, phrases: tuple[str, ...]
) -> None:
    read = read_query(query)
    assert (
        "".join(part.text for part in read.parts),
        "".join(part.text for part in read.without),
        read.phrases,
    ) == (parts.replace(" ", ""), without.replace(" ", ""), phrases)


def test_words_of_a_phrase_are_needed_until_it_is_loosened() -> None:
    read = read_query('"brine pump" seal')
    assert [part.is_needed for part in read.parts] == [True, True, False]
    assert not any(part.is_needed for part in unquoted(read).parts)


@pytest.mark.parametrize(
    ("text", "phrase", "is_held"),
    [
        ("Two Glacier  lakes above", "glacier lakes", True),
        ("Two lakes, one glacier", "glacier lakes", False),
        ("Lagos glaciárico", "glaciar", False),
        ("Cadena de BLOQUES", "cadena de bloques", True),
        ("跨滴灌带作业", "滴灌带", True),
        ("滴灌的带", "滴灌带", False),
        ("鋰電池", "锂电池", True),
    ],
)
def test_a_phrase_stands_in_a_text(text: str, phrase: str, is_held: bool) -> None:
    assert holds(text, phrase) is is_held


LABELS = Labels(
    [
        ("mode.extension_worker", "科技特派员"),
        ("mode.extension_worker", "S&T extension worker"),
        ("mode.extension_worker", "Extensionista científico-técnico"),
        ("mode.service_team", "Equipo de servicio científico-técnico"),
        ("task.GS-1", "Lanzhou–Baiyin with Zhangjiang, Shanghai"),
        ("task.GS-1", "GS-1"),
        ("sector.water", "Agua"),
    ]
)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("科技特派员", "mode.extension_worker"),
        ("extensionista", "mode.extension_worker"),
        ("extensionistas", "mode.extension_worker"),
        ("Zhangjiang", "task.GS-1"),
        ("gs-1", "task.GS-1"),
        ("agua limpia", "sector.water"),
    ],
)
def test_a_telling_word_of_a_label_finds_what_is_marked_with_it(query: str, code: str) -> None:
    assert LABEL + code in said(read_query(query, LABELS))


def test_a_common_word_of_labels_finds_none() -> None:
    labels = Labels((f"mode.{number}", f"Joint gasket{number}") for number in range(99))
    assert labels.of(words_of("joint")) == [{}]


def plan(query: str, total: int, /, **frequencies: int) -> Plan:
    return look_for(read_query(query), lambda term: frequencies.get(term, 0), total)


@pytest.mark.parametrize("query", ["", "   ", "的", "😀", "!?", "-", '""', "- -"])
def test_a_query_without_words_asks_for_nothing(query: str) -> None:
    assert plan(query, 10) == Plan((), (), (), (), is_possible=True)


def test_a_word_that_occurs_nowhere_is_named() -> None:
    found = plan("lithium zorblax", 10, lithium=2)
    assert ([len(part.forms) for part in found.wanted], found.unknown) == ([1], ("zorblax",))


def test_a_rare_word_counts_more() -> None:
    lithium, gasket = plan("lithium gasket", 1000, lithium=500, gasket=2).wanted
    assert gasket.rarity > lithium.rarity > 0


def test_a_concept_counts_only_for_the_words_it_stands_for() -> None:
    frequencies = {"concept:battery": 5, "价格": 5, "酒店": 5}
    found = look_for(read_query("电池 价格 酒店"), lambda term: frequencies.get(term, 0), 1000)
    assert [form.terms for part in found.wanted for form in part.forms] == [
        ("concept:battery",),
        ("价格",),
        ("酒店",),
    ]


def test_a_word_without_listings_gives_way_to_the_nearest_broader_concept() -> None:
    frequencies = {"concept:wastewater_process": 3}
    found = look_for(read_query("UASB"), lambda term: frequencies.get(term, 0), 10)
    assert [tuple(one[:2]) for one in found.nearest] == [("UASB", "wastewater_process")]


def test_a_phrase_with_a_word_that_no_listing_has_is_not_possible() -> None:
    assert not plan('"brine zorblax"', 10, brine=1).is_possible


def test_a_long_query_asks_for_a_limited_number_of_terms() -> None:
    query = "盐湖提锂吸附剂膜法纳滤电渗析蒸发结晶镁锂比" * 9
    found = look_for(read_query(query), lambda term: 1, 10)
    assert len(query) > LONGEST_QUERY // 2
    assert len(found.wanted) <= MOST_PARTS
    assert all(len(part.forms) <= MOST_FORMS for part in found.wanted)


def test_search_does_not_load_what_fits_models() -> None:
    script = (
        "import sys; from matchmaker.engine import search; search.warm(); "
        "sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_warming_up_asks_for_nothing() -> None:
    warm()
