"""Imports: a table of needs or capabilities on its way to drafts."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.imports import curators, records, templates, views

for _part in (templates, records, curators):
    views.blueprint.register_blueprint(_part.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
