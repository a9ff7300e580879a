"""What a plan says of a province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Sides = Mapping[str, Sequence[str]]


def may_post_by_default(kind: str, province: str, sides: Sides) -> bool:
    """Beneficiaries post needs; partners, and beneficiaries the plan also names as partners, post capabilities."""
    if kind == "need":
        return province in sides["beneficiary"]
    return province in sides["partner"] or province in sides["also_partner"]
