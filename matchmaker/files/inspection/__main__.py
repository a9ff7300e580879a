"""Inspect one file: `python -m matchmaker.files.inspection SOURCE TARGET`."""

from __future__ import annotations

import json
import os
import resource
import sys
import zipfile
from pathlib import Path

from matchmaker.errors import Refusal, Refused
from matchmaker.files.rules import MIB
from matchmaker.files.states import FileType

MEMORY = 1024 * MIB
CPU_SECONDS = 15
LARGEST = 64 * MIB  # what is written
PDF, ZIP = b"%PDF-", b"PK\x03\x04"
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")


def bound() -> None:
    """From now on this process ends when it needs too much."""
    os.umask(0o077)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def inspect(source: Path, target: Path) -> FileType:
    """Say what the file is by its content, and write it without what tells of its author."""
    with source.open("rb") as file:
        head = file.read(1024)
    if head.startswith(ZIP):
        from matchmaker.files.inspection import packages  # noqa: PLC0415  # only what is needed

        return packages.clean(source, target)
    if not head.startswith((PDF, *PICTURES)):
        raise Refused(Refusal.FILE_TYPE)
    if zipfile.is_zipfile(source) or PDF in head[1:]:
        raise Refused(Refusal.FILE_TWO_KINDS)
    if head.startswith(PDF):
        from matchmaker.files.inspection import pdfs  # noqa: PLC0415

        return pdfs.clean(source, target)
    from matchmaker.files.inspection import pictures  # noqa: PLC0415

    return pictures.clean(source, target)


def main() -> None:
    bound()
    try:
        told: dict[str, str] = {"type": inspect(Path(sys.argv[1]), Path(sys.argv[2]))}
    except Refused as error:
        told = {"refusal": error.refusal}
    print(json.dumps(told))


main()
