"""The pages of an operator."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.operations import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
