"""Approaching a listing; asking and answering about must-haves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation import first_steps, moving, queries, rules, service
from matchmaker.cooperation.first_steps import Draft
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.rules import Approach, hindrance
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation.models import Judgement
from matchmaker.db import now, today
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations.models import Membership
from matchmaker.recommendation import queries as recommendations
from matchmaker.recommendation.models import Question, Suggestion, SuggestionMark
from matchmaker.recommendation.run import pair
from tests import factories
from tests.cooperation.conftest import Stage, actor

FREE = Approach(
    is_staff=False,
    is_suspended=False,
    has_organisation=True,
    is_own=False,
    is_shown=True,
    is_matched=False,
    is_writer=True,
    is_verified=True,
    may_post=True,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        ({"is_staff": True}, Refusal.STAFF_CANNOT_APPROACH),
        ({"is_suspended": True, "has_organisation": False}, Refusal.OWN_ORGANISATION_SUSPENDED),
        ({"has_organisation": False}, Refusal.NO_ORGANISATION),
        ({"is_own": True}, Refusal.OWN_LISTING),
        ({"is_shown": False}, Refusal.LISTING_NOT_SHOWN),
        ({"is_matched": True}, Refusal.LISTING_MATCHED),
        ({"is_writer": False}, Refusal.NOT_A_WRITER),
        ({"is_verified": False}, Refusal.OWN_ORGANISATION_UNVERIFIED),
        ({"may_post": False}, Refusal.OTHER_KIND_NOT_OPEN),
        # what comes first is said first
        ({"is_own": True, "is_shown": False}, Refusal.OWN_LISTING),
        ({"is_matched": True, "is_verified": False}, Refusal.LISTING_MATCHED),
        ({"is_writer": False, "is_verified": False}, Refusal.NOT_A_WRITER),
    ],
)
def test_what_stands_in_the_way(changed: dict[str, bool], expected: Refusal | None) -> None:
    assert hindrance(replace(FREE, **changed)) is expected


@pytest.mark.parametrize("status", MatchStatus)
def test_the_sides_talk_while_it_waits_and_once_both_agreed(status: MatchStatus) -> None:
    assert rules.may_talk(status) == (status not in MatchStatus.ENDED)


def whole(session: Session, listing: Listing) -> Listing:
    found = listings.subject(session, listing.id)
    assert found is not None
    return found.listing


def approach(session: Session, stage: Stage, offer: Listing | Draft | None = None) -> Match:
    """The east says that it can help."""
    need = whole(session, stage.need)
    match = first_steps.approach(
        session, stage.answerer, need, offer or stage.capability, "We can help."
    )
    session.commit()
    return match


@pytest.mark.both_databases
def test_an_approach_is_an_expression_of_interest(session: Session, stage: Stage) -> None:
    match = approach(session, stage)
    assert (match.status, moving.interested(match)) == ("one_side_interested", {"capability"})
    told = session.execute(select(Notice.user_id, Notice.kind)).tuples().all()
    assert told == [(stage.west.id, "match.interest")]


def test_the_pair_is_scored_as_a_run_would_score_it(session: Session, stage: Stage) -> None:
    """And both sides see it, weak or not, for people have put the two together."""
    need, capability = whole(session, stage.need), whole(session, stage.capability)
    scored = pair.compare(pair.read(session, [(need, capability)]))[need.id, capability.id]
    first_steps.approach(session, stage.answerer, need, capability, scored=scored)
    session.commit()
    found = recommendations.suggestion(session, session.scalars(select(Suggestion.id)).one(), None)
    assert found is not None
    assert (found.origin, found.score, found.band) == (
        "member", scored.pair.score, scored.pair.band,
    )  # fmt: skip
    for user in (stage.west, stage.east):
        assert found.is_shown_to(actor(user).organisation_id)


@pytest.mark.both_databases
@pytest.mark.parametrize("title", ["Sorbents of ours", ""])
def test_a_draft_stands_in_the_match_under_the_platforms_title(
    session: Session, stage: Stage, title: str
) -> None:
    match = approach(session, stage, Draft("en", title, "unreviewedwords"))
    made = match.capability
    name = stage.capability.organisation.name_other
    assert made.approved_title == f"Offer by {name}"
    assert (made.status, made.title) == ("draft", title or "We can help.")
    assert [task.code for task in made.tasks] == ["QH-1"]
    params = [*session.scalars(select(Notice.params)), *session.scalars(select(OutboxMail.params))]
    assert not any(word in str(params) for word in ("unreviewedwords", "Sorbents of ours"))


def test_a_match_with_a_draft_can_be_agreed(session: Session, stage: Stage) -> None:
    match = approach(session, stage, Draft("en", "Ours"))
    service.accept(session, stage.asker, match)
    session.commit()
    assert match.status == "mutual"


def test_a_draft_is_for_the_match_it_was_made_for_alone(session: Session, stage: Stage) -> None:
    made = approach(session, stage, Draft("en", "Ours")).capability
    other = factories.need(organisation=stage.need.organisation)
    with pytest.raises(Refused, match="listing_withdrawn"):
        service.express_interest(session, stage.answerer, other, made)


def test_a_draft_that_was_closed_holds_the_match_up(session: Session, stage: Stage) -> None:
    match = approach(session, stage, Draft("en", "Ours"))
    match.capability.status = "closed"
    session.commit()
    with pytest.raises(Refused, match="listing_withdrawn"):
        service.accept(session, stage.asker, match)


def test_one_match_over_a_listing_is_enough(session: Session, stage: Stage) -> None:
    approach(session, stage)
    with pytest.raises(Refused, match="listing_matched"):
        approach(session, stage, Draft("en", "Another"))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Listing)) == 2


def test_with_a_listing_of_somebody_else_nobody_approaches(session: Session, stage: Stage) -> None:
    foreign = factories.capability()
    with pytest.raises(NotAllowed):
        approach(session, stage, foreign)


def test_a_suspended_organisation_is_told_so(session: Session, stage: Stage) -> None:
    stage.capability.organisation.status = "suspended"
    session.commit()
    found = first_steps.hindrance(session, stage.answerer, whole(session, stage.need))
    assert found is not None
    assert found.refusal == Refusal.OWN_ORGANISATION_SUSPENDED


# asking and answering

ALTITUDE, RATE = "Works at 4,500 m", "At least 90 %"


@pytest.fixture
def match(session: Session) -> Match:
    """A match whose need must have two things, of which the texts say nothing."""
    need = factories.need(title="Lithium from brine", must_haves=[ALTITUDE, RATE])
    capability = factories.capability(title="Sorbent columns")
    factories.member_of(need.organisation, name="Wen")
    factories.member_of(capability.organisation, name="Dong")
    factories.MatchFactory(need=need, capability=capability, expires_on=today())
    session.commit()
    found = queries.match_of_pair(session, need.id, capability.id)
    assert found is not None
    return found


def speaker(session: Session, match: Match, side: str) -> Any:
    listing = match.need if side == "need" else match.capability
    user = session.scalars(
        select(User).join(Membership).where(Membership.organisation_id == listing.organisation_id)
    ).first()
    assert user is not None
    return actor(user)


def answer(session: Session, match: Match, text: str = ALTITUDE) -> Question:
    return first_steps.answer(
        session,
        speaker(session, match, "capability"),
        match,
        text,
        verdict="partly",
        words="Up to 4,000 m.",
    )


@pytest.mark.both_databases
def test_a_question_is_asked_and_answered(session: Session, match: Match) -> None:
    first_steps.ask(session, speaker(session, match, "need"), match, [ALTITUDE])
    session.commit()
    assert [(one.text, one.status, bool(one.question)) for one in known(session, match)] == [
        (ALTITUDE, "unknown", True), (RATE, "unknown", False),
    ]  # fmt: skip
    answer(session, match)
    session.commit()
    assert [(one.text, one.status, one.words) for one in known(session, match)] == [
        (ALTITUDE, "partly", "Up to 4,000 m."), (RATE, "unknown", ""),
    ]  # fmt: skip
    assert session.scalars(select(Notice.kind).order_by(Notice.id)).all() == [
        "match.asked", "match.answered",
    ]  # fmt: skip


def known(session: Session, match: Match) -> Any:
    return first_steps.must_haves_of(session, match)


def test_words_of_an_answer_are_in_no_notice_mail_or_record(session: Session, match: Match) -> None:
    first_steps.ask(session, speaker(session, match, "need"), match, [ALTITUDE])
    answer(session, match)
    session.commit()
    held = [
        *session.scalars(select(Notice.params)),
        *session.scalars(select(OutboxMail.params)),
        *session.scalars(select(AuditRecord.detail)),
    ]
    assert not any("4,000" in str(one) or "4,500" in str(one) for one in held)


def test_asking_gives_the_whole_time_again(session: Session, match: Match) -> None:
    first_steps.ask(session, speaker(session, match, "need"), match, [ALTITUDE])
    assert match.expires_on == today() + timedelta(days=30)


def test_what_nobody_asked_may_be_answered_too(session: Session, match: Match) -> None:
    assert answer(session, match, RATE).asked_at is None


@pytest.mark.parametrize(
    ("texts", "error"),
    [([], Refused), (["Something else"], Conflict), ([ALTITUDE, "Something else"], Conflict)],
)
def test_only_what_the_need_must_have_is_asked(
    session: Session, match: Match, texts: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        first_steps.ask(session, speaker(session, match, "need"), match, texts)


def test_what_was_asked_is_not_asked_again(session: Session, match: Match) -> None:
    first_steps.ask(session, speaker(session, match, "need"), match, [ALTITUDE])
    with pytest.raises(Conflict):
        first_steps.ask(session, speaker(session, match, "need"), match, [ALTITUDE])


def test_the_second_answer_is_told_of_the_first(session: Session, match: Match) -> None:
    answer(session, match)
    with pytest.raises(Conflict):
        answer(session, match)


@pytest.mark.parametrize(("verdict", "words"), [("perhaps", "Words"), ("met", ""), ("", "Words")])
def test_an_answer_is_a_choice_and_words(
    session: Session, match: Match, verdict: str, words: str
) -> None:
    teller = speaker(session, match, "capability")
    with pytest.raises(Refused, match="answer_incomplete"):
        first_steps.answer(session, teller, match, ALTITUDE, verdict=verdict, words=words)


def test_each_side_has_its_part(session: Session, match: Match) -> None:
    with pytest.raises(NotAllowed):
        first_steps.ask(session, speaker(session, match, "capability"), match, [ALTITUDE])
    teller = speaker(session, match, "need")
    with pytest.raises(NotAllowed):
        first_steps.answer(session, teller, match, ALTITUDE, verdict="met", words="Words")


def test_an_ended_match_is_not_asked_about(session: Session, match: Match) -> None:
    match.status = "declined"
    with pytest.raises(Conflict):
        first_steps.ask(session, speaker(session, match, "need"), match, [ALTITUDE])


def test_must_haves_that_no_curator_has_read_are_not_shown(session: Session, match: Match) -> None:
    match.need.status = "in_review"
    match.need.requirements[0].text = "Unread words"
    session.commit()
    assert known(session, match) == []


def test_an_answer_outlives_the_need(session: Session, match: Match) -> None:
    """The texts of this pair have not been compared, so that the answer is all there is."""
    answer(session, match)
    match.need.status = "closed"
    session.commit()
    assert [(one.text, one.status) for one in known(session, match)] == [(ALTITUDE, "partly")]


# what a reason to decline feeds


@pytest.mark.parametrize(
    ("reason", "mark"),
    [
        ("not_relevant", ("dismissed", "irrelevant")),
        ("conflict", ("dismissed", "conflict")),
        ("no_capacity", None),
        ("terms", None),
        ("other", None),
    ],
)
def test_a_reason_feeds_what_it_means(
    session: Session, stage: Stage, reason: str, mark: tuple[str, str] | None
) -> None:
    """`no_capacity` is no judgement of fit: nothing but the match is changed by it."""
    suggestion = factories.SuggestionFactory(need=stage.need, capability=stage.capability)
    match = stage.ask(session)
    before = (suggestion.score, suggestion.band, suggestion.status, suggestion.is_current)
    service.decline(session, stage.answerer, match, reason, at=now())
    session.commit()
    own = stage.capability.organisation_id
    found = session.scalar(select(SuggestionMark).where(SuggestionMark.organisation_id == own))
    assert (found and (found.mark, found.reason)) == mark
    session.refresh(suggestion)
    after = (suggestion.score, suggestion.band, suggestion.status, suggestion.is_current)
    assert after == before
    assert session.scalar(select(func.count()).select_from(Judgement)) == 0
