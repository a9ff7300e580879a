"""What does not pay: repeating words, and posting the same thing many times."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.engine import Glossary, Listing, Recommender
from matchmaker.engine.text.stuffing import stuffed
from matchmaker.engine.text.tokens import tokenise
from tests.engine.conftest import BOARD, capability, need

LITHIUM = need("n", "老卤提锂，要吸附剂", description="从卤水中吸附锂。", language="zh")


def places(glossary: Glossary, offered: tuple[Listing, ...], asked: Listing = LITHIUM) -> list[str]:
    pairs = Recommender(glossary=glossary, explain=False).fit(offered).rank([asked], 0)[0]
    return [pair.capability_id for pair in pairs]


@pytest.mark.parametrize(
    "words", ["卤水，锂，吸附。", "卤水提锂吸附剂 ", "brine lithium adsorption ", "锂"]
)
@pytest.mark.parametrize("victim", ["barley-zh", "doctor-en", "recycling-es"])
def test_stuffing_fifty_times_gains_at_most_two_places(
    glossary: Glossary, words: str, victim: str
) -> None:
    before = places(glossary, BOARD).index(victim)
    board = tuple(
        replace(one, description=one.description + " " + words * 50) if one.id == victim else one
        for one in BOARD
    )
    assert places(glossary, board).index(victim) >= before - 2


def test_honest_repetition_is_no_stuffing() -> None:
    text = (
        "The adsorbent takes lithium from brine. Its capacity is stated for each brine, and "
        "lithium is washed out. " * 2
    )
    assert stuffed(tokenise(text, "en")) == []


def test_a_hundred_near_duplicates_take_one_place(glossary: Glossary) -> None:
    copies = [
        capability(
            f"copy{number:03}",
            "卤水提锂吸附剂",
            description=f"铝系吸附剂，从老卤中吸附锂。第{number}号",
            language="zh",
        )
        for number in range(100)
    ]
    recommender = Recommender(glossary=glossary, explain=False).fit([*BOARD, *copies])
    ranked = [pair.capability_id for pair in recommender.rank([LITHIUM], 10, distinct=True)[0]]
    assert len(ranked) == 10
    assert sum(name.startswith("copy") or name == "brine-zh" for name in ranked) == 1
    assert {"brine-en", "brine-es"} < set(ranked)
    assert len(recommender.rank([LITHIUM], 10)[0]) == 10


def test_without_duplicates_distinct_changes_nothing(glossary: Glossary) -> None:
    recommender = Recommender(glossary=glossary).fit(BOARD)
    assert recommender.rank([LITHIUM], 5, distinct=True) == recommender.rank([LITHIUM], 5)
