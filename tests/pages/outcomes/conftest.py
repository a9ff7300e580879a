from __future__ import annotations

from tests.cooperation.conftest import stage
from tests.outcomes.conftest import pair

__all__ = ["pair", "stage"]
