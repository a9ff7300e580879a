"""The meetings of two sides that want to work together."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.meetings import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
