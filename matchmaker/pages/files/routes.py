"""Files: their download. What a file hangs on decides who may have it."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.files import views


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
