from __future__ import annotations

from datetime import timedelta

MAX_ATTEMPTS = 12
LEASE = timedelta(minutes=5)


def wait_after(attempts: int) -> timedelta:
    """Return the wait after some failed tries: 1, 2, 4 … minutes, at most six hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), timedelta(hours=6))
