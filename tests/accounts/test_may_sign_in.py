"""Who may sign in is one rule, in SQL and in Python."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.organisations import belonging
from tests import factories


def test_both_say_the_same(app: Flask, session: Session) -> None:
    for unconfirmed in (True, False):
        for suspended in (True, False):
            factories.UserFactory(unconfirmed=unconfirmed, suspended=suspended)
    everybody = session.scalars(select(User)).all()
    chosen = set(session.scalars(select(User.id).where(User.may_sign_in)))
    assert len(everybody) == 4
    assert chosen == {user.id for user in everybody if user.may_sign_in}
    assert len(chosen) == 1


def test_who_is_told_may_sign_in(app: Flask, session: Session) -> None:
    organisation = factories.OrganisationFactory()
    owner = factories.member_of(organisation, "owner")
    editor = factories.member_of(organisation, "editor")
    factories.member_of(organisation, "viewer")
    factories.member_of(organisation, "owner").suspended_at = owner.created_at
    session.commit()
    assert belonging.owners(session, organisation.id) == [owner]
    assert belonging.writers(session, organisation.id) == [owner, editor]
