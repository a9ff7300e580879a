"""Glosses of what others wrote, for readers of another language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import pass_context
from jinja2.runtime import Context

from matchmaker import engine
from matchmaker.engine import Glossed
from matchmaker.web.i18n import reader_language

LONGEST = 1500  # characters of a text that is glossed


@dataclass(frozen=True, slots=True)
class Line:
    """A text in its own language, with the glosses of its terms."""

    language: str
    pieces: tuple[Glossed, ...]

    @property
    def terms(self) -> list[Glossed]:
        """The terms that a reader is told of, each once."""
        return list({piece.gloss: piece for piece in self.pieces if is_told(piece)}.values())


def is_told(piece: Glossed) -> bool:
    """Return whether a gloss says more than the text: names and numbers are read as they are."""
    bare = piece.text.casefold().replace(" ", "")
    return bool(piece.gloss) and piece.gloss.casefold().replace(" ", "") != bare


@pass_context
def glossed(
    _context: Context, texts: Iterable[object], declared: str, context: str = ""
) -> list[Line]:
    """Gloss texts in the reader's language; nothing where they are in it, or no term is known.

    `context`: a text that everybody who sees these may read, such as the listing's title.
    """
    lines = (_line(str(text), declared, context) for text in texts if text)
    return [line for line in lines if line and line.terms]


def _line(text: str, declared: str, context: str) -> Line | None:
    reader, language = reader_language(), engine.detect_language(text, declared)
    if language == reader or len(text) > LONGEST:
        return None
    return Line(language, engine.gloss(text, language, reader, context))
