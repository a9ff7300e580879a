"""From a cookie to the session that the database keeps, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog
from flask import Flask, request, url_for
from flask_login import LoginManager
from sqlalchemy.exc import OperationalError

from matchmaker import jobs
from matchmaker.accounts import messages, queries, service, sessions
from matchmaker.accounts.models import User
from matchmaker.accounts.rules import Lifetimes, Place, needs_second_factor
from matchmaker.db import db, now, writing
from matchmaker.organisations.acting import person
from matchmaker.pages.shared.browsers import browser_name
from matchmaker.pages.shared.tries import post
from matchmaker.services import services
from matchmaker.web.session import Principal, Visit, begin, current_visit

NOTED_EVERY = timedelta(minutes=1)


def install(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # the database says whether a session is open
    manager.user_loader(load)


def lifetimes() -> Lifetimes:
    settings = services().settings
    return Lifetimes(
        timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    )


def load(token: str) -> Principal | None:
    """The person of a cookie. Who still has to show a second factor acts without staff roles."""
    kept = queries.open_session(db.session(), sessions.hash_token(token), lifetimes(), now())
    found = person(db.session(), kept.user_id) if kept else None
    if kept is None or found is None or found.generation != kept.generation:
        return None
    actor = found.acting_for(kept.organisation_id)
    required = services().settings.second_factor and needs_second_factor(actor.roles)
    lacks = required and not kept.second_factor
    if lacks:
        actor = replace(actor, roles=frozenset(), provinces=frozenset())
    visit = Visit(kept.id, kept.seen_at, kept.proved_at, kept.second_factor, lacks)
    others = [one for one in found.members if one.organisation_id != actor.organisation_id]
    return Principal(token, actor, visit, others, found.organisations)


def note_use() -> None:
    """Note once a minute that a session is in use, in a transaction of its own."""
    visit = current_visit()
    if visit is None or now() - visit.seen_at < NOTED_EVERY:
        return
    db.session.rollback()
    token = writing.set(True)
    try:
        sessions.note_use(db.session(), visit.session_id)
        db.session.commit()
    except OperationalError as error:  # a full disk: reading goes on
        db.session.rollback()
        structlog.get_logger().warning("session.not_noted", error=str(error.orig))
    finally:
        writing.reset(token)


def place() -> Place:
    """Where this request comes from."""
    return Place(request.remote_addr or "", browser_name(request.user_agent.string))


def sign_in(user: User, *, second_factor: bool, proved: bool = True) -> None:
    """Open a session, commit, and give its cookie; a sign-in from a new place is mailed."""
    here = place()
    opened = sessions.start(
        db.session(),
        service.as_actor(user),
        user,
        here,
        second_factor=second_factor,
        proved=proved,
    )
    if opened.is_new_place:
        post(messages.new_sign_in(user, here, now(), url_for("account.sessions.index")))
    jobs.commit("deliver_mail")
    begin(opened.token)


def keep_this_one(user: User, *, second_factor: bool | None = None) -> None:
    """Let this session live on when the user's others end; it keeps or changes its factor."""
    visit = current_visit()
    if visit is not None:
        shown = visit.second_factor if second_factor is None else second_factor
        sessions.carry_over(db.session(), user, visit.session_id, second_factor=shown)
