"""Matching needs with capabilities across Chinese, English and Spanish.

A pure library: no web framework, no database, no network. Importing it and analysing a text stay cheap; numpy and scipy
are imported with the recommender only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .facts import PlanFacts, TaskFacts
from .glossary import Concept, Glossary, GlossaryError, default_glossary
from .language import detect_language
from .listing import BANDS, LANGUAGES, PARTS, Change, Listing, Pair, Reason, Requirement
from .terms import analyse
from .weights import ENGINE_VERSION, Weights

if TYPE_CHECKING:
    from .proposals import TaskProposal, propose_tasks
    from .recommender import Recommender

_LAZY = {"Recommender": ".recommender", "propose_tasks": ".proposals", "TaskProposal": ".proposals"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "BANDS",
    "ENGINE_VERSION",
    "LANGUAGES",
    "PARTS",
    "Change",
    "Concept",
    "Glossary",
    "GlossaryError",
    "Listing",
    "Pair",
    "PlanFacts",
    "Reason",
    "Recommender",
    "Requirement",
    "TaskFacts",
    "TaskProposal",
    "Weights",
    "analyse",
    "default_glossary",
    "detect_language",
    "propose_tasks",
]
