"""The privacy page, and the forms that take out and erase what is kept."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.security.models import SecurityEvent
from tests.client import PageClient
from tests.factories import OrganisationFactory, UserFactory, member_of

PASSWORD = "a saline lake in winter"


@pytest.fixture
def ana(app: Flask) -> User:
    user: User = UserFactory(email="ana@example.org", password_hash=hash_password(PASSWORD))
    return user


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "30 days"), ("zh", "30天"), ("es", "30 días")],
)
def test_everybody_can_read_what_is_kept(client: PageClient, language: str, words: str) -> None:
    page = client.speak(language).page("/privacy")
    assert words in page.text
    assert "/privacy" in page.links, "the foot of every page leads there"


def test_the_data_comes_as_a_zip(client: PageClient, session: Session, ana: User) -> None:
    response = client.sign_in(ana).submit("/account/data/export", {"export_password": PASSWORD})
    assert (response.status_code, response.mimetype) == (200, "application/zip")
    assert response.headers["Cache-Control"] == "no-store"
    session.rollback()
    assert session.scalars(select(SecurityEvent.kind)).all() == ["exported"]


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        ("export", {}, "export_password"),
        ("export", {"export_password": "wrong"}, "export_password"),
        ("erase", {"understood": "y"}, "erase_password"),
        ("erase", {"erase_password": "wrong", "understood": "y"}, "erase_password"),
        ("erase", {"erase_password": PASSWORD}, "understood"),
    ],
)
def test_nothing_happens_without_password_and_word(
    client: PageClient, session: Session, ana: User, path: str, data: dict[str, str], field: str
) -> None:
    response = client.sign_in(ana).submit(f"/account/data/{path}", data)
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    session.refresh(ana)
    assert ana.erased_at is None


def test_erasing_signs_out_everywhere(client: PageClient, session: Session, ana: User) -> None:
    form = {"erase_password": PASSWORD, "understood": "y"}
    assert client.sign_in(ana).submit("/account/data/erase", form).location == "/"
    assert "Your account is erased." in client.page("/").text
    assert client.get("/account").location == "/sign-in?next=/account"
    signing_in = {"email": "ana@example.org", "password": PASSWORD}
    assert client.submit("/sign-in", signing_in).status_code == 422


def test_the_last_owner_is_told_what_to_do_first(
    client: PageClient, session: Session, ana: User
) -> None:
    owner = member_of(OrganisationFactory(), password_hash=hash_password(PASSWORD))
    form = {"erase_password": PASSWORD, "understood": "y"}
    response = client.sign_in(owner).submit("/account/data/erase", form)
    assert response.status_code == 422
    assert "Give another member that role first" in response.text
    session.refresh(owner)
    assert owner.erased_at is None
