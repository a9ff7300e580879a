"""Notices."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.notices import preferences, views

views.blueprint.register_blueprint(preferences.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
