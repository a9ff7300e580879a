"""Read the file on standard input: `python -m matchmaker.tables NAME KIND`."""

from __future__ import annotations

import json
import os
import resource
import sys

from matchmaker.tables import apart, reading
from matchmaker.tables.sheets import UnreadableTable

MEMORY = 1536 * 2**20
CPU_SECONDS = 15


def bound() -> None:
    """From now on this process ends when it needs too much."""
    os.umask(0o077)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    bound()
    try:
        found = apart.to_plain(reading.read(sys.argv[1], sys.stdin.buffer.read(), sys.argv[2]))
    except UnreadableTable as error:
        found = {"fault": error.fault, "data": error.data}
    json.dump(found, sys.stdout)


main()
