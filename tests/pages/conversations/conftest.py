from __future__ import annotations

from tests.conversations.conftest import stage

__all__ = ["stage"]
