"""One-click entry, and the mailbox of the demonstration."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.demo import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
