"""The states of an organisation."""

from __future__ import annotations

from enum import StrEnum, nonmember


class OrganisationStatus(StrEnum):
    REGISTERED = "registered"
    VERIFIED = "verified"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"

    # Everybody may see it, also when its verification has run out.
    SHOWN = nonmember((VERIFIED, LAPSED))
    # A curator has to look at it.
    AWAITING = nonmember((REGISTERED, LAPSED))
