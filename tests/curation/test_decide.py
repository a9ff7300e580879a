"""Decisions about one suggestion."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.audit import queries as audit
from matchmaker.curation import service
from matchmaker.errors import Conflict, Refused
from matchmaker.permissions import Actor
from matchmaker.recommendation.models import Suggestion
from tests import factories
from tests.curation.conftest import pair

LI_NA = Actor(
    user_id=1, name="Li Na", roles=frozenset({"provincial_curator"}), provinces=frozenset({"63"})
)


def last(session: Session, suggestion: Suggestion) -> tuple[str, dict[str, Any]]:
    record = audit.about(session, "suggestion", suggestion.id)[0]
    return record.action, record.detail


@pytest.mark.both_databases
def test_shortlisting(session: Session) -> None:
    suggestion = pair()
    service.shortlist(session, LI_NA, suggestion, suggestion.version)
    assert (suggestion.status, last(session, suggestion)) == (
        "shortlisted",
        ("suggestion.shortlist", {}),
    )


@pytest.mark.both_databases
def test_holding_back_keeps_the_reason_and_the_words(session: Session) -> None:
    suggestion = pair()
    service.hold_back(
        session,
        LI_NA,
        suggestion,
        suggestion.version,
        reason="sensitive",
        words="Ask the ministry.",
    )
    assert (suggestion.status, suggestion.status_reason, suggestion.status_note) == (
        "held_back",
        "sensitive",
        "Ask the ministry.",
    )


def test_the_words_do_not_enter_the_audit_log(session: Session) -> None:
    suggestion = pair()
    service.hold_back(
        session,
        LI_NA,
        suggestion,
        suggestion.version,
        reason="sensitive",
        words="Ask the ministry.",
    )
    assert last(session, suggestion) == ("suggestion.hold_back", {"reason": "sensitive"})


@pytest.mark.parametrize("status", ["shortlisted", "held_back"])
def test_releasing_leaves_no_trace_on_the_suggestion(session: Session, status: str) -> None:
    suggestion = pair(status=status, status_reason="other", status_note="Words.")
    service.release(session, LI_NA, suggestion, suggestion.version)
    assert (suggestion.status, suggestion.status_reason, suggestion.status_note) == ("new", "", "")


@pytest.mark.both_databases
def test_whoever_saw_an_older_version_gets_a_conflict(session: Session) -> None:
    suggestion = pair()
    seen = suggestion.version
    service.shortlist(session, LI_NA, suggestion, seen)
    with pytest.raises(Conflict) as conflict:
        service.hold_back(session, LI_NA, suggestion, seen, reason="not_ready")
    assert (conflict.value.subject_type, conflict.value.subject_id) == ("suggestion", suggestion.id)


def test_a_held_back_pair_must_be_released_first(session: Session) -> None:
    suggestion = pair(status="held_back")
    with pytest.raises(Refused):
        service.shortlist(session, LI_NA, suggestion, suggestion.version)


@pytest.mark.parametrize("status", ["proposed", "one_side_interested", "mutual"])
def test_a_pair_in_a_match_is_no_longer_the_curators(session: Session, status: str) -> None:
    suggestion = pair()
    factories.MatchFactory(need=suggestion.need, capability=suggestion.capability, status=status)
    with pytest.raises(Refused):
        service.hold_back(session, LI_NA, suggestion, suggestion.version, reason="not_ready")


@pytest.mark.parametrize("status", ["declined", "expired", "cancelled"])
def test_a_pair_whose_match_ended_is_the_curators_again(session: Session, status: str) -> None:
    suggestion = pair()
    factories.MatchFactory(need=suggestion.need, capability=suggestion.capability, status=status)
    service.hold_back(session, LI_NA, suggestion, suggestion.version, reason="not_ready")
    assert suggestion.status == "held_back"
