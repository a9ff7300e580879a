from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject

from matchmaker.errors import Refusal, Refused
from matchmaker.files.states import FileType

# Keys and kinds of actions by which a file does something, or carries another file along.
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMediaContent"})
ACTIVE_KINDS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/RichMedia"})
DEEPEST = 100


def clean(source: Path, target: Path) -> FileType:
    """Write the pages again, without what tells of author and program."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(source)
        if reader.is_encrypted:
            raise Refused(Refusal.FILE_PROTECTED)
        if not len(reader.pages):
            raise Refused(Refusal.FILE_BROKEN)
        writer = PdfWriter(clone_from=reader)
        if any(_is_active(one) for thing in writer._objects for one in _dictionaries(thing)):
            raise Refused(Refusal.FILE_MACROS)
        writer.metadata = None
        writer.xmp_metadata = None
        writer.write(target)
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(Refusal.FILE_BROKEN) from error
    except (IndexError, RecursionError, AssertionError, NotImplementedError) as error:
        raise Refused(Refusal.FILE_BROKEN) from error
    return FileType.PDF


def _is_active(one: DictionaryObject) -> bool:
    return bool(ACTIVE_KEYS & one.keys()) or one.get("/S") in ACTIVE_KINDS


def _dictionaries(thing: object, depth: int = 0) -> Iterator[DictionaryObject]:
    """Yield the dictionaries inside an object, not those that it refers to."""
    if depth > DEEPEST:
        raise Refused(Refusal.FILE_BROKEN)
    if isinstance(thing, DictionaryObject):
        yield thing
        inner: Iterator[object] = iter(thing.values())
    elif isinstance(thing, ArrayObject):
        inner = iter(thing)
    else:
        return
    for one in inner:
        yield from _dictionaries(one, depth + 1)
