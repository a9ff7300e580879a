"""Pairs of the demonstration that share words and rule each other out, or are about other things.

Each was once called strong. A strong pair has to be believed, so none of them may be again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from matchmaker.commands.match import shipped_plan
from matchmaker.engine import Listing, Recommender

DEMONSTRATION = Path(__file__).parents[2] / "seed_data" / "demo"


def listings(name: str, kind: str, provinces: Mapping[str, str]) -> Iterator[Listing]:
    for path in sorted(DEMONSTRATION.glob(f"*/{name}.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            yield Listing(
                id=row["id"],
                kind=kind,
                title=row["title"],
                summary=row.get("summary", ""),
                description=row.get("description", ""),
                language=row["lang"],
                must_haves=tuple(row.get("must_haves", ())),
                goal=row.get("goal"),
                modes=tuple(row.get("modes", ())),
                province=provinces[row["organisation"]],
                trl=row.get("trl"),
                tasks=tuple(row.get("tasks", ())),
            )


@pytest.fixture(scope="module")
def bands() -> dict[tuple[str, str], str]:
    rows = [
        json.loads(line)
        for path in DEMONSTRATION.glob("*/organisations.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    provinces = {row["id"]: row["province"] for row in rows}
    offered = list(listings("capabilities", "capability", provinces))
    asked = list(listings("needs", "need", provinces))
    fitted = Recommender(plan=shipped_plan(), explain=False).fit(offered)
    return {
        (pair.need_id, pair.capability_id): pair.band
        for pairs in fitted.rank(asked, 0)
        for pair in pairs
    }


@pytest.mark.parametrize(
    ("need", "capability", "why"),
    [
        ("qh-n11", "qh-c18", "rubidium; the boron resin does not adsorb alkali metals"),
        ("xz-n10", "xz-c15", "yak down for spinning; hydrolysed keratin is not wanted"),
        ("qh-n05", "xz-c02", "bears; grass seed for bare land"),
        ("pair-n01", "pair-c05", "hardness of bolts; labelling of point clouds"),
        ("qh-n06", "qh-c18", "a leaking brine pond; a boron resin"),
        ("nm-n07", "nx-c13", "dysprosium in magnets; the hot zone of a crystal puller"),
        ("nm-n07", "yn-c14", "dysprosium in magnets; the hot zone of a crystal puller"),
        ("xz-n14", "pair-c05", "hearts of children; labelling of scans"),
        ("yn-n13", "yn-c17", "an extension worker; a cane harvester"),
    ],
)
def test_it_is_not_called_strong(
    bands: dict[tuple[str, str], str], need: str, capability: str, why: str
) -> None:
    assert bands[need, capability] != "strong", why


@pytest.mark.parametrize(
    ("need", "capability"),
    [("yn-n04", "yn-c08"), ("xz-n14", "xz-c20"), ("nm-n07", "nm-c13")],
)
def test_the_right_partner_is_still_named(
    bands: dict[tuple[str, str], str], need: str, capability: str
) -> None:
    assert bands[need, capability] != "weak"
