from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.notices import service
from matchmaker.notices.models import Notice
from tests.client import PageClient
from tests.factories import UserFactory


@pytest.fixture
def told(session: Session) -> Notice:
    ana = UserFactory(name="Ana")
    service.notify(
        session, [ana], "listing.published", "/plan", title="盐湖提锂", organisation="高原企业"
    )
    session.commit()
    return session.query(Notice).one()


def reader(session: Session, notice: Notice) -> object:
    return session.get(User, notice.user_id)


def test_a_notice_is_a_sentence_and_counted_until_read(
    client: PageClient, session: Session, told: Notice
) -> None:
    client.sign_in(reader(session, told))
    assert "“盐湖提锂” is published" in client.page("/notices").text
    assert "Notices 1" in client.page("/notices").text


def test_opening_marks_it_read_and_leads_to_what_it_is_about(
    client: PageClient, session: Session, told: Notice
) -> None:
    client.sign_in(reader(session, told))
    response = client.submit(f"/notices/{told.id}/open")
    assert (response.status_code, response.location) == (303, "/plan")
    assert "Notices 1" not in client.page("/notices").text


def test_all_can_be_marked_as_read_at_once(
    client: PageClient, session: Session, told: Notice
) -> None:
    client.sign_in(reader(session, told))
    client.submit("/notices/read")
    assert "Notices 1" not in client.page("/notices").text


def test_somebody_elses_notice_does_not_exist(client: PageClient, told: Notice) -> None:
    client.sign_in(UserFactory())
    assert client.submit(f"/notices/{told.id}/open").status_code == 404
    assert "盐湖提锂" not in client.page("/notices").text
