from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.engine import Change, Glossary, Listing, Pair, Recommender, Weights
from tests.engine.conftest import BOARD, capability, need

NEED = need(
    "n",
    "卤水提锂，要吸附剂",
    description="从卤水中吸附锂。",
    language="zh",
    goal="technology_transfer",
    modes=("key_technology_project",),
    trl=7,
)
CLOSE = capability("close", "卤水提锂的吸附剂与成套设备", language="zh", modes=("training",), trl=8)


def pair(
    glossary: Glossary, asked: Listing, offered: Listing, weights: Weights | None = None
) -> Pair:
    recommender = Recommender(weights, glossary).fit([*BOARD, offered])
    return recommender.between([(asked, [offered.id])])[0][0]


def test_making_the_change_lifts_the_pair(glossary: Glossary) -> None:
    strict = Weights(strong=pair(glossary, NEED, CLOSE).score + 0.001)
    found = pair(glossary, NEED, CLOSE, strict)
    assert found.band != "strong"
    assert found.lift is not None
    assert (found.lift.kind, found.lift.code) == ("mode", "key_technology_project")
    after = pair(glossary, NEED, replace(CLOSE, modes=("key_technology_project",)), strict)
    assert after.score == pytest.approx(found.lift.score, abs=0.05)
    assert after.band == found.lift.band
    assert Pair.from_dict(found.to_dict()).lift == found.lift


def test_a_strong_pair_and_a_hopeless_one_have_none(glossary: Glossary) -> None:
    strong = pair(
        glossary, NEED, replace(CLOSE, modes=("key_technology_project",)), Weights(strong=0.3)
    )
    assert (strong.band, strong.lift) == ("strong", None)
    assert pair(glossary, NEED, replace(BOARD[8], id="hopeless")).lift is None


def test_facts_beside_a_text_that_says_too_little_lift_nothing(glossary: Glossary) -> None:
    found = pair(glossary, NEED, CLOSE, Weights(strong=0.994, strong_text=0.996))
    assert (found.band, found.lift) == ("possible", None)


def test_a_change_goes_through_json() -> None:
    change = Change("concept", "brine", 0.7, "strong")
    assert Change.from_dict(change.to_dict()) == change
