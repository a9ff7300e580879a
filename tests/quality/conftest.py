from __future__ import annotations

from tests.curation.conftest import desk, elsewhere, qinghai, shandong

__all__ = ["desk", "elsewhere", "qinghai", "shandong"]
