from __future__ import annotations

import pytest

from matchmaker.engine import Glossary, PlanFacts, TaskFacts, propose_tasks

TASKS = (
    TaskFacts(
        "QH-2",
        "63",
        texts={
            "zh": "世界级盐湖产业基地 卤水",
            "en": "World-class salt-lake base",
            "es": "Lagos salados",
        },
    ),
    TaskFacts(
        "XZ-2",
        "54",
        texts={"zh": "农牧业 青稞 牦牛", "en": "Highland barley and yak", "es": "Cebada y yak"},
    ),
    TaskFacts(
        "QH-3",
        "63",
        texts={
            "zh": "农畜产品 牦牛",
            "en": "Livestock products, yak",
            "es": "Productos ganaderos, yak",
        },
    ),
)


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("老卤提锂", "QH-2"),
        ("highland barley", "XZ-2"),
        ("Cebada de altura", "XZ-2"),
        ("牦牛", "QH-3"),
    ],
)
def test_a_text_leads_to_its_task(glossary: Glossary, text: str, task: str) -> None:
    assert (
        propose_tasks(
            text, None, TASKS, region="63" if task.startswith("QH") else "54", glossary=glossary
        )[0].task
        == task
    )


def test_the_terms_that_led_there_are_named(glossary: Glossary) -> None:
    assert propose_tasks("老卤和牦牛", "zh", TASKS, glossary=glossary)[0].terms == ("老卤",)


def test_at_most_three_are_proposed_and_their_shares_are_of_one(glossary: Glossary) -> None:
    found = propose_tasks("yak, barley and brine", "en", TASKS, glossary=glossary)
    assert len(found) == 3
    assert sum(proposal.score for proposal in found) == pytest.approx(1.0)


def test_a_text_about_nothing_gets_no_proposal(glossary: Glossary) -> None:
    assert propose_tasks("poetry", "en", TASKS, glossary=glossary) == []


def test_the_facts_of_a_plan_file() -> None:
    facts = PlanFacts.from_mapping(
        {
            "sides": {"beneficiary": ["63"], "partner": ["12", "31"], "also_partner": ["54"]},
            "initiatives": [
                {
                    "region": "63",
                    "tasks": [
                        {
                            "id": "QH-2",
                            "title": {"zh": "盐湖", "en": "Salt lakes"},
                            "fields": [{"zh": "钾", "keywords": {"zh": ["氯化钾"]}}],
                            "partners": [
                                {"region": "12"},
                                {"regions": ["37", "34"]},
                                {"kind": "body", "regions": ["11"]},
                            ],
                        }
                    ],
                },
                {"tasks": [{"id": "GZ-1", "region": "52"}]},
            ],
        }
    )
    assert facts.tasks["QH-2"] == TaskFacts(
        "QH-2",
        "63",
        frozenset({"11", "12", "34", "37"}),
        {"zh": "盐湖. 钾. 氯化钾", "en": "Salt lakes", "es": ""},
        named_regions=frozenset({"12", "34", "37"}),
    )
    assert (facts.tasks["GZ-1"].region, facts.sides) == (
        "52",
        {"12": "partner", "31": "partner", "63": "beneficiary"},
    )
    assert facts.named_regions(("QH-2",), None) == {"12", "34", "37"}
    assert facts.partner_regions(("QH-2",), None) == {"11", "12", "34", "37"}
    assert facts.partner_regions((), "63") == {"11", "12", "34", "37"}
    assert facts.partner_regions((), "52") == frozenset()
