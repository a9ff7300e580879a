"""Personal data."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.privacy import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
