"""The front page, home, and what operators ask."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.home import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
