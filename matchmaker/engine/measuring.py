"""Measures of the engine on judged listings: fit, rank, measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .evaluation import Measured
from .listing import Listing
from .ranked import Ranked
from .recommender import Recommender
from .scoring.plan_facts import PlanFacts
from .vectors.encoder import Encoder
from .vectors.vectoriser import language_of
from .weights import default_weights
from .weights import without as leaving_out

Judged = Mapping[str, Mapping[str, int]]  # need → capability → grade
Result = dict[str, Measured | None]


def rank_judged(
    needs: Sequence[Listing],
    capabilities: Sequence[Listing],
    judged: Judged,
    *,
    without: Sequence[str] = (),
    plan: PlanFacts | None = None,
    encoder: Encoder | None = None,
) -> list[Ranked]:
    """Fit a recommender and rank capabilities for needs, beside their grades.

    Parameters
    ----------
    needs : Sequence[Listing]
        Listings of kind "need".
    capabilities : Sequence[Listing]
        Listings of kind "capability".
    judged : Judged
        Need id -> capability id -> grade, 0 to 3.
    without : Sequence[str]
        Names of ``ABLATIONS`` to leave out.
    plan : PlanFacts | None
        Facts of the cooperation plan.
    encoder : Encoder | None
        A further channel, by meaning. Leaving out "meaning" is measuring without it.

    Returns
    -------
    list[Ranked]
        A ranking of all capabilities for each need, with scores and bands.

    Examples
    --------
    >>> needs = [Listing("n1", "need", "Lithium from brine", language="en")]
    >>> capabilities = [Listing("c1", "capability", "卤水提锂", language="zh")]
    >>> rank_judged(needs, capabilities, {"n1": {"c1": 3}})[0].ranking
    ['c1']
    """
    used = None if "meaning" in without else encoder
    weights = leaving_out(default_weights(meaning=used is not None), without)
    recommender = Recommender(weights, plan=plan, explain=False, encoder=used).fit(capabilities)
    return [
        Ranked(
            language_of(need),
            [pair.capability_id for pair in pairs],
            pairs[0].score if pairs else 0.0,
            judged.get(need.id, {}),
            [pair.score for pair in pairs],
            [pair.band for pair in pairs],
        )
        for need, pairs in zip(needs, recommender.rank(needs, 0), strict=True)
    ]


def languages_of(listings: Sequence[Listing]) -> dict[str, str]:
    """Return the language of each listing by its id, as ``evaluate`` takes them.

    Parameters
    ----------
    listings : Sequence[Listing]
        Needs or capabilities.

    Examples
    --------
    >>> languages_of([Listing("c1", "capability", "卤水提锂")])
    {'c1': 'zh'}
    """
    return {listing.id: language_of(listing) for listing in listings}
