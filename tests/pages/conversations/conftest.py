from __future__ import annotations

from tests.conversations.conftest import stage as stage  # noqa: PLC0414
