"""Exports: what a reader may see, to take along: tables, feeds, calendars."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.exports import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
