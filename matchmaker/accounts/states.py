from __future__ import annotations

from enum import StrEnum


class Proof(StrEnum):
    """What a second factor was shown by."""

    APP = "app"
    RECOVERY_CODE = "recovery_code"
