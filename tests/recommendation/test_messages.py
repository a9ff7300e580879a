"""Reasons in words."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.engine import Reason
from matchmaker.recommendation.wording import Words, lines, sentence, shared_concepts, summary

WORDS = Words("en", "zh", "en", {"QH-2": {"zh": "盐湖", "en": "Salt lakes", "es": "Lagos salados"}})
CONCEPT = Reason("text", "concept", "brine", 0.3, ("卤水",), ("brine",))
TERM = Reason("text", "term", "膜", 0.2, ("膜",), ())
TASK = Reason("plan", "task", "QH-2", 0.1)

pytestmark = pytest.mark.usefixtures("request_context")


@pytest.fixture
def request_context(app: Flask):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([CONCEPT, TERM], 'Both speak of brine and <span lang="zh-Hans">膜</span>.'),
        ([CONCEPT, TASK], "Both speak of brine; it serves the key task “Salt lakes”."),
        ([TASK], "It serves the key task “Salt lakes”."),
        ([Reason("text", "other_terms", "", 0.5)], ""),
        (
            [CONCEPT, Reason("mode", "goal", "talent", -0.4)],
            "Both speak of brine; the goals differ: Talent is asked for.",
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
            "agree: Joint research",
        ),
        (
            Reason("mode", "mode", "joint_research", -0.1, details={"shared": ""}),
            "ways of cooperating differ",
        ),
        (Reason("mode", "role", "buys", -0.1), "buy rather than to offer"),
        (Reason("mode", "role", "market_only", -0.1), "It is about goods only"),
        (Reason("mode", "disclaims", "", -0.1), "does not do some of what is asked"),
        (
            Reason("readiness", "readiness", "6", 0.1, details={"need": 6, "capability": 8}),
            "TRL 8, 6 asked",
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
            Reason("region", "partner_side", "63", 0.1, details={"capability": "37"}),
            "Shandong is on the partners",
        ),
        (Reason("text", "something_new", "x", 0.1), "Text fit"),
        (Reason("plan", "task", "XX-9", 0.1), "XX-9"),
    ],
)
def test_every_kind_has_its_words(reason: Reason, expected: str) -> None:
    assert expected in lines([reason], WORDS)[0].text


def test_lines_keep_the_shares() -> None:
    shown = lines([TASK, CONCEPT, TERM], WORDS)
    assert [(line.part, round(line.points, 6)) for line in shown] == [
        ("text", 30.0),
        ("text", 20.0),
        ("plan", 10.0),
    ]


def test_a_term_cannot_bring_html() -> None:
    evil = Reason("text", "term", "x", 0.3, ("<script>",), ("<script>",))
    assert "<script>" not in sentence([evil], WORDS)


def test_the_concepts_that_speak_for_a_pair() -> None:
    against = Reason("text", "concept", "salt", -0.1)
    assert shared_concepts([CONCEPT, TERM, against, CONCEPT]) == ["brine"]


@pytest.mark.parametrize(
    ("locale", "language", "said"),
    [
        (
            "en",
            "en",
            "No confident partner; both speak of a < b; it is about goods only;"
            " it serves the key task “QH-2”.",
        ),
        (
            "zh_Hans",
            "zh",
            "没有把握的推荐；双方均提到a < b；成果仅涉及产品买卖；服务重点任务“QH-2”。",
        ),
        (
            "es",
            "es",
            "Sin un socio seguro; ambas partes hablan de a < b; solo trata de productos;"
            " contribuye a la tarea clave «QH-2».",
        ),
    ],
)
def test_tables_say_it_in_the_same_words(locale: str, language: str, said: str) -> None:
    reasons = [TASK, Reason("text", "term", "a", 0.3, ("a < b",), ("a < b",))]
    reasons.append(Reason("mode", "role", "market_only", -0.2))
    with force_locale(locale):
        assert summary(reasons, "weak", Words(language, language, language, {})) == said
