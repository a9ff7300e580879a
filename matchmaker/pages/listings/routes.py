"""Listings: found, read, and written."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.listings import edit, views

views.blueprint.register_blueprint(edit.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
