"""Decisions about organisations, over plain facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from matchmaker.plan.rules import Sides, may_post_by_default


def may_post(kind: str, province: str, grant: bool | None, sides: Sides) -> bool:
    """A curator's grant or refusal decides; without one, the plan's word on the province."""
    return may_post_by_default(kind, province, sides) if grant is None else grant


def is_verified(status: str, expires_on: date | None, today: date) -> bool:
    return status == "verified" and expires_on is not None and today <= expires_on


def may_leave(role: str, roles_of_all: Sequence[str]) -> bool:
    """Everybody may leave but the last owner."""
    return role != "owner" or roles_of_all.count("owner") > 1
