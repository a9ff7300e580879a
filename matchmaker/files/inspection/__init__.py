"""What a file is, found out in a process of its own that may use little time and memory.

Parsers of foreign files are where attacks succeed. The process has no settings and no database.
"""

from __future__ import annotations

import json
import subprocess  # nosec B404
import sys
from pathlib import Path

from matchmaker.errors import Refusal, Refused
from matchmaker.files.states import FileType
from matchmaker.paths import PACKAGE

SECONDS = 20


def inspect(source: Path, target: Path) -> FileType:
    """Write a clean copy of a file to `target` and return its type.

    Raises Refused for what is not taken.
    """
    command = [sys.executable, "-m", __name__, str(source), str(target)]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, cwd=PACKAGE.parent, env={}, capture_output=True, timeout=SECONDS, check=True
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Refused(Refusal.FILE_BROKEN) from error
    if "refusal" in found:
        raise Refused(Refusal(found["refusal"]))
    return FileType(found["type"])
