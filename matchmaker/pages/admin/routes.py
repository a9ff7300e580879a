"""The pages of an administrator."""

from __future__ import annotations

from flask import Blueprint, Flask

from matchmaker.pages.admin import accounts, audit, organisations, processes, security

blueprint = Blueprint("admin", __name__)
for part in (accounts, organisations, audit, security, processes):
    blueprint.register_blueprint(part.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
