"""How one audit record is bound to the one before, sealed, and anchored outside the database."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

GENESIS = "0" * 64


class Fault(StrEnum):
    """What is wrong with the log at a record."""

    ALTERED = "altered"  # altered, removed or put in
    MISSING = "missing"  # cut off, from this record on
    UNSEALED = "unsealed"  # not sealed with the secret
    ANCHOR = "anchor"  # not what was anchored
    FALSE_ANCHOR = "false_anchor"  # an anchor for it is not sealed with the secret


@dataclass(frozen=True, slots=True)
class Broken:
    """The number of the first record that is wrong, and what is wrong with it."""

    number: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the log's end was at a time, kept outside the database."""

    at: datetime
    number: int
    hash: str
    seal: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A record's entry with its hash and seal as they are stored."""

    entry: Mapping[str, Any]
    hash: str
    seal: str


@lru_cache(maxsize=8)
def key_from(secret: str) -> bytes:
    """Derive the key of the seals from a secret key, so that neither betrays the other's use."""
    return hmac.digest(secret.encode(), b"matchmaker audit seal", "sha256")


def link(previous: str, entry: Mapping[str, Any]) -> str:
    """SHA-256, hex, over the previous record's hash and the entry as canonical JSON."""
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def nameless(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the entry without the name of a person, who may ask one day that it be erased."""
    return entry if entry["actor_id"] is None else {**entry, "actor_name": ""}


def sealed_parts(entry: Mapping[str, Any], hash_: str) -> tuple[str, ...]:
    """Return what the seal of a new record is made of: its hash, and the name that is not in it."""
    return (hash_,) if nameless(entry) == entry else (hash_, entry["actor_name"])


def fitting_parts(previous: str, stored: Stored) -> tuple[str, ...] | None:
    """Return what a record's seal should be made of; None where it does not fit the one before.

    Records of earlier versions have the name in their hash.
    """
    if link(previous, nameless(stored.entry)) == stored.hash:
        return sealed_parts(stored.entry, stored.hash)
    return (stored.hash,) if link(previous, stored.entry) == stored.hash else None


def seal(key: bytes, *parts: object) -> str:
    """HMAC-SHA-256, hex, over the parts, one a line."""
    return hmac.digest(key, "\n".join(map(str, parts)).encode(), "sha256").hex()


def is_sealed(keys: Sequence[bytes], given: str, *parts: object) -> bool:
    """Return whether the seal was made with one of the keys."""
    return any(hmac.compare_digest(seal(key, *parts), given) for key in keys)


def make_anchor(key: bytes, at: datetime, number: int, hash_: str) -> Anchor:
    return Anchor(at, number, hash_, seal(key, at.isoformat(), number, hash_))


def first_broken(
    records: Iterable[Stored],
    count: int,
    head: str,
    keys: Sequence[bytes],
    anchors: Sequence[Anchor] = (),
) -> Broken | None:
    """Return the first record that does not fit the chain, or None.

    `count` and `head` are what the chain's end should be. Records of a time before there were seals
    stand before all others, and are bound by the first seal that follows.
    """
    for anchor in anchors:
        if not is_sealed(keys, anchor.seal, anchor.at.isoformat(), anchor.number, anchor.hash):
            return Broken(anchor.number, Fault.FALSE_ANCHOR)
    anchored = {anchor.number: anchor.hash for anchor in anchors}
    previous, number, sealed = GENESIS, 0, False
    for number, stored in enumerate(records, start=1):
        parts = fitting_parts(previous, stored)
        if stored.entry["id"] != number or parts is None:
            return Broken(number, Fault.ALTERED)
        before_seals = not sealed and not stored.seal and parts == (stored.hash,)
        if not before_seals and not is_sealed(keys, stored.seal, *parts):
            return Broken(number, Fault.UNSEALED)
        if anchored.get(number, stored.hash) != stored.hash:
            return Broken(number, Fault.ANCHOR)
        previous, sealed = stored.hash, bool(stored.seal)
    if number != count or previous != head or number < max(anchored, default=0):
        return Broken(number + 1, Fault.MISSING)
    return Broken(number, Fault.UNSEALED) if number and not sealed else None
