"""What the engine must not pull in: web processes analyse queries, and start-up is measured."""

from __future__ import annotations

import subprocess
import sys

import pytest

from matchmaker import codelists
from matchmaker.engine.scoring.modes import GROUPS, MODE_GROUPS, groups_of, likeness
from matchmaker.paths import ROOT


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_analysing_a_query_imports_nothing_heavy() -> None:
    loaded = modules_after(
        "from matchmaker.engine import analyse; analyse('电池 batteries of lithium')"
    )
    assert not loaded & {"sklearn", "scipy", "numpy", "flask", "sqlalchemy"}


def test_finding_the_terms_of_a_listing_imports_no_scikit_learn() -> None:
    loaded = modules_after(
        "import matchmaker.engine.recommender, matchmaker.engine.scoring.proposals"
    )
    assert "sklearn" not in loaded


def test_recommending_needs_no_web_framework_and_no_database() -> None:
    loaded = modules_after("from matchmaker.engine import Recommender; Recommender().fit([])")
    assert not loaded & {"flask", "sqlalchemy", "werkzeug"}


def test_modes_are_those_of_the_code_list() -> None:
    assert codelists.modes_by_group() == MODE_GROUPS
    assert codelists.codes("mode_group") == GROUPS


@pytest.mark.parametrize(
    ("wanted", "offered", "answer"),
    [
        ("training", "training", 1.0),
        ("training", "talent_exchange", 1.0),
        ("talent_exchange", "training", 0.5),
        ("training", "secondment", 0.5),
        ("training", "germplasm", 0.0),
        ("odd", "training", 0.0),
        ("odd", "stranger", 0.0),
    ],
)
def test_how_well_a_mode_answers_another(wanted: str, offered: str, answer: float) -> None:
    assert likeness(wanted, offered) == answer


def test_unknown_codes_have_no_group() -> None:
    assert groups_of(("training", "joint_research", "odd")) == {"talent_exchange", "joint_research"}
