from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from matchmaker.accounts import links
from matchmaker.accounts.models import User
from matchmaker.db import now


@pytest.mark.parametrize("purpose", [links.CONFIRM, links.RESET, links.WELCOME])
def test_a_link_names_its_user(session: Session, ana: User, purpose: str) -> None:
    assert links.read(session, links.make(purpose, ana), purpose) is ana


@pytest.mark.parametrize("purpose", [links.CONFIRM, links.RESET, links.WELCOME])
@pytest.mark.parametrize(
    ("late", "good"), [(timedelta(seconds=-5), True), (timedelta(seconds=5), False)]
)
def test_a_link_runs_out(
    session: Session, ana: User, purpose: str, late: timedelta, good: bool
) -> None:
    token = links.make(purpose, ana)
    with time_machine.travel(now() + links.GOOD_FOR[purpose] + late):
        assert (links.read(session, token, purpose) is not None) is good


def test_a_link_for_one_thing_is_no_link_for_another(session: Session, ana: User) -> None:
    assert links.read(session, links.make(links.CONFIRM, ana), links.RESET, links.WELCOME) is None


@pytest.mark.parametrize(
    ("purpose", "change"),
    [
        (links.CONFIRM, {"generation": 2}),
        (links.CONFIRM, {"email": "other@example.org"}),
        (links.RESET, {"generation": 2}),
        (links.RESET, {"password_hash": "another"}),
        (links.WELCOME, {"password_hash": "another"}),
    ],
)
def test_what_a_link_is_bound_to_ends_it(
    session: Session, ana: User, purpose: str, change: dict[str, object]
) -> None:
    token = links.make(purpose, ana)
    for name, value in change.items():
        setattr(ana, name, value)
    assert links.read(session, token, purpose) is None


@pytest.mark.parametrize("token", ["", "x", "WzEsIngiXQ.aaa.bbb"])
def test_what_we_did_not_sign_is_no_link(session: Session, token: str) -> None:
    assert links.read(session, token, links.CONFIRM) is None
