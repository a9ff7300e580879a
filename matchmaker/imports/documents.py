"""The text of a document, read in a process of its own that may use little time and memory.

`python -m matchmaker.imports.documents` reads the file on standard input.
"""

from __future__ import annotations

import io
import json
import logging
import os
import resource
import subprocess  # nosec B404
import sys
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from matchmaker.errors import Refusal, Refused
from matchmaker.tables.apart import answer

SECONDS = 40
MEMORY = 1024 * 2**20
CPU_SECONDS = 15
LARGEST_PART = 20 * 2**20  # bytes of a document's XML
PAGES = 30  # of a PDF that are read
LONGEST = 200_000  # characters that are kept
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ENCODINGS = ("utf-8-sig", "gb18030")


def text_of(data: bytes) -> str:
    """Return the text of a PDF, a DOCX or a text file. Raises Refused for any other."""
    try:
        found = answer(__name__, data=data, seconds=SECONDS)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Refused(Refusal.FILE_BROKEN) from error
    if "refusal" in found:
        raise Refused(Refusal(found["refusal"]))
    return str(found["text"])


def extract(data: bytes) -> str:
    """Return the text of a document in this process. Raises Refused for what is none."""
    if data.startswith(b"%PDF"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _docx(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(Refusal.RECORD_TYPE)


def _pdf(data: bytes) -> str:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused(Refusal.FILE_PROTECTED)
        return "\n".join(page.extract_text() for page in reader.pages[:PAGES])
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused(Refusal.FILE_BROKEN) from error


def _docx(data: bytes) -> str:
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > LARGEST_PART:
                raise Refused(Refusal.FILE_UNPACKS)
            root = fromstring(archive.read(part))
    except KeyError as error:
        raise Refused(Refusal.RECORD_TYPE) from error
    except (BadZipFile, ParseError, DefusedXmlException, OSError, RuntimeError) as error:
        raise Refused(Refusal.FILE_BROKEN) from error
    paragraphs = (
        "".join(node.text or "" for node in paragraph.iter(f"{_W}t"))
        for paragraph in root.iter(f"{_W}p")
    )
    return "\n".join(paragraphs)


def main() -> None:
    os.umask(0o077)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))
    try:
        told = {"text": extract(sys.stdin.buffer.read())[:LONGEST]}
    except Refused as error:
        told = {"refusal": error.refusal}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
