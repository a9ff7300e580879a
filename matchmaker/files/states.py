from __future__ import annotations

from enum import StrEnum, nonmember


class FileType(StrEnum):
    """Kinds of files that are taken. The value is also the ending of the name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"


class Purpose(StrEnum):
    """What a file hangs on: that decides who may download it."""

    MESSAGE = "message"
    ANNEX = "annex"  # the confidential annex of a listing
    MILESTONE = "milestone"  # what shows that it was reached
    RESULT = "result"  # what shows that it is so
    VERIFICATION = "verification"  # licences and letters of an organisation, for its curators
    CLAIM = "claim"  # what shows that somebody may manage an organisation's account

    # Of people who may not belong to the organisation: its quota is not theirs to use up.
    UNCOUNTED = nonmember((CLAIM,))
