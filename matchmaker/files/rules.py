"""Decisions about files, over plain facts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from matchmaker.files.states import FileType

MIB = 2**20
MOST_BYTES = 20 * MIB
MOST_AT_ONCE = 5  # with one form
LONGEST_STEM = 120
INCOMING = "incoming"  # in the home folder: what is being checked
_UNSEEN = {"Cc", "Cf", "Cs"}
_ODD = re.compile(r'[<>:"|?*]')  # no name of a file on some systems
_TYPES = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
    FileType.WEBP: "image/webp",
}
ENDINGS = ",".join(f".{kind}" for kind in (*FileType, "jpeg"))  # for the choice of a file


@dataclass(frozen=True, slots=True)
class Space:
    """What an organisation stores and may store, in bytes."""

    used: int
    quota: int

    @property
    def left(self) -> int:
        return max(0, self.quota - self.used)

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.quota


def media_type(kind: str) -> str:
    return _TYPES[FileType(kind)]


def shown_name(given: str, kind: FileType) -> str:
    """Return a name to show and to save under: no folder, nothing unseen, the ending of the type.

    An ending says what a computer does with a file, so it follows the content.
    """
    name = re.split(r"[/\\]", given)[-1]
    seen = "".join(c for c in name if unicodedata.category(c) not in _UNSEEN)
    stem = _ODD.sub("_", seen).strip()
    known, _, ending = stem.rpartition(".")
    if known and ending.lower() in {*FileType, "jpeg"}:
        stem = known
    stem = stem.strip(". ")[:LONGEST_STEM].rstrip()
    return f"{stem or 'file'}.{kind}"


def folder(home: Path) -> Path:
    return home / "files"


def place(home: Path, key: str) -> Path:
    """Return where the bytes of a file lie."""
    return folder(home) / key[:2] / key
