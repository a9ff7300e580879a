"""The home folder: for its owner alone, and served by one server at a time."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO

from matchmaker.errors import ConfigurationError

SERVED = "served.json"
METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus-client when it is imported
LEAST_FREE = 100 * 2**20  # bytes; with less, a database and its log may not be able to go on


def write_privately() -> None:
    """From now on, files that this process makes can be read by its user alone."""
    os.umask(0o077)


def prepare(home: Path) -> None:
    """Make the home folder, and close it to other users of the machine."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(PermissionError):  # it belongs to somebody else, who lets us in
        home.chmod(0o700)


def take(home: Path, address: str) -> IO[str]:
    """Take the home folder for a server at this address, as long as the file stays open.

    Raises ConfigurationError, which says what is in the way, when it is being served already.
    """
    file = (home / SERVED).open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        told = file.read()
        file.close()
        raise ConfigurationError(_in_the_way(home, told)) from None
    file.truncate(0)
    json.dump({"pid": os.getpid(), "address": address}, file)
    file.flush()
    return file


def _in_the_way(home: Path, told: str) -> str:
    try:
        other = json.loads(told)
        who = f"process {other['pid']} at {other['address']}"
    except (ValueError, KeyError, TypeError):
        who = "another process"
    return (
        f"The data in {home} is served already, by {who}. "
        "Stop that one first, or set MATCHMAKER_HOME to another folder."
    )


def count_together(home: Path) -> None:
    """Let the processes of the server that starts count their answers together, from nothing."""
    folder = home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ[METRICS_VARIABLE] = str(folder)


def free_space(home: Path) -> int:
    """Return the bytes that are free where the home folder is."""
    return shutil.disk_usage(home).free


def is_full(home: Path) -> bool:
    """Return whether there is too little room to go on writing."""
    return free_space(home) < LEAST_FREE
