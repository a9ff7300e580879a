"""A pair's score is that of its two texts: other listings of the catalogue do not move it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from matchmaker.engine import Encoder, Glossary, Listing, Recommender
from tests.engine.conftest import BOARD, Letters, capability
from tests.engine.test_recommender import NEEDS

ASKED = NEEDS[0]
LONG = "用于盐湖、牧场和电站的综合技术服务，含设计、培训、示范与推广。" * 20
CROWDS: dict[str, Sequence[Listing]] = {
    "short": [capability(f"s{n}", f"卤水技术{n}", language="zh") for n in range(200)],
    "long": [capability(f"l{n}", f"综合{n}", description=LONG, language="zh") for n in range(50)],
    "foreign": [
        capability(f"f{n}", f"Chair number {n}", description="Sofas.", language="en")
        for n in range(200)
    ],
    "copies of the need": [
        capability("copy", ASKED.title, description=ASKED.description, language=ASKED.language)
    ],
    "a list of its words": [capability("list", ", ".join(ASKED.title), language=ASKED.language)],
    "copies of the best": [
        capability(f"b{n}", BOARD[0].title, description=BOARD[0].description, language="zh")
        for n in range(100)
    ],
}


@pytest.fixture(params=[None, Letters()], ids=["lexical", "encoder"])
def encoder(request: pytest.FixtureRequest) -> Encoder | None:
    found: Encoder | None = request.param
    return found


def scores(
    glossary: Glossary, encoder: Encoder | None, catalogue: Sequence[Listing]
) -> dict[tuple[str, str], float]:
    fitted = Recommender(glossary=glossary, explain=False, encoder=encoder).fit(catalogue)
    known = {listing.id for listing in BOARD}
    return {
        (pair.need_id, pair.capability_id): pair.score
        for pairs in fitted.rank(NEEDS, 0)
        for pair in pairs
        if pair.capability_id in known
    }


@pytest.mark.parametrize("crowd", CROWDS)
def test_who_else_is_there_moves_no_score(
    glossary: Glossary, encoder: Encoder | None, crowd: str
) -> None:
    alone = scores(glossary, encoder, BOARD)
    among = scores(glossary, encoder, [*BOARD, *CROWDS[crowd]])
    assert alone.keys() == among.keys()
    assert all(among[pair] == pytest.approx(score, abs=1e-9) for pair, score in alone.items())


def test_a_pair_alone_scores_as_among_all(glossary: Glossary, encoder: Encoder | None) -> None:
    everybody = scores(glossary, encoder, BOARD)
    for offered in BOARD:
        for pair, score in scores(glossary, encoder, [offered]).items():
            assert score == pytest.approx(everybody[pair], abs=1e-9)
