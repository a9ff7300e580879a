"""Files, good and hostile, made as small as they can be."""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

AUTHOR = "zibelinauthor"  # in the metadata of every sample
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}presentationml.presentation.main+xml"),
}
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
APP = f"{OFFICE}extended-properties+xml"


def package(kind: str = "docx", main_type: str = "", **more: bytes) -> bytes:
    """An Office Open XML package; `more`: its further parts, with __ for / and _DOT_ for a dot."""
    main, usual = MAIN[kind]
    types = {main: main_type or usual, "docProps/core.xml": CORE, "docProps/app.xml": APP}
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{type_}"/>' for part, type_ in types.items()
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="a">{overrides}</Types>'.encode(),
        "_rels/.rels": b'<Relationships xmlns="r"/>',
        main: b"<document>Brine</document>",
        "docProps/core.xml": f"<coreProperties>{AUTHOR}</coreProperties>".encode(),
        "docProps/app.xml": f"<Properties>{AUTHOR}</Properties>".encode(),
        **{name.replace("__", "/").replace("_DOT_", "."): text for name, text in more.items()},
    }
    return zipped(parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def pdf(javascript: str = "", attached: bytes = b"", password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": AUTHOR})
    if javascript:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(javascript)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in action.items()}
        )
    if attached:
        writer.add_attachment("more.exe", attached)
    if password:
        writer.encrypt(password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    """A picture with its author and the place where it was taken, to be turned when shown."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = AUTHOR
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (36.0, 37.0, 0.0)
    notes = PngInfo()
    notes.add_text("Author", AUTHOR)
    options = {"PNG": {"pnginfo": notes}, "JPEG": {"comment": AUTHOR}}.get(kind, {})
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, exif=exif.tobytes(), **options)
    return file.getvalue()


def animation() -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("teal", "white")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    return file.getvalue()


def huge_picture() -> bytes:
    """A PNG of 10⁸ pixels in a hundred kilobytes."""
    side = 10_000
    row = b"\0" + b"\0" * side
    packed = zlib.compressobj(9)
    data = b"".join(packed.compress(row) for _ in range(side)) + packed.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, text) for name, text in chunks)


def _chunk(name: bytes, text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + name + text + struct.pack(">I", zlib.crc32(name + text))


def bomb() -> bytes:
    """A document with a part that unpacks to 300 MiB."""
    return package(word__more_DOT_xml=b"\0" * (300 * 2**20))


def crowd() -> bytes:
    """A document of a hundred thousand empty parts."""
    return zipped({f"word/{number}.xml": b"" for number in range(30_000)})
