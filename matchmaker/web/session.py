"""The actor of a request: Flask-Login's user, reduced to the permission table's Actor."""

from __future__ import annotations

from dataclasses import replace

from flask import g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user

from matchmaker.permissions import VISITOR, Actor
from matchmaker.web.addresses import network_of


class Principal(UserMixin):  # type: ignore[misc]
    """A signed-in user; raising the generation in the session's id ends the session."""

    def __init__(self, actor: Actor, generation: int) -> None:
        self.actor = actor
        self.generation = generation

    def get_id(self) -> str:
        return f"{self.actor.user_id}:{self.generation}"


def current_actor() -> Actor:
    """The actor of this request; VISITOR when nobody is signed in."""
    principal = current_user._get_current_object()
    if not isinstance(principal, Principal):
        return VISITOR
    return replace(principal.actor, network=network_of(request.remote_addr or ""))


def begin(user_id: int, generation: int) -> None:
    """Sign in with a new session: of the visitor's, only the chosen language lives on."""
    _renew()
    login_user(Principal(Actor(user_id=user_id), generation))
    g.pop("_login_user", None)  # so that the rest of this request sees the whole actor


def end() -> None:
    """Sign out."""
    logout_user()
    _renew()


def _renew() -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    g.pop("csrf_token", None)
