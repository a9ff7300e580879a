"""Listings: found, read, and written."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.listings import annex, approach, edit, kept, views

for _part in (edit, approach, annex, kept):
    views.blueprint.register_blueprint(_part.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
