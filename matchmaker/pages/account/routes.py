"""The pages of one's own account."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.account import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
