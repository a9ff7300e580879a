"""Imports: a table of needs or capabilities on its way to drafts."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.imports import templates, views

views.blueprint.register_blueprint(templates.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
