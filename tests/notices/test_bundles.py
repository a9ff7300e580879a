"""Mails that leave together: bursts of news, daily and weekly digests."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import db, now
from matchmaker.notices import rules, service
from matchmaker.notices.jobs import _lease
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.notices.rules import LEASE
from matchmaker.notices.service import Choice
from matchmaker.notices.states import Frequency, Topic
from matchmaker.organisations import service as organisations
from matchmaker.organisations.belonging import names_for_people_of_several
from matchmaker.organisations.jobs import deliver_mail
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.rules import Profile
from matchmaker.permissions import Actor
from tests.factories import OrganisationFactory, UserFactory, member_of, provincial_curator
from tests.notices.conftest import Postbox

START = datetime.fromisoformat("2026-11-25T03:00:00+00:00")  # a Wednesday, 11 o'clock in China


def submitted(session: Session, users: Sequence[User], number: int) -> None:
    service.notify(
        session,
        users,
        "listing.submitted",
        f"/desk/listings/{number}",
        title=f"Listing {number}",
        organisation="Plateau Works",
    )
    session.commit()


def edit_profile(session: Session, owner: User, organisation: Organisation, city: str) -> None:
    profile = {field.name: getattr(organisation, field.name) for field in fields(Profile)}
    actor = Actor(user_id=owner.id, name=owner.name, organisation_id=organisation.id)
    changed = Profile(**{**profile, "city": city})
    organisations.edit(session, actor, organisation, organisation.version, changed)
    session.commit()


@pytest.mark.both_databases
def test_a_burst_of_edits_makes_two_mails_a_curator(session: Session, postbox: Postbox) -> None:
    curator, organisation = provincial_curator("63"), OrganisationFactory(province="63")
    owner = member_of(organisation)
    with time_machine.travel(START, tick=False):
        for number in range(8):
            edit_profile(session, owner, organisation, f"City {number}")
            if number < 3:
                deliver_mail(session)
    deliver_until(session, START, 6)
    assert [mail["To"] for mail in postbox.mails] == [curator.email] * 2
    assert plain(postbox.mails[1]).count("has changed its profile") >= 7


def test_what_has_no_topic_is_always_told_at_once(session: Session, postbox: Postbox) -> None:
    user = UserFactory()
    for topic in Topic:
        wants(session, user, topic, Frequency.OFF)
    service.notify(session, [user], "organisation.handed_over", "/home", organisation="A")
    session.commit()
    assert deliver_mail(session) == 1
    assert postbox.mails[0]["List-Unsubscribe"] is None
    assert session.scalars(select(Notice.kind)).all() == ["organisation.handed_over"]


def wants(session: Session, user: User, topic: Topic, mail: str) -> None:
    actor = Actor(user_id=user.id, name=user.name)
    service.choose(session, actor, {topic: Choice(mail=mail)})
    session.commit()


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def deliver_until(session: Session, start: datetime, minutes: int) -> None:
    for minute in range(minutes + 1):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            deliver_mail(session)


@pytest.mark.both_databases
def test_a_burst_of_submissions_makes_two_mails_a_curator(
    session: Session, postbox: Postbox
) -> None:
    curators = [provincial_curator("63") for _ in range(3)]
    with time_machine.travel(START, tick=False):
        for number in range(150):
            submitted(session, curators, number)
            if number < 5:
                deliver_mail(session)
    deliver_until(session, START, 12)
    mine = [mail for mail in postbox.mails if mail["To"] == curators[0].email]
    assert len(postbox.mails) == 6
    assert [mail["Subject"] for mail in mine] == [
        "[East–West Matchmaker] “Listing 0” needs review",
        "[East–West Matchmaker] “Listing 1” needs review – and 148 more",
    ]
    assert "Listing 1”" in plain(mine[1])
    assert "http://127.0.0.1:8000/desk/listings/77" in plain(
        mine[1]
    ) or "http://localhost/desk/listings/77" in plain(mine[1])
    assert "There are 49 more notices on the site" in plain(mine[1])


def test_a_single_mail_leaves_at_once(session: Session, postbox: Postbox) -> None:
    submitted(session, [UserFactory()], 1)
    assert deliver_mail(session) == 1


def test_other_news_does_not_wait_for_a_burst(session: Session, postbox: Postbox) -> None:
    user = UserFactory()
    submitted(session, [user], 1)
    deliver_mail(session)
    service.notify(session, [user], "listing.expired", "/listings/1", title="Other")
    session.commit()
    assert deliver_mail(session) == 1


def test_letters_about_accounts_are_never_put_together(session: Session, postbox: Postbox) -> None:
    for number in range(3):
        service.mail(session, "ana@example.org", "en", "account.reset", f"/reset/{number}")
    session.commit()
    assert deliver_mail(session) == 3


@pytest.mark.parametrize(
    ("frequency", "at", "leaves"),
    [
        (Frequency.AT_ONCE, "2026-11-25T03:00", "2026-11-25T03:00"),
        (Frequency.DAILY, "2026-11-25T03:00", "2026-11-26T00:00"),
        (Frequency.DAILY, "2026-11-24T23:59", "2026-11-25T00:00"),
        (Frequency.DAILY, "2026-11-25T00:00", "2026-11-26T00:00"),
        (Frequency.WEEKLY, "2026-11-25T03:00", "2026-11-30T00:00"),
        (Frequency.WEEKLY, "2026-11-29T23:59", "2026-11-30T00:00"),
        (Frequency.WEEKLY, "2026-11-30T00:00", "2026-12-07T00:00"),
    ],
)
def test_digests_leave_at_eight_in_china(frequency: str, at: str, leaves: str) -> None:
    due = rules.due(frequency, datetime.fromisoformat(f"{at}+00:00"))
    assert due == datetime.fromisoformat(f"{leaves}+00:00")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("frequency", "subject"),
    [(Frequency.DAILY, "Today: 2 notices"), (Frequency.WEEKLY, "This week: 2 notices")],
)
def test_a_digest_carries_what_happened(
    session: Session, postbox: Postbox, frequency: str, subject: str
) -> None:
    user = UserFactory()
    with time_machine.travel(START, tick=False):
        wants(session, user, Topic.DESK, frequency)
        wants(session, user, Topic.LISTING, frequency)
        submitted(session, [user], 1)
        service.notify(
            session, [user], "listing.changes_requested", "/listings/2", title="B", note="More."
        )
        session.commit()
        assert deliver_mail(session) == 0
    with time_machine.travel(START + timedelta(days=7), tick=False):
        assert deliver_mail(session) == 1
    (mail,) = postbox.mails
    assert mail["Subject"] == f"[East–West Matchmaker] {subject}"
    for words in ("“Listing 1” needs review", "/desk/listings/1", "The curator writes: More."):
        assert words in plain(mail)


@pytest.mark.both_databases
def test_a_mail_tried_again_is_the_same_mail(session: Session, postbox: Postbox) -> None:
    """A process died after leasing: nothing joins what may have been sent."""
    user = UserFactory()
    for number in (1, 2):
        submitted(session, [user], number)
    (lost,) = _lease(session, names_for_people_of_several) or []
    submitted(session, [user], 3)
    with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=False):
        (again, fresh) = _lease(session, names_for_people_of_several) or []
    assert (again.id, again.items) == (lost.id, lost.items)
    assert [item.path for item in fresh.items] == ["/desk/listings/3"]


@pytest.mark.both_databases
def test_two_workers_send_each_mail_once(app: Flask, session: Session, postbox: Postbox) -> None:
    recipients = {f"p{number}@example.org" for number in range(60)}
    for recipient in recipients:
        service.mail(session, recipient, "en", "account.exists", "/")
    session.commit()

    def work() -> None:
        with app.app_context():
            try:
                deliver_mail(db.session())
            finally:
                db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mail["To"] for mail in postbox.mails) == sorted(recipients)


def test_what_was_sent_while_the_database_was_away_is_not_sent_again(
    session: Session, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(session, [UserFactory()], 1)
    commit, failing = session.commit, iter([False, True])

    def commit_but_once() -> None:
        if next(failing, False):
            raise OperationalError("COMMIT", {}, Exception("server closed the connection"))
        commit()

    monkeypatch.setattr(session, "commit", commit_but_once)
    with pytest.raises(OperationalError):
        deliver_mail(session)
    session.rollback()
    with time_machine.travel(now() + 2 * LEASE, tick=False):
        assert deliver_mail(session) == 0
    assert len(postbox.mails) == 1
    assert session.query(OutboxMail).one().sent_at is not None


def test_a_slow_server_is_left_before_the_lease_runs_out(
    session: Session, postbox: Postbox, app: Flask
) -> None:
    for number in range(8):
        service.mail(session, f"p{number}@example.org", "en", "account.exists", "/")
    session.commit()
    with time_machine.travel(START + timedelta(days=365), tick=False) as clock:
        postbox.on_mail = lambda: clock.shift(LEASE / 5)
        assert deliver_mail(session) == 3
    waiting = session.query(OutboxMail).filter_by(sent_at=None).all()
    assert [(mail.attempts, mail.given_up_at) for mail in waiting] == [(0, None)] * 5
