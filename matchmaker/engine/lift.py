"""The smallest single change that would lift a pair into the next band: what to talk about first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from .adjust import Effect
from .features import CHANNELS, CONCEPTS
from .listing import Change, Listing
from .modes import CODES, likeness
from .vectors import Vectoriser
from .weights import Weights

_CONCEPT = CHANNELS.index(CONCEPTS)
_USUAL_WEIGHT = 0.12  # of one concept in a listing's vector
_MOST_CONCEPTS = 5


def smallest_lift(  # noqa: PLR0917
    need: Listing,
    capability: Listing,
    score: float,
    causes: Sequence[tuple[Effect, float]],
    rows: tuple[sparse.csr_matrix, sparse.csr_matrix],
    vectoriser: Vectoriser,
) -> Change | None:
    """Return the change that lifts ``score`` over the next band's threshold with the least effect, or None.

    ``causes`` are the pair's effects with their log-odds; ``rows`` the need's compiled query and the capability's
    vector. None too when the pair is strong already, shares nothing, or no single change suffices.
    """
    weights = vectoriser.weights
    target, band = (weights.possible, "possible") if score < weights.possible else (weights.strong, "strong")
    if not 0.0 < score < target:
        return None
    log_odds = math.log(score / (1.0 - score))
    asked = math.log(target / (1.0 - target)) - log_odds
    changes = [*_fields(need, capability, causes, weights), *_concepts(*rows, vectoriser)]
    enough = [(gain, kind, code) for gain, kind, code in changes if gain >= asked]
    if not enough:
        return None
    gain, kind, code = min(enough)
    return Change(kind, code, 1.0 / (1.0 + math.exp(-log_odds - gain)), band)


def _fields(
    need: Listing, capability: Listing, causes: Sequence[tuple[Effect, float]], weights: Weights
) -> Iterator[tuple[float, str, str]]:
    for effect, now in causes:
        if effect.kind == "goal" and now < 0:
            yield (weights.goal_fits if need.goal == "talent" else 0.0) - now, "goal", effect.code
        elif effect.kind == "mode" and now < weights.mode_fits:
            wanted = [code for code in CODES if code in need.modes]
            missing = [code for code in wanted if not any(likeness(code, own) == 1.0 for own in capability.modes)]
            if missing:
                yield weights.mode_fits - now, "mode", ",".join(missing)
        elif effect.kind == "readiness" and now < weights.readiness_meets and need.trl is not None:
            yield weights.readiness_meets - now, "readiness", str(need.trl)


def _concepts(
    query: sparse.csr_matrix, row: sparse.csr_matrix, vectoriser: Vectoriser
) -> Iterator[tuple[float, str, str]]:
    """What the need asks for most and the capability does not speak of."""
    absent = ~np.isin(query.indices, row.indices) & (vectoriser.channel_[query.indices] == _CONCEPT)
    columns, pulls = query.indices[absent], query.data[absent]
    for at in np.argsort(-pulls, kind="stable")[:_MOST_CONCEPTS]:
        gain = vectoriser.weights.slope * float(pulls[at]) * _USUAL_WEIGHT
        yield gain, "concept", vectoriser.terms_[int(columns[at])][1]
