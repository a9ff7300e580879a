"""Capabilities put and withdrawn after a fit give the pairs of the current ones alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.engine import Glossary, Listing, Pair, Recommender, retrieval
from tests.engine.conftest import BOARD, capability, need

NEEDS = [
    need("n1", "卤水提锂吸附剂", language="zh", goal="talent", modes=("training",)),
    need("n2", "Lithium from brine", language="en", tasks=("QH-2",)),
    need("n3", "Médicos para la cebada", language="es"),
    need("n4", "Zeppelins", language="en"),
]
NEW = [
    capability("brine-zh", "青稞脱粒机", language="zh"),  # instead of another with that id
    capability("new-1", "Brine pumps", language="en", tasks=("QH-2",)),
    capability("new-2", "Cebada y litio", language="es", modes=("training",)),
    capability("new-3", "牦牛", language="zh", description="不做卤水提锂。"),
]
SETTINGS = settings(max_examples=40)


def told(ranked: list[list[Pair]]) -> list[list[tuple[str, str, float]]]:
    return [
        [(pair.need_id, pair.capability_id, round(pair.score, 9)) for pair in pairs]
        for pairs in ranked
    ]


@pytest.fixture(params=["few", "indexed"])
def fitted(
    request: pytest.FixtureRequest, glossary: Glossary, monkeypatch: pytest.MonkeyPatch
) -> Recommender:
    if request.param == "indexed":
        monkeypatch.setattr(retrieval, "INDEXED_FROM", 1)
        monkeypatch.setattr(retrieval, "LEAST_CANDIDATES", 4)
    return Recommender(glossary=glossary).fit(BOARD[:8])


steps = st.lists(
    st.tuples(
        st.lists(st.sampled_from([*BOARD, *NEW]), max_size=4, unique_by=lambda one: one.id),
        st.lists(st.sampled_from([one.id for one in (*BOARD, *NEW)]), max_size=4, unique=True),
    ),
    max_size=4,
)


@SETTINGS
@given(steps=steps)
def test_updates_give_what_scoring_each_pair_alone_gives(
    fitted: Recommender, steps: list[tuple[list[Listing], list[str]]]
) -> None:
    current = {one.id: one for one in BOARD[:8]}
    recommender = fitted
    for put, gone in steps:
        withdrawn = {*gone} - {new.id for new in put}
        recommender = recommender.updated(put, withdrawn)
        current = {key: one for key, one in current.items() if key not in withdrawn} | {
            one.id: one for one in put
        }
    assert told(recommender.rank(NEEDS, 1)) == told(best_of(fitted, list(current.values())))


def best_of(fitted: Recommender, offered: list[Listing]) -> list[list[Pair]]:
    """Score every pair alone, without an index, and keep the best of each need."""
    pairs = [pair for one in offered for pair in fitted.rank_needs(one, NEEDS, 0)]
    pairs.sort(key=lambda pair: (-round(pair.score, 9), pair.capability_id))
    return [[pair for pair in pairs if pair.need_id == asked.id][:1] for asked in NEEDS]


def test_the_recommender_it_was_made_from_stays_as_it_was(fitted: Recommender) -> None:
    before = told(fitted.rank(NEEDS))
    fitted.updated(NEW, ["brine-en"])
    assert told(fitted.rank(NEEDS)) == before


def test_drift_is_the_share_of_capabilities_put_or_withdrawn(fitted: Recommender) -> None:
    once = fitted.updated(NEW[:2])
    assert (fitted.drift(), once.drift(), once.drift(1)) == (0.0, 2 / 8, 3 / 8)
    assert once.updated([], ["new-1", "nobody"]).drift() == 4 / 8


def test_needs_that_are_kept_ready_are_ranked_as_from_their_texts(fitted: Recommender) -> None:
    ready = fitted.prepare(NEEDS[:1]).joined(fitted.prepare(NEEDS[1:])).without({"n2"})
    others = [one for one in NEEDS if one.id != "n2"]
    assert told(fitted.rank(ready, 3)) == told(fitted.rank(others, 3))


@pytest.mark.parametrize("floor", [0.01, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("offered", [BOARD[0], BOARD[4], NEW[2]], ids=lambda one: one.id)
def test_beyond_the_best_come_the_needs_whose_floor_is_reached(
    fitted: Recommender, monkeypatch: pytest.MonkeyPatch, offered: Listing, floor: float
) -> None:
    monkeypatch.setattr(retrieval, "LEAST_CANDIDATES", 0)  # so that only the floors bring in others
    whole = fitted.rank_needs(offered, NEEDS, 0)
    expected = [pair for place, pair in enumerate(whole) if place < 1 or pair.score >= floor]
    found = fitted.rank_needs(offered, NEEDS, 1, np.full(len(NEEDS), floor))
    assert told([found]) == told([expected])


def test_pairs_asked_for_by_id_are_those_of_the_ranking(fitted: Recommender) -> None:
    recommender = fitted.updated(NEW)
    ids = ["new-2", "doctor-en", "brine-zh"]
    by_id = {pair.capability_id: pair for pair in recommender.rank(NEEDS[2:3], 0)[0]}
    found = recommender.between([(NEEDS[2], ids), (NEEDS[3], [])])
    assert told(found) == told([[by_id[one] for one in ids], []])
    assert [[reason.code for reason in pair.reasons] for pair in found[0]] == [
        [reason.code for reason in by_id[one].reasons] for one in ids
    ]
    with pytest.raises(KeyError):
        recommender.between([(NEEDS[2], ["nobody"])])
