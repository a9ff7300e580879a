"""Matches: pairs that one or both sides want."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.matches import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
