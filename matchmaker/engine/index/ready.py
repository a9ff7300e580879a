"""Whether the kernels are compiled on this machine: a mark that whoever compiled them left there.

numba keeps what it compiled beside the modules, or in the user's cache where it may not write there. Its files
are good for one processor, one version and one state of the sources. The mark's name says which, and
the mark lists the files: where one is missing it counts for nothing. It is written last, so that it is
true whenever a process died. No process needs numba to read it.
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

_HERE = Path(__file__).parent
SOURCES = ("forward", "heap", "kernels", "sweep")


@lru_cache(maxsize=1)
def has_numba() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def is_ready() -> bool:
    """Whether loading the kernels would compile nothing."""
    return any(_is_true(folder / _name()) for folder in _folders())


def mark(files: Iterable[Path]) -> None:
    """Say that the kernels are ready, in these files of numba's."""
    folder = _writable_folder()
    fresh = folder / f"{_name()}.{os.getpid()}.new"
    fresh.write_text(json.dumps(sorted(map(str, files))), encoding="utf-8")
    fresh.replace(folder / _name())


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process compile, the others wait; the system lets go when a process ends, however it does."""
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
    """The mark's name: another one for all that numba would compile anew for."""
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
    """What the processor can do, as far as the system says."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    except OSError:
        return platform.processor()
    return "".join(
        line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))
    )


def _folders() -> list[Path]:
    """Where a mark may be: where numba is told to write, else beside the modules or in the user's cache."""
    told = os.environ.get("NUMBA_CACHE_DIR")
    if told:
        return [Path(told)]
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return [_HERE / "__pycache__", Path(cache) / "matchmaker"]


def _writable_folder() -> Path:
    """The first of the folders that can be written to; OSError where there is none."""
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise OSError("no folder for the mark of the compiled kernels can be written to")
