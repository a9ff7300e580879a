"""Documents, sheets and slides of Office Open XML (ECMA-376): zip archives of parts."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError  # nosec B405  # defusedxml reads; this is its error
from zipfile import ZIP_DEFLATED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from matchmaker.errors import Refusal, Refused
from matchmaker.files.rules import MIB
from matchmaker.files.states import FileType

LARGEST_DIRECTORY = MIB  # of the archive's table of contents: some thousand parts
MOST_UNPACKED = 200 * MIB
USUAL = 20 * MIB  # up to here, the ratio to the packed size does not matter
MOST_RATIO = 100
LARGEST_XML = 4 * MIB  # of what is parsed here
LARGEST_EMBEDDED = 20 * MIB
END = b"PK\x05\x06"
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    f"{OFFICE}wordprocessingml.document.main+xml": FileType.DOCX,
    f"{OFFICE}spreadsheetml.sheet.main+xml": FileType.XLSX,
    f"{OFFICE}presentationml.presentation.main+xml": FileType.PPTX,
}
SCHEMAS = "http://schemas.openxmlformats.org"
# What tells of author, firm and program, by the part's type → what stands in its place.
PROPERTIES = {
    "application/vnd.openxmlformats-package.core-properties+xml": (
        f'<cp:coreProperties xmlns:cp="{SCHEMAS}/package/2006/metadata/core-properties"/>'
    ),
    f"{OFFICE}extended-properties+xml": (
        f'<Properties xmlns="{SCHEMAS}/officeDocument/2006/extended-properties"/>'
    ),
    f"{OFFICE}custom-properties+xml": (
        f'<Properties xmlns="{SCHEMAS}/officeDocument/2006/custom-properties"/>'
    ),
}
PROGRAM = re.compile(r"vbaproject|vbadata|macroenabled|activex|/embeddings/.*\.bin$|\.(exe|dll)$")
DOCUMENT = re.compile(r"/embeddings/[^/]+$")
LOADED = ("/attachedTemplate", "/oleObject", "/frame")  # fetched when the document is opened
ELSEWHERE = re.compile(r"(?i)https?:|ftp:|\\\\|file:/*[^/a-z]|file:/{2,}(?![a-z]:|/)")


def clean(source: Path, target: Path) -> FileType:
    """Write the package without what tells of its author.

    Names of authors in comments and tracked changes stay, and so do pictures as they are.
    """
    try:
        with source.open("rb") as file, ZipFile(target, "w", ZIP_DEFLATED) as cleaned:
            return _check(file, cleaned)
    except (
        BadZipFile,
        LargeZipFile,
        zlib.error,
        NotImplementedError,
        ParseError,
        DefusedXmlException,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise Refused(Refusal.FILE_BROKEN) from error


def _check(file: IO[bytes], cleaned: ZipFile | None = None) -> FileType:
    """Check a package, and copy its parts into another if one is given."""
    _check_directory(file)
    size = file.seek(0, io.SEEK_END)
    with ZipFile(file) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_UNPACKED or unpacked > max(USUAL, size * MOST_RATIO):
            raise Refused(Refusal.FILE_UNPACKS)
        if min(part.header_offset for part in parts) != 0:
            raise Refused(Refusal.FILE_TWO_KINDS)
        _check_names(parts)
        types = _types(archive)
        for part in parts:
            _check_part(archive, part)
            if cleaned is not None:
                _copy(archive, part, cleaned, PROPERTIES.get(types.get(f"/{part.filename}", "")))
    return next(MAIN[name] for name in types.values() if name in MAIN)


def _check_directory(file: IO[bytes]) -> None:
    """Look at the table of contents' size before anything reads it, and that it is the end."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 2**16 - 22))
    tail = file.read()
    found = tail.rfind(END)
    if found < 0 or len(tail) < found + 22:
        raise Refused(Refusal.FILE_BROKEN)
    if struct.unpack_from("<I", tail, found + 12)[0] > LARGEST_DIRECTORY:
        raise Refused(Refusal.FILE_UNPACKS)
    if len(tail) != found + 22:
        raise Refused(Refusal.FILE_TWO_KINDS)


def _check_names(parts: list[ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) != len(names):
        raise Refused(Refusal.FILE_TWO_KINDS)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(Refusal.FILE_PROTECTED)
    if any(PROGRAM.search(f"/{name.lower()}") for name in names):
        raise Refused(Refusal.FILE_MACROS)


def _types(archive: ZipFile) -> Mapping[str, str]:
    """Return the name of a part → its type; the package itself says so."""
    try:
        part = archive.getinfo("[Content_Types].xml")
    except KeyError:
        raise Refused(Refusal.FILE_TYPE) from None  # a zip archive, and no document
    root = fromstring(_read(archive, part, LARGEST_XML))
    types = {one.get("PartName", ""): one.get("ContentType", "") for one in root}
    if any(PROGRAM.search(name.lower()) for name in types.values()):
        raise Refused(Refusal.FILE_MACROS)
    if not any(name in MAIN for name in types.values()):
        raise Refused(Refusal.FILE_TYPE)
    return types


def _check_part(archive: ZipFile, part: ZipInfo) -> None:
    if DOCUMENT.search(f"/{part.filename.lower()}") and not part.is_dir():
        _check(io.BytesIO(_read(archive, part, LARGEST_EMBEDDED)))
    if part.filename.endswith(".rels"):
        for link in fromstring(_read(archive, part, LARGEST_XML)):
            loaded = link.get("Type", "").endswith(LOADED) and link.get("TargetMode") == "External"
            if loaded and ELSEWHERE.match(link.get("Target", "")):
                raise Refused(Refusal.FILE_MACROS)


def _read(archive: ZipFile, part: ZipInfo, most: int) -> bytes:
    if part.file_size > most:
        raise Refused(Refusal.FILE_UNPACKS)
    return archive.read(part)


def _copy(archive: ZipFile, part: ZipInfo, cleaned: ZipFile, instead: str | None) -> None:
    """Copy a part, without the time that it was written."""
    kept = ZipInfo(part.filename)
    kept.compress_type = ZIP_DEFLATED
    if instead is not None:
        cleaned.writestr(kept, instead)
        return
    kept.file_size = part.file_size
    with archive.open(part) as read, cleaned.open(kept, "w") as written:
        while piece := read.read(MIB):
            written.write(piece)
