from __future__ import annotations

from enum import StrEnum, nonmember


class SecurityKind(StrEnum):
    """Kinds of security events."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # nosec B105
    LIMITED = "limited"
    REFUSED = "refused"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    EXPORTED = "exported"

    # Somebody can cause any number of them: one a minute is kept of each account and address.
    REPEATED = nonmember((LIMITED, REFUSED))
    ALARMING = nonmember((SIGN_IN_FAILED, LIMITED, REFUSED))
