"""Whose account a page is about."""

from __future__ import annotations

from matchmaker.accounts import queries
from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.errors import NotAllowed
from matchmaker.organisations import belonging
from matchmaker.web.session import current_actor


def own_account() -> User:
    """Return the reader's account."""
    user = queries.user(db.session(), current_actor().user_id)
    if user is None:
        raise NotAllowed
    return user


def names_of(user: User) -> tuple[str, ...]:
    """The person's name and the organisation's, which make poor passwords."""
    organisation = belonging.of_user(db.session(), user.id)
    names = (organisation.name_zh, organisation.name_other) if organisation else ()
    return (user.name, *names)
