from __future__ import annotations

from tests.accounts.conftest import administrator, ana

__all__ = ["administrator", "ana"]
