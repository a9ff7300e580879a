"""The file that a backup is: a tar archive of the database, the home folder and a manifest."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyrage.x25519 import Recipient

from matchmaker.backup.encryption import encrypt
from matchmaker.errors import UnusableFile

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
_QUICK = 1  # of gzip: a backup is rather made soon than made small


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `checksums`: name in the archive → SHA-256, hex."""

    format: int
    version: str  # of matchmaker
    made_at: str  # ISO 8601
    dialect: str  # sqlite or postgresql
    revision: str  # of the tables
    counts: Mapping[str, int]  # table → rows
    settings: Mapping[str, Any]  # without secrets
    checksums: Mapping[str, str]


def pack(folder: Path, target: Path, keys: Sequence[Recipient] = ()) -> None:
    """Write a folder with its manifest as an archive, encrypted if there are keys.

    It has its name once it is whole.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with tarfile.open(part, "w:gz", compresslevel=_QUICK) as archive:
            archive.add(folder / MANIFEST, MANIFEST)
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.name != MANIFEST:
                    archive.add(path, str(path.relative_to(folder)))
        if keys:
            encrypt(part, keys)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> Manifest:
    """Write what an archive holds into a folder, checked against its manifest.

    Raises UnusableFile for what is no backup, or a broken one.
    """
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest = _manifest(source, archive)
            while (member := archive.next()) is not None:
                if member.name not in manifest.checksums or not member.isfile():
                    raise UnusableFile(f"{source} holds {member.name}, which it does not list.")
                archive.extract(member, folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UnusableFile(f"{source} is broken or is not a backup: {error}.") from error
    for name, expected in manifest.checksums.items():
        path = folder / name
        if not path.is_file() or checksum(path) != expected:
            raise UnusableFile(f"{source} is broken: {name} is not what was backed up.")
    return manifest


def _manifest(source: Path, archive: tarfile.TarFile) -> Manifest:
    """Read the first thing in the archive."""
    first = archive.next()
    file = archive.extractfile(first) if first and first.name == MANIFEST else None
    if file is None:
        raise UnusableFile(f"{source} is not a backup of matchmaker.")
    try:
        found = json.load(file)
        if found["format"] != FORMAT:
            raise UnusableFile(f"{source} was made by another release, {found['version']}.")
        return Manifest(**found)
    except (ValueError, TypeError, KeyError) as error:
        raise UnusableFile(f"{source} is broken: its manifest cannot be read.") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def checksum(path: Path) -> str:
    """SHA-256, hex, of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
