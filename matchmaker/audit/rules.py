"""How one audit record is bound to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

GENESIS = "0" * 64


def link(previous: str, entry: Mapping[str, Any]) -> str:
    """SHA-256, hex, over the previous record's hash and the entry as canonical JSON."""
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def first_broken(
    entries: Iterable[tuple[Sequence[Mapping[str, Any]], str]], count: int, head: str
) -> int | None:
    """The number of the first record that does not fit the chain, or None.

    `entries` are (the ways to read an entry, stored hash) in order. `count` and `head` are what the
    chain's end should be: records cut off the end are noticed too, and the answer is the first
    missing number.
    """
    previous, number = GENESIS, 0
    for number, (readings, stored) in enumerate(entries, start=1):
        if all(entry["id"] != number or link(previous, entry) != stored for entry in readings):
            return number
        previous = stored
    if number != count or previous != head:
        return number + 1
    return None
