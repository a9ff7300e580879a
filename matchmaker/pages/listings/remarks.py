"""What the engine cannot do with a text, said to those who can change it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from matchmaker.engine import reads
from matchmaker.listings import aid
from matchmaker.listings.aid import Advice, Hint
from matchmaker.listings.rules import Content
from matchmaker.recommendation.twins import Twins
from matchmaker.web.i18n import reader_language

# A text with fewer words than this says little; the tersest good listings have twice as many.
FEW_WORDS = 40
BYTES_OF_A_WORD = 6  # in UTF-8: a Latin word with its blank, or a Chinese one of two characters
MOST_HINTS = 6
ADVICE: Mapping[Advice, Any] = {
    Advice.SECRET: _l(
        "“%(words)s” looks like the marking of a classified or internal paper. Nothing of that "
        "kind may be posted here. Please remove it, or ask your security officer first."
    ),
    Advice.CONTACTS: _l(
        "“%(words)s” is a way to contact you. Please remove it: partners get your contact details "
        "after both sides have agreed."
    ),
    Advice.CAPITALS: _l("The text is all in capital letters. It is easier to read in lower case."),
    Advice.GENERIC: _l(
        "This title would fit many listings. Name the object, the problem and where it occurs."
    ),
    Advice.NO_MEASURE: _l(
        "There is no figure to measure success by. Say how much, how fast or at what cost."
    ),
    Advice.HIDDEN: _l(
        "Your text asks for this too: “%(words)s”. Add it as a line of the must-haves."
    ),
}
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


def remarks(kind: str, content: Content, fields: Collection[str] = ()) -> list[str]:
    """Return sentences on what would make a text better, what must not stay first.

    It may not be read, be read as another language, or say little. The annex plays no part. With
    `fields`, hints are on these alone: an author cannot change others on the page.
    """
    hints = [one for one in aid.hints(kind, content) if not fields or one.field in fields]
    return [*_remarks(content), *map(_advised, hints[:MOST_HINTS])]


def twin_remarks(twins: Twins, organisation_id: int) -> list[str]:
    """Return sentences on listings that say nearly the same or name the same patents."""
    language = reader_language()
    said = []
    for other in twins.nearly_same:
        if other.organisation_id == organisation_id:
            said.append(
                gettext(
                    "Your listing “%(title)s” says nearly the same. Lists of partners name only "
                    "one of the two: change that one instead.",
                    title=other.title,
                )
            )
        else:
            said.append(
                gettext(
                    "The listing “%(title)s” of %(organisation)s says nearly the same. Lists of "
                    "partners name only one of the two.",
                    title=other.title,
                    organisation=other.organisation.name_for(language),
                )
            )
    return said + [
        gettext(
            "%(number)s is already named in a listing of another organisation: “%(title)s”. A "
            "curator will ask whose it is.",
            number=number,
            title=other.title,
        )
        for number, other in twins.named
    ]


def _advised(hint: Hint) -> str:
    return str(ADVICE[hint.advice] % {"words": hint.words})


def _remarks(content: Content) -> Iterator[str]:
    text = "\n".join((content.title, content.summary, content.description, *content.must_haves))
    if not text.strip():
        return
    reading = reads(text, content.language)
    written = LANGUAGES.get(reading.written, _l("a language that this site does not know"))
    if reading.read_as is None:
        yield gettext(
            "This text seems to be in %(language)s, which this site cannot read. No partner can be "
            "suggested for it, and search does not find it. Please write the title and a "
            "summary in Chinese, English or Spanish as well.",
            language=written,
        )
    elif reading.is_foreign:
        yield gettext(
            "This text seems to be in %(language)s. It is read as Spanish, so some words are "
            "missed and suggestions are less certain.",
            language=written,
        )
    elif reading.read_as != content.language:
        yield gettext(
            "The language given is %(declared)s, but the text seems to be in %(language)s and is "
            "read as such. Please correct the language.",
            declared=LANGUAGES[content.language],
            language=written,
        )
    if reading.read_as and len(text.encode("utf-8")) < FEW_WORDS * BYTES_OF_A_WORD:
        yield gettext(
            "The text says little, so suggestions are less certain. Say exactly what you mean, "
            "what it is for, how much, and under which conditions."
        )
