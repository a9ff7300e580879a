"""What `matchmaker match` says of rows in languages that it does not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from matchmaker.commands.entries import Entry
from matchmaker.commands.sayings import of_rows
from matchmaker.commands.speech import Speech
from matchmaker.commands.speech import lazy_gettext as _l
from matchmaker.engine import Reading, reads

_NAMES = {
    "zh": _l("Chinese"),
    "en": _l("English"),
    "es": _l("Spanish"),
    "pt": _l("Portuguese"),
    "ca": _l("Catalan"),
    "arabic": _l("Arabic script (such as Uyghur)"),
    "kana": _l("Japanese"),
    "hangul": _l("Korean"),
    "tibetan": _l("Tibetan"),
    "cyrillic": _l("Cyrillic script"),
    "mongolian": _l("Mongolian script"),
}


def warnings(entries: Sequence[Entry], say: Speech) -> list[str]:
    """Return a line for each language that rows are in and that is not read, or read as another."""
    found: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        listing = entry.listing
        texts = (listing.title, listing.summary, listing.description, *listing.must_haves)
        said = _said(reads(" ".join(texts), listing.language), listing.language, say)
        if said:
            found[said].append(entry.row)
    return [f"  {of_rows(rows, said, say)}" for said, rows in found.items()]


def _said(reading: Reading, declared: str | None, say: Speech) -> str | None:
    written = say(_NAMES.get(reading.written, reading.written.capitalize()))
    if reading.read_as is None:
        return say(
            _l("written in %(written)s, which cannot be read; only its other facts count"),
            written=written,
        )
    read_as = say(_NAMES[reading.read_as])
    if reading.is_foreign:
        return say(
            _l("written in %(written)s, read as %(read_as)s"), written=written, read_as=read_as
        )
    if declared and declared != reading.read_as:
        return say(
            _l("declared as %(declared)s, but written and read as %(written)s"),
            declared=say(_NAMES[declared]),
            written=written,
        )
    return None
