"""Organisations that wait for a curator."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.organisations import acting, queries
from tests import factories


def test_what_waits_is_scoped_and_ordered(app: Flask, session: Session) -> None:
    lapsed = factories.OrganisationFactory(status="lapsed")
    first = factories.OrganisationFactory(unverified=True)
    elsewhere = factories.OrganisationFactory(unverified=True, province="65")
    factories.OrganisationFactory()
    factories.OrganisationFactory(status="suspended")
    waiting = {
        who: [
            found.id for found in session.scalars(queries.select_awaiting(actor_of(session, user)))
        ]
        for who, user in {
            "Qinghai": factories.provincial_curator("63"),
            "national": factories.staff("national_curator"),
            "Tibet": factories.provincial_curator("54"),
            "administrator": factories.staff("administrator"),
        }.items()
    }
    assert waiting == {
        "Qinghai": [first.id, lapsed.id],
        "national": [first.id, elsewhere.id, lapsed.id],
        "Tibet": [],
        "administrator": [],
    }


def actor_of(session: Session, user: User) -> Any:
    found = acting.actor_of(session, user.id)
    assert found is not None
    return found[0]
