"""Listings: found, read, and written."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.listings import annex, approach, edit, kept, life, renewal, views
from matchmaker.pages.listings.worddiff import word_changes

for _part in (edit, life, approach, annex, kept, renewal):
    views.blueprint.register_blueprint(_part.blueprint)


def register(app: Flask) -> None:
    app.jinja_env.filters["word_changes"] = word_changes
    app.register_blueprint(views.blueprint)
