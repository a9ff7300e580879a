"""What came of matches."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.outcomes import follow_up, views

views.blueprint.register_blueprint(follow_up.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
