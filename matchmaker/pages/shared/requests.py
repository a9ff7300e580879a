"""What pages read of a request."""

from __future__ import annotations

from flask import request


def version_sent() -> int:
    """Return the version that the page showed whose form this is; -1, which never was, when it is missing."""
    return request.form.get("version", -1, type=int)
