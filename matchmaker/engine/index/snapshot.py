"""Snapshots of the index on disk: immutable segment files and one manifest that names them.

The manifest is replaced last and at once. A writer that dies leaves the old manifest in force, and
files that the next writer removes. One process writes at a time; readers need no lock.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .arrayfile import Damaged, NoSnapshot, alone, read_arrays, write_arrays, write_file
from .live import LiveSegment
from .segment import Segment

_LAYOUT = 3  # of a segment's arrays; to be raised when their meaning changes
_MANIFEST = "manifest.json"
_TRIES = 5


def write(folder: Path, version: str, columns: int, segments: Sequence[LiveSegment]) -> None:
    """Make a snapshot the current one; raises ``Busy`` while another process writes."""
    with alone(folder):
        entries = [_write_segment(folder, live) for live in segments]
        body = json.dumps(
            {"layout": _LAYOUT, "version": version, "columns": columns, "segments": entries}
        )
        text = json.dumps({"checksum": zlib.crc32(body.encode()), "body": body})
        write_file(folder / _MANIFEST, [text.encode()])
        _sync(folder)
        _sweep(folder, {_MANIFEST, "lock"} | {name for entry in entries for name in entry.values()})


def read(folder: Path, version: str, *, verify: bool) -> tuple[int, list[LiveSegment]]:
    """Return the columns and segments of the current snapshot."""
    for attempt in range(_TRIES):
        manifest = _manifest(folder)
        if manifest.get("layout") != _LAYOUT:
            raise NoSnapshot(f"{folder} was written by another release")
        if manifest["version"] != version:
            raise NoSnapshot(f"{folder} holds version {manifest['version']!r}, not {version!r}")
        try:
            return manifest["columns"], [
                _read_segment(folder, entry, verify) for entry in manifest["segments"]
            ]
        except FileNotFoundError as missing:
            # A newer manifest may have come and the files of the old one gone.
            if attempt == _TRIES - 1 or _manifest(folder) == manifest:
                raise Damaged(f"{missing.filename} is missing") from missing
    raise AssertionError("not reached")


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        text = (folder / _MANIFEST).read_bytes()
    except FileNotFoundError:
        raise NoSnapshot(f"there is no snapshot in {folder}") from None
    try:
        envelope = json.loads(text)
        body: str = envelope["body"]
        intact = zlib.crc32(body.encode()) == envelope["checksum"]
    except (ValueError, KeyError, TypeError, AttributeError):
        intact = False
    if not intact:
        raise Damaged(f"{folder / _MANIFEST} is damaged")
    found: dict[str, Any] = json.loads(body)
    return found


def _write_segment(folder: Path, live: LiveSegment) -> dict[str, str]:
    """Write the files of a segment that are missing; return the names of all."""
    entry = {"segment": f"{live.segment.name}.segment"}
    if not (folder / entry["segment"]).exists():
        write_arrays(folder / entry["segment"], live.segment.arrays())
    if live.count < len(live.alive):
        entry["alive"] = f"{live.segment.name}-{zlib.crc32(live.alive.data):08x}-{live.count}.alive"
        write_arrays(folder / entry["alive"], {"alive": live.alive})
    return entry


def _read_segment(folder: Path, entry: Mapping[str, str], verify: bool) -> LiveSegment:
    arrays = read_arrays(folder / entry["segment"], verify=verify)
    # A copy: kernels are compiled for masks that may be written to.
    alive = (
        read_arrays(folder / entry["alive"], verify=verify)["alive"].copy()
        if "alive" in entry
        else None
    )
    try:
        segment = Segment(**arrays, name=entry["segment"].removesuffix(".segment"))  # type: ignore[arg-type]
    except TypeError as error:
        raise Damaged(f"{folder / entry['segment']} has other arrays than this program") from error
    return LiveSegment.of(segment, alive)  # type: ignore[arg-type]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path, kept: set[str]) -> None:
    """Remove files of older snapshots and dead writers; readers keep their mapped files."""
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()
