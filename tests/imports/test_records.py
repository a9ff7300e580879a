"""A capability from the record of a patent or a paper, in each form that people export."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from matchmaker.errors import Refusal, Refused
from matchmaker.imports.documents import extract, text_of
from matchmaker.imports.records import Filled, fill, read

RIS = """TY  - PAT
TI  - Lithium adsorbent for brine
AB  - A titanium adsorbent takes lithium from brine. A pilot line of 50 t a day has run since 2025.
KW  - salt lakes
KW  - materials
PY  - 2025
M1  - CN115000000B
ER  -
"""
CNKI = """SrcDatabase-来源库: 中国专利
Title-题名: 一种盐湖卤水提锂吸附剂
Author-作者: 某人;
Keyword-关键词: 盐湖;;新材料
Summary-摘要: 本发明公开了一种提锂吸附剂，收率达90%。已在青海某厂完成中试，循环2000次。尚未产业化。
授权公告号: CN115000000B
"""
ENDNOTE = (
    "%0 Journal Article\n%T 青稞抗倒伏品种\n%X 茎秆强度提高三成。\n%K 青稞\n%J 高原农业\n%D 2024\n"
)
NOTE_EXPRESS = (
    "{Reference Type}: Journal Article\n{Title}: 牦牛乳深加工\n{Abstract}: 保质期延长。\n"
)
DOCUMENT = """番茄水肥一体化装备
摘要：本成果用于设施番茄，
施肥均匀。
关键词：番茄；设施农业

一、背景
"""


def filled(text: str) -> Filled:
    return fill(read(text))


@pytest.mark.parametrize(
    ("text", "title", "summary"),
    [
        (RIS, "Lithium adsorbent for brine", "A titanium adsorbent takes lithium from brine."),
        (CNKI, "一种盐湖卤水提锂吸附剂", "本发明公开了一种提锂吸附剂，收率达90%。"),
        (ENDNOTE, "青稞抗倒伏品种", "茎秆强度提高三成。"),
        (NOTE_EXPRESS, "牦牛乳深加工", "保质期延长。"),
        (DOCUMENT, "番茄水肥一体化装备", "本成果用于设施番茄， 施肥均匀。"),
    ],
    ids=["RIS", "CNKI", "EndNote", "NoteExpress", "document"],
)
def test_title_and_summary_are_found(text: str, title: str, summary: str) -> None:
    found = filled(text)
    assert found.values["title"] == title
    assert found.values["summary"].startswith(summary)


def test_each_field_rests_on_words_of_the_file() -> None:
    found = filled(CNKI)
    assert found.values["trl"] == 6
    assert found.sentences["trl"] == "已在青海某厂完成中试，循环2000次。"
    assert found.values["sectors"] == ("salt_lake", "materials")
    assert found.values["ip_status"] == "granted"
    assert found.sentences["ip_status"] == "授权公告号: CN115000000B"
    assert found.values["language"] == "zh"
    assert set(found.sentences) == set(found.values) - {"language"}


def test_a_stage_that_was_not_reached_does_not_count() -> None:
    assert "trl" not in filled("题名：某成果\n摘要：尚未中试，计划明年产业化。").values


def test_what_a_file_does_not_say_stays_open() -> None:
    assert set(filled("题名：某成果").values) == {"title", "language"}


def docx(*paragraphs: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}">{body}</w:document>')
    return file.getvalue()


def pdf(text: str) -> bytes:
    """A page with a line of Latin text."""
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begin = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % begin


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (docx("题名：提锂", "摘要：收率九成。"), "题名：提锂\n摘要：收率九成。"),
        (pdf("Title: Brine"), "Title: Brine"),
        ("题名：提锂".encode("gb18030"), "题名：提锂"),
        ("题名：提锂".encode("utf-16"), "题名：提锂"),
    ],
    ids=["docx", "pdf", "gb18030", "utf-16"],
)
def test_the_text_of_a_file(data: bytes, text: str) -> None:
    assert extract(data).strip("\ufeff") == text


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"\x00\x01\x02\xff\xff\xff", Refusal.RECORD_TYPE),
        (b"%PDF-1.4 nothing", Refusal.FILE_BROKEN),
        (b"PK\x03\x04nothing", Refusal.FILE_BROKEN),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, refusal: Refusal) -> None:
    with pytest.raises(Refused) as caught:
        text_of(data)
    assert caught.value.refusal is refusal
