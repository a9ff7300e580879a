"""What the engine cannot do with a text, said to those who can change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from matchmaker.engine import reads
from matchmaker.listings.rules import Content

# A text with fewer words than this says little; the tersest good listings have twice as many.
FEW_WORDS = 40
BYTES_OF_A_WORD = 6  # in UTF-8: a Latin word with its blank, or a Chinese one of two characters
LANGUAGES: Mapping[str, Any] = {
    "zh": _l("Chinese"),
    "en": _l("English"),
    "es": _l("Spanish"),
    "pt": _l("Portuguese"),
    "ca": _l("Catalan"),
    "tibetan": _l("Tibetan"),
    "arabic": _l("Uyghur or another language in Arabic script"),
    "mongolian": _l("Mongolian"),
    "cyrillic": _l("a language in Cyrillic script"),
}


def remarks(content: Content) -> list[str]:
    """Return sentences on a text that is not read, is read as another language, or says little.

    The annex plays no part.
    """
    return list(_remarks(content))


def _remarks(content: Content) -> Iterator[str]:
    text = "\n".join((content.title, content.summary, content.description, *content.must_haves))
    if not text.strip():
        return
    reading = reads(text, content.language)
    written = LANGUAGES.get(reading.written, _l("a language that is not known here"))
    if reading.read_as is None:
        yield gettext(
            "This text seems to be in %(language)s, which is not read here: no partner can be "
            "suggested from it, and a search does not find it. Please write the title and a "
            "summary in Chinese, English or Spanish as well.",
            language=written,
        )
    elif reading.is_foreign:
        yield gettext(
            "This text seems to be in %(language)s. It is read as Spanish, so some words are "
            "missed and partners are less certain.",
            language=written,
        )
    elif reading.read_as != content.language:
        yield gettext(
            "The language given is %(declared)s, but the text seems to be in %(language)s: it is "
            "read as such. Please correct the language.",
            declared=LANGUAGES[content.language],
            language=written,
        )
    if reading.read_as and len(text.encode("utf-8")) < FEW_WORDS * BYTES_OF_A_WORD:
        yield gettext(
            "The text says little, so partners are less certain. Say what exactly is meant, for "
            "what, how much, and under which conditions."
        )
