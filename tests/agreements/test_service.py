"""The life of an agreement: who sees it, who consents, what is kept."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.agreements import fulfilment, persons, queries, service
from matchmaker.agreements.fulfilment import Service, Step
from matchmaker.agreements.jobs import tell_overdue_milestones
from matchmaker.agreements.models import Agreement
from matchmaker.agreements.persons import Naming
from matchmaker.agreements.terms import Party, Payment
from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import today
from matchmaker.errors import Conflict, NotAllowed, Refusal, Refused
from matchmaker.notices.models import Notice
from matchmaker.permissions import may
from tests import factories
from tests.agreements.conftest import Table, load
from tests.cooperation.conftest import actor


def told(session: Session, user: User) -> list[str]:
    return list(session.scalars(select(Notice.kind).where(Notice.user_id == user.id)))


def actions(session: Session, agreement: Agreement) -> list[str]:
    return list(
        session.scalars(
            select(AuditRecord.action)
            .where(AuditRecord.subject_type == "agreement", AuditRecord.subject_id == agreement.id)
            .order_by(AuditRecord.id)
        )
    )


def test_a_draft_is_its_sides_alone(session: Session, table: Table) -> None:
    agreement = table.draft(session)
    assert may(table.western, "agreement.read", agreement)
    assert not may(table.eastern, "agreement.read", agreement)
    assert not may(table.eastern, "agreement.edit", agreement)
    assert queries.of_match(session, table.match.id, table.eastern.organisation_id) == []


@pytest.mark.parametrize(("province", "reads"), [("63", True), ("37", True), ("65", False)])
def test_curators_of_either_side_read_what_was_sent(
    session: Session, table: Table, province: str, reads: bool
) -> None:
    curator = actor(factories.provincial_curator(province))
    assert not may(curator, "agreement.read", table.draft(session))
    assert may(curator, "agreement.read", table.sent(session)) is reads
    assert not may(curator, "agreement.answer", table.sent(session))


def test_from_a_draft_to_force(session: Session, table: Table) -> None:
    agreement = table.in_force(session)
    assert agreement.status == "in_force"
    assert agreement.agreed_on == today()
    assert agreement.match.status == MatchStatus.AGREED
    assert [one.template for one in agreement.milestones] == [
        "notice", "named", "arrival", "half_year", "end_review",
    ]  # fmt: skip
    assert agreement.milestones[0].due_on == today() + timedelta(days=15)
    assert told(session, table.east) == ["agreement.sent"]
    assert "agreement.in_force" in told(session, table.west)
    assert actions(session, agreement) == [
        "agreement.draft", "agreement.send", "agreement.consent", "agreement.in_force",
    ]  # fmt: skip


def test_milestones_count_from_a_later_beginning(session: Session, table: Table) -> None:
    begin = today() + timedelta(days=100)
    period = [begin.isoformat(), (begin + timedelta(days=365)).isoformat()]
    agreement = table.in_force(session, period=period)
    assert agreement.milestones[0].due_on == begin + timedelta(days=15)


def test_what_is_incomplete_is_not_sent(session: Session, table: Table) -> None:
    agreement = table.draft(session, post="")
    with pytest.raises(Refused) as refused:
        service.send(session, table.western, agreement, version=agreement.version)
    assert refused.value.refusal == Refusal.TERMS_INCOMPLETE


def test_an_unverified_organisation_sends_nothing(session: Session, table: Table) -> None:
    agreement = table.draft(session)
    table.match.need.organisation.status = "registered"
    session.commit()
    with pytest.raises(Refused) as refused:
        service.send(session, table.western, agreement, version=agreement.version)
    assert refused.value.refusal == Refusal.OWN_ORGANISATION_UNVERIFIED


def test_nothing_is_agreed_after_the_match_has_ended(session: Session, table: Table) -> None:
    agreement = table.sent(session)
    table.match.status = MatchStatus.WITHDRAWN
    session.commit()
    with pytest.raises(Refused) as refused:
        service.consent(session, table.eastern, agreement, number=1)
    assert refused.value.refusal == Refusal.NOT_TOGETHER


def test_sent_back_with_words_and_written_by_the_other_side(session: Session, table: Table) -> None:
    agreement = table.sent(session)
    service.send_back(session, table.eastern, agreement, "Two posts, please.", number=1)
    session.commit()
    agreement = load(session, agreement.id)
    assert agreement.status == "revising"
    assert told(session, table.west) == ["agreement.sent_back"]
    terms = factories.terms("secondment", posts=2)
    service.save_draft(session, table.eastern, agreement, terms, version=agreement.version)
    service.send(session, table.eastern, agreement, version=agreement.version)
    service.consent(session, table.western, agreement, number=2)
    agreement = load(session, agreement.id)
    assert [(one.number, one.status) for one in agreement.versions] == [
        (1, "sent_back"), (2, "in_force"),
    ]  # fmt: skip
    assert agreement.current is not None
    assert agreement.current.terms.values["posts"] == 2


def test_a_draft_of_a_change_is_hidden_and_a_change_needs_both(
    session: Session, table: Table
) -> None:
    agreement = table.in_force(session)
    terms = factories.terms("secondment", post="Another post")
    agreement = table.change(session, agreement, terms)
    assert agreement.status == "changing"
    assert agreement.current is not None
    assert agreement.current.number == 1  # in force until both have consented
    milestone = agreement.milestones[0].id
    service.consent(session, table.eastern, agreement, number=2)
    agreement = load(session, agreement.id)
    assert [(one.number, one.status) for one in agreement.versions] == [
        (1, "superseded"), (2, "in_force"),
    ]  # fmt: skip
    assert agreement.milestones[0].id == milestone  # what is under way goes on


@pytest.mark.parametrize("move", ["send_back", "take_back"])
def test_a_change_that_fails_leaves_what_is_in_force(
    session: Session, table: Table, move: str
) -> None:
    agreement = table.in_force(session)
    agreement = table.change(session, agreement, factories.terms("secondment", posts=3))
    if move == "send_back":
        service.send_back(session, table.eastern, agreement, "No.", number=2)
    else:
        service.take_back(session, table.western, agreement, number=2)
    agreement = load(session, agreement.id)
    assert agreement.status == "in_force"
    assert agreement.current is not None
    assert agreement.current.number == 1


def test_an_old_version_is_not_consented_to(session: Session, table: Table) -> None:
    agreement = table.sent(session)
    service.take_back(session, table.western, agreement, number=1)
    service.save_draft(
        session, table.western, agreement, factories.terms("secondment"), version=agreement.version
    )
    service.send(session, table.western, agreement, version=agreement.version)
    with pytest.raises(Conflict):
        service.consent(session, table.eastern, agreement, number=1)


def test_throwing_a_draft_away(session: Session, table: Table) -> None:
    agreement = table.draft(session)
    assert service.discard_draft(session, table.western, agreement)
    session.commit()
    assert queries.agreement(session, agreement.id) is None
    agreement = table.in_force(session)
    terms = factories.terms("secondment", posts=9)
    service.save_draft(session, table.western, agreement, terms, version=agreement.version)
    assert not service.discard_draft(session, table.western, agreement)
    assert load(session, agreement.id).draft_of(table.western.organisation_id) is None


def test_ending_keeps_everything(session: Session, table: Table) -> None:
    agreement = table.in_force(session)
    service.end(
        session, table.eastern, agreement, "completed", "Thank you.", version=agreement.version
    )
    agreement = load(session, agreement.id)
    assert (agreement.status, agreement.ended_on) == ("ended", today())
    assert agreement.current is not None
    assert told(session, table.west)[-1] == "agreement.ended"


def test_an_end_needs_a_reason_of_the_list(session: Session, table: Table) -> None:
    agreement = table.in_force(session)
    with pytest.raises(Refused) as refused:
        service.end(session, table.western, agreement, "because", version=agreement.version)
    assert refused.value.refusal == Refusal.NO_END_REASON


# Three parties


def consortium(table: Table) -> list[Party]:
    west, east = table.match.need.organisation, table.match.capability.organisation
    return [
        Party(west.name_zh, "lead", 40, west.id),
        Party(east.name_zh, "maker", 40, east.id),
        Party("宁夏第三方", "user", 20, table.third_id),
    ]


def test_a_consortium_stands_when_all_have_consented(session: Session, table: Table) -> None:
    agreement = table.sent(session, "consortium", parties=consortium(table))
    assert told(session, table.third) == ["agreement.sent"]
    assert may(table.outsider, "agreement.read", agreement)
    assert may(table.outsider, "agreement.answer", agreement)
    assert not may(table.outsider, "agreement.edit", agreement)
    assert not may(table.outsider, "match.agreements", agreement.match)
    assert not service.consent(session, table.eastern, agreement, number=1)
    assert load(session, agreement.id).status == "proposed"
    assert service.consent(session, table.outsider, agreement, number=1)
    assert load(session, agreement.id).status == "in_force"


def test_one_party_sends_the_consortium_back(session: Session, table: Table) -> None:
    agreement = table.sent(session, "consortium", parties=consortium(table))
    service.send_back(session, table.outsider, agreement, "Thirty percent.", number=1)
    assert load(session, agreement.id).status == "revising"
    with pytest.raises(Conflict):
        service.consent(session, table.eastern, agreement, number=1)


def test_a_party_that_is_not_asked_reads_nothing(session: Session, table: Table) -> None:
    assert not may(table.outsider, "agreement.read", table.sent(session))


# People


def naming(name: str = "冯 教授", full_time: bool = True, begin: int = 0, end: int = 30) -> Naming:
    day = today()
    return Naming(name, day + timedelta(days=begin), day + timedelta(days=end), full_time)


def test_a_name_is_its_sides_until_consent_is_noted(session: Session, table: Table) -> None:
    agreement = table.in_force(session)
    person = persons.name_person(session, table.eastern, agreement, naming())
    assert person.is_shown_to(table.eastern.organisation_id)
    assert not person.is_shown_to(table.western.organisation_id)
    assert not person.is_shown_to(None)
    with pytest.raises(NotAllowed):
        persons.note_consent(
            session, table.western, agreement, person, consent_on=today(), evidence="x"
        )
    persons.note_consent(
        session, table.eastern, agreement, person, consent_on=today(), evidence="signed form"
    )
    assert person.is_shown_to(table.western.organisation_id)
    assert person.consent_noted_by_id == table.east.id


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        (naming(), naming(), True),
        (naming(), naming("冯教授"), True),  # blanks are no other person
        (naming(), naming("王教授"), False),
        (naming(), naming(begin=30, end=60), True),
        (naming(), naming(begin=31, end=60), False),
        (naming(), naming(full_time=False), False),
        (naming(full_time=False), naming(), False),
    ],
)
def test_full_time_once_at_a_time(
    session: Session, table: Table, first: Naming, second: Naming, refused: bool
) -> None:
    persons.name_person(session, table.eastern, table.in_force(session), first)
    other = table.in_force(session, "dual_appointment")
    with pytest.raises(Refused) if refused else nullcontext() as error:
        persons.name_person(session, table.eastern, other, second)
    assert error is None or error.value.refusal == Refusal.PERSON_BOUND


def test_an_agreement_that_ended_binds_nobody(session: Session, table: Table) -> None:
    first = table.in_force(session)
    persons.name_person(session, table.eastern, first, naming())
    service.end(session, table.western, first, "completed", version=first.version)
    persons.name_person(session, table.eastern, table.in_force(session), naming())


def test_nobody_is_named_before_the_agreement_is_in_force(session: Session, table: Table) -> None:
    with pytest.raises(Refused) as refused:
        persons.name_person(session, table.western, table.sent(session), naming())
    assert refused.value.refusal == Refusal.AGREEMENT_NOT_IN_FORCE


# Milestones, payments, service log


def test_a_milestone_is_reached_and_reopened(session: Session, table: Table) -> None:
    agreement = table.in_force(session)
    one = agreement.milestones[0]
    fulfilment.finish_milestone(
        session, table.western, agreement, one, done_on=today(), evidence="letter 7", version=1
    )
    with pytest.raises(Conflict):
        fulfilment.edit_milestone(
            session, table.eastern, agreement, one, Step("x", "need", today()), version=1
        )
    fulfilment.reopen_milestone(session, table.eastern, agreement, one, version=2)
    assert (one.done_on, one.evidence) == (None, "letter 7")


def test_a_milestone_to_come_is_not_reached(session: Session, table: Table) -> None:
    agreement = table.in_force(session)
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        fulfilment.finish_milestone(
            session, table.western, agreement, agreement.milestones[0],
            done_on=tomorrow, evidence="x", version=1,
        )  # fmt: skip
    assert refused.value.refusal == Refusal.DAY_TO_COME


def test_both_sides_are_told_once_of_what_is_overdue(session: Session, table: Table) -> None:
    agreement = table.in_force(session)
    agreement.milestones[0].due_on = today() - timedelta(days=1)
    session.commit()
    assert tell_overdue_milestones(session) == 1
    assert tell_overdue_milestones(session) == 0
    for user in (table.west, table.east):
        assert told(session, user)[-1] == "agreement.overdue"
    own = table.western.organisation_id
    assert own is not None
    assert len(queries.overdue_of(session, own, today())) == 1


PAYMENTS = (Payment("first", 30_000), Payment("second", 30_000), Payment("third", 40_000))


def test_a_payment_made_is_not_changed(session: Session, table: Table) -> None:
    agreement = table.in_force(session, "licence", payments=PAYMENTS)
    fulfilment.note_payment(session, table.western, agreement, 0, today())
    with pytest.raises(Conflict):
        fulfilment.note_payment(session, table.eastern, agreement, 0, today())
    with pytest.raises(NotAllowed):
        fulfilment.note_payment(session, table.western, agreement, 3, today())
    session.commit()
    other = factories.terms("licence", payments=[Payment("first", 20_000), *PAYMENTS[1:]])
    with pytest.raises(Refused) as refused:
        table.change(session, agreement, other)
    assert refused.value.refusal == Refusal.TERMS_INCOMPLETE


def test_a_payment_that_waits_may_change(session: Session, table: Table) -> None:
    agreement = table.in_force(session, "licence", payments=PAYMENTS)
    fulfilment.note_payment(session, table.western, agreement, 0, today())
    session.commit()
    other = factories.terms("licence", payments=[*PAYMENTS[:2], Payment("third", 20_000)])
    agreement = table.change(session, load(session, agreement.id), other)
    service.consent(session, table.eastern, agreement, number=2)
    assert service.paid(load(session, agreement.id)) == {0: PAYMENTS[0]}


def test_the_service_log_adds_up_without_what_was_struck_out(
    session: Session, table: Table
) -> None:
    agreement = table.in_force(session, "extension_worker")
    for number in range(10):
        day = today() - timedelta(days=number // 2)
        entry = fulfilment.log_service(
            session, table.eastern, agreement, Service(day, "Village", 4.5, "Pruning", 6)
        )
    with pytest.raises(NotAllowed):
        fulfilment.strike_service(session, table.western, agreement, entry)
    fulfilment.strike_service(session, table.eastern, agreement, entry)
    totals = queries.service_totals(session, agreement.id)
    assert (totals.entries, totals.days, totals.hours, totals.people) == (9, 5, 40.5, 54)


def test_no_service_of_tomorrow(session: Session, table: Table) -> None:
    agreement = table.in_force(session, "extension_worker")
    day = today() + timedelta(days=1)
    with pytest.raises(Refused):
        fulfilment.log_service(session, table.eastern, agreement, Service(day, "V", 1, "w", 0))
