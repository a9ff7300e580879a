"""The signed link of a reminder. It lets one person renew one listing, without signing in."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

PATH = "/renewals/"


def make(reminder_id: int, user_id: int) -> str:
    return PATH + make_token(reminder_id, user_id)


def make_token(reminder_id: int, user_id: int) -> str:
    return _serializer().dumps([reminder_id, user_id])


def read(token: str) -> tuple[int, int] | None:
    """Return (reminder, user), or None when the token is not one of ours."""
    try:
        reminder_id, user_id = _serializer().loads(token)
        return int(reminder_id), int(user_id)
    except (BadSignature, TypeError, ValueError):
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="matchmaker.renewal")
