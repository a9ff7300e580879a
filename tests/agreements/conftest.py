"""A match whose two sides work together, and somebody to speak for each organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.agreements import queries, service
from matchmaker.agreements.models import Agreement
from matchmaker.agreements.terms import Terms
from matchmaker.cooperation.models import Match
from matchmaker.permissions import Actor
from tests import factories
from tests.cooperation.conftest import actor


@dataclass
class Table:
    """West and east at one table; `third` is an organisation that neither is."""

    match: Match
    west: User
    east: User
    third: User
    third_id: int

    @property
    def western(self) -> Actor:
        return actor(self.west)

    @property
    def eastern(self) -> Actor:
        return actor(self.east)

    @property
    def outsider(self) -> Actor:
        return actor(self.third)

    def draft(self, session: Session, code: str = "secondment", **terms: Any) -> Agreement:
        """The west writes."""
        agreement = service.begin(
            session, self.western, self.match, code, factories.terms(code, **terms)
        )
        session.commit()
        return load(session, agreement.id)

    def sent(self, session: Session, code: str = "secondment", **terms: Any) -> Agreement:
        agreement = self.draft(session, code, **terms)
        service.send(session, self.western, agreement, version=agreement.version)
        session.commit()
        return load(session, agreement.id)

    def in_force(self, session: Session, code: str = "secondment", **terms: Any) -> Agreement:
        agreement = self.sent(session, code, **terms)
        service.consent(session, self.eastern, agreement, number=1)
        session.commit()
        return load(session, agreement.id)

    def change(self, session: Session, agreement: Agreement, terms: Terms) -> Agreement:
        """The west sends a change."""
        version = agreement.version
        service.save_draft(session, self.western, agreement, terms, version=version)
        service.send(session, self.western, agreement, version=version)
        session.commit()
        return load(session, agreement.id)


def load(session: Session, agreement_id: int) -> Agreement:
    session.expire_all()
    found = queries.agreement(session, agreement_id)
    assert found is not None
    return found


@pytest.fixture
def table(app: Flask) -> Table:
    with factories.together():
        match = factories.MatchFactory(mutual=True)
        outsider = factories.OrganisationFactory(province="64", name_zh="宁夏第三方")
        return Table(
            match=match,
            west=factories.member_of(match.need.organisation, name="Wen"),
            east=factories.member_of(match.capability.organisation, name="Dong"),
            third=factories.member_of(outsider, name="San"),
            third_id=outsider.id,
        )
