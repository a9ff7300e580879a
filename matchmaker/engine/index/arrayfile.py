"""Named arrays in files: written whole or not at all, checked and mapped when read.

A file is a head (magic, length and checksum of a JSON description) and arrays, each aligned for
mapping and with a checksum. The snapshots of the index, of the search and of the recommender are
folders of such files.
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

Array = NDArray[np.generic]
_MAGIC = b"MMINDEX1"
_ALIGN = 64


class NoSnapshot(Exception):
    """There is no snapshot of this version and release: build one."""


class Damaged(Exception):
    """A file differs from the one that was written: build the snapshot again."""


class Busy(Exception):
    """Another process is writing to the folder."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder's lock; the system releases it when the process ends, even by a crash.

    Parameters
    ----------
    folder : Path
        The folder to write to; made if missing.

    Raises
    ------
    Busy
        When another process holds the lock.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name, alone(Path(name)):
    ...     sorted(path.name for path in Path(name).iterdir())
    ['lock']
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"another process writes a snapshot in {folder}") from None
        yield


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
    write_file(path, pieces)


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


def write_file(path: Path, pieces: Sequence[bytes | memoryview]) -> None:
    """Write a file that appears whole or not at all."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with fresh.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
