"""Whom to contact: the curators in charge of a province."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.accounts import queries
from matchmaker.accounts.queries import Reachable
from matchmaker.db import db
from matchmaker.organisations.queries import by_ids
from matchmaker.web.session import current_actor


def contacts_of(province: str | None) -> Sequence[Reachable]:
    """The curators in charge of a province, for the macro of `components/curators.html`."""
    return queries.reachable_curators(db.session(), province or "")


def own_contacts() -> Sequence[Reachable]:
    """The curators in charge of the actor's organisation; none for who belongs to none."""
    number = current_actor().organisation_id
    if number is None:
        return ()
    return contacts_of(by_ids(db.session(), [number])[number].province)
