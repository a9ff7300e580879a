"""From a result that one side states to one that counts; nothing that was said is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit import queries as audit
from matchmaker.cooperation import service as cooperation
from matchmaker.db import now
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.notices.models import Notice
from matchmaker.outcomes import queries, service
from matchmaker.outcomes.models import FollowUp, Satisfaction
from tests import factories
from tests.cooperation.conftest import Stage, actor
from tests.outcomes.conftest import Pair, another_pair, fresh, values

both = pytest.mark.both_databases


def notices(session: Session, kind: str) -> set[int]:
    return set(session.scalars(select(Notice.user_id).where(Notice.kind == kind)))


@both
def test_a_result_is_reported_confirmed_and_verified(session: Session, pair: Pair) -> None:
    outcome = pair.report(session)
    assert (outcome.status, outcome.counted) == ("reported", None)
    pair.confirm(session, outcome)
    assert (outcome.status, outcome.counted) == ("confirmed", None)
    service.verify(session, pair.curating, outcome)
    assert (outcome.status, outcome.counted) == ("verified", outcome.current)


def test_each_step_is_recorded(session: Session, pair: Pair) -> None:
    outcome = pair.verify(session)
    found = [record.action for record in audit.about(session, "outcome", outcome.id)]
    assert found == ["outcome.verify", "outcome.confirm", "outcome.report"]


def test_who_hears_of_each_step(session: Session, pair: Pair) -> None:
    west, east, curator = pair.stage.west.id, pair.stage.east.id, pair.curator.id
    pair.verify(session)
    assert {
        kind: notices(session, f"outcome.{kind}")
        for kind in ("reported", "confirmed", "to_verify", "verified")
    } == {
        "reported": {east},
        "confirmed": {west},
        "to_verify": {curator},
        "verified": {west, east},
    }


def test_no_notice_carries_words_of_a_side(session: Session, pair: Pair) -> None:
    outcome = pair.report(session, evidence="zibelin evidence")
    service.dispute(session, pair.east, outcome, "zibelin words")
    assert not any("zibelin" in str(one) for one in session.scalars(select(Notice.params)))


def test_nothing_is_reported_before_both_want_to_work_together(
    session: Session, stage: Stage
) -> None:
    match = stage.ask(session)
    with pytest.raises(Refused) as refused:
        service.report(session, stage.asker, match, "jobs", values())
    assert refused.value.refusal == Refusal.NOT_TOGETHER


def test_an_unverified_organisation_reports_nothing(session: Session, pair: Pair) -> None:
    pair.stage.need.organisation.status = "registered"
    session.commit()
    with pytest.raises(Refused) as refused:
        service.report(session, pair.west, pair.match, "jobs", values())
    assert refused.value.refusal == Refusal.OWN_ORGANISATION_UNVERIFIED


def test_a_third_organisation_has_no_say(session: Session, pair: Pair) -> None:
    stranger = actor(factories.member_of(factories.OrganisationFactory()))
    outcome = pair.report(session)
    with pytest.raises(NotAllowed):
        service.confirm(session, stranger, outcome)
    with pytest.raises(NotAllowed):
        service.report(session, stranger, pair.match, "jobs", values())


def test_nobody_confirms_what_they_report(session: Session, pair: Pair) -> None:
    outcome = pair.report(session)
    with pytest.raises(Conflict):
        service.confirm(session, pair.west, outcome)


def test_nothing_is_verified_unconfirmed(session: Session, pair: Pair) -> None:
    outcome = pair.report(session)
    with pytest.raises(Conflict):
        service.verify(session, pair.curating, outcome)


@pytest.mark.parametrize("measure", ["", "happiness"])
def test_an_unknown_measure_is_refused(session: Session, pair: Pair, measure: str) -> None:
    with pytest.raises(Refused) as refused:
        service.report(session, pair.west, pair.match, measure, values())
    assert refused.value.refusal == Refusal.NO_MEASURE


@both
def test_a_correction_keeps_the_old_value_which_counts_until_it_is_verified(
    session: Session, pair: Pair
) -> None:
    outcome = pair.verify(session, amount=12)
    service.correct(session, pair.west, outcome, values(amount=15))
    session.commit()
    outcome = fresh(session, outcome.id)
    assert [one.amount for one in outcome.versions] == [12, 15]
    assert outcome.counted is not None
    assert (outcome.status, outcome.counted.amount) == ("reported", 12)
    pair.confirm(session, outcome)
    service.verify(session, pair.curating, outcome)
    assert outcome.counted.amount == 15


def test_a_correction_that_is_sent_back_leaves_what_counts(session: Session, pair: Pair) -> None:
    outcome = pair.verify(session, amount=12)
    service.correct(session, pair.west, outcome, values(amount=15))
    pair.confirm(session, outcome)
    service.send_back(session, pair.curating, outcome, "The list says 12.")
    assert outcome.counted is not None
    assert (outcome.status, outcome.counted.amount) == ("sent_back", 12)


def test_a_verification_taken_back_counts_no_more(session: Session, pair: Pair) -> None:
    outcome = pair.verify(session, "contract_value")
    service.send_back(session, pair.curating, outcome, "The contract was annulled.")
    assert (outcome.status, outcome.counted, outcome.counted_contract) == ("sent_back", None, None)


def test_words_are_kept_with_the_version_they_are_about(session: Session, pair: Pair) -> None:
    outcome = pair.report(session)
    service.dispute(session, pair.east, outcome, "It was ten.")
    service.correct(session, pair.west, outcome, values(amount=10))
    session.commit()
    old, new = fresh(session, outcome.id).versions
    assert (old.answer, old.answer_words, new.answer) == ("disputed", "It was ten.", "")


@pytest.mark.parametrize("move", ["dispute", "send_back"])
def test_no_without_words_is_refused(session: Session, pair: Pair, move: str) -> None:
    outcome = pair.report(session)
    if move == "send_back":
        pair.confirm(session, outcome)
    who = pair.curating if move == "send_back" else pair.east
    with pytest.raises(Refused) as refused:
        getattr(service, move)(session, who, outcome, "")
    assert refused.value.refusal == Refusal.NO_WORDS


@both
def test_a_contract_counts_once_on_the_platform(session: Session, pair: Pair) -> None:
    pair.verify(session, "contract_value", contract_number="2026-63-0001")
    other = another_pair(session, pair.curator)
    outcome = other.report(session, "contract_value", contract_number="２０２６ 63 0001")
    other.confirm(session, outcome)
    with pytest.raises(Refused) as refused:
        service.verify(session, pair.curating, outcome)
    assert refused.value.refusal == Refusal.CONTRACT_COUNTED


def test_both_values_of_a_contract_count(session: Session, pair: Pair) -> None:
    pair.verify(session, "contract_value")
    assert pair.verify(session, "technology_value").counted is not None


def test_a_contract_given_free_can_count_for_another(session: Session, pair: Pair) -> None:
    first = pair.verify(session, "contract_value")
    service.send_back(session, pair.curating, first, "Not theirs.")
    other = another_pair(session, pair.curator)
    assert other.verify(session, "contract_value").counted is not None


@pytest.mark.parametrize("reporter", ["west", "east"])
def test_the_same_result_is_not_reported_twice(session: Session, pair: Pair, reporter: str) -> None:
    pair.report(session)
    with pytest.raises(Refused) as refused:
        service.report(session, getattr(pair, reporter), pair.match, "people_trained", values())
    assert refused.value.refusal == Refusal.REPORTED_ALREADY


def test_what_was_withdrawn_can_be_reported_again(session: Session, pair: Pair) -> None:
    service.withdraw(session, pair.west, pair.report(session))
    session.commit()
    assert pair.report(session).status == "reported"


def test_a_page_that_is_older_than_the_result_is_told_so(session: Session, pair: Pair) -> None:
    outcome = pair.report(session)
    seen = outcome.version
    service.correct(session, pair.west, outcome, values(amount=15))
    with pytest.raises(Conflict):
        service.confirm(session, pair.east, outcome, version=seen)


def test_results_stay_open_when_the_match_ends(session: Session, pair: Pair) -> None:
    outcome = pair.report(session)
    cooperation.end(session, pair.east, pair.match, "no_progress")
    session.commit()
    assert pair.confirm(session, outcome).status == "confirmed"


@both
def test_a_completed_match_is_verified_with_its_first_result(session: Session, pair: Pair) -> None:
    pair.match.status = "completed"
    session.commit()
    pair.verify(session)
    assert pair.match.status == "verified"


def test_a_match_that_is_not_completed_stays_where_it_is(session: Session, pair: Pair) -> None:
    pair.verify(session)
    assert pair.match.status == "mutual"


def test_a_match_completed_later_is_verified_by_its_curator(session: Session, pair: Pair) -> None:
    pair.verify(session)
    pair.match.status = "completed"
    session.commit()
    service.verify_match(session, pair.curating, pair.match)
    assert pair.match.status == "verified"


def test_a_match_without_a_verified_result_is_not_verified(session: Session, pair: Pair) -> None:
    pair.report(session)
    pair.match.status = "completed"
    session.commit()
    with pytest.raises(Refused) as refused:
        service.verify_match(session, pair.curating, pair.match)
    assert refused.value.refusal == Refusal.NOTHING_VERIFIED


# how it goes


def question(session: Session, pair: Pair, side: str = "need") -> FollowUp:
    service.ask(session, pair.match, now(), 30, at=now())
    session.commit()
    found = session.scalars(select(FollowUp).where(FollowUp.side == side)).one()
    asked = queries.follow_up(session, found.id)
    assert asked is not None
    return asked


def test_an_answer_is_reported_and_moves_nothing(session: Session, pair: Pair) -> None:
    asked = question(session, pair)
    service.answer(session, pair.west, asked, "done")
    assert (asked.progress, pair.match.status) == ("done", "mutual")


def test_an_answer_is_changed_until_the_question_expires(session: Session, pair: Pair) -> None:
    asked = question(session, pair)
    service.answer(session, pair.west, asked, "ended", "terms")
    service.answer(session, pair.west, asked, "going_on")
    assert (asked.progress, asked.reason) == ("going_on", "")
    with pytest.raises(Refused) as refused:
        service.answer(session, pair.west, asked, "done", at=now() + timedelta(days=60, hours=1))
    assert refused.value.refusal == Refusal.FOLLOW_UP_EXPIRED


@pytest.mark.parametrize(
    ("progress", "reason", "refusal"),
    [
        ("", "", Refusal.NO_PROGRESS_CHOSEN),
        ("maybe", "", Refusal.NO_PROGRESS_CHOSEN),
        ("ended", "boredom", Refusal.NO_END_REASON),
        ("done", "terms", Refusal.NO_END_REASON),
    ],
)
def test_what_is_no_answer_is_refused(
    session: Session, pair: Pair, progress: str, reason: str, refusal: Refusal
) -> None:
    with pytest.raises(Refused) as refused:
        service.answer(session, pair.west, question(session, pair), progress, reason)
    assert refused.value.refusal == refusal


def test_no_side_answers_for_the_other(session: Session, pair: Pair) -> None:
    with pytest.raises(NotAllowed):
        service.answer(session, pair.east, question(session, pair), "done")


# satisfaction


def test_a_side_says_it_again_and_the_last_word_stands(session: Session, pair: Pair) -> None:
    service.rate(session, pair.west, pair.match, again=2, useful=3)
    service.rate(session, pair.west, pair.match, again=4, useful=5, words="Better now.")
    kept = session.scalars(select(Satisfaction)).one()
    assert (kept.side, kept.again, kept.useful, kept.words) == ("need", 4, 5, "Better now.")


@pytest.mark.parametrize(("again", "useful"), [(0, 3), (3, 6)])
def test_marks_are_from_one_to_five(session: Session, pair: Pair, again: int, useful: int) -> None:
    with pytest.raises(Refused) as refused:
        service.rate(session, pair.west, pair.match, again=again, useful=useful)
    assert refused.value.refusal == Refusal.NO_MARK


def test_a_side_says_it_also_when_nothing_came_of_it(session: Session, pair: Pair) -> None:
    cooperation.end(session, pair.east, pair.match, "no_progress")
    service.rate(session, pair.west, pair.match, again=1, useful=3)
    assert session.scalars(select(Satisfaction)).one().again == 1


def test_nothing_is_said_of_what_has_not_begun(session: Session, stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        service.rate(session, stage.asker, stage.ask(session), again=3, useful=3)
    assert refused.value.refusal == Refusal.NOT_TOGETHER
