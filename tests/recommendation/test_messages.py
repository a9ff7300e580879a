"""Reasons in words."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker import codelists
from matchmaker.engine import Change, Concept, Glossary, Reason
from matchmaker.recommendation.wording import (
    Words,
    against,
    lift,
    lines,
    sentence,
    shared_concepts,
    summary,
)
from matchmaker.web.i18n import LOCALES

WORDS = Words("en", "zh", "en", {"QH-2": {"zh": "盐湖", "en": "Salt lakes", "es": "Lagos salados"}})
CONCEPT = Reason("text", "concept", "brine", 0.3, ("卤水",), ("brine",))
TERM = Reason("text", "term", "膜", 0.2, ("膜",), ())
BRINE = '<span lang="zh-Hans">卤水</span> / brine'
TASK = Reason("plan", "task", "QH-2", 0.1)

pytestmark = pytest.mark.usefixtures("request_context")


@pytest.fixture
def request_context(app: Flask):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([CONCEPT, TERM], f'Both mention {BRINE} and <span lang="zh-Hans">膜</span>.'),
        ([CONCEPT, TASK], f"Both mention {BRINE}; both belong to the key task “Salt lakes”."),
        ([TASK], "Both belong to the key task “Salt lakes”."),
        ([Reason("text", "other_terms", "", 0.5)], ""),
        (
            [CONCEPT, Reason("mode", "goal", "talent", -0.4)],
            f"Both mention {BRINE}; the goals differ: talent is asked for.",
        ),
    ],
)
def test_the_sentence(reasons: list[Reason], expected: str) -> None:
    assert sentence(reasons, WORDS) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            Reason("mode", "mode", "joint_research", 0.1, details={"shared": "joint_research"}),
            "ame forms of cooperation: joint research",
        ),
        (
            Reason("mode", "mode", "joint_research", -0.1, details={"shared": ""}),
            "ways of cooperating differ",
        ),
        (Reason("mode", "role", "buys", -0.1), "buying rather than offering"),
        (Reason("mode", "role", "market_only", -0.1), "It is about goods only"),
        (Reason("mode", "disclaims", "", -0.1), "does not do some of what is asked"),
        (
            Reason("readiness", "readiness", "6", 0.1, details={"need": 6, "capability": 8}),
            "TRL 8 (at least 6 asked for)",
        ),
        (
            Reason("readiness", "readiness", "8", -0.1, details={"need": 8, "capability": 6}),
            "less ready than asked",
        ),
        (
            Reason("region", "named_partner", "63", 0.1, details={"capability": "37"}),
            "names Shandong as a partner",
        ),
        (
            Reason("region", "partner_region", "63", 0.1, details={"capability": "11"}),
            "lists are in Beijing",
        ),
        (
            Reason("region", "partner_side", "63", 0.1, details={"capability": "37"}),
            "Shandong is one of the plan",
        ),
        (Reason("text", "something_new", "x", 0.1), "Text fit"),
        (Reason("plan", "task", "XX-9", 0.1), "XX-9"),
    ],
)
def test_every_kind_has_its_words(reason: Reason, expected: str) -> None:
    assert expected in lines([reason], WORDS)[0].text


def test_a_passage_is_no_line_and_no_word() -> None:
    passage = Reason("text", "passage", "", 0.0, ("老卤难用。",), ("Brine is our trade.",))
    assert lines([passage, TASK], WORDS) == lines([TASK], WORDS)
    assert sentence([passage, CONCEPT], WORDS) == sentence([CONCEPT], WORDS)
    assert summary([passage, CONCEPT], "strong", WORDS) == summary([CONCEPT], "strong", WORDS)
    assert summary([passage], "strong", WORDS) == "Nothing in common."


def test_lines_keep_the_shares() -> None:
    shown = lines([TASK, CONCEPT, TERM], WORDS)
    assert [(line.part, round(line.points, 6)) for line in shown] == [
        ("text", 30.0),
        ("text", 20.0),
        ("plan", 10.0),
    ]


@pytest.mark.parametrize(
    ("reader", "sides", "code", "forms", "told"),
    [
        # one of the texts is the reader's: the two texts' own words
        ("zh", "zh-en", "wastewater", ("废水", "effluent"), "双方均提到废水 / effluent。"),
        ("en", "zh-en", "wastewater", ("废水", "effluent"), "Both mention 废水 / effluent."),
        ("es", "es-zh", "brine", ("salmuera", "卤水"), "Ambos textos mencionan salmuera / 卤水."),
        ("en", "en-en", "brine", ("Brines", "brine"), "Both mention brines / brine."),
        # the same word in any case of letters is said once; names alone keep their capital
        ("en", "en-en", "brine", ("Brine", "brine"), "Both mention brine."),
        ("en", "en-en", "no_such", ("Listeria", "Listeria"), "Both mention Listeria."),
        ("zh", "zh-zh", "brine", ("卤水", "卤水"), "双方均提到卤水。"),
        # so is a formula, with indices or without
        ("es", "es-zh", "no_such", ("MgCl2", "MgCl₂"), "Ambos textos mencionan MgCl2."),
        # neither text is the reader's: the concept by its name, with their words
        (
            "es",
            "zh-en",
            "brine",
            ("卤水", "brine"),
            "Ambos textos tratan de salmuera (卤水 / brine).",
        ),
        ("en", "zh-zh", "brine", ("卤水", "卤水"), "Both are about brine (卤水)."),
        ("zh", "en-es", "brine", ("brine", "salmuera"), "双方均涉及卤水（brine / salmuera）。"),
        # the reader's text has a narrower word
        (
            "en",
            "en-zh",
            "livestock_species",
            ("yak", "牦牛"),
            "Both are about livestock species (yak / 牦牛).",
        ),
        # a concept without a name in the reader's language: what dictionaries call the word
        (
            "es",
            "zh-en",
            "no_such",
            ("卤水", "brine"),
            "Ambos textos mencionan salmuera (卤水 / brine).",
        ),
        # words that no table knows say nothing to the reader
        ("es", "zh-zh", "no_such", ("鸊鷉", "鸊鷉"), ""),
        # an acronym has no language
        ("zh", "zh-zh", "wastewater", ("COD", "COD"), "双方均提到COD。"),
        ("es", "zh-en", "wastewater", ("COD", "COD"), "Ambos textos mencionan COD."),
    ],
)
def test_a_concept_is_told_in_the_words_that_stand_there(
    reader: str, sides: str, code: str, forms: tuple[str, str], told: str
) -> None:
    reason = Reason("text", "concept", code, 0.3, (forms[0],), (forms[1],))
    with force_locale(LOCALES[reader]):
        text = sentence([reason], Words(reader, *sides.split("-"), {}))
    assert text.striptags() == told


@pytest.mark.parametrize(
    ("reader", "labels", "told"),
    [
        ("zh", {"zh": ("总氮",), "en": ("nitrogen",)}, "双方均涉及总氮（N load / carga de N）。"),
        ("en", {"zh": ("总氮",)}, "Both mention N load / carga de N."),
        (
            "es",
            {"zh": ("总氮",), "en": ("nitrogen",)},
            "Ambos textos mencionan N load / carga de N.",
        ),
    ],
)
def test_no_label_of_another_language_stands_for_a_name(
    monkeypatch: pytest.MonkeyPatch, reader: str, labels: dict[str, tuple[str, ...]], told: str
) -> None:
    known = Glossary([Concept("x", labels)])
    monkeypatch.setattr("matchmaker.recommendation.wording.default_glossary", lambda: known)
    reason = Reason("text", "concept", "x", 0.3, ("N load",), ("carga de N",))
    with force_locale(LOCALES[reader]):
        assert sentence([reason], Words(reader, "en", "es", {})).striptags() == told


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        ("en", "Both mention membrane; both are about brine (salmuera / 卤水)."),
        ("zh", "双方均提到卤水 / salmuera、membrane。"),
    ],
)
def test_words_and_topics_are_not_mixed(reader: str, told: str) -> None:
    sides = ("es", "zh") if reader == "en" else ("zh", "es")
    forms = [("salmuera",), ("卤水",)] if reader == "en" else [("卤水",), ("salmuera",)]
    reasons = [
        Reason("text", "concept", "brine", 0.3, *forms),
        Reason("text", "term", "x", 0.2, ("membrane",), ("membrane",)),
    ]
    with force_locale(LOCALES[reader]):
        assert sentence(reasons, Words(reader, *sides, {})).striptags() == told


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        ("es", ["Ambos textos mencionan salmuera (卤水)", "Otras palabras en común"]),
        ("zh", ["双方均提到卤水", "双方均提到鸊鷉", "其他共同词语"]),
    ],
)
def test_what_a_reader_cannot_read_joins_the_further_words(reader: str, told: list[str]) -> None:
    reasons = [
        Reason("text", "term", "x", 0.3, ("卤水",), ("卤水",)),
        Reason("text", "term", "y", 0.2, ("鸊鷉",), ("鸊鷉",)),
        Reason("text", "other_terms", "", 0.1),
    ]
    with force_locale(LOCALES[reader]):
        found = lines(reasons, Words(reader, "zh", "zh", {}))
    assert [line.text.striptags() for line in found] == told
    assert sum(line.points for line in found) == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("language", "word", "told"),
    [
        ("en", "rubidium", ["the capability says that it does not do this: rubidium"]),
        ("zh", "铷", ["the capability says that it does not do this: rubidium (铷)"]),
    ],
)
def test_what_speaks_against_a_pair_is_named_so_that_its_reader_understands(
    language: str, word: str, told: list[str]
) -> None:
    rubidium = Reason("text", "disclaims", "", -0.2, (), (word,))
    found = against([rubidium, CONCEPT], Words("en", "en", language, {}))
    assert [text.striptags() for text in found] == told


def test_what_a_dictionary_alone_tells_is_no_ground_of_the_sentence() -> None:
    bite = Reason("text", "term", "bite", 0.5, ("bites",), ("bite",))
    brine = Reason("text", "concept", "brine", 0.1, ("brine",), ("brine",))
    words = Words("zh", "en", "en", {})
    with force_locale(LOCALES["zh"]):
        assert sentence([bite, brine], words).striptags() == "双方均涉及卤水（brine）。"
        assert [line.text.striptags() for line in lines([bite], words)] == [
            "双方均提到咬伤（bites / bite）"
        ]


@pytest.mark.parametrize("kind", ["term", "concept"])
def test_neither_a_stem_nor_a_code_stands_for_words(kind: str) -> None:
    bare = Reason("text", kind, "separ", 0.3)
    assert sentence([bare, TASK], WORDS) == "Both belong to the key task “Salt lakes”."
    assert lines([bare], WORDS)[0].text == "Other shared terms"


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ([], "Nothing in common."),
        ([Reason("text", "other_terms", "", 0.3)], "Little in common."),
        ([Reason("text", "meaning", "", 0.3)], "The meanings of the two texts are close."),
        ([CONCEPT, TERM], "Both mention 卤水 / brine, 膜."),
    ],
)
def test_a_table_names_words_without_marks(reasons: list[Reason], said: str) -> None:
    assert summary(reasons, "possible", WORDS) == said


def test_a_term_cannot_bring_html() -> None:
    evil = Reason("text", "term", "x", 0.3, ("<script>",), ("<script>",))
    assert "<script>" not in sentence([evil], WORDS)


def test_the_concepts_that_speak_for_a_pair() -> None:
    salt = Reason("text", "concept", "salt", -0.1)
    assert shared_concepts([CONCEPT, TERM, salt, CONCEPT]) == ["brine"]


@pytest.mark.parametrize(
    ("locale", "language", "said"),
    [
        (
            "en",
            "en",
            "No partner to suggest; both mention a < b; it is about goods only;"
            " both belong to the key task “QH-2”.",
        ),
        (
            "zh_Hans",
            "zh",
            "匹配度不足，不予推荐；双方均提到a < b；成果仅涉及产品买卖；服务重点任务“QH-2”。",
        ),
        (
            "es",
            "es",
            "Sin coincidencia suficiente; ambos textos mencionan a < b; solo trata de productos;"
            " ambas fichas pertenecen a la tarea clave «QH-2».",
        ),
    ],
)
def test_tables_say_it_in_the_same_words(locale: str, language: str, said: str) -> None:
    reasons = [TASK, Reason("text", "term", "a", 0.3, ("a < b",), ("a < b",))]
    reasons.append(Reason("mode", "role", "market_only", -0.2))
    with force_locale(locale):
        assert summary(reasons, "weak", Words(language, language, language, {})) == said


@pytest.mark.parametrize(
    ("change", "trl", "reader", "told"),
    [
        (("readiness", "7"), None, "en", "The need asks for TRL 7, and the capability does not "),
        (
            ("readiness", "7"),
            5,
            "en",
            "The need asks for TRL 7, and the capability is at TRL 5. If ",
        ),
        (("mode", "training,secondment"), 5, "en", "does not offer: Training, Secondment. If the "),
        (("goal", "talent"), 5, "en", "The need's goal is “Talent”, and the capability has "),
        (("mode", "training"), 5, "zh", "该成果未提供：人才培训。如该成果"),
        (
            ("readiness", "7"),
            None,
            "es",
            "La demanda pide TRL 7 y la oferta no indica su nivel. Si",
        ),
    ],
)
def test_what_would_lift_a_pair_is_a_sentence(
    change: tuple[str, str], trl: int | None, reader: str, told: str
) -> None:
    with force_locale(LOCALES[reader]):
        found = lift(Change(*change, 0.8, "strong"), trl, reader)
    assert told in found
    assert codelists.label("band", "strong", reader) in found
