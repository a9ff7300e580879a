"""What is taken and what is not, by content: hostile files are refused in two seconds."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import ExifTags, Image
from pypdf import PdfReader

from matchmaker.errors import Refusal, Refused
from matchmaker.files.inspection import inspect
from matchmaker.files.states import FileType
from tests.files import samples

REMOTE = (
    b'<Relationships xmlns="r"><Relationship Id="a" TargetMode="External" Type='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="%s"/></Relationships>'
)
TEMPLATE = "word___rels__settings_DOT_xml_DOT_rels"
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<Relationships xmlns="r">&b;</Relationships>'
)


def found(tmp_path: Path, content: bytes) -> tuple[FileType, bytes]:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    return inspect(source, target), target.read_bytes()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(samples.pdf(), FileType.PDF, id="pdf"),
        pytest.param(samples.package("docx"), FileType.DOCX, id="docx"),
        pytest.param(samples.package("xlsx"), FileType.XLSX, id="xlsx"),
        pytest.param(samples.package("pptx"), FileType.PPTX, id="pptx"),
        pytest.param(samples.picture("PNG"), FileType.PNG, id="png"),
        pytest.param(samples.picture("JPEG"), FileType.JPEG, id="jpeg"),
        pytest.param(samples.picture("WEBP"), FileType.WEBP, id="webp"),
        pytest.param(
            samples.package("pptx", ppt__embeddings__a_DOT_xlsx=samples.package("xlsx")),
            FileType.PPTX,
            id="slides with a sheet inside",
        ),
        pytest.param(
            samples.package(**{TEMPLATE: REMOTE % b"file:///C:\\Templates\\Normal.dotm"}),
            FileType.DOCX,
            id="a template of the author's own machine",
        ),
    ],
)
def test_a_good_file_is_taken_without_its_author(
    tmp_path: Path, content: bytes, expected: FileType
) -> None:
    kind, cleaned = found(tmp_path, content)
    assert kind == expected
    assert samples.AUTHOR.encode() not in cleaned
    if cleaned.startswith(b"PK"):
        with ZipFile(io.BytesIO(cleaned)) as archive:
            texts = {name: archive.read(name) for name in archive.namelist()}
        assert not any(samples.AUTHOR.encode() in text for text in texts.values())
        assert "[Content_Types].xml" in texts


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(lambda: b"MZ\x90\x00" + b"\0" * 500, Refusal.FILE_TYPE, id="a program"),
        pytest.param(lambda: b"<html><script>1</script>", Refusal.FILE_TYPE, id="a page"),
        pytest.param(lambda: b"<svg xmlns='a'/>", Refusal.FILE_TYPE, id="svg"),
        pytest.param(
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            Refusal.FILE_TYPE,
            id="doc of 1997, or a locked docx",
        ),
        pytest.param(
            lambda: samples.zipped({"a.txt": b"a"}), Refusal.FILE_TYPE, id="a zip archive"
        ),
        pytest.param(samples.animation, Refusal.FILE_TYPE, id="moving pictures"),
        pytest.param(
            lambda: samples.package(main_type="application/vnd.ms-word.document.macroEnabled+xml"),
            Refusal.FILE_MACROS,
            id="docm under another name",
        ),
        pytest.param(
            lambda: samples.package(word__vbaProject_DOT_bin=b"x"),
            Refusal.FILE_MACROS,
            id="vbaProject.bin",
        ),
        pytest.param(
            lambda: samples.package(word__embeddings__oleObject1_DOT_bin=b"x"),
            Refusal.FILE_MACROS,
            id="an embedded object",
        ),
        pytest.param(
            lambda: samples.package(
                word__embeddings__a_DOT_xlsx=samples.package("xlsx", xl__vbaProject_DOT_bin=b"x")
            ),
            Refusal.FILE_MACROS,
            id="macros in an embedded sheet",
        ),
        pytest.param(
            lambda: samples.package(**{TEMPLATE: REMOTE % b"https://evil.example/a.dotm"}),
            Refusal.FILE_MACROS,
            id="a template from elsewhere",
        ),
        pytest.param(
            lambda: samples.package(**{TEMPLATE: REMOTE % b"file://evil.example/a.dotm"}),
            Refusal.FILE_MACROS,
            id="a template from another machine",
        ),
        pytest.param(lambda: samples.pdf(javascript="1"), Refusal.FILE_MACROS, id="pdf script"),
        pytest.param(lambda: samples.pdf(attached=b"MZ"), Refusal.FILE_MACROS, id="pdf with file"),
        pytest.param(lambda: samples.pdf(password="p"), Refusal.FILE_PROTECTED, id="locked pdf"),
        pytest.param(
            lambda: samples.pdf() + samples.package(), Refusal.FILE_TWO_KINDS, id="pdf and zip"
        ),
        pytest.param(
            lambda: samples.picture("JPEG") + samples.package(),
            Refusal.FILE_TWO_KINDS,
            id="jpeg and zip",
        ),
        pytest.param(
            lambda: samples.picture("JPEG")[:20] + samples.pdf(),
            Refusal.FILE_TWO_KINDS,
            id="jpeg and pdf",
        ),
        pytest.param(
            lambda: samples.package() + b"trailing", Refusal.FILE_TWO_KINDS, id="docx and more"
        ),
        pytest.param(samples.bomb, Refusal.FILE_UNPACKS, id="zip bomb"),
        pytest.param(samples.crowd, Refusal.FILE_UNPACKS, id="thirty thousand parts"),
        pytest.param(
            lambda: samples.package(word___rels__document_DOT_xml_DOT_rels=LAUGHS),
            Refusal.FILE_BROKEN,
            id="entities that multiply",
        ),
        pytest.param(samples.huge_picture, Refusal.FILE_PIXELS, id="10⁸ pixels"),
        pytest.param(lambda: samples.picture("PNG")[:60], Refusal.FILE_BROKEN, id="cut picture"),
        pytest.param(lambda: samples.package()[:300], Refusal.FILE_BROKEN, id="cut document"),
        pytest.param(lambda: samples.pdf()[:200], Refusal.FILE_BROKEN, id="cut pdf"),
        pytest.param(lambda: b"%PDF-1.7\n" + b"\0" * 999, Refusal.FILE_BROKEN, id="no pdf"),
    ],
)
def test_a_hostile_file_is_refused(
    tmp_path: Path, make: Callable[[], bytes], expected: Refusal
) -> None:
    content = make()
    with pytest.raises(Refused) as refused:
        found(tmp_path, content)
    assert refused.value.refusal == expected


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_of_a_picture_s_notes_only_which_side_is_up_stays(tmp_path: Path, kind: str) -> None:
    _, cleaned = found(tmp_path, samples.picture(kind))
    with Image.open(io.BytesIO(cleaned)) as picture:
        exif = picture.getexif()
        assert dict(exif) == {ExifTags.Base.Orientation: 6}
        assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
        assert picture.size == (8, 6)


def test_what_stands_behind_a_picture_does_not_come_along(tmp_path: Path) -> None:
    _, cleaned = found(tmp_path, samples.picture("JPEG") + b"<?php zibelin ?>")
    assert b"zibelin" not in cleaned


def test_a_pdf_keeps_its_pages(tmp_path: Path) -> None:
    _, cleaned = found(tmp_path, samples.pdf())
    reader = PdfReader(io.BytesIO(cleaned))
    assert len(reader.pages) == 1
    assert "/Author" not in (reader.metadata or {})
