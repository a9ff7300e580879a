"""The language of a text, from its declaration, its Han characters or a trained classifier."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from .stopwords import STOPWORDS

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Ranges of Han characters, for a character class.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007"
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_SPANISH_LETTERS = re.compile("[ñáéíóúü¿¡]", re.IGNORECASE)
_DECLARED = {"zh": "zh", "en": "en", "es": "es"}


def is_han(char: str) -> bool:
    """Tell whether a character is Chinese."""
    return _HAN.match(char) is not None


def detect_language(text: str, declared: str | None = None) -> str:
    """Detect the language of a text.

    A Han character counts as two Latin words, because Chinese texts quote many Latin names.
    A text without letters is taken for English.

    Parameters
    ----------
    text : str
        The text.
    declared : str | None
        The author's statement (``zh``, ``zh-CN``, ``en_GB`` …), which wins.

    Returns
    -------
    str
        "zh", "en" or "es".

    Examples
    --------
    >>> detect_language("卤水提锂 ENERGY PLUS"), detect_language("Hola", declared="en-GB")
    ('zh', 'en')
    """
    if declared:
        code = _DECLARED.get(re.split("[-_]", declared.lower())[0])
        if code:
            return code
    han = len(_HAN.findall(text))
    words = [word.lower() for word in _LATIN_WORD.findall(_HAN.sub(" ", text))]
    if han and han >= len(words) / 2:
        return "zh"
    if not words:
        return "en"
    return _latin_language(text, words)


def _latin_language(text: str, words: list[str]) -> str:
    """Tell English from Spanish by function words and letters, else by the classifier."""
    spanish = sum(word in STOPWORDS["es"] for word in words) + 2 * len(
        set(_SPANISH_LETTERS.findall(text))
    )
    english = sum(word in STOPWORDS["en"] for word in words)
    if spanish > english + 1:
        return "es"
    if english > spanish + 1:
        return "en"
    # Loading the model costs half a second, which most texts do without.
    return str(_identifier().classify(text)[0])


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # half a second

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["en", "es"])
    return identifier
