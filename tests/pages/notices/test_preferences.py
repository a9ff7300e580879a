"""Choosing how to be told, and ending mails by their link."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.notices import service
from matchmaker.notices.letter import make_token
from matchmaker.notices.models import Notice, OutboxMail, Preference
from matchmaker.notices.states import Frequency, Topic
from tests.client import PageClient
from tests.factories import OrganisationFactory, UserFactory, member_of, provincial_curator, staff

PATH = "/notices/preferences"
USUAL = {
    f"{topic}_{part}": value
    for topic in (*Topic.MEMBERS, Topic.WATCH)
    for part, value in (("in_app", "y"), ("mail", "at_once"))
}


@pytest.fixture
def owner(app: Flask) -> User:
    return member_of(OrganisationFactory())


def told(session: Session, user: User, kind: str = "listing.published") -> tuple[int, list[str]]:
    """Return how many notices and mails (by frequency) somebody gets about something."""
    service.notify(session, [user], kind, "/plan", title="T", partner="P", until="2027-01-01")
    session.commit()
    notices = session.scalars(select(Notice).where(Notice.user_id == user.id)).all()
    mails = session.scalars(select(OutboxMail).where(OutboxMail.user_id == user.id)).all()
    return len(notices), [mail.frequency for mail in mails]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({}, (1, ["at_once"])),
        ({"listing_mail": "daily"}, (1, ["daily"])),
        ({"listing_mail": "weekly"}, (1, ["weekly"])),
        ({"listing_mail": "off"}, (1, [])),
        ({"listing_in_app": ""}, (0, ["at_once"])),
        ({"listing_in_app": "", "listing_mail": "off"}, (0, [])),
        ({"match_mail": "off"}, (1, ["at_once"])),
    ],
)
def test_one_is_told_as_one_has_chosen(
    client: PageClient,
    session: Session,
    owner: User,
    choice: dict[str, str],
    expected: tuple[int, list[str]],
) -> None:
    form = {name: value for name, value in {**USUAL, **choice}.items() if value}
    assert client.sign_in(owner).submit(PATH, form).location == PATH
    assert told(session, owner) == expected


def test_the_page_shows_what_was_chosen(client: PageClient, owner: User) -> None:
    client.sign_in(owner).submit(PATH, {**USUAL, "match_mail": "weekly"})
    html = client.get(PATH).text
    assert html.count('<option selected value="weekly">') == 1
    assert html.count('<option selected value="at_once">') == 6
    assert html.count("checked") == len(Topic.MEMBERS) + 1  # and the language


def test_a_choice_is_audited(client: PageClient, session: Session, owner: User) -> None:
    client.sign_in(owner).submit(PATH, {**USUAL, "match_mail": "off"})
    record = session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None
    assert (record.action, record.actor_id) == ("account.choose_notices", owner.id)
    assert record.detail["choices"]["match"] == [True, "off"]


@pytest.mark.parametrize("sent", ["hourly", ""])
def test_what_is_no_choice_is_named(client: PageClient, owner: User, sent: str) -> None:
    response = client.sign_in(owner).submit(PATH, {**USUAL, "match_mail": sent})
    assert response.status_code == 422
    assert 'href="#match_mail"' in response.text


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        ("curator", "Organisations to verify", "New suggested partners"),
        ("owner", "New suggested partners", "Organisations to verify"),
        ("admin", "Listings that you watch", "New suggested partners"),
    ],
)
def test_one_chooses_about_what_one_may_be_told(
    client: PageClient, owner: User, who: str, shown: str, hidden: str
) -> None:
    people = {
        "owner": lambda: owner,
        "curator": lambda: provincial_curator("63"),
        "admin": lambda: staff("administrator"),
    }
    text = client.sign_in(people[who]()).page(PATH).text
    assert shown in text
    assert hidden not in text


@pytest.mark.parametrize(("choice", "left"), [("off", []), ("daily", ["daily"])])
def test_mails_that_wait_follow_the_choice(
    client: PageClient, session: Session, owner: User, choice: str, left: list[str]
) -> None:
    told(session, owner)
    client.sign_in(owner).submit(PATH, {**USUAL, "listing_mail": choice})
    assert [mail.frequency for mail in session.scalars(select(OutboxMail))] == left


def choice_of(session: Session, user: User) -> str:
    found = session.get(Preference, (user.id, "match"), populate_existing=True)
    return found.mail if found else Frequency.AT_ONCE


@pytest.mark.parametrize(
    ("method", "mail"), [("GET", "at_once"), ("HEAD", "at_once"), ("POST", "off")]
)
def test_only_post_ends_mails(
    client: PageClient, session: Session, owner: User, method: str, mail: str
) -> None:
    path = f"/unsubscribe/{make_token(owner.id, [Topic.MATCH])}"
    assert client.open(path, method=method).status_code == 200
    assert choice_of(session, owner) == mail


def test_a_mail_program_ends_mails_by_one_click(
    client: PageClient, session: Session, owner: User
) -> None:
    """As RFC 8058 says: no cookie, no token, from another site."""
    response = client.post(
        f"/unsubscribe/{make_token(owner.id, [Topic.MATCH])}",
        data={"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example.org", "Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 200
    assert "Expressions of interest, matches and results" in response.text
    assert choice_of(session, owner) == "off"
    assert told(session, owner, "match.interest")[1] == []


@pytest.mark.parametrize("change", ["x", "", "nothing"])
def test_a_link_that_is_not_ours_is_no_page(client: PageClient, owner: User, change: str) -> None:
    token = make_token(owner.id, [Topic.MATCH])[:-3] + change
    assert client.get(f"/unsubscribe/{token}").status_code == 404
    assert client.post(f"/unsubscribe/{token}").status_code == 404


def test_ending_mails_is_audited(client: PageClient, session: Session, owner: User) -> None:
    client.post(f"/unsubscribe/{make_token(owner.id, [Topic.MATCH])}")
    record = session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None
    assert (record.action, record.detail) == ("account.unsubscribe", {"topics": ["match"]})


def test_mail_about_the_account_comes_all_the_same(
    client: PageClient, session: Session, owner: User
) -> None:
    everything = {f"{topic}_mail": "off" for topic in Topic.MEMBERS}
    client.sign_in(owner).submit(PATH, everything)
    client.submit("/sign-out")
    client.submit("/forgot-password", {"email": owner.email})
    assert [mail.kind for mail in session.scalars(select(OutboxMail))] == ["account.reset"]


def test_somebody_else_is_told_as_before(client: PageClient, session: Session, owner: User) -> None:
    other = UserFactory()
    client.post(f"/unsubscribe/{make_token(owner.id, [Topic.LISTING])}")
    assert told(session, other) == (1, ["at_once"])
