"""What a text says of the other fields, and when it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from matchmaker.listings.proposals import (
    requirements_in,
    sentences,
    understand,
    with_proposals,
)
from matchmaker.listings.rules import Content

POTATO = (
    "年产马铃薯淀粉1.2万吨，每天废水600立方米。\n• 冬季水温低于10℃，厌氧罐颗粒污泥上浮流失\n"
    "要求8～12℃条件下COD去除率不低于80%。\n预算80-150万元，2027年12月前完成，技术达到TRL6级。"
)


def said(kind: str = "need", **fields: Any) -> dict[str, list[str]]:
    """Field → proposed values."""
    content = Content(**{"language": "zh", **fields})
    found: dict[str, list[str]] = {}
    for one in understand(kind, content, [], "63"):
        found.setdefault(one.field, []).append(one.value)
    return found


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("must_haves", ["要求8～12℃条件下COD去除率不低于80%"]),
        ("budget_min", ["80万"]),
        ("budget_max", ["150万"]),
        ("deadline", ["2027年12月"]),
        ("trl", ["6"]),
        ("sectors", ["environment"]),
    ],
)
def test_a_text_that_says_much(field: str, values: list[str]) -> None:
    content = {"title": "马铃薯淀粉废水低温厌氧处理", "description": POTATO}
    assert said(**content).get(field) == values


@pytest.mark.parametrize(
    "text",
    [
        "我公司希望与高水平专家开展技术合作，共同发展。",
        "We are a company and look for cooperation with experts.",
        "Somos una empresa y buscamos cooperación.",
        "",
    ],
)
def test_a_vague_text_proposes_nothing(text: str) -> None:
    assert said(title="技术合作", description=text) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [("trl", 4), ("budget_max", 500_000), ("budget_min", 100_000)],
)
def test_what_the_author_chose_is_left_alone(field: str, value: int) -> None:
    content = {"title": "马铃薯淀粉废水", "description": POTATO, field: value}
    assert field not in said(**content)


def test_a_capability_has_no_must_haves() -> None:
    assert "must_haves" not in said("capability", title="颗粒污泥", description=POTATO)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("收率不低于90%。", ["收率不低于90%"]),
        ("3）成本控制在2.5元以内；", ["成本控制在2.5元以内"]),
        ("The yield must stay above 90 %. It rains.", ["The yield must stay above 90 %."]),
        ("Debe aguantar −40 °C. Llueve.", ["Debe aguantar −40 °C."]),
        ("不要求一次到位，先做200亩。", []),  # it asks for nothing
        ("必须环保。", []),  # no measure
        ("去年收率90%。", []),  # a fact
    ],
)
def test_requirements_ask_for_something_measurable(text: str, found: list[str]) -> None:
    assert requirements_in(Content(description=text)) == found


def test_sentences_lose_their_bullets() -> None:
    assert sentences("• 一\n2、二。三；\n① four") == ["一", "二", "三", "four"]


@pytest.mark.parametrize(
    ("kind", "text", "modes"),
    [
        ("need", "希望与高校联合研发新工艺。", ["key_technology_project"]),
        ("need", "拟采用产学研合作方式。", ["key_technology_project", "innovation_consortium"]),
        ("capability", "可技术转让。", ["results_transfer"]),
        ("need", "希望派人来培训本站职工。", ["training"]),
        ("capability", "希望派人来培训本站职工。", []),  # many offer it beside what they offer
        ("capability", "与两家公司合作开发的涂层，可提供样品。", []),  # what was done
        ("capability", "提供策划、会展、申报、人才引进、融资、代理等服务。", []),  # one of all
    ],
)
def test_words_for_several_ways_are_understood(kind: str, text: str, modes: list[str]) -> None:
    assert said(kind, title="青稞品种", description=text).get("modes", []) == modes


def test_a_draft_as_if_its_proposals_were_taken() -> None:
    content = Content(title="马铃薯淀粉废水低温厌氧处理", description=POTATO, language="zh")
    taken = with_proposals(content, understand("need", content, [], "63"))
    assert (taken.trl, taken.must_haves) == (6, ("要求8～12℃条件下COD去除率不低于80%",))
    assert taken.budget_max is None  # it decides about no partner
