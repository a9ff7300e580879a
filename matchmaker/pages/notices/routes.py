"""Notices."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.notices import preferences, views


def register(app: Flask) -> None:
    views.blueprint.register_blueprint(preferences.blueprint)
    app.register_blueprint(views.blueprint)
