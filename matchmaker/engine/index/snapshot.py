"""Snapshots on disk: immutable segment files and one manifest, replaced at once when all it names is written.

A segment file is a head (magic, length and checksum of a JSON description) and arrays, each aligned for mapping and
with a checksum. Files have names of their own, so a writer that dies leaves litter, which the next one sweeps, and the
last manifest as it was. One process writes at a time; readers need no lock.
"""

from __future__ import annotations

import fcntl
import json
import math
import mmap
import os
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .segment import Segment
from .view import View

Array = NDArray[np.generic]
_MAGIC = b"MMINDEX1"
_LAYOUT = 3  # of a segment's arrays: another number where what they mean changes
_ALIGN = 64
_MANIFEST = "manifest.json"
_TRIES = 5


class NoSnapshot(Exception):
    """There is no snapshot of the version asked for and of this release: build one."""


class Damaged(Exception):
    """A file is not what was written: build the snapshot anew."""


class Busy(Exception):
    """Another process is writing a snapshot there."""


def write(folder: Path, version: str, columns: int, views: Sequence[View]) -> None:
    """Make a snapshot the current one; raises ``Busy`` while another process writes."""
    with alone(folder):
        entries = [_write_view(folder, view) for view in views]
        body = json.dumps(
            {"layout": _LAYOUT, "version": version, "columns": columns, "segments": entries}
        )
        text = json.dumps({"checksum": zlib.crc32(body.encode()), "body": body})
        _write_file(folder / _MANIFEST, [text.encode()])
        _sync(folder)
        _sweep(folder, {_MANIFEST, "lock"} | {name for entry in entries for name in entry.values()})


def read(folder: Path, version: str, *, verify: bool) -> tuple[int, list[View]]:
    """Return the columns and views of the current snapshot."""
    for attempt in range(_TRIES):
        manifest = _manifest(folder)
        if manifest.get("layout") != _LAYOUT:
            raise NoSnapshot(f"{folder} was written by another release")
        if manifest["version"] != version:
            raise NoSnapshot(f"{folder} holds version {manifest['version']!r}, not {version!r}")
        try:
            return manifest["columns"], [
                _read_view(folder, entry, verify) for entry in manifest["segments"]
            ]
        except (
            FileNotFoundError
        ) as missing:  # a newer manifest may have come, and the old one's files gone
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


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, or raise ``Busy``; the system lets go of it when the process ends, however it does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"another process writes a snapshot in {folder}") from None
        yield


def _write_view(folder: Path, view: View) -> dict[str, str]:
    """Write what is not there yet of a view; return its file names."""
    entry = {"segment": f"{view.segment.name}.segment"}
    if not (folder / entry["segment"]).exists():
        write_arrays(folder / entry["segment"], view.segment.arrays())
    if view.count < len(view.alive):
        entry["alive"] = f"{view.segment.name}-{zlib.crc32(view.alive.data):08x}-{view.count}.alive"
        write_arrays(folder / entry["alive"], {"alive": view.alive})
    return entry


def _read_view(folder: Path, entry: Mapping[str, str], verify: bool) -> View:
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
    return View.of(segment, alive)  # type: ignore[arg-type]


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write named arrays to a file that appears whole or not at all."""
    described: list[dict[str, Any]] = []
    offset = 0
    for name, array in arrays.items():
        described.append(
            {
                "name": name,
                "dtype": array.dtype.str,
                "shape": array.shape,
                "at": offset,
                "checksum": _checksum(array),
            }
        )
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    head = json.dumps(described).encode()
    start = struct.pack("<8sII", _MAGIC, len(head), zlib.crc32(head))
    pieces: list[bytes | memoryview] = [start, head, b"\0" * (-(len(start) + len(head)) % _ALIGN)]
    for array in arrays.values():
        pieces += [_plain(array), b"\0" * (-array.nbytes % _ALIGN)]
    _write_file(path, pieces)


def read_arrays(path: Path, *, verify: bool) -> dict[str, Array]:
    """Map named arrays from a file, read-only."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        start = file.read(16)
        magic, length, checksum = struct.unpack("<8sII", start) if len(start) == 16 else (b"", 0, 0)
        head = file.read(length) if magic == _MAGIC else b""
        if magic != _MAGIC or len(head) != length or zlib.crc32(head) != checksum:
            raise Damaged(f"{path} has a damaged head")
        mapped = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
    data = -(-(16 + length) // _ALIGN) * _ALIGN
    described = json.loads(head)
    if size != data + sum(-(-_size(one) // _ALIGN) * _ALIGN for one in described):
        raise Damaged(f"{path} is cut short")
    arrays: dict[str, Array] = {}
    for one in described:
        begin = data + one["at"]
        array = mapped[begin : begin + _size(one)].view(one["dtype"]).reshape(one["shape"])
        if verify and _checksum(array) != one["checksum"]:
            raise Damaged(f"{path} has damaged {one['name']}")
        arrays[one["name"]] = array
    return arrays


def _size(described: Mapping[str, Any]) -> int:
    items: int = math.prod(described["shape"])
    width: int = np.dtype(described["dtype"]).itemsize
    return items * width


def _plain(array: Array) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _checksum(array: Array) -> int:
    return zlib.crc32(_plain(array))


def _write_file(path: Path, pieces: Sequence[bytes | memoryview]) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with fresh.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path, kept: set[str]) -> None:
    """Remove files of older snapshots and of writers that died; readers keep what they have mapped."""
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()
