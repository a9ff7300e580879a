"""How well the engine ranks listings that people have judged: fit, rank, measure. For commands and jobs, no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .evaluation import Measured, Ranked, evaluate
from .listing import Listing
from .recommender import Recommender
from .scoring.plan_facts import PlanFacts
from .vectors.encoder import Encoder
from .vectors.vectoriser import language_of
from .weights import Weights
from .weights import without as leaving_out

Judged = Mapping[str, Mapping[str, int]]  # need → capability → grade
Result = dict[str, Measured | None]


def measure_ranking(
    needs: Sequence[Listing],
    capabilities: Sequence[Listing],
    judged: Judged,
    *,
    without: Sequence[str] = (),
    plan: PlanFacts | None = None,
    encoder: Encoder | None = None,
    samples: int = 1000,
    seed: int = 7,
) -> Result:
    """Every measure of the engine's ranking, with its interval, `without` some channels or effects.

    A need that is not in `judged`, or has no grade above 0 there, counts as one that nobody fits.
    """
    recommender = Recommender(
        leaving_out(Weights(), without), plan=plan, explain=False, encoder=encoder
    ).fit(capabilities)
    ranked = [
        Ranked(
            language_of(need),
            [pair.capability_id for pair in pairs],
            pairs[0].score if pairs else 0.0,
            judged.get(need.id, {}),
        )
        for need, pairs in zip(needs, recommender.rank(needs, 0), strict=True)
    ]
    languages = {capability.id: language_of(capability) for capability in capabilities}
    return evaluate(ranked, languages, samples, seed)
