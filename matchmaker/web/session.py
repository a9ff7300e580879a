"""The actor of a request: Flask-Login's user, reduced to the permission table's Actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import g, session
from flask_login import AnonymousUserMixin, UserMixin, current_user, login_user, logout_user

from matchmaker.permissions import VISITOR, Actor
from matchmaker.web.limits import asking_network


@dataclass(frozen=True, slots=True)
class Visit:
    """Facts of a signed-in session."""

    session_id: int
    seen_at: datetime
    proved_at: datetime
    second_factor: bool
    lacks_second_factor: bool  # one is required, and this session showed none


class Principal(UserMixin):  # type: ignore[misc]
    """A signed-in user. The cookie carries the token of a session that the database keeps."""

    def __init__(
        self,
        token: str,
        actor: Actor,
        visit: Visit | None = None,
        others: Sequence[Actor] = (),
        organisations: Mapping[int, Any] = MappingProxyType({}),
    ) -> None:
        """`others`: the same person for their other organisations, which are named by number."""
        self.token, self.actor, self.visit = token, actor, visit
        self.others, self.organisations = others, organisations

    def get_id(self) -> str:
        return self.token


def current_actor() -> Actor:
    """The actor of this request; VISITOR when nobody is signed in."""
    principal = _principal()
    return replace(principal.actor, network=asking_network()) if principal else VISITOR


def current_visit() -> Visit | None:
    """The session of this request; None when nobody is signed in."""
    principal = _principal()
    return principal.visit if principal else None


def other_actors() -> Sequence[Actor]:
    """The person of this request, as they would act for their other organisations."""
    principal = _principal()
    return principal.others if principal else ()


def own_organisations() -> Mapping[int, Any]:
    """The organisations that the person of this request may act for, by number."""
    principal = _principal()
    return principal.organisations if principal else {}


def forget_actor() -> None:
    """For the rest of this request nobody is signed in: the database cannot be asked who is."""
    g._login_user = AnonymousUserMixin()


def begin(token: str) -> None:
    """Sign in with a new session: of the visitor's, only the chosen language lives on."""
    renew()
    login_user(Principal(token, VISITOR))
    look_again()


def look_again() -> None:
    """Let the rest of this request see the actor as the database has it now."""
    g.pop("_login_user", None)


def end() -> None:
    """Forget who is signed in."""
    logout_user()
    renew()


def renew() -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    g.pop("csrf_token", None)


def _principal() -> Principal | None:
    user = current_user._get_current_object()
    return user if isinstance(user, Principal) else None
