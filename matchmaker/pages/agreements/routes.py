"""What the two sides of a match agree on, and what becomes of it."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.agreements import fulfilment, registration, slots, views, writing

for part in (writing, fulfilment, slots, registration):
    views.blueprint.register_blueprint(part.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
