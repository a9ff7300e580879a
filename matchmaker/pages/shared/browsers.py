"""What a browser is called by the people who use it."""

from __future__ import annotations

import ua_parser

LONGEST = 80
READ = 400  # characters of the header that are looked at


def browser_name(user_agent: str) -> str:
    """Return the browser and its system, as in "Firefox, Windows"; nothing for an unknown one."""
    found = ua_parser.parse(user_agent[:READ])
    parts = [part.family for part in (found.user_agent, found.os) if part is not None]
    return ", ".join(parts)[:LONGEST]
