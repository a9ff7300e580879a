"""The search index on disk: a folder a snapshot, and a file that names the current one.

One process writes at a time; readers need no lock. A snapshot carries its mark of the audit log:
readers make up for what was done since.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from matchmaker.audit.queries import Mark
from matchmaker.engine.index import Busy, Damaged, NoSnapshot, alone
from matchmaker.engine.search import TIERS, SearchIndex
from matchmaker.search.rules import FACETS, VERSION

__all__ = ["Busy", "Damaged", "NoSnapshot", "Stamp", "forget", "read", "stamp", "write"]

_CURRENT, _LOCK = "current.json", "lock"
_TRIES = 5

Stamp = tuple[int, int, int]


def stamp(home: Path) -> Stamp | None:
    """Changes when a newer snapshot is there; None when there is none, or none that may be read."""
    try:
        found = (home / _CURRENT).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def read(home: Path) -> tuple[SearchIndex, Mark]:
    """The current snapshot, mapped, and what it stands at. Raises NoSnapshot or Damaged."""
    for _ in range(_TRIES):
        current = _current(home)
        try:
            return SearchIndex.open(FACETS, home / current.folder, VERSION), current.mark
        except (
            Damaged,
            NoSnapshot,
        ) as error:  # a newer one may have come, and the older one's files gone
            failure = error
            if _current(home) == current:
                break
    raise failure


def write(home: Path, index: SearchIndex, mark: Mark) -> None:
    """Make the index the current snapshot. Raises Busy while another process writes one."""
    with alone(home):
        name = secrets.token_hex(8)
        current = {"version": VERSION, "folder": name, "number": mark.number, "hash": mark.hash}
        fresh = home / f"{_CURRENT}.{os.getpid()}.new"
        try:
            _share_segments(home, home / name)
            index.save(home / name, VERSION)
            fresh.write_text(json.dumps(current), encoding="utf-8")
        except BaseException:  # a full disk, perhaps: leave nothing behind that fills it
            shutil.rmtree(home / name, ignore_errors=True)
            raise
        fresh.replace(home / _CURRENT)
        _sweep(home, {_CURRENT, _LOCK, name})


def forget(home: Path) -> None:
    """Remove the name of a damaged snapshot, so that the next writer makes a new one."""
    with suppress(OSError):
        (home / _CURRENT).unlink()


@dataclass(frozen=True, slots=True)
class _Current:
    folder: str
    mark: Mark


def _current(home: Path) -> _Current:
    try:
        found = json.loads((home / _CURRENT).read_text(encoding="utf-8"))
        version, current = (
            str(found["version"]),
            _Current(found["folder"], Mark(found["number"], found["hash"])),
        )
    except OSError as error:
        raise NoSnapshot(f"there is no search snapshot in {home}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{home / _CURRENT} is damaged") from error
    if version != VERSION:
        raise NoSnapshot(f"{home} holds version {version!r}, not {VERSION!r}")
    return current


def _share_segments(home: Path, folder: Path) -> None:
    """Link the segments of the last snapshot, which never change, and write only the others."""
    for tier in TIERS:
        (folder / tier).mkdir(parents=True)
        with suppress(Damaged, NoSnapshot, OSError):
            for segment in (home / _current(home).folder / tier).glob("*.segment"):
                os.link(segment, folder / tier / segment.name)


def _sweep(home: Path, kept: set[str]) -> None:
    """Remove older snapshots and leavings of dead writers; readers keep what they have mapped."""
    for path in home.iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(
                missing_ok=True
            )
