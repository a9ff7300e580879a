"""Sign-in by an institution: OpenID Connect with discovery, PKCE, state and nonce, by Authlib."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, request, url_for
from werkzeug.utils import redirect

from matchmaker.accounts.rules import Told
from matchmaker.config import Settings
from matchmaker.services import services
from matchmaker.web.session import renew

NAME = "institution"
SECONDS_TO_ANSWER = 10
LONGEST_SUBJECT = 255  # by OpenID Connect
DISCOVERY = "/.well-known/openid-configuration"


class NotTold(Exception):
    """The institution did not answer, or its answer is not to be believed."""


def install(app: Flask) -> None:
    settings = services(app).settings
    if not settings.oidc_issuer:
        return
    # Most sites have no such sign-in: loading the library takes half a second.
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415

    OAuth(app).register(
        NAME,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=settings.oidc_issuer.rstrip("/") + DISCOVERY,
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS_TO_ANSWER,
        },
    )


def client() -> Any:
    """Return Authlib's client of the institution; None where there is no such sign-in."""
    held = current_app.extensions.get("authlib.integrations.flask_client")
    return held.create_client(NAME) if held else None


def send_there(known: Any, endpoint: str) -> Response:
    """Send the browser to the institution, which sends it back to the endpoint.

    Raises NotTold when the institution does not answer.
    """
    renew()  # the cookie holds one attempt at a time
    settings = services().settings
    try:
        there = known.authorize_redirect(settings.base_url.rstrip("/") + url_for(endpoint))
    except _faults() as fault:
        raise NotTold(str(fault)) from fault
    return redirect(there.location, code=303)  # type: ignore[return-value]


def read_answer(known: Any) -> Told:
    """Return whom the institution names in its answer to this browser. Raises NotTold."""
    settings = services().settings
    if request.method == "HEAD":
        raise NotTold("a browser comes back with GET")
    try:
        token = known.authorize_access_token(claims_options=_expected(settings))
        claims = token["userinfo"]  # of the ID token, which was checked
        if "email" not in claims:
            more = known.userinfo(token=token)
            claims = {**claims, **more} if more.get("sub") == claims["sub"] else claims
        subject = str(claims["sub"])
    except _faults() as fault:
        raise NotTold(str(fault)) from fault
    if len(subject) > LONGEST_SUBJECT:
        raise NotTold("its number of the person is too long")
    proven = claims.get("email_verified") is True
    return Told(settings.oidc_issuer, subject, str(claims.get("email", "")) if proven else "")


def _expected(settings: Settings) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
    }


def _faults() -> tuple[type[Exception], ...]:
    """What can go wrong with an answer from outside."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415  # see `install`
    from joserfc.errors import JoseError  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    # What is no JSON, or lacks a field, makes a ValueError, KeyError, TypeError or RuntimeError.
    return (
        AuthlibBaseError,
        JoseError,
        RequestException,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    )
