"""Whom to contact: the curators in charge of a province."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.accounts import queries
from matchmaker.accounts.queries import Reachable
from matchmaker.db import db


def contacts_of(province: str | None) -> Sequence[Reachable]:
    """The curators in charge of a province, for the macro of `components/curators.html`."""
    return queries.reachable_curators(db.session(), province or "")
