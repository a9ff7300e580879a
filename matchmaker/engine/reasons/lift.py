"""The smallest single change that would lift a pair into the next band."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from ..listing import Change, Listing
from ..scoring.calibration import gain_of, odds_of
from ..scoring.effects import Effect
from ..scoring.modes import CODES, likeness
from ..vectors.features import CHANNELS, CONCEPTS
from ..vectors.vectoriser import Vectoriser
from ..weights import Weights

_CONCEPT = CHANNELS.index(CONCEPTS)
_USUAL_WEIGHT = 0.12  # of one concept in a listing's vector
_MOST_CONCEPTS = 5


def smallest_lift(  # noqa: PLR0917
    need: Listing,
    capability: Listing,
    scores: tuple[float, float],
    fit: float,
    causes: Sequence[tuple[Effect, float]],
    rows: tuple[sparse.csr_matrix, sparse.csr_matrix],
    vectoriser: Vectoriser,
) -> Change | None:
    """Return the smallest change that lifts a pair over the next band's threshold, or None.

    ``scores`` are the pair's score and its score by the text alone, ``fit`` is its text fit.
    ``causes`` are its effects with their log-odds.
    ``rows`` are the need's compiled query and the capability's vector, both (1, columns).
    None when the pair is strong, its texts say too little, or no single change suffices.
    """
    weights = vectoriser.weights
    score, text = scores
    is_weak = score < weights.possible
    target = weights.possible if is_weak else weights.strong
    floor = weights.possible_text if is_weak else weights.strong_text
    if not (0.0 < score < target and floor <= text < 1.0):
        return None
    log_odds = odds_of(score)
    asked = odds_of(target) - log_odds
    changes = [*_fields(need, capability, causes, weights), *_concepts(*rows, fit, vectoriser)]
    enough = [(gain, kind, code) for gain, kind, code in changes if gain >= asked]
    if not enough:
        return None
    gain, kind, code = min(enough)
    reached = 1.0 / (1.0 + math.exp(-log_odds - gain))
    return Change(kind, code, reached, "strong" if reached >= weights.strong else "possible")


def _fields(
    need: Listing, capability: Listing, causes: Sequence[tuple[Effect, float]], weights: Weights
) -> Iterator[tuple[float, str, str]]:
    for effect, now in causes:
        if effect.kind == "goal" and now < 0:
            yield (weights.goal_fits if need.goal == "talent" else 0.0) - now, "goal", effect.code
        elif effect.kind == "mode" and now < weights.mode_fits:
            wanted = [code for code in CODES if code in need.modes]
            missing = [
                code
                for code in wanted
                if not any(likeness(code, own) == 1.0 for own in capability.modes)
            ]
            if missing:
                yield weights.mode_fits - now, "mode", ",".join(missing)
        elif effect.kind == "readiness" and now < weights.readiness_meets and need.trl is not None:
            yield weights.readiness_meets - now, "readiness", str(need.trl)


def _concepts(
    query: sparse.csr_matrix, row: sparse.csr_matrix, fit: float, vectoriser: Vectoriser
) -> Iterator[tuple[float, str, str]]:
    """Yield the concepts that the need asks for most and the capability does not name."""
    absent = ~np.isin(query.indices, row.indices) & (vectoriser.channel_[query.indices] == _CONCEPT)
    columns, pulls = query.indices[absent], query.data[absent]
    best = np.argsort(-pulls, kind="stable")[:_MOST_CONCEPTS]
    gains = gain_of(fit, pulls[best] * _USUAL_WEIGHT, vectoriser.weights)
    for at, gain in zip(best, gains, strict=True):
        yield float(gain), "concept", vectoriser.terms_[int(columns[at])][1]
