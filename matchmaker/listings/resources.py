"""What a listing asks for or offers: a technology, or something else with a short form of its own.

The forms of the others are data: which fields they have, and which of these a review needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from matchmaker.datafiles import read_yaml
from matchmaker.details import Detail, details
from matchmaker.paths import SEED_DATA

FILE = SEED_DATA / "listing_fields.yaml"
TECHNOLOGY, PEOPLE = "technology", "people"
# What the short forms leave to the technology's, unless their data names it.
TECHNOLOGY_FIELDS = frozenset((
    "goal", "trl", "trl_high", "ip_status", "licences", "deployments", "references",
    "talent_kind", "talent_number", "talent_months", "seats",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource's own form. `left_out`: fields of a listing that it does not have."""

    details: tuple[Detail, ...]
    required: tuple[str, ...]
    left_out: frozenset[str]


@cache
def _resources() -> Mapping[str, Resource]:
    return {
        code: Resource(
            details(entry["fields"]),
            tuple(entry["required"]),
            TECHNOLOGY_FIELDS.difference(entry["also"]),
        )
        for code, entry in read_yaml(FILE).items()
    } | {TECHNOLOGY: Resource((), (), frozenset())}


def resource(code: str) -> Resource:
    """The form of a resource. Raises KeyError for an unknown one."""
    return _resources()[code]


def codes() -> tuple[str, ...]:
    """Every resource, in the order of the forms."""
    others = (code for code in _resources() if code != TECHNOLOGY)
    return (TECHNOLOGY, *others)


def all_details() -> Sequence[Detail]:
    """The fields of all resources: a form holds what was typed before another was chosen."""
    return [one for code in codes() for one in resource(code).details]


def goal_of(code: str, chosen: str) -> str:
    """The goal of a listing: chosen for a technology, settled by what the others are."""
    if code == TECHNOLOGY:
        return chosen
    return "talent" if code == PEOPLE else "technology_transfer"
