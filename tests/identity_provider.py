"""A real OpenID Connect provider for tests: Authlib's own server side, in a process of its own.

    python -m tests.identity_provider PORT

It insists on PKCE, on the client's secret and on one use of a code. Whoever is at its door says
who they are by a form: `claims` goes into the ID token, and a token can be made to lie.
"""

from __future__ import annotations

import hmac
import json
import os
import sys
import time
from base64 import urlsafe_b64encode
from types import SimpleNamespace
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "matchmaker", "a secret of the provider"
PATH = "/sign-in/institution/answer"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
ANOTHERS_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Client(ClientMixin):
    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith(PATH)

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(SimpleNamespace):
    """What a code stands for, as Authlib asks for it."""

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)


codes: dict[str, Code] = {}


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    def save_authorization_code(self, code: str, request: Any) -> None:
        payload = request.payload.data
        codes[code] = Code(
            code=code,
            redirect_uri=payload["redirect_uri"],
            scope=payload["scope"],
            nonce=payload.get("nonce"),
            code_challenge=payload.get("code_challenge"),
            code_challenge_method=payload.get("code_challenge_method"),
            said=request.user,
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del codes[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> dict[str, Any]:
        return {**authorization_code.said, "nonce": authorization_code.nonce}


def id_token(said: dict[str, Any], issuer: str) -> str:
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 300,
        "nonce": said["nonce"],
        **said["claims"],
    }
    match said["signed"]:
        case "none":
            return jwt.encode({"alg": "none"}, claims, KEY, algorithms=["none"])
        case "public key":
            return _signed_with_public_key(claims)
        case "another":
            return jwt.encode({"alg": "RS256", "kid": "one"}, claims, ANOTHERS_KEY)
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)


def _signed_with_public_key(claims: dict[str, Any]) -> str:
    """Sign by a word that everybody knows; no library does it."""
    parts = [{"alg": "HS256", "kid": "one"}, claims]
    text = b".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    seal = hmac.digest(KEY.as_pem(private=False), text, "sha256")
    return (text + b"." + urlsafe_b64encode(seal).rstrip(b"=")).decode()


def create_app(issuer: str) -> Flask:
    app = Flask("provider")
    told: dict[str, dict[str, Any]] = {}

    def save_token(token: dict[str, Any], request: Any) -> None:
        token["id_token"] = id_token(request.user, issuer)
        told[token["access_token"]] = request.user["more"]

    server = AuthorizationServer(app, query_client=lambda _id: Client(), save_token=save_token)
    server.register_grant(CodeGrant, [CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        return jsonify(
            issuer=issuer,
            authorization_endpoint=f"{issuer}/authorize",
            token_endpoint=f"{issuer}/token",
            userinfo_endpoint=f"{issuer}/userinfo",
            jwks_uri=f"{issuer}/keys",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256"],
        )

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(KeySet([KEY]).as_dict(private=False))

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        if request.method == "GET":
            return (
                "<title>Identity</title><form method=post><label>Who are you? "
                '<input name=claims size=80></label><button name=signed value="">Go</button></form>'
            )
        said = {
            "claims": json.loads(request.form["claims"]),
            "more": json.loads(request.form.get("more", "{}")),
            "signed": request.form.get("signed", ""),
        }
        return server.create_authorization_response(grant_user=said)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Any:
        return jsonify(told[request.headers["Authorization"].removeprefix("Bearer ")])

    return app


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "yes"
    port = int(sys.argv[1])
    serving = make_server("127.0.0.1", port, create_app(f"http://127.0.0.1:{port}"), threaded=True)
    print("ready", flush=True)
    serving.serve_forever()
