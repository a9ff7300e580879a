"""Several send the same at once: one is first, the others are told, nobody is left half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts import links, queries
from matchmaker.accounts.models import SecondFactor, User
from matchmaker.accounts.passwords import matches
from matchmaker.db import now
from matchmaker.organisations import belonging, members
from matchmaker.permissions import Actor
from tests import factories
from tests.accounts.conftest import PASSWORD, mails, person
from tests.client import PageClient
from tests.threads import at_once

pytestmark = pytest.mark.race
EIGHT = 8
FIVE = 5  # as often as one address is invited in a week
WORDS = ("two", "three", "four", "five", "six", "nine", "ten", "red")
PASSWORDS = [f"{word} herons on the ice" for word in WORDS]


def browser(app: Flask) -> PageClient:
    made: PageClient = app.test_client()  # type: ignore[assignment]
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


def sent_at_once(
    app: Flask, browsers: list[PageClient], what: Callable[[int], tuple[str, dict[str, Any]]]
) -> list[int]:
    """Each browser sends its form, all in the same moment; the statuses, sorted."""
    forms = [
        (one, path, {"csrf_token": one.token(), **data})
        for one, (path, data) in zip(browsers, map(what, range(len(browsers))), strict=True)
    ]
    answers = at_once(
        app,
        [
            lambda _session, one=one, path=path, data=data: one.post(path, data=data).status_code
            for one, path, data in forms
        ],
    )
    return sorted(answers)


def test_one_reset_link_sets_one_password(app: Flask, session: Session, ana: User) -> None:
    path = f"/reset-password/{links.make(links.RESET, ana)}"
    session.commit()
    browsers = [browser(app) for _ in range(EIGHT)]
    answers = sent_at_once(app, browsers, lambda n: (path, {"new_password": PASSWORDS[n]}))
    assert answers == [303] + [404] * (EIGHT - 1)
    session.refresh(ana)
    assert [matches(ana.password_hash, one) for one in PASSWORDS].count(True) == 1
    assert ana.generation == 2


def test_one_code_lets_one_in(app: Flask, session: Session, ana: User) -> None:
    secret = pyotp.random_base32()
    session.add(SecondFactor(user_id=ana.id, secret=secret, confirmed_at=now(), last_step=0))
    session.commit()
    browsers = [browser(app) for _ in range(EIGHT)]
    for one in browsers:
        one.submit("/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    code = pyotp.TOTP(secret).now()
    answers = sent_at_once(app, browsers, lambda n: ("/sign-in/code", {"code": code}))
    assert answers == [303] + [422] * (EIGHT - 1)


def test_one_address_goes_to_one(app: Flask, session: Session) -> None:
    people = [person(email=f"person{n}@example.org") for n in range(4)]
    paths = [f"/new-email/{links.make(links.CHANGE, one, 'new@example.org')}" for one in people]
    session.commit()
    answers = sent_at_once(app, [browser(app) for _ in people], lambda n: (paths[n], {}))
    assert answers[0] == 303
    assert set(answers[1:]) <= {409, 422}


def test_one_invitation_to_an_address_is_open(app: Flask, session: Session) -> None:
    organisation = factories.OrganisationFactory()
    owners = [factories.member_of(organisation) for _ in range(FIVE)]
    browsers = [browser(app).sign_in(owner) for owner in owners]
    data = {"email": "new@example.org", "role": "viewer"}
    answers = sent_at_once(app, browsers, lambda n: ("/organisation/invitations", data))
    assert answers == [303] * FIVE
    assert len(belonging.open_invitations(session, organisation.id, now())) == 1


def test_one_invitation_makes_one_member(app: Flask, session: Session) -> None:
    organisation = factories.OrganisationFactory()
    owner = factories.member_of(organisation)
    actor = Actor(user_id=owner.id, name=owner.name, language="en")
    members.invite(
        session, actor, organisation, "new@example.org", "viewer", path=lambda token: f"/{token}"
    )
    session.commit()
    path = "/invitations" + mails(session)[-1].path
    data = {"name": "New", "language": "en", "password": PASSWORDS[0]}
    answers = sent_at_once(app, [browser(app) for _ in range(EIGHT)], lambda n: (path, data))
    assert answers == [303] + [404] * (EIGHT - 1)
    assert len(belonging.people_of(session, [organisation.id], ["viewer"])) == 1


def test_two_administrators_suspend_each_other(app: Flask, session: Session) -> None:
    ids = [factories.staff("administrator").id for _ in range(2)]
    browsers = [browser(app).sign_in(queries.user(session, one)) for one in ids]
    answers = sent_at_once(
        app,
        browsers,
        lambda n: (f"/admin/accounts/{ids[1 - n]}/suspend", {"reason": "Left."}),
    )
    assert answers[0] == 303
    assert answers[1] in (401, 404, 422)  # no administrator any more, or the last one is kept
    session.expire_all()
    assert [user.suspended_at is None for user in map(session.get, [User] * 2, ids)].count(
        True
    ) == 1
