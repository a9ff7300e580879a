"""Matches: pairs that one or both sides want."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.matches import asking, views

views.blueprint.register_blueprint(asking.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
