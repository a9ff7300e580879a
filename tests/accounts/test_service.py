from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts import queries, service
from matchmaker.accounts.models import StaffRole, User
from matchmaker.accounts.passwords import NONE, matches
from matchmaker.db import db
from matchmaker.errors import Refused
from matchmaker.permissions import SYSTEM, Actor
from tests import factories
from tests.accounts.conftest import PASSWORD, person

ROOT = Actor(user_id=999, name="Root")


@pytest.mark.both_databases
def test_the_first_administrator_can_sign_in(session: Session) -> None:
    user = service.create_administrator(session, " Root@Example.org ", "Root", PASSWORD)
    assert service.authenticate(session, "root@example.org", PASSWORD) is user
    assert [role.role for role in user.staff_roles] == ["administrator"]


@pytest.mark.parametrize(
    ("email", "password"),
    [("root", PASSWORD), ("root@example.org", "short"), ("ana@example.org", PASSWORD)],
)
def test_an_administrator_needs_a_free_address_and_a_good_password(
    session: Session, ana: User, email: str, password: str
) -> None:
    with pytest.raises(Refused):
        service.create_administrator(session, email, "Root", password)


def test_a_password_set_by_the_operator_ends_sessions(session: Session, ana: User) -> None:
    service.set_password(session, SYSTEM, ana, "another good password")
    assert ana.generation == 2
    assert matches(ana.password_hash, "another good password")


def test_curators_of_a_province_are_its_own_and_the_national_ones(session: Session) -> None:
    own = factories.provincial_curator("63", "64")
    national = factories.staff("national_curator")
    factories.provincial_curator("65")
    factories.provincial_curator("63", suspended=True)
    factories.staff("administrator")
    assert [user.id for user in queries.curators_of(session, "63")] == [own.id, national.id]


@pytest.mark.both_databases
@pytest.mark.parametrize("move", ["take_role", "suspend"])
def test_two_administrators_cannot_remove_each_other(app: Flask, database: str, move: str) -> None:
    ids = [factories.staff("administrator").id for _ in range(2)]
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def remove(mine: int, other: int) -> None:
        with app.app_context():
            session = db.session()
            if database == "sqlite":
                together.wait()
            user = queries.user(session, other)
            if database == "postgresql":
                together.wait()  # both have seen two administrators
            try:
                _remove(session, Actor(user_id=mine, name="x"), user, move)
                session.commit()
                outcomes.append("removed")
            except Refused:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=remove, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "removed"]


def _remove(session: Session, actor: Actor, user: Any, move: str) -> None:
    if move == "suspend":
        service.suspend(session, actor, user, "Left.")
    else:
        _take(session, actor, user)


def _take(session: Session, actor: Actor, user: Any) -> None:
    """The user's only role."""
    found = session.query(StaffRole.id).filter_by(user_id=user.id).scalar()
    role = queries.staff_role(session, user.id, found)
    assert role is not None
    service.take_role(session, actor, role)


def test_nobody_suspends_themselves(session: Session, administrator: User) -> None:
    factories.staff("administrator")
    with pytest.raises(Refused):
        service.suspend(
            session, Actor(user_id=administrator.id, name="Root"), administrator, "Tired."
        )


@pytest.mark.parametrize("trait", ["suspended", "unconfirmed"])
def test_an_administrator_who_cannot_sign_in_does_not_count(session: Session, trait: str) -> None:
    last = factories.staff("administrator")
    factories.staff("administrator", **{trait: True})
    with pytest.raises(Refused):
        _take(session, ROOT, last)


def test_a_provincial_curator_needs_a_province(session: Session, ana: User) -> None:
    with pytest.raises(Refused):
        service.give_role(session, ROOT, ana, "provincial_curator")


def test_only_a_provincial_curators_role_has_provinces(session: Session, ana: User) -> None:
    service.give_role(session, ROOT, queries.user(session, ana.id), "evaluator", ["63"])  # type: ignore[arg-type]
    assert [(role.role, role.province) for role in ana.staff_roles] == [("evaluator", "")]


@pytest.mark.parametrize(("fields", "may"), [({}, False), ({"password_hash": NONE}, True)])
def test_a_role_is_not_given_to_whoever_has_not_proved_the_address(
    session: Session, fields: dict[str, str], may: bool
) -> None:
    """A stranger may have registered the address; an administrator's account differs."""
    user = person(email="li@example.org", email_confirmed_at=None)
    for name, value in fields.items():
        setattr(user, name, value)
    session.commit()
    found = queries.user(session, user.id)
    assert found is not None
    if may:
        service.give_role(session, ROOT, found, "evaluator")
    else:
        with pytest.raises(Refused):
            service.give_role(session, ROOT, found, "evaluator")
