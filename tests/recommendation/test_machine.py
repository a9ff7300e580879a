"""Several processes rank and explain as one does."""

from __future__ import annotations

from matchmaker.engine import Listing, Recommender
from matchmaker.recommendation.run.compute import ThisMachine

OFFERS = (
    "Lithium adsorbent for brine",
    "Solar drip irrigation",
    "Goat breeding",
    "Brine pump",
    "Lithium carbonate plant",
)
NEEDS = (
    "Lithium from brine",
    "Water the orchard with solar power",
    "Better goats",
    "Pump for lithium brine",
    "Carbonate",
)


def listings(kind: str, titles: tuple[str, ...]) -> list[Listing]:
    return [
        Listing(f"{kind}{number}", kind, title, language="en", must_haves=("works with brine",))
        for number, title in enumerate(titles)
    ]


def test_two_processes_find_what_one_finds() -> None:
    recommender = Recommender().fit(listings("capability", OFFERS))
    needs = listings("need", NEEDS)
    wanted = [(need, ("capability0", "capability3")) for need in needs]
    one, two = ThisMachine(recommender), ThisMachine(recommender, 2)
    assert list(two.rank(needs, 3)) == list(one.rank(needs, 3))
    assert list(two.between(wanted)) == list(one.between(wanted))
