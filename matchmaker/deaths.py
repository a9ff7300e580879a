"""Processes of this machine that died, and what they were doing, in a file that outlives them."""

from __future__ import annotations

import json
import mmap
import signal
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

FILE = "deaths.jsonl"
SHOWN = 50
_SLOTS, _WIDTH = 64, 256


@dataclass(frozen=True, slots=True)
class Death:
    """A process that ended and was not told to.

    ``process``: web or worker; ``cause``: a signal or a status.
    """

    at: datetime
    process: str
    pid: int
    cause: str
    requests: tuple[str, ...] = ()


class Trail:
    """The last request of each thread, in a mapped file that stays readable after a death."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w+b") as file:
            file.truncate(_SLOTS * _WIDTH)
            self._map = mmap.mmap(file.fileno(), _SLOTS * _WIDTH)
        self._numbers = count()
        self._local = threading.local()

    def note(self, text: str) -> None:
        """Write what this thread is doing over what it did before."""
        slot = getattr(self._local, "slot", None)
        if slot is None:
            slot = self._local.slot = next(self._numbers) % _SLOTS
        self._map[slot * _WIDTH : (slot + 1) * _WIDTH] = text.encode()[:_WIDTH].ljust(_WIDTH, b"\0")


def read_trail(path: Path) -> tuple[str, ...]:
    """Return what each thread of a process did last; nothing when there is no file."""
    try:
        data = path.read_bytes()
    except OSError:
        return ()
    slots = (data[start : start + _WIDTH] for start in range(0, len(data), _WIDTH))
    return tuple(text for slot in slots if (text := slot.rstrip(b"\0").decode(errors="replace")))


def cause_of(status: int) -> str:
    """Return the name of the signal that ended a process, or its exit status.

    ``status`` is negative for a signal, as in ``subprocess.Popen.returncode``.

    >>> cause_of(-11), cause_of(3)
    ('SIGSEGV', 'status 3')
    """
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def record(home: Path, death: Death) -> None:
    """Add a death to the file."""
    with (home / FILE).open("a", encoding="utf-8") as file:
        file.write(
            json.dumps(asdict(death) | {"at": death.at.isoformat()}, ensure_ascii=False) + "\n"
        )


def read(home: Path) -> list[Death]:
    """Return all deaths, the newest first; a line that was cut off is passed over."""
    try:
        lines = (home / FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in reversed(lines):
        try:
            values = json.loads(line)
            at, requests = datetime.fromisoformat(values["at"]), tuple(values["requests"])
            found.append(Death(**{**values, "at": at, "requests": requests}))
        except (ValueError, TypeError, KeyError):
            continue
    return found


def count_since(home: Path, moment: datetime) -> int:
    """Return how many processes have died since the moment."""
    return sum(death.at >= moment for death in read(home))
