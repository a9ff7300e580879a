"""Suggested partners."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.partners import marks, views

views.blueprint.register_blueprint(marks.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
