"""Messages of a match: who writes, who is told, what is counted, what closes."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.conversations import queries, service
from matchmaker.conversations.models import Draft, Message
from matchmaker.cooperation import guests
from matchmaker.cooperation import service as cooperation
from matchmaker.cooperation.states import MatchStatus
from matchmaker.errors import Conflict, LimitReached, NotAllowed, Refusal, Refused
from matchmaker.files import jobs
from matchmaker.files.models import StoredFile
from matchmaker.files.service import receiving
from matchmaker.limits.rules import LIMITS
from matchmaker.limits.states import Act, Per
from matchmaker.notices.models import Notice, OutboxMail, Preference
from matchmaker.notices.states import Topic
from tests import factories
from tests.conversations.conftest import Stage
from tests.files import samples

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
WORDS = "zibelinwords"


def post(
    session: Session,
    stage: Stage,
    who: str = "west",
    text: str = WORDS,
    key: str = "",
    **at: datetime,
) -> Message:
    actor = stage.actor(who)
    message = service.post(session, actor, stage.match, text, key=key or text, **at)
    session.commit()
    return message


def test_the_first_message_of_a_side_notes_that_they_are_in_contact(
    session: Session, stage: Stage
) -> None:
    post(session, stage)
    assert stage.match.status == MatchStatus.IN_CONTACT
    post(session, stage, "east", "Answer")
    actions = session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
    assert actions[1:] == ["message.post", "match.note_contact", "message.post"]


def test_a_form_that_comes_twice_is_one_message(session: Session, stage: Stage) -> None:
    first, second = post(session, stage, key="k"), post(session, stage, key="k")
    assert first.id == second.id
    assert post(session, stage, "east", key="k").id != first.id


def test_the_words_stand_in_no_notice_mail_or_record(session: Session, stage: Stage) -> None:
    post(session, stage)
    kept = [
        *session.scalars(select(Notice.params)),
        *session.scalars(select(OutboxMail.params)),
        *session.scalars(select(AuditRecord.detail)),
    ]
    assert len(kept) == 5  # with the record of the plan
    assert WORDS not in json.dumps(kept)


def test_the_words_are_mailed_to_whom_has_chosen_that(session: Session, stage: Stage) -> None:
    session.add(Preference(user_id=stage.east.id, topic=Topic.MESSAGE, with_words=True))
    session.commit()
    message = post(session, stage)
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.params["words"] == WORDS
    assert WORDS not in json.dumps(session.scalars(select(Notice.params)).all())
    service.delete(session, stage.actor("west"), stored(session, stage, message))
    session.commit()
    session.refresh(mail)
    assert WORDS not in json.dumps(mail.params)


def stored(session: Session, stage: Stage, message: Message) -> Message:
    found = queries.message(session, stage.match_id, message.id)
    assert found is not None
    return found


def test_the_other_side_s_writers_are_told_once_until_they_read(
    session: Session, stage: Stage
) -> None:
    organisation = stage.match.capability.organisation
    factories.member_of(organisation, "viewer")
    for text in ("one", "two"):
        post(session, stage, text=text)
    assert session.scalars(select(Notice.user_id)).all() == [stage.east.id]
    assert session.scalars(select(OutboxMail.user_id)).all() == [stage.east.id] * 2


def test_what_a_side_has_not_read_is_counted_until_it_reads(session: Session, stage: Stage) -> None:
    message = post(session, stage)
    post(session, stage, text="more")
    west, east = stage.actor("west"), stage.actor("east")
    assert queries.unread_by_match(session, west) == {}
    assert queries.unread_by_match(session, east) == {stage.match_id: 2}
    service.mark_read(session, east, stage.match_id, message.id)
    session.flush()
    assert queries.extent(session, stage.match_id, east.organisation_id) == queries.Extent(2, 1)
    service.mark_read(session, east, stage.match_id, message.id + 1)
    service.mark_read(session, east, stage.match_id, message.id)
    session.flush()
    assert queries.unread_by_match(session, east) == {}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "proposed"}, Refusal.NOT_TOGETHER),
        ({"status": "declined"}, Refusal.MATCH_ENDED),
        ({"status": "withdrawn"}, Refusal.MATCH_ENDED),
    ],
)
def test_a_closed_thread_takes_nothing_new(
    session: Session, stage: Stage, fields: dict[str, str], expected: Refusal
) -> None:
    match = stage.match
    for name, value in fields.items():
        setattr(match, name, value)
    session.commit()
    with pytest.raises(Refused) as refused:
        post(session, stage)
    assert refused.value.refusal == expected


def test_a_thread_is_closed_while_the_other_side_is_suspended(
    session: Session, stage: Stage
) -> None:
    stage.match.capability.organisation.status = "suspended"
    session.commit()
    with pytest.raises(Refused) as refused:
        post(session, stage)
    assert refused.value.refusal == Refusal.PARTNER_UNAVAILABLE


def test_a_side_writes_so_many_a_day_and_takes_none_of_the_other_s(
    session: Session, stage: Stage
) -> None:
    (most,) = {one.most for one in LIMITS if (one.act, one.per) == (Act.MESSAGE, Per.RECIPIENT)}
    for number in range(most):
        service.post(session, stage.actor("west"), stage.match, "a", key=str(number), at=NOON)
    session.commit()
    with pytest.raises(LimitReached):
        post(session, stage, at=NOON)
    session.rollback()
    assert post(session, stage, "east", at=NOON)
    assert post(session, stage, at=NOON + timedelta(days=1))


def test_deleting_takes_words_and_files_out_and_leaves_that_there_was_a_message(
    session: Session, stage: Stage
) -> None:
    actor = stage.actor("west")
    with receiving([(io.BytesIO(samples.pdf()), "plan.pdf")]) as received:
        message = service.post(session, actor, stage.match, WORDS, received, key="k", at=NOON)
        session.commit()
    assert queries.matches_of_files(session, [message.files[0].id])
    service.delete(session, actor, stored(session, stage, message), at=NOON + timedelta(minutes=5))
    session.commit()
    assert (message.text, message.deleted_at is not None) == ("", True)
    file = session.scalars(select(StoredFile)).one()
    assert file.deleted_by_id == actor.user_id
    assert not queries.matches_of_files(session, [file.id])
    assert jobs.remove_files(session) == 1


@pytest.mark.parametrize(("who", "minutes"), [("west", 16), ("east", 1)])
def test_late_or_for_others_nothing_is_deleted(
    session: Session, stage: Stage, who: str, minutes: int
) -> None:
    message = stored(session, stage, post(session, stage, at=NOON))
    with pytest.raises(Refused):
        service.delete(session, stage.actor(who), message, at=NOON + timedelta(minutes=minutes))


def test_curators_write_while_a_side_has_them_there(session: Session, stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        post(session, stage, "curator")
    session.rollback()
    guests.invite_curators(session, stage.actor("east"), stage.match)
    session.commit()
    message = post(session, stage, "curator")
    assert (message.organisation_id, message.province) == (None, "63")
    assert stage.match.status == MatchStatus.MUTUAL
    told = session.scalars(select(Notice.user_id).where(Notice.kind == "message.of_curator")).all()
    assert sorted(told) == sorted([stage.west.id, stage.east.id])
    guests.dismiss_curators(session, stage.actor("west"), stage.match)
    session.commit()
    with pytest.raises(NotAllowed):
        post(session, stage, "curator", "more")


def test_a_curator_who_has_written_is_told_of_answers_while_invited(
    session: Session, stage: Stage
) -> None:
    def told() -> int:
        query = select(Notice).where(
            Notice.user_id == stage.curator.id, Notice.kind == "message.new"
        )
        return len(session.scalars(query).all())

    guests.invite_curators(session, stage.actor("east"), stage.match)
    post(session, stage, text="before")
    assert told() == 0
    post(session, stage, "curator")
    post(session, stage, text="after")
    assert told() == 1
    guests.dismiss_curators(session, stage.actor("east"), stage.match)
    post(session, stage, "east", text="later")
    assert told() == 1


def test_an_invitation_stands_once(session: Session, stage: Stage) -> None:
    with pytest.raises(Conflict):
        guests.dismiss_curators(session, stage.actor("west"), stage.match)
    guests.invite_curators(session, stage.actor("west"), stage.match)
    session.commit()
    with pytest.raises(Conflict):
        guests.invite_curators(session, stage.actor("east"), stage.match)


def test_curators_are_not_invited_to_what_is_closed(session: Session, stage: Stage) -> None:
    stage.match.status = MatchStatus.DECLINED
    session.commit()
    with pytest.raises(Refused):
        guests.invite_curators(session, stage.actor("west"), stage.match)


def test_a_draft_is_kept_until_it_is_sent_and_not_after(session: Session, stage: Stage) -> None:
    actor = stage.actor("west")
    for text in ("a", "ab"):
        service.save_draft(session, actor, stage.match, text, key="k")
    session.commit()
    assert session.scalars(select(Draft.text)).all() == ["ab"]
    post(session, stage, text="abc", key="k")
    service.save_draft(session, actor, stage.match, "abc", key="k")
    session.commit()
    assert session.scalars(select(Draft)).all() == []
    service.save_draft(session, actor, stage.match, "next", key="another")
    service.save_draft(session, actor, stage.match, "", key="another")
    session.commit()
    assert session.scalars(select(Draft)).all() == []


def test_a_match_that_ended_keeps_what_was_said(session: Session, stage: Stage) -> None:
    post(session, stage)
    cooperation.end(session, stage.actor("east"), stage.match, "no_progress")
    session.commit()
    assert queries.extent(session, stage.match_id, None).messages == 1
