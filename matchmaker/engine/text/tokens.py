"""Tokens of a text: Latin words, names and formulas, quantities, Chinese words, breaks.

Scripts are told apart inside one text, because Chinese paragraphs quote English and vice versa.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import Stemmer

from .folding import fold_word
from .language import HAN
from .stopwords import STOPWORDS

if TYPE_CHECKING:
    import rjieba

WORD, NAME, QUANTITY, NUMBER, HAN_WORD, BREAK = "word", "name", "quantity", "number", "han", "break"

_LETTER = "A-Za-zÀ-ÖØ-öø-ɏΑ-ωμ"
_PREFIXED = (
    "(?:[YZEPTGMkhdcmunpμ]|da)?"
    "(?:Wh|W|Wp|VA|V|Ah|A|Hz|Pa|J|eV|g|L|l|m|mol|s|bit|b|B|bps|Gy|Sv|Bq|t)"
)
_UNIT_ATOM = (
    rf"(?:°C|°F|°|%|‰|{_PREFIXED}|K|min|h|d|a|ha|mu|ppm|ppb|ppt|dB|rpm|bar|cal|kcal"
    r"|lm|lx|cd|U|px|fps|yuan|bit/s)"
)
_UNIT = rf"{_UNIT_ATOM}[23]?(?:[/·]{_UNIT_ATOM}[23]?)*"
_NUMERAL = r"\d+(?:[.,]\d+)*"
_STANDARD = (
    r"(?:GB|YS|HG|NY|SN|DL|JB|HJ|LY|SL|WS|CJ|YD|QX|ISO|IEC|EN|ASTM|IEEE)"
    r"(?:/[A-Z])?[ -]?\d+(?:[.-]\d+)*"
)
_ZH_UNITS = {
    "微米": "μm", "毫米": "mm", "厘米": "cm", "公里": "km", "千米": "km", "公顷": "ha",
    "吨": "t", "公斤": "kg", "千克": "kg", "毫克": "mg", "兆瓦": "mw", "千瓦时": "kwh",
    "千瓦": "kw", "兆瓦时": "mwh", "摄氏度": "°c", "毫升": "ml", "升": "l",
}  # fmt: skip
_ZH_UNIT = "|".join(sorted(_ZH_UNITS, key=lambda unit: -len(unit)))
_TOKEN = re.compile(
    rf"(?P<standard>(?<![{_LETTER}\d]){_STANDARD}(?![{_LETTER}\d]))"
    rf"|(?P<ph>(?<![{_LETTER}])pH\s?{_NUMERAL})"
    rf"|(?P<quantity>(?P<amount>{_NUMERAL})\s?(?P<unit>{_UNIT}(?![{_LETTER}\d])|{_ZH_UNIT}))"
    rf"|(?P<name>[{_LETTER}]+-?\d[{_LETTER}\d]*(?:[+-](?![{_LETTER}\d]))?|\d+[{_LETTER}][{_LETTER}\d]*"
    rf"|[A-Z](?:[&+][A-Za-z])+(?![{_LETTER}])|[A-Z][a-z]?[+](?![{_LETTER}\d]))"
    rf"|(?P<word>[{_LETTER}]+(?:'[a-z]+)?)"
    rf"|(?P<number>{_NUMERAL})"
    rf"|(?P<han>[{HAN}]+)"
    r"|(?P<break>[^\w\s'’-])"
)
_LONGEST_ACRONYM = 6
_PLAIN_LABEL = re.compile("[A-Za-zÁÉÍÓÚÑáéíóúñü][a-záéíóúñü]+(?:[ -][a-záéíóúñü]+)*")
_LONG_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]{5,}")
_CAPITALS = re.compile("[A-ZÀ-ÖØ-Þ]")


class Token(NamedTuple):
    """A piece of a folded text: its kind, its indexed form ``term``, and its place."""

    kind: str
    term: str
    start: int
    end: int


def tokenise(folded: str, language: str) -> list[Token]:
    """Return the tokens of a text from ``folding.fold``, in order.

    Stop words are left out. Breaks (punctuation) stay, because a phrase does not cross them.
    """
    shouting = _shouts(folded)
    latin = "es" if language == "es" else "en"
    tokens: list[Token] = []
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "han":
            tokens.extend(_han_words(match.group(), start))
        elif kind == "word":
            token = _latin_word(match.group(), start, end, latin, shouting)
            if token:
                tokens.append(token)
        elif kind in ("quantity", "amount", "unit"):
            unit = match["unit"]
            term = plain_number(match["amount"], language) + _ZH_UNITS.get(unit, unit.lower())
            tokens.append(Token(QUANTITY, term, start, end))
        elif kind == "number":
            tokens.append(Token(NUMBER, plain_number(match.group(), language), start, end))
        elif kind == "break":
            tokens.append(Token(BREAK, "", start, end))
        else:
            tokens.append(Token(NAME, re.sub(r"[\s]", "", match.group()).lower(), start, end))
    return tokens


def label_terms(folded: str, language: str) -> list[str]:
    """Return the terms of ``tokenise`` for a label, with breaks as ``""``; fast for plain words."""
    if not _PLAIN_LABEL.fullmatch(folded):
        return [token.term for token in tokenise(folded, language)]
    words = map(fold_word, folded.replace("-", " ").split())
    return [
        stem(word, language) for word in words if len(word) > 1 and word not in STOPWORDS[language]
    ]


def _latin_word(word: str, start: int, end: int, language: str, shouting: bool) -> Token | None:
    bare = word.split("'", maxsplit=1)[0]
    if not shouting and _is_name(bare):
        return Token(NAME, fold_word(bare), start, end)
    lowered = fold_word(bare)
    if lowered in STOPWORDS[language] or len(lowered) < 2:
        return None
    return Token(WORD, stem(lowered, language), start, end)


def _is_name(word: str) -> bool:
    """Tell an acronym or a name such as LiDAR by its capitals; long words in capitals are loud."""
    capitals = len(_CAPITALS.findall(word))
    return capitals >= 2 and not (capitals == len(word) > _LONGEST_ACRONYM)


def _han_words(run: str, offset: int) -> list[Token]:
    tokens: list[Token] = []
    place = offset
    for word in _segmenter().cut(run):
        end = place + len(word)
        if word not in STOPWORDS["zh"]:
            tokens.append(Token(HAN_WORD, word, place, end))
        place = end
    return tokens


def _shouts(text: str) -> bool:
    """Tell whether a Latin text is in capitals throughout, which then mean nothing."""
    words = _LONG_WORD.findall(text)
    return len(words) >= 3 and sum(word.isupper() for word in words) > 0.6 * len(words)


def plain_number(numeral: str, language: str) -> str:
    """Return a numeral with a decimal point and no separators: Spanish ``2,4`` becomes ``2.4``."""
    thousands, decimal = (".", ",") if language == "es" else (",", ".")
    if (
        numeral.count(thousands) == 1
        and numeral.count(decimal) == 0
        and len(numeral.split(thousands)[1]) != 3
    ):
        return numeral.replace(",", ".")
    return numeral.replace(thousands, "").replace(decimal, ".")


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the Snowball stem of a folded word.

    Spanish stemming needs the accents of its endings, so they are put back first.
    """
    if language == "es":
        if word.endswith("cion") or word.endswith("sion"):
            word = word[:-2] + "ón"
        return fold_word(_stemmer("spanish").stemWord(word))
    return str(_stemmer("english").stemWord(word))


@lru_cache(maxsize=2)
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


@lru_cache(maxsize=1)
def _segmenter() -> rjieba.Jieba:
    import rjieba  # noqa: PLC0415  # a fifth of a second; texts without Chinese do without

    return rjieba.Jieba()
