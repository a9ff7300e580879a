"""Pairs that curators have judged."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.curation.models import Judgement
from matchmaker.db import now
from matchmaker.engine.evaluation import MEASURES
from matchmaker.quality import jobs
from matchmaker.quality.rules import LEAST_NEEDS, count
from tests import factories

SUBJECTS = [
    "lithium brine",
    "barley breeding",
    "yak cheese",
    "solar glass",
    "desert shelterbelt",
    "coal slag",
    "mural scanning",
    "silicon smelting",
    "cotton picker",
    "sheep vaccine",
]


def judged(
    session: Session, number: int = LEAST_NEEDS, west: str = "63", grade: int = 3
) -> list[Judgement]:
    """Judged pairs: each has its own need and capability, and the next subject of the list."""
    user = factories.UserFactory()
    asking, offering = (
        factories.OrganisationFactory(province=west),
        factories.OrganisationFactory(eastern=True),
    )
    found = []
    for place in range(number):
        subject = SUBJECTS[place % len(SUBJECTS)]
        need = factories.need(
            organisation=asking, title=f"Wanted: {subject}", must_haves=["Works in winter"]
        )
        capability = factories.capability(organisation=offering, title=f"Offered: {subject}")
        found.append(
            Judgement(
                need_id=need.id,
                capability_id=capability.id,
                grade=grade,
                user_id=user.id,
                at=now(),
                note="Hm.",
            )
        )
    session.add_all(found)
    session.commit()
    return found


def quick(work: jobs.Work) -> dict[str, Any]:
    """A result without the engine."""

    whole = {name: [0.5, 0.4, 0.6] for name in MEASURES}
    return {
        "counts": asdict(count(work.pairs)),
        "measures": {"": whole, "concepts": {**whole, "ndcg": [0.25, 0.2, 0.3]}, "words": whole},
        "reliability": [[0.0, 0.08, 0.125, 8], [0.7, 0.75, 0.625, 16]],
    }
