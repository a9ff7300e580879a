"""The thread of a match: messages of both sides, with files."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.conversations import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
