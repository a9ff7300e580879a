"""Sign-in by an institution: whose account it opens, and the link between the two.

It opens accounts that there are, and makes none. The first time, an address that the institution
has proved says which; from then on its own number of the person does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts import queries, rules
from matchmaker.accounts.models import LinkedSignIn, User
from matchmaker.accounts.rules import Told
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import NotAllowed, Refusal, Refused
from matchmaker.permissions import Actor


def account_of(session: Session, told: Told, domains: Collection[str]) -> User:
    """Return the account that a person of the institution signs in to.

    `domains` are the mail domains that the institution speaks for. Raises Refused.
    """
    linked = queries.linked_sign_in_of(session, told.issuer, told.subject)
    if linked is not None:
        user = queries.user(session, linked.user_id)
    else:
        user = _by_address(session, told.email, domains)
        linked = queries.linked_sign_in(session, user.id) if user else None
    if user is not None and user.suspended_at is not None:
        raise Refused(Refusal.SIGN_IN_SUSPENDED)
    if user is None or not user.may_sign_in:
        raise Refused(Refusal.NO_ACCOUNT)
    if linked is not None:
        _check(linked, told)
    if user.staff_roles and not queries.has_second_factor(session, user.id):
        raise Refused(Refusal.OFFICER_WITHOUT_APP)
    return user


def link(
    session: Session, actor: Actor, user: User, told: Told, *, at: datetime | None = None
) -> bool:
    """Link the person to the account; return whether that is new. Raises Refused for another."""
    at = moment(at)
    queries.lock_user(session, user.id)
    linked = queries.linked_sign_in(session, user.id)
    if linked is not None:
        _check(linked, told)
        return False
    session.add(
        LinkedSignIn(user_id=user.id, issuer=told.issuer, subject=told.subject, linked_at=at)
    )
    audit.record(session, actor, "account.link_sign_in", "account", user.id, at=at)
    return True


def unlink(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> None:
    """End the sign-in by the institution; every other session of the user ends."""
    at = moment(at)
    linked = queries.linked_sign_in(session, user.id)
    if linked is None or linked.unlinked_at is not None:
        raise NotAllowed
    linked.unlinked_at = at
    user.generation += 1
    audit.record(session, actor, "account.unlink_sign_in", "account", user.id, at=at)


def allow_again(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> None:
    """Let the institution link the account again, the next time that its sign-in is used."""
    at = moment(at)
    linked = queries.linked_sign_in(session, user.id)
    if linked is None or linked.unlinked_at is None:
        raise NotAllowed
    session.delete(linked)
    audit.record(session, actor, "account.allow_sign_in", "account", user.id, at=at)


def _by_address(session: Session, text: str, domains: Collection[str]) -> User | None:
    email = rules.normalised_email(text)
    if email is None or not rules.speaks_for(domains, email):
        return None
    return queries.user_by_email(session, email)


def _check(linked: LinkedSignIn, told: Told) -> None:
    if linked.unlinked_at is not None:
        raise Refused(Refusal.SIGN_IN_UNLINKED)
    if (linked.issuer, linked.subject) != (told.issuer, told.subject):
        raise Refused(Refusal.LINKED_OTHERWISE)
