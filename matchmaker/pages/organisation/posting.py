"""What this domain's view modules share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request

from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import NO_SIDES
from matchmaker.organisations.rules import may_post

blueprint = Blueprint("organisations", __name__)


def version_sent() -> int:
    """The version that the page showed whose form this is; one that never was, when it is missing."""
    return request.form.get("version", -1, type=int)


def posting(organisation: Organisation) -> list[dict[str, Any]]:
    """What the organisation may post, and by whose word: a curator's grant or refusal, or the plan's."""
    sides = g.get("sides", NO_SIDES)
    grants = {"need": organisation.needs_grant, "capability": organisation.capabilities_grant}
    return [
        {"kind": kind, "may": may_post(kind, organisation.province, grant, sides), "grant": grant}
        for kind, grant in grants.items()
    ]
