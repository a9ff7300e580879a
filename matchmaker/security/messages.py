"""The words for security events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.security.states import SecurityKind

KINDS: Mapping[SecurityKind, Any] = {
    SecurityKind.SIGNED_IN: _l("Signed in"),
    SecurityKind.SIGN_IN_FAILED: _l("Sign-in failed"),
    SecurityKind.PASSWORD_CHANGED: _l("Password changed"),
    SecurityKind.LIMITED: _l("Limit reached"),
    SecurityKind.REFUSED: _l("Page not found or not open"),
    SecurityKind.ROLE_GIVEN: _l("Role given"),
    SecurityKind.ROLE_TAKEN: _l("Role removed"),
    SecurityKind.SUSPENDED: _l("Account suspended"),
    SecurityKind.REINSTATED: _l("Account reinstated"),
    SecurityKind.EXPORTED: _l("Data exported"),
}
