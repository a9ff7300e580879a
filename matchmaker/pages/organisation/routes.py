"""Organisations: registered, shown, and run by their members."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.organisation import (
    claims,
    directory,
    files,
    joining,
    likely,
    looks,
    members,
    people,
    verification,
    views,
)

for part in (claims, directory, files, joining, likely, looks, members, people, verification):
    views.blueprint.register_blueprint(part.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
