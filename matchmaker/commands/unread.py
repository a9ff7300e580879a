"""What `matchmaker match` says of rows in languages that it does not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from matchmaker.engine import Listing, Reading, reads

_SHOWN = 10
_NAMES = {
    "zh": "Chinese",
    "en": "English",
    "es": "Spanish",
    "pt": "Portuguese",
    "ca": "Catalan",
    "arabic": "Arabic script (as Uyghur is)",
    "kana": "Japanese",
    "hangul": "Korean",
}


def warnings(path: Path, rows: Sequence[tuple[int, Listing]]) -> list[str]:
    """Return a line for each language that rows are in and that is not read, or read as another."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, listing in rows:
        texts = (listing.title, listing.summary, listing.description, *listing.must_haves)
        said = _said(reads(" ".join(texts), listing.language), listing.language)
        if said:
            found[said].append(number)
    return [f"{path.name}, {_rows(numbers)}: {said}" for said, numbers in found.items()]


def _said(reading: Reading, declared: str | None) -> str | None:
    written = _NAMES.get(reading.written, reading.written.capitalize())
    if reading.read_as is None:
        return f"written in {written}, which is not read; only other facts of it count"
    if reading.is_foreign:
        return f"written in {written}, read as {_NAMES[reading.read_as]}"
    if declared and declared != reading.read_as:
        return f"declared as {_NAMES[declared]}, but written in {written} and read so"
    return None


def _rows(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    more = len(numbers) - _SHOWN
    return f"row{'s' if len(numbers) > 1 else ''} {shown}" + (
        f" and {more} more" if more > 0 else ""
    )
