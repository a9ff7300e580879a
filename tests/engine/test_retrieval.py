"""Candidates from an index give the same pairs, scores and order as without it."""

from __future__ import annotations

from itertools import product

import pytest

from matchmaker.engine import Glossary, Listing, Pair, Recommender, retrieval
from tests.engine.conftest import BOARD, capability, need

PARTS = {
    "zh": (
        ("卤水提锂", "青稞育种", "电池回收", "医生轮换"),
        ("吸附剂", "成套设备", "技术服务", "高寒地区"),
    ),
    "en": (
        ("Lithium brine", "Barley breeding", "Battery recycling", "Doctors"),
        ("adsorbent", "plant", "service", "cold"),
    ),
    "es": (
        ("Litio de salmuera", "Cebada", "Baterías", "Médicos"),
        ("adsorbente", "planta", "servicio", "frío"),
    ),
}
OFFERED = [
    *BOARD,
    *(
        capability(
            f"{language}-{at}",
            f"{what} {how}",
            language=language,
            modes=("training",) if at % 3 else (),
        )
        for language, parts in PARTS.items()
        for at, (what, how) in enumerate(product(*parts))
    ),
]
ASKED = [
    need("n1", "卤水提锂吸附剂", language="zh", modes=("training",), goal="talent"),
    need("n2", "Lithium from brine", language="en"),
    need("n3", "Médicos para la cebada", language="es"),
    need("n4", "Violins", language="en"),  # shares nothing with anybody
]


def ranked(glossary: Glossary, offered: list[Listing], k: int) -> list[list[Pair]]:
    return Recommender(glossary=glossary).fit(offered).rank(ASKED, k)


@pytest.mark.parametrize("k", [1, 5, 20])
def test_an_index_changes_nothing(
    glossary: Glossary, monkeypatch: pytest.MonkeyPatch, k: int
) -> None:
    monkeypatch.setattr(retrieval, "LEAST_CANDIDATES", 40)
    plain = ranked(glossary, OFFERED, k)
    monkeypatch.setattr(retrieval, "INDEXED_FROM", 1)
    recommender = Recommender(glossary=glossary).fit(OFFERED)
    assert set(recommender.indexes_) == {"zh", "en", "es"}
    for before, after in zip(plain, recommender.rank(ASKED, k), strict=True):
        assert [pair.capability_id for pair in before] == [pair.capability_id for pair in after]
        assert [pair.score for pair in before] == pytest.approx(
            [pair.score for pair in after], abs=1e-12
        )


def test_a_small_collection_has_none(glossary: Glossary) -> None:
    assert Recommender(glossary=glossary).fit(OFFERED).indexes_ == {}
