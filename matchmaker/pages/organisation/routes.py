"""Organisations: registered, shown, and run by their members."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.organisation import looks, members, views

views.blueprint.register_blueprint(members.blueprint)
views.blueprint.register_blueprint(looks.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
