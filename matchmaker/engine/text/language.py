"""The language of a text, from its script, its declaration or a trained classifier."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .stopwords import STOPWORDS

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Ranges of Han characters, for a character class.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007"
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_SPANISH_LETTERS = re.compile("[ñáéíóúü¿¡]", re.IGNORECASE)
_DECLARED = {"zh": "zh", "en": "en", "es": "es"}
# The first word of a character's name in Unicode -> its script; Han and Latin are read.
_SCRIPTS = {
    "TIBETAN": "tibetan", "ARABIC": "arabic", "MONGOLIAN": "mongolian", "CYRILLIC": "cyrillic",
    "HANGUL": "hangul", "HIRAGANA": "kana", "KATAKANA": "kana", "DEVANAGARI": "devanagari",
    "THAI": "thai", "LAO": "lao", "MYANMAR": "myanmar", "KHMER": "khmer", "HEBREW": "hebrew",
    "YI": "yi",
}  # fmt: skip
_OTHER_LETTER = re.compile(f"[^\\W\\d_A-Za-z\u00aa-\u03ff{HAN}]")
# Spanish is what these are taken for; the classifier tells them apart.
_LIKE_SPANISH = ("pt", "ca")
_MARGIN = 8.0  # in log-probability: of 446 Spanish texts none is that near to the others
_ENOUGH = 500  # characters that show what a text is written in
_ENGLISH_ONLY = frozenset({"the", "and", "of", "for", "with", "from", "to", "is", "are"})
# English words that Portuguese and Catalan have too, and that Spanish lacks.
_SHARED = frozenset({"a", "as", "do", "no", "me", "so", "i"})


class Reading(NamedTuple):
    """What a text is written in, and what it is read as.

    Parameters
    ----------
    written : str
        "zh", "en" or "es"; "pt" or "ca"; or a script that is not read: "tibetan", "arabic" (which
        Uyghur has), "mongolian", "cyrillic", "hangul", "kana" …
    read_as : str | None
        "zh", "en" or "es"; None for a text that is not read.

    Examples
    --------
    >>> Reading("pt", "es").is_foreign, Reading("es", "es").is_foreign
    (True, False)
    """

    written: str
    read_as: str | None

    @property
    def is_foreign(self) -> bool:
        """Whether the text is in none of the engine's languages."""
        return self.written != self.read_as


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
        The author's statement (``zh``, ``zh-CN``, ``en_GB`` …), which wins unless the script
        contradicts it.

    Returns
    -------
    str
        "zh", "en" or "es".

    Examples
    --------
    >>> detect_language("卤水提锂 ENERGY PLUS"), detect_language("Hola", declared="en-GB")
    ('zh', 'en')
    >>> detect_language("盐湖卤水提锂", declared="en")
    'zh'
    """
    if declared:
        code = _DECLARED.get(re.split("[-_]", declared.lower())[0])
        if code and not _contradicted(text[:_ENOUGH], code):
            return code
    han, words = _counted(text)
    if han and han >= len(words) / 2:
        return "zh"
    if not words:
        return "en"
    return _latin_language(text, words)


def reads(text: str, declared: str | None = None) -> Reading:
    """Tell what a text is written in and whether the engine reads it.

    Parameters
    ----------
    text : str
        The text.
    declared : str | None
        The author's statement, as for ``detect_language``.

    Returns
    -------
    Reading
        What it is written in; the same as what it is read as for Chinese, English and Spanish.

    Examples
    --------
    >>> reads("བོད་ཀྱི་ནས་སོན་གསར་པ།")
    Reading(written='tibetan', read_as=None)
    >>> reads("Extração de lítio de salmouras")
    Reading(written='pt', read_as='es')
    """
    start = text[: 4 * _ENOUGH]
    script = _unread_script(start)
    if script:
        return Reading(script, None)
    language = detect_language(text, declared)
    other = _like_spanish(start[:_ENOUGH]) if language != "zh" else None
    return Reading(other or language, language)


def _counted(text: str) -> tuple[int, list[str]]:
    """Return the number of Han characters, and the Latin words in lower case."""
    words = [word.lower() for word in _LATIN_WORD.findall(_HAN.sub(" ", text))]
    return len(_HAN.findall(text)), words


def _contradicted(text: str, language: str) -> bool:
    """Tell whether a text is clearly in the other script than its declared language has."""
    if language != "zh":
        if text.isascii() or not _HAN.search(text):
            return False
        han, words = _counted(text)
        return han > 1 and han > 3 * len(words)
    han, words = _counted(text)
    return len(words) >= 4 and len(words) > 4 * han


def _unread_script(text: str) -> str | None:
    """Return the script that most of a text is in, if it is none that is read.

    A Han character counts twice, because it says more than a letter.
    """
    if text.isascii():
        return None
    names = (unicodedata.name(char, "").split(" ")[0] for char in _OTHER_LETTER.findall(text))
    letters = Counter(script for name in names if (script := _SCRIPTS.get(name)))
    if not letters:
        return None
    han, words = _counted(text)
    latin = sum(len(word) for word in words) - letters.total()
    return letters.most_common(1)[0][0] if letters.total() > latin + 2 * han else None


def _like_spanish(text: str) -> str | None:
    """Return "pt" or "ca" for a Latin text that is clearly in one of them."""
    _, words = _counted(text)
    if len(words) < 3 or not _ENGLISH_ONLY.isdisjoint(words):
        return None
    scores = dict(_identifier().rank(text))
    best = max(_LIKE_SPANISH, key=scores.__getitem__)
    return best if scores[best] - max(scores["es"], scores["en"]) >= _MARGIN else None


def _latin_language(text: str, words: list[str]) -> str:
    """Tell English from Spanish by function words and letters, else by the classifier."""
    telling = [word for word in words if word not in _SHARED]
    spanish = sum(word in STOPWORDS["es"] for word in telling) + 2 * len(
        set(_SPANISH_LETTERS.findall(text))
    )
    english = sum(word in STOPWORDS["en"] for word in telling)
    if spanish > english + 1:
        return "es"
    if english > spanish + 1:
        return "en"
    # Loading the model costs half a second, which most texts do without.
    scores = dict(_identifier().rank(text))
    like = max(scores[language] for language in _LIKE_SPANISH) - _MARGIN
    return "es" if max(scores["es"], like) > scores["en"] else "en"


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # half a second

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["en", "es", *_LIKE_SPANISH])
    return identifier
