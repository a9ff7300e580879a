"""A match that both sides want goes on, is taken back, is put right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation import moving, promises, queries, righting, service
from matchmaker.cooperation.models import Match
from matchmaker.errors import Conflict, NotAllowed, Refused
from matchmaker.notices.models import Notice
from matchmaker.permissions import SYSTEM
from matchmaker.recommendation.models import SuggestionMark
from tests import factories
from tests.cooperation.conftest import Stage, actor

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
WAY = ("note_contact", "negotiate", "agree", "register", "deliver", "complete")


def recorded(session: Session, match: Match) -> list[tuple[str, dict[str, Any]]]:
    found = select(AuditRecord).where(AuditRecord.subject_type == "match").order_by(AuditRecord.id)
    return [(one.action, one.detail) for one in session.scalars(found)]


def told(session: Session) -> list[tuple[int, str, str]]:
    notices = session.scalars(select(Notice).order_by(Notice.id))
    return [(one.user_id, one.kind, one.params.get("status", "")) for one in notices]


def walk(session: Session, stage: Stage, *moves: str) -> Match:
    match = stage.agree(session)
    for move in moves:
        service.advance(session, stage.asker, match, move)
    session.commit()
    return match


@pytest.mark.both_databases
def test_the_whole_way(session: Session, stage: Stage) -> None:
    match = walk(session, stage, *WAY)
    service.advance(session, actor(stage.curator), match, "verify", at=AT)
    session.commit()
    found = queries.match(session, match.id)
    assert found is not None
    assert [(step.move, step.before, step.after, step.side) for step in found.steps] == [
        ("interest", "", "one_side_interested", "need"),
        ("accept", "one_side_interested", "mutual", "capability"),
        ("note_contact", "mutual", "in_contact", "need"),
        ("negotiate", "in_contact", "negotiating", "need"),
        ("agree", "negotiating", "agreed", "need"),
        ("register", "agreed", "contract_registered", "need"),
        ("deliver", "contract_registered", "delivering", "need"),
        ("complete", "delivering", "completed", "need"),
        ("verify", "completed", "verified", ""),
    ]
    assert recorded(session, match)[-2:] == [
        ("match.complete", {"side": "need"}),
        ("match.verify", {}),
    ]


def test_a_step_tells_both_sides_but_for_its_author(session: Session, stage: Stage) -> None:
    match = walk(session, stage, "negotiate", "agree")  # the agreement is told by itself
    assert told(session)[2:] == [(stage.east.id, "match.moved", "negotiating")]
    service.advance(session, stage.answerer, match, "deliver", version=match.version)
    assert told(session)[3:] == [(stage.west.id, "match.moved", "delivering")]


def test_a_first_word_is_told_by_itself(session: Session, stage: Stage) -> None:
    walk(session, stage, "note_contact")
    assert [kind for _, kind, _ in told(session)] == ["match.interest", "match.mutual"]


@pytest.mark.both_databases
@pytest.mark.parametrize("move", ["note_contact", "agree", "register", "deliver"])
def test_what_follows_from_a_record_is_silent_once_it_is_so(
    session: Session, stage: Stage, move: str
) -> None:
    match = walk(session, stage, "agree", "deliver")
    before = match.version, len(recorded(session, match)), len(match.steps)
    later = match.active_at + timedelta(days=3)
    service.advance(session, stage.answerer, match, move, at=later)
    session.commit()
    session.refresh(match, ["status", "version", "active_at"])
    assert (match.status, match.active_at) == ("delivering", later)
    assert (match.version, len(recorded(session, match)), len(match.steps)) == before


@pytest.mark.parametrize("move", ["negotiate", "deliver", "complete"])
def test_a_move_by_hand_on_an_old_page_is_a_conflict(
    session: Session, stage: Stage, move: str
) -> None:
    match = walk(session, stage, "agree")
    shown = match.version
    service.advance(session, stage.answerer, match, "deliver")
    with pytest.raises(Conflict):
        service.advance(session, stage.asker, match, move, version=shown)


@pytest.mark.parametrize("move", ["register", "deliver", "complete", "verify"])
def test_a_step_out_of_turn_is_a_conflict(session: Session, stage: Stage, move: str) -> None:
    match = stage.agree(session)
    who = actor(stage.curator) if move == "verify" else stage.asker
    with pytest.raises(Conflict):
        service.advance(session, who, match, move)


def test_only_the_two_sides_and_their_curators_move_it(session: Session, stage: Stage) -> None:
    match = walk(session, stage, "agree", "complete")
    stranger = actor(factories.member_of(factories.OrganisationFactory()))
    elsewhere = actor(factories.provincial_curator("54"))
    for somebody in (stranger, elsewhere):
        with pytest.raises(NotAllowed):
            service.advance(session, somebody, match, "verify")
    with pytest.raises(Conflict):
        service.advance(session, stage.asker, match, "verify")


def test_nobody_verifies_their_own_match(session: Session, stage: Stage) -> None:
    match = walk(session, stage, "agree", "complete")
    factories.StaffRoleFactory(user=stage.west, role="provincial_curator", province="63")
    with pytest.raises(Conflict):
        service.advance(session, stage.asker, match, "verify")


@pytest.mark.parametrize(("move", "refusal"), [("negotiate", "pair_held_back"), ("complete", None)])
def test_a_held_pair_ends_well_but_goes_no_further(
    session: Session, stage: Stage, move: str, refusal: str | None
) -> None:
    match = walk(session, stage, *(["agree"] if move == "complete" else []))
    factories.SuggestionFactory(need=stage.need, capability=stage.capability, status="held_back")
    if refusal is None:
        assert service.advance(session, stage.asker, match, move).status == "completed"
        return
    with pytest.raises(Refused) as refused:
        service.advance(session, stage.asker, match, move)
    assert refused.value.refusal == refusal


def test_closed_listings_hinder_no_step(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    stage.need.status = stage.capability.status = "closed"
    session.commit()
    assert service.advance(session, stage.asker, match, "negotiate").status == "negotiating"


@pytest.mark.both_databases
def test_either_side_resumes_what_stalled(session: Session, stage: Stage) -> None:
    match = walk(session, stage, "negotiate")
    service.advance(session, SYSTEM, match, "stall")
    session.commit()
    assert (match.status, match.opens_contacts) == ("stalled", False)
    service.advance(session, stage.answerer, match, "resume")
    assert (match.status, match.opens_contacts) == ("negotiating", True)


# a move is taken back


def moved(session: Session, stage: Stage, move: str, at: datetime) -> Match:
    """A match whose last move is this one, made by the west at the time."""
    if move == "accept":
        asked = service.express_interest(
            session, stage.answerer, stage.need, stage.capability, at=at
        )
        return service.accept(session, stage.asker, asked, at=at)
    if move == "decline":
        asked = service.express_interest(
            session, stage.answerer, stage.need, stage.capability, at=at
        )
        return service.decline(session, stage.asker, asked, "terms", "Too dear.", at=at)
    if move == "cancel":
        asked = service.express_interest(session, stage.asker, stage.need, stage.capability, at=at)
        return service.cancel(session, stage.asker, asked, "mistake", at=at)
    match = moved(session, stage, "accept", at)
    if move == "end":
        promises.promise_confidentiality(session, stage.answerer, match, at=at)
        service.end(session, stage.asker, match, "terms", "Sorry.", at=at + timedelta(minutes=1))
    else:
        service.advance(session, stage.asker, match, move, at=at)
    return match


BACK = {
    "accept": "one_side_interested",
    "decline": "one_side_interested",
    "cancel": "one_side_interested",
    "end": "mutual",
    "negotiate": "mutual",
}


@pytest.mark.both_databases
@pytest.mark.parametrize("move", BACK)
def test_a_misclick_is_taken_back_within_a_day(session: Session, stage: Stage, move: str) -> None:
    factories.SuggestionFactory(need=stage.need, capability=stage.capability)
    match = moved(session, stage, move, AT)
    session.commit()
    righting.take_back(session, stage.asker, match, at=AT + timedelta(hours=23))
    session.commit()
    assert (match.status, match.end_reason, match.end_note) == (BACK[move], "", "")
    assert recorded(session, match)[-1] == ("match.take_back", {"side": "need"})
    assert told(session)[-1] == (stage.east.id, "match.taken_back", BACK[move])
    willing = {"accept": {"capability"}, "decline": {"capability"}, "cancel": {"need"}}
    assert moving.interested(match) == willing.get(move, {"need", "capability"})
    ids = {"need": stage.need.organisation_id, "capability": stage.capability.organisation_id}
    marks = session.scalars(
        select(SuggestionMark.organisation_id).where(SuggestionMark.mark == "interested")
    )
    assert set(marks) == {ids[side] for side in moving.interested(match)}


def test_a_promise_stands_again_when_the_end_is_taken_back(session: Session, stage: Stage) -> None:
    match = moved(session, stage, "end", AT)
    assert not match.has_promised(stage.capability.organisation_id)
    righting.take_back(session, stage.asker, match, at=AT + timedelta(hours=1))
    assert match.has_promised(stage.capability.organisation_id)


def test_after_a_day_it_stands(session: Session, stage: Stage) -> None:
    match = moved(session, stage, "decline", AT)
    with pytest.raises(Refused) as refused:
        righting.take_back(session, stage.asker, match, at=AT + timedelta(days=1))
    assert refused.value.refusal == "take_back_too_late"


def test_a_colleague_does_not_take_it_back(session: Session, stage: Stage) -> None:
    match = moved(session, stage, "decline", AT)
    colleague = actor(factories.member_of(stage.need.organisation))
    for somebody in (colleague, stage.answerer):
        with pytest.raises(Conflict):
            righting.take_back(session, somebody, match, at=AT)


def test_it_stands_once_somebody_has_moved_since(session: Session, stage: Stage) -> None:
    match = moved(session, stage, "accept", AT)
    promises.promise_confidentiality(session, stage.answerer, match, at=AT)
    with pytest.raises(Conflict):
        righting.take_back(session, stage.asker, match, at=AT)


def test_it_is_taken_back_once(session: Session, stage: Stage) -> None:
    match = moved(session, stage, "negotiate", AT)
    righting.take_back(session, stage.asker, match, at=AT)
    with pytest.raises(Conflict):
        righting.take_back(session, stage.asker, match, at=AT)


def test_a_hold_keeps_what_ended_at_its_end(session: Session, stage: Stage) -> None:
    match = moved(session, stage, "end", AT)
    factories.SuggestionFactory(need=stage.need, capability=stage.capability, status="held_back")
    with pytest.raises(Refused):
        righting.take_back(session, stage.asker, match, at=AT)


def test_who_declined_on_the_last_day_can_still_answer_on_the_next(
    session: Session, stage: Stage
) -> None:
    asked = service.express_interest(session, stage.answerer, stage.need, stage.capability, at=AT)
    late = AT + timedelta(days=30)
    match = service.decline(session, stage.asker, asked, "terms", at=late)
    righting.take_back(session, stage.asker, match, at=late + timedelta(hours=20))
    service.accept(session, stage.asker, match, at=late + timedelta(hours=21))
    assert match.status == "mutual"


# a curator puts a match right


@pytest.mark.both_databases
def test_a_curator_puts_it_right_and_both_are_told(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    service.end(session, stage.asker, match, "terms")
    curator = actor(stage.curator)
    righting.put_right(
        session, curator, match, "agreed", reason="happened_elsewhere", words="Signed.", at=AT
    )
    session.commit()
    assert (match.status, match.end_reason) == ("agreed", "")
    assert recorded(session, match)[-1] == (
        "match.put_right",
        {"reason": "happened_elsewhere", "before": "withdrawn", "after": "agreed"},
    )
    assert told(session)[-2:] == [
        (stage.west.id, "match.put_right", "agreed"),
        (stage.east.id, "match.put_right", "agreed"),
    ]
    assert (match.steps[-1].note, match.steps[-1].reason) == ("Signed.", "happened_elsewhere")


@pytest.mark.parametrize(
    ("status", "reason", "refusal"),
    [
        ("verified", "other", "not_to_this_state"),
        ("mutual", "other", "not_to_this_state"),
        ("declined", "other", "not_to_this_state"),
        ("nonsense", "other", "not_to_this_state"),
        ("agreed", "nonsense", "no_end_reason"),
    ],
)
def test_a_curator_chooses_a_state_and_a_reason_of_the_lists(
    session: Session, stage: Stage, status: str, reason: str, refusal: str
) -> None:
    match = stage.agree(session)
    with pytest.raises(Refused) as refused:
        righting.put_right(
            session, actor(stage.curator), match, status, reason=reason, words="Words"
        )
    assert refused.value.refusal == refusal


def test_a_curator_puts_nobody_together_without_their_word(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    with pytest.raises(Refused):
        righting.put_right(
            session, actor(stage.curator), match, "mutual", reason="other", words="Words"
        )


def test_only_a_curator_between_others_puts_it_right(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    factories.StaffRoleFactory(user=stage.west, role="provincial_curator", province="63")
    elsewhere = actor(factories.provincial_curator("54"))
    for somebody in (stage.asker, stage.answerer, elsewhere):
        with pytest.raises(NotAllowed):
            righting.put_right(session, somebody, match, "agreed", reason="other", words="Words")


def test_two_curators_take_turns(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    shown, curator = match.version, actor(stage.curator)
    righting.put_right(
        session, curator, match, "agreed", reason="other", words="Words", version=shown
    )
    with pytest.raises(Conflict):
        righting.put_right(
            session, curator, match, "stalled", reason="other", words="Words", version=shown
        )
