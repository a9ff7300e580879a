from __future__ import annotations

import pytest

from matchmaker.files.rules import shown_name
from matchmaker.files.states import FileType


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ("盐湖方案.pdf", FileType.PDF, "盐湖方案.pdf"),
        ("report.v2.docx", FileType.DOCX, "report.v2.docx"),
        ("photo.JPEG", FileType.JPEG, "photo.jpg"),
        ("invoice.pdf.exe", FileType.PDF, "invoice.pdf.exe.pdf"),
        ("really.png", FileType.PDF, "really.pdf"),
        ("../../etc/passwd", FileType.PDF, "passwd.pdf"),
        ("C:\\Users\\Wen\\plan.xlsx", FileType.XLSX, "plan.xlsx"),
        ("evil\u202efdp.exe", FileType.PDF, "evilfdp.exe.pdf"),
        ('a"b\r\nX: y.pdf', FileType.PDF, "a_bX_ y.pdf"),
        ("...", FileType.PNG, "file.png"),
        ("", FileType.PNG, "file.png"),
        ("长" * 300 + ".pdf", FileType.PDF, "长" * 120 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_what_deceives(given: str, kind: FileType, expected: str) -> None:
    assert shown_name(given, kind) == expected
