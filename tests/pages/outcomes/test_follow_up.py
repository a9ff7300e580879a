"""The link of a mail that asks how it goes: one page, three answers, no signing in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import now
from matchmaker.notices.models import OutboxMail
from matchmaker.organisations.jobs import deliver_mail
from matchmaker.organisations.models import Membership
from matchmaker.outcomes import links, service
from matchmaker.outcomes.models import FollowUp
from tests import factories
from tests.client import PageClient
from tests.notices.conftest import Postbox, postbox
from tests.outcomes.conftest import Pair

__all__ = ["postbox"]


@pytest.fixture
def asked(session: Session, pair: Pair) -> FollowUp:
    """The question to the western side."""
    service.ask(session, pair.match, now(), 30, at=now())
    session.commit()
    return session.scalars(select(FollowUp).where(FollowUp.side == "need")).one()


def link(asked: FollowUp, user: User) -> str:
    return links.make(asked.id, user.id)


def answered(session: Session, asked: FollowUp) -> str:
    session.refresh(asked)
    return asked.progress


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_a_link_answers_nothing(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp, method: str
) -> None:
    response = client.open(link(asked, pair.stage.west) + "?answer=done", method=method)
    assert (response.status_code, answered(session, asked)) == (200, "")


@pytest.mark.parametrize("answer", ["going_on", "done", "ended"])
def test_the_answer_of_the_link_is_chosen_and_one_button_sends_it(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp, answer: str
) -> None:
    path = f"{link(asked, pair.stage.west)}?answer={answer}"
    html = client.get(path).text
    assert re.search(rf'<input checked[^>]*value="{answer}"', html)
    assert html.count('class="primary"') == 1
    assert client.submit(path, {"answer": answer}).status_code == 200
    assert answered(session, asked) == answer


def test_an_answer_is_changed_by_the_same_link(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp
) -> None:
    path = link(asked, pair.stage.west)
    client.submit(path, {"answer": "ended", "reason": "terms"})
    client.submit(path, {"answer": "going_on", "reason": "terms"})
    session.refresh(asked)
    assert (asked.progress, asked.reason) == ("going_on", "")


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_what_is_no_answer_is_asked_again(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp, answer: str
) -> None:
    response = client.submit(link(asked, pair.stage.west), {"answer": answer})
    assert (response.status_code, answered(session, asked)) == (422, "")


def test_an_old_link_says_so_and_changes_nothing(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp
) -> None:
    with time_machine.travel(now() + timedelta(days=61), tick=False):
        path = link(asked, pair.stage.west)
        assert "is over" in client.page(path, status=410).text
        assert client.submit(path, {"answer": "done"}).status_code == 410
    assert answered(session, asked) == ""


@pytest.mark.parametrize("why", ["forged", "of the other side", "has left", "viewer now"])
def test_a_link_of_somebody_who_does_not_speak_for_the_side_is_no_page(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp, why: str
) -> None:
    west = pair.stage.west
    path = link(asked, pair.stage.east if why == "of the other side" else west)
    membership = session.scalars(select(Membership).where(Membership.user_id == west.id)).one()
    if why == "forged":
        path = path[:-2]
    elif why == "has left":
        session.delete(membership)
    elif why == "viewer now":
        membership.role = "viewer"
    session.commit()
    assert client.get(path).status_code == 404
    assert client.submit(path, {"answer": "done"}).status_code == 404


def test_both_sides_and_curators_read_what_is_reported(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp
) -> None:
    client.submit(link(asked, pair.stage.west), {"answer": "ended", "reason": "terms"})
    for user in (pair.stage.west, pair.stage.east, pair.curator):
        text = client.sign_in(user).page(f"/matches/{pair.match.id}/outcomes").text
        assert "Ended without a result (No agreement on terms) reported on" in text


def test_the_mail_has_three_links_that_lead_to_the_page(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp, postbox: Postbox
) -> None:
    deliver_mail(session)
    mail = next(
        one
        for one in postbox.mails
        if one["To"] == pair.stage.west.email and "How is it going" in one["Subject"]
    )
    half = mail.get_body(("plain",))
    assert half is not None
    plain = half.get_content()
    found = re.findall(r"http://localhost(/follow-up/\S+)", plain)
    assert [one.rpartition("=")[2] for one in found] == ["going_on", "done", "ended"]
    for one in found:
        client.page(one)


def test_each_writer_has_a_link_and_the_last_word_counts(
    client: PageClient, session: Session, pair: Pair, asked: FollowUp
) -> None:
    colleague = factories.member_of(pair.stage.need.organisation, "editor")
    client.submit(link(asked, pair.stage.west), {"answer": "going_on"})
    client.submit(link(asked, colleague), {"answer": "done"})
    session.refresh(asked)
    assert (asked.progress, asked.answered_by_id) == ("done", colleague.id)


def test_the_link_fits_where_it_is_kept(session: Session, asked: FollowUp) -> None:
    paths = session.scalars(select(OutboxMail.path).where(OutboxMail.kind == "outcome.follow_up"))
    assert max(len(path) for path in paths) < 150
