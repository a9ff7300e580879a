"""The plan that comes with the product, and the regions."""

from __future__ import annotations

from typing import Any

import pytest

from matchmaker import codelists, regions
from matchmaker.commands.main import default_plan
from matchmaker.plan.rules import may_post_by_default
from matchmaker.plan.service import read

PLAN = read(default_plan() / "plan.yaml")
TASKS = [task for initiative in PLAN["initiatives"] for task in initiative["tasks"]]
LABELS = set(codelists.LANGUAGES)


def test_seven_initiatives_and_twenty_tasks() -> None:
    assert [initiative["id"] for initiative in PLAN["initiatives"]] == [
        "XJ",
        "XZ",
        "QH",
        "YN",
        "NX",
        "NM",
        "PAIR",
    ]
    assert len(TASKS) == 20


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task["id"])
def test_a_task_is_whole_in_three_languages(task: dict[str, Any]) -> None:
    texts = [
        task["title"],
        task["asks"],
        task["clause"],
        *task["fields"],
        *task["partners"],
        *task["instruments"],
    ]
    for labels in texts:
        assert {language for language in LABELS if labels[language].strip()} == LABELS


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task["id"])
def test_a_task_names_known_regions_and_modes(task: dict[str, Any]) -> None:
    named = {code for partner in task["partners"] for code in partner["regions"]}
    assert named <= set(regions.all_regions())
    assert {mode for entry in task["instruments"] for mode in entry["modes"]} <= set(
        codelists.codes("mode")
    )


def test_there_are_34_divisions_each_with_a_tile_of_its_own() -> None:
    known = regions.all_regions()
    assert len(known) == 34
    assert len({region.grid for region in known.values()}) == 34


@pytest.mark.parametrize(
    ("province", "needs", "capabilities"),
    [
        pytest.param("65", True, False, id="Xinjiang"),
        pytest.param("62", True, True, id="Gansu, also named as partner"),
        pytest.param("37", False, True, id="Shandong"),
        pytest.param("50", False, True, id="Chongqing, a partner in the west"),
        pytest.param("23", False, False, id="Heilongjiang"),
    ],
)
def test_what_a_province_may_post(province: str, needs: bool, capabilities: bool) -> None:
    sides = PLAN["sides"]
    assert may_post_by_default("need", province, sides) is needs
    assert may_post_by_default("capability", province, sides) is capabilities
