"""Pairs added by hand, and what of a listing the engine reads."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.errors import Refused
from matchmaker.organisations.acting import actor_of
from matchmaker.permissions import Actor
from matchmaker.plan.facts import of_plan
from matchmaker.plan.queries import plan_with_tasks
from matchmaker.recommendation import service
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.run import read as queries_engine
from tests import factories
from tests.factories import capability, need


@pytest.fixture
def curator(session: Session) -> Actor:
    found = actor_of(session, factories.provincial_curator("63").id)
    assert found is not None
    return found[0]


def test_a_pair_added_by_hand_waits_for_its_score(session: Session, curator: Actor) -> None:
    made = service.add_by_hand(session, curator, need(), capability(), "They met at a fair.")
    assert (made.origin, made.is_current, made.curator_note) == (
        "curator",
        True,
        "They met at a fair.",
    )
    assert (made.score, made.engine_version) == (0.0, "")
    record = session.scalars(
        select(AuditRecord).where(AuditRecord.action == "suggestion.add")
    ).one()
    assert "fair" not in str(record.detail)


def both(**fields: Any) -> tuple[Any, Any]:
    organisation = factories.OrganisationFactory()
    return need(organisation=organisation, **fields), capability(organisation=organisation)


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(lambda: (capability(), need()), id="the wrong way round"),
        pytest.param(lambda: (need(), need()), id="two needs"),
        pytest.param(both, id="one organisation"),
        pytest.param(lambda: (need(draft=True), capability()), id="a draft"),
        pytest.param(lambda: (need(), capability(status="paused")), id="paused"),
    ],
)
def test_what_is_no_pair_is_refused(session: Session, curator: Actor, pair: Any) -> None:
    asked, offered = pair()
    with pytest.raises(Refused):
        service.add_by_hand(session, curator, asked, offered, "")


def test_what_is_suggested_already_is_refused(session: Session, curator: Actor) -> None:
    found = factories.SuggestionFactory()
    with pytest.raises(Refused):
        service.add_by_hand(session, curator, found.need, found.capability, "")


def test_what_the_engine_gave_up_can_be_added_again(session: Session, curator: Actor) -> None:
    found = factories.SuggestionFactory(is_current=False)
    assert (
        service.add_by_hand(session, curator, found.need, found.capability, "Still good.").id
        == found.id
    )
    assert session.scalars(select(Suggestion)).one().origin == "curator"


def test_the_engine_reads_public_and_members_text_only(session: Session) -> None:
    listing = need(
        title="Title",
        summary="Summary",
        description="Description",
        must_haves=("Must",),
        annex="ANNEX",
        trl=6,
    )
    listing.organisation.contact_name = "CONTACT"
    session.commit()
    read = queries_engine.texts(session, [listing.id])[listing.id]
    assert (read.id, read.kind, read.title, read.trl) == (str(listing.id), "need", "Title", 6)
    assert (read.must_haves, read.tasks) == (("Must",), ("QH-1",))
    assert read.tags == (), "a sector is shared by many listings and no text"
    assert not {"ANNEX", "CONTACT"} & set(repr(read).split("'"))


def test_the_plan_is_told_to_the_engine(session: Session) -> None:
    factories.plan()
    facts = of_plan(plan_with_tasks(session))
    assert facts is not None
    assert facts.named_regions(("QH-1",), "63") == {"37"}
    assert facts.sides["63"] == "beneficiary"
