"""The language of a text: the author's word first, then the share of Han characters, then a trained classifier."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from .stopwords import STOPWORDS

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007"
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_SPANISH_LETTERS = re.compile("[ñáéíóúü¿¡]", re.IGNORECASE)
_DECLARED = {"zh": "zh", "en": "en", "es": "es"}


def detect_language(text: str, declared: str | None = None) -> str:
    """Return "zh", "en" or "es".

    A declared language (``zh``, ``zh-CN``, ``en_GB``, ...) wins. One Han character weighs as much as two Latin words
    do, since it stands for about half a word and Chinese texts quote many Latin names. A text without any letter
    is taken for English.
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
    """Tell English from Spanish: function words and letters when they agree, the classifier otherwise."""
    spanish = sum(word in STOPWORDS["es"] for word in words) + 2 * len(
        set(_SPANISH_LETTERS.findall(text))
    )
    english = sum(word in STOPWORDS["en"] for word in words)
    if spanish > english + 1:
        return "es"
    if english > spanish + 1:
        return "en"
    # Only a classification that has to choose needs the model, whose loading costs half a second.
    return str(_identifier().classify(text)[0])


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["en", "es"])
    return identifier
