"""The signed link of a follow-up. It opens one question to one person, without signing in."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

PATH = "/follow-up/"


def make(follow_up_id: int, user_id: int) -> str:
    return PATH + make_token(follow_up_id, user_id)


def make_token(follow_up_id: int, user_id: int) -> str:
    return _serializer().dumps([follow_up_id, user_id])


def read(token: str) -> tuple[int, int] | None:
    """Return (follow-up, user), or None when the token is not one of ours."""
    try:
        follow_up_id, user_id = _serializer().loads(token)
        return int(follow_up_id), int(user_id)
    except (BadSignature, TypeError, ValueError):
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="matchmaker.follow-up")
