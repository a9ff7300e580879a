from __future__ import annotations

from tests.cooperation.conftest import stage

__all__ = ["stage"]
