"""The pages of one's own account."""

from __future__ import annotations

from flask import Flask

from matchmaker.pages.account import (
    acting,
    contact,
    email,
    factor,
    feeds,
    institution,
    oidc,
    sessions,
    views,
)

for part in (acting, contact, email, factor, feeds, institution, sessions):
    views.blueprint.register_blueprint(part.blueprint)


def register(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    oidc.install(app)
