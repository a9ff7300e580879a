"""Whether the kernels are compiled on this machine, told by a note that the compiling process left.

numba stores compiled code beside the modules, or in the user's cache. Its files fit one processor,
one version and one state of the sources, all of which the note's name encodes. The note lists the
files and counts only while all of them exist. It is written last, so it is true even after a
crash, and reading it needs no numba.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from .arrayfile import write_file

_HERE = Path(__file__).parent
SOURCES = ("forward", "heap", "kernels", "sweep")


@lru_cache(maxsize=1)
def has_numba() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def is_ready() -> bool:
    """Whether loading the kernels would compile nothing."""
    return any(_is_true(folder / _name()) for folder in _folders())


def note(files: Iterable[Path]) -> None:
    """Note that the kernels are ready, in these files of numba's."""
    write_file(_writable_folder() / _name(), [json.dumps(sorted(map(str, files))).encode()])


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process compile while others wait; the system frees the lock when a process ends."""
    with (_writable_folder() / "kernels.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_true(path: Path) -> bool:
    try:
        files = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return all(map(os.path.exists, files))


@lru_cache(maxsize=1)
def _name() -> str:
    """Return the note's name, which changes whenever numba would compile again."""
    known: list[object] = [
        sys.implementation.cache_tag,
        platform.machine(),
        _processor(),
        str(_HERE),
    ]
    for name in ("numba", "llvmlite"):
        try:
            known.append(version(name))
        except PackageNotFoundError:
            known.append(None)
    for name in SOURCES:
        found = (_HERE / f"{name}.py").stat()
        known += [found.st_mtime_ns, found.st_size]
    known += sorted(item for item in os.environ.items() if item[0].startswith("NUMBA_"))
    return f"kernels-{zlib.crc32(repr(known).encode()):08x}.ready"


def _processor() -> str:
    """Return the processor's features, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    except OSError:
        return platform.processor()
    return "".join(
        line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))
    )


def _folders() -> list[Path]:
    """Return folders for the note: numba's own, else beside the modules or in the user's cache."""
    told = os.environ.get("NUMBA_CACHE_DIR")
    if told:
        return [Path(told)]
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return [_HERE / "__pycache__", Path(cache) / "matchmaker"]


def _writable_folder() -> Path:
    """Return the first writable folder; OSError when there is none."""
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise OSError("no folder for the note of the compiled kernels can be written to")
