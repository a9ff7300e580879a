"""What an organisation may post, for its own page and for the desk."""

from __future__ import annotations

from typing import Any

from flask import g

from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import NO_SIDES
from matchmaker.organisations.rules import may_post_now


def posting(organisation: Organisation) -> list[dict[str, Any]]:
    """What the organisation may post, and the curator's grant or refusal, if any."""
    sides = g.get("sides", NO_SIDES)
    grants = {"need": organisation.needs_grant, "capability": organisation.capabilities_grant}
    return [
        {"kind": kind, "may": may_post_now(organisation, kind, sides), "grant": grant}
        for kind, grant in grants.items()
    ]
