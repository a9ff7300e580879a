"""Who is asking: what Flask-Login keeps for a request, reduced to the permission table's Actor."""

from __future__ import annotations

from flask_login import UserMixin, current_user

from matchmaker.permissions import VISITOR, Actor


class Principal(UserMixin):  # type: ignore[misc]
    """A signed-in user. The session's id holds the generation too, so that raising it ends the session."""

    def __init__(self, actor: Actor, generation: int) -> None:
        self.actor = actor
        self.generation = generation

    def get_id(self) -> str:
        return f"{self.actor.user_id}:{self.generation}"


def current_actor() -> Actor:
    """The actor of this request; VISITOR when nobody is signed in."""
    return current_user.actor if isinstance(current_user._get_current_object(), Principal) else VISITOR
