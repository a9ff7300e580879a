"""The desk of curators."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.desk import (
    claims,
    listings,
    matches,
    merging,
    organisations,
    pairs,
    quality,
    results,
    suggestions,
    views,
)

for part in (
    claims,
    listings,
    matches,
    merging,
    organisations,
    pairs,
    quality,
    results,
    suggestions,
):
    views.blueprint.register_blueprint(part.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
