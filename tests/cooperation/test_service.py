"""The moves of a match: rows written, people told, moves refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation import clocks, moving, promises, queries, service
from matchmaker.cooperation.jobs import expire_matches
from matchmaker.db import today
from matchmaker.errors import Conflict, NotAllowed, Refused
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from matchmaker.recommendation.service import add_by_hand
from tests import factories
from tests.cooperation.conftest import Stage, actor


def told(session: Session) -> list[tuple[int, str]]:
    return [
        (notice.user_id, notice.kind)
        for notice in session.scalars(select(Notice).order_by(Notice.id))
    ]


@pytest.mark.both_databases
def test_interest_opens_a_match_and_asks_the_other_side(session: Session, stage: Stage) -> None:
    match = stage.ask(session, "Could we talk?")
    assert (match.status, moving.interested(match)) == ("one_side_interested", {"need"})
    assert match.expires_on == today() + timedelta(days=30)
    assert told(session) == [(stage.east.id, "match.interest")]
    assert session.scalars(select(OutboxMail.recipient)).all() == [stage.east.email]


def test_the_message_is_not_in_the_audit_record(session: Session, stage: Stage) -> None:
    stage.ask(session, "private words")
    record = session.scalars(
        select(AuditRecord).where(AuditRecord.action == "match.interest")
    ).one()
    assert record.detail == {"side": "need"}


@pytest.mark.both_databases
def test_acceptance_makes_it_mutual_and_tells_the_asker(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    assert match.status == "mutual"
    assert told(session)[1:] == [(stage.west.id, "match.mutual")]


def test_two_interests_make_it_mutual(session: Session, stage: Stage) -> None:
    stage.ask(session)
    match = service.express_interest(session, stage.answerer, stage.need, stage.capability)
    assert match.status == "mutual"


def test_interest_twice_is_refused(session: Session, stage: Stage) -> None:
    stage.ask(session)
    with pytest.raises(Refused):
        service.express_interest(session, stage.asker, stage.need, stage.capability)


def test_declining_gives_the_reason_to_who_asked(session: Session, stage: Stage) -> None:
    match = service.decline(
        session, stage.answerer, stage.ask(session), "no_capacity", "Next year, gladly."
    )
    assert (match.status, match.steps[-1].side, match.end_reason, match.end_note) == (
        "declined", "capability", "no_capacity", "Next year, gladly.",
    )  # fmt: skip
    assert told(session)[1:] == [(stage.west.id, "match.declined")]


def test_an_unknown_reason_is_refused(session: Session, stage: Stage) -> None:
    with pytest.raises(Refused):
        service.decline(session, stage.answerer, stage.ask(session), "whatever")


def test_withdrawing_ends_it_and_tells_who_was_asked(session: Session, stage: Stage) -> None:
    match = service.cancel(session, stage.asker, stage.ask(session), "mistake")
    assert (match.status, match.steps[-1].side) == ("cancelled", "need")
    assert told(session)[1:] == [(stage.east.id, "match.cancelled")]


def test_the_asked_side_cannot_withdraw(session: Session, stage: Stage) -> None:
    with pytest.raises(Conflict):
        service.cancel(session, stage.answerer, stage.ask(session), "mistake")


@pytest.mark.parametrize("move", ["accept", "decline", "cancel"])
def test_who_decides_on_an_old_page_is_told(session: Session, stage: Stage, move: str) -> None:
    match = stage.ask(session)
    who = stage.asker if move == "cancel" else stage.answerer
    reason = {"decline": ("no_capacity",), "cancel": ("mistake",)}.get(move, ())
    with pytest.raises(Conflict):
        getattr(service, move)(session, who, match, *reason, version=match.version + 1)


@pytest.mark.parametrize("move", ["accept", "decline"])
def test_an_ended_match_cannot_be_answered(session: Session, stage: Stage, move: str) -> None:
    match = service.cancel(session, stage.asker, stage.ask(session), "mistake")
    reason = {"decline": ("no_capacity",), "cancel": ("mistake",)}.get(move, ())
    with pytest.raises(Conflict):
        getattr(service, move)(session, stage.answerer, match, *reason)


def test_a_stranger_is_on_neither_side(session: Session, stage: Stage) -> None:
    stranger = actor(factories.member_of(factories.OrganisationFactory()))
    with pytest.raises(NotAllowed):
        service.express_interest(session, stranger, stage.need, stage.capability)


@pytest.mark.parametrize("status", ["registered", "lapsed"])
def test_an_unverified_organisation_can_neither_ask_nor_agree(
    session: Session, stage: Stage, status: str
) -> None:
    match = stage.ask(session)
    stage.capability.organisation.status = status
    session.commit()
    with pytest.raises(Refused):
        service.accept(session, stage.answerer, match)
    with pytest.raises(Refused):
        service.express_interest(session, stage.answerer, stage.need, stage.capability)


def test_an_unverified_organisation_can_still_decline(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    stage.capability.organisation.status = "lapsed"
    session.commit()
    assert service.decline(session, stage.answerer, match, "other").status == "declined"


@pytest.mark.parametrize("which", ["need", "capability"])
def test_only_published_listings_are_met_over(session: Session, stage: Stage, which: str) -> None:
    getattr(stage, which).status = "paused"
    session.commit()
    with pytest.raises(Refused):
        service.express_interest(session, stage.asker, stage.need, stage.capability)


@pytest.mark.both_databases
@pytest.mark.parametrize("ended_by", ["decline", "cancel", "expire"])
def test_a_new_interest_reopens_the_same_match(
    session: Session, stage: Stage, ended_by: str
) -> None:
    match = stage.ask(session, "first")
    if ended_by == "decline":
        service.decline(session, stage.answerer, match, "terms", "too dear")
    elif ended_by == "cancel":
        service.cancel(session, stage.asker, match, "mistake")
    else:
        clocks.expire(session, match)
    session.commit()
    again = service.express_interest(
        session, stage.answerer, stage.need, stage.capability, "second"
    )
    session.commit()
    assert (again.id, again.status) == (match.id, "one_side_interested")
    assert [(interest.side, interest.message) for interest in again.interests] == [
        ("capability", "second")
    ]
    assert (again.end_reason, again.end_note) == ("", "")


@pytest.mark.both_databases
def test_a_proposal_asks_both_sides(session: Session, stage: Stage) -> None:
    match = stage.propose(session)
    assert (match.status, match.proposed_by_id) == ("proposed", stage.curator.id)
    assert told(session) == [(stage.west.id, "match.proposed"), (stage.east.id, "match.proposed")]


def test_a_proposal_without_suggestion_adds_one_by_hand(session: Session, stage: Stage) -> None:
    stage.propose(session)
    suggestion = session.scalars(select(Suggestion)).one()
    assert (suggestion.origin, suggestion.need_id) == ("curator", stage.need.id)


def test_both_accept_a_proposal(session: Session, stage: Stage) -> None:
    match = stage.propose(session)
    service.accept(session, stage.asker, match)
    assert match.status == "one_side_interested"
    service.accept(session, stage.answerer, match)
    assert match.status == "mutual"
    assert told(session)[2:] == [(stage.east.id, "match.interest"), (stage.west.id, "match.mutual")]


def test_a_pair_already_before_both_cannot_be_proposed(session: Session, stage: Stage) -> None:
    stage.ask(session)
    with pytest.raises(Refused):
        stage.propose(session)


def test_a_declined_proposal_nobody_accepted_is_told_to_nobody(
    session: Session, stage: Stage
) -> None:
    service.decline(session, stage.asker, stage.propose(session), "not_relevant")
    assert [kind for _, kind in told(session)] == ["match.proposed", "match.proposed"]


def test_a_reminder_goes_to_who_has_not_answered(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    clocks.remind(session, match)
    assert told(session)[1:] == [(stage.east.id, "match.reminder")]


@pytest.mark.both_databases
def test_the_promise_opens_the_annex(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    before = queries.tier_facts(session, stage.asker, stage.capability.id)
    promises.promise_confidentiality(session, stage.asker, match)
    session.commit()
    after = queries.tier_facts(session, stage.asker, stage.capability.id)
    assert [(before.matched, before.accepted), (after.matched, after.accepted)] == [
        (True, False),
        (True, True),
    ]
    assert not queries.tier_facts(session, stage.answerer, stage.need.id).accepted, (
        "each side promises for itself"
    )


def test_the_promise_needs_agreement(session: Session, stage: Stage) -> None:
    with pytest.raises(Conflict):
        promises.promise_confidentiality(session, stage.asker, stage.ask(session))


@pytest.mark.both_databases
@pytest.mark.parametrize(("days", "status"), [(-1, "expired"), (0, "one_side_interested")])
def test_what_nobody_answered_in_time_expires(
    session: Session, stage: Stage, days: int, status: str
) -> None:
    match = stage.ask(session)
    match.expires_on = today() + timedelta(days=days)
    session.commit()
    assert expire_matches(session) == (1 if status == "expired" else 0)
    session.expire_all()
    assert match.status == status


def test_both_sides_hear_that_it_expired(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    match.expires_on = today() - timedelta(days=1)
    session.commit()
    expire_matches(session)
    assert set(told(session)[1:]) == {
        (stage.west.id, "match.expired"),
        (stage.east.id, "match.expired"),
    }


def test_an_agreed_match_does_not_expire(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    match.expires_on = today() - timedelta(days=100)
    session.commit()
    assert expire_matches(session) == 0


@pytest.mark.parametrize("move", ["decline", "cancel"])
def test_interest_is_marked_at_the_suggestion_until_the_match_ends(
    session: Session, stage: Stage, move: str
) -> None:
    factories.SuggestionFactory(need=stage.need, capability=stage.capability)
    match = stage.ask(session)
    marks = select(SuggestionMark.organisation_id, SuggestionMark.mark)
    assert session.execute(marks).all() == [(stage.need.organisation_id, "interested")]
    if move == "decline":
        service.decline(session, stage.answerer, match, "other")
    else:
        service.cancel(session, stage.asker, match, "mistake")
    assert session.execute(marks).all() == [(stage.need.organisation_id, "kept")]


def test_only_who_agreed_is_matched(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    assert queries.matched_organisation_ids(session, stage.need.organisation_id) == frozenset()
    service.accept(session, stage.answerer, match)
    assert queries.matched_organisation_ids(session, stage.need.organisation_id) == {
        stage.capability.organisation_id
    }
    assert queries.matched_organisation_ids(session, stage.capability.organisation_id) == {
        stage.need.organisation_id
    }


# a curator's hold


def hold(session: Session, stage: Stage) -> None:
    factories.SuggestionFactory(need=stage.need, capability=stage.capability, status="held_back")
    session.commit()


@pytest.mark.parametrize("move", ["interest", "accept", "promise", "propose", "add"])
def test_no_move_takes_a_held_pair_further(session: Session, stage: Stage, move: str) -> None:
    match = {"accept": stage.ask, "promise": stage.agree}.get(move, lambda session: None)(session)
    hold(session, stage)
    pair = stage.need, stage.capability
    moves: dict[str, Callable[[], object]] = {
        "interest": lambda: service.express_interest(session, stage.asker, *pair),
        "accept": lambda: service.accept(session, stage.answerer, match),
        "promise": lambda: promises.promise_confidentiality(session, stage.asker, match),
        "propose": lambda: stage.propose(session),
        "add": lambda: add_by_hand(session, actor(stage.curator), *pair, "They fit."),
    }
    with pytest.raises(Refused) as refused:
        moves[move]()
    assert refused.value.refusal == "pair_held_back"


@pytest.mark.parametrize("move", ["decline", "cancel"])
def test_a_held_pair_can_still_be_left(session: Session, stage: Stage, move: str) -> None:
    match = stage.ask(session)
    hold(session, stage)
    if move == "decline":
        service.decline(session, stage.answerer, match, "other")
    else:
        service.cancel(session, stage.asker, match, "mistake")
    assert match.status in ("declined", "cancelled")


# the end of what was agreed


@pytest.mark.both_databases
@pytest.mark.parametrize("side", ["need", "capability"])
def test_either_side_ends_what_was_agreed(session: Session, stage: Stage, side: str) -> None:
    match = stage.agree(session)
    promises.promise_confidentiality(session, stage.asker, match)
    who, told_one = (stage.asker, stage.east) if side == "need" else (stage.answerer, stage.west)
    service.end(session, who, match, "no_progress", "Sorry.")
    session.commit()
    assert (match.status, match.steps[-1].side, match.end_reason, match.end_note) == (
        "withdrawn", side, "no_progress", "Sorry.",
    )  # fmt: skip
    assert told(session)[-1] == (told_one.id, "match.ended")
    facts = queries.tier_facts(session, stage.asker, stage.capability.id)
    assert (facts.matched, facts.accepted) == (False, False)
    assert queries.matched_organisation_ids(session, stage.need.organisation_id) == frozenset()


def test_a_promise_does_not_outlive_the_end(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    promises.promise_confidentiality(session, stage.asker, match)
    service.end(session, stage.answerer, match, "terms")
    stage.agree(session)
    assert match.status == "mutual"
    assert not queries.tier_facts(session, stage.asker, stage.capability.id).accepted


def test_an_end_needs_a_reason_of_the_list(session: Session, stage: Stage) -> None:
    with pytest.raises(Refused):
        service.end(session, stage.asker, stage.agree(session), "whatever")


def test_only_what_was_agreed_is_ended(session: Session, stage: Stage) -> None:
    with pytest.raises(Conflict):
        service.end(session, stage.asker, stage.ask(session), "terms")


# promises


@pytest.mark.both_databases
def test_a_promise_is_for_the_annex_as_it_was(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    promises.promise_confidentiality(session, stage.asker, match)
    stage.capability.annex, stage.capability.annex_version = "yttrium", 2
    session.commit()
    assert not queries.tier_facts(session, stage.asker, stage.capability.id).accepted
    promises.promise_confidentiality(session, stage.asker, match)
    session.commit()
    assert queries.tier_facts(session, stage.asker, stage.capability.id).accepted
    assert [one.ended_at is None for one in match.acceptances] == [False, True]


@pytest.mark.both_databases
def test_a_promise_is_taken_back(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    promises.promise_confidentiality(session, stage.asker, match)
    promises.revoke_promise(session, stage.asker, match)
    session.commit()
    assert not queries.tier_facts(session, stage.asker, stage.capability.id).accepted
    assert told(session)[-1] == (stage.east.id, "match.revoked")
    with pytest.raises(Conflict):
        promises.revoke_promise(session, stage.asker, match)


# dates and organisations


@pytest.mark.parametrize("move", ["accept", "decline", "cancel"])
def test_the_time_to_answer_ends_by_its_date(session: Session, stage: Stage, move: str) -> None:
    match = stage.ask(session)
    match.expires_on = today() - timedelta(days=1)
    session.commit()
    who = stage.asker if move == "cancel" else stage.answerer
    reason = {"decline": ("no_capacity",), "cancel": ("mistake",)}.get(move, ())
    with pytest.raises(Refused) as refused:
        getattr(service, move)(session, who, match, *reason)
    assert refused.value.refusal == "answer_too_late"


def test_an_overdue_match_begins_anew_before_any_job(session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    match.expires_on = today() - timedelta(days=1)
    session.commit()
    service.express_interest(session, stage.answerer, stage.need, stage.capability)
    assert (match.status, moving.interested(match)) == ("one_side_interested", {"capability"})


@pytest.mark.both_databases
@pytest.mark.parametrize(("status", "opens"), [("lapsed", True), ("suspended", False)])
@pytest.mark.parametrize("which", ["need", "capability"])
def test_a_suspension_closes_contacts_at_once(
    session: Session, stage: Stage, status: str, opens: bool, which: str
) -> None:
    match, asker = stage.agree(session), stage.asker
    getattr(stage, which).organisation.status = status
    session.commit()
    assert match.opens_contacts is opens
    assert queries.tier_facts(session, asker, stage.capability.id).matched is opens
    met = queries.matched_organisation_ids(session, stage.need.organisation_id)
    assert bool(met) is opens


def test_messages_name_the_titles_that_were_approved(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    stage.capability.title = "Unread draft"
    session.commit()
    service.end(session, stage.asker, match, "terms")
    notice = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert notice is not None
    assert notice.params["title"] == "Sorbent columns"
