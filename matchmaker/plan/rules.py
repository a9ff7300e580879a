"""The plan's word on provinces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Sides = Mapping[str, Sequence[str]]


def may_post_by_default(kind: str, province: str, sides: Sides) -> bool:
    """Say who may post: needs the beneficiaries; capabilities the partners, named or also named."""
    if kind == "need":
        return province in sides["beneficiary"]
    return province in sides["partner"] or province in sides["also_partner"]
