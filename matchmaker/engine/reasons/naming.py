"""Which shared terms are worth a reader's time, and which words of two texts say the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ..lexicon.dictionary import Senses, shipped
from ..lexicon.families import family
from ..text.everyday import empty_words, everyday_words
from ..text.folding import fold, fold_word
from ..text.language import HAN
from ..text.tokens import BREAK, NUMBER, QUANTITY, WORD, label_terms, stem, tokenise
from ..text.units import unit_of

_HAN = re.compile(f"[{HAN}]")
_COUNTED = re.compile("[第每各某数几半两一二三四五六七八九十百千万亿零]")
_DATE = re.compile("[0-9一二三四五六七八九十]{1,3}月份?|(?:星期|周|礼拜)[一二三四五六日天末]")
# What everything has more or less of: alone, it does not say of what.
_MEASURED = {
    "zh": frozenset(("温度", "气温", "室温", "纯度")),
    "en": frozenset(stem(word, "en") for word in ("temperature", "purity")),
    "es": frozenset(stem(word, "es") for word in ("temperatura", "pureza")),
}
_LIKELY, _FEWEST_SHARED = 0.4, 2
_LEAST_OF_TOP = 0.8  # a sense less likely than this share of the likeliest one may be stray


@lru_cache(maxsize=50_000)
def is_empty(form: str, language: str) -> bool:
    """Tell whether a word names no subject: a date, an amount, a unit, a place-holder."""
    folded = fold(form).strip()
    if _HAN.search(folded):
        word = folded.replace(" ", "")
        is_listed = word in empty_words("zh") | _MEASURED["zh"] or _DATE.fullmatch(word) is not None
        return is_listed or unit_of(word) is not None
    tokens = [token for token in tokenise(folded, language) if token.kind != BREAK]
    if not tokens or all(token.kind in (QUANTITY, NUMBER) for token in tokens):
        return True
    if len(folded) < 2 or unit_of(folded) or unit_of(folded.lower()):
        return True
    latin = _latin(language)
    return all(token.kind == WORD for token in tokens) and all(
        term in empty_words(latin) | _MEASURED[latin] for term in label_terms(folded, latin)
    )


@lru_cache(maxsize=50_000)
def is_everyday(form: str, language: str) -> bool:
    """Tell whether a word is one of the most common of its language."""
    folded = fold(form).strip()
    if _HAN.search(folded):
        return (folded.replace(" ", ""),) in everyday_words("zh")
    if " " in folded or any(char.isupper() for char in folded[1:]):
        return False
    return tuple(label_terms(folded, _latin(language))) in everyday_words(_latin(language))


def _latin(language: str) -> str:
    return "es" if language == "es" else "en"


def is_word(form: str, labels: Callable[[str], bool]) -> bool:
    """Tell whether Chinese is a word of a dictionary or a label, not a piece or a count.

    Parameters
    ----------
    form : str
        What stands in a text; other scripts are divided by spaces, so they pass.
    labels : Callable[[str], bool]
        Whether the glossary has a label.
    """
    folded = fold(form).replace(" ", "")
    if not _HAN.search(folded):
        return True
    if labels(folded):
        return True
    if len(folded) < 2 or _COUNTED.match(folded):
        return False
    return bool(shipped("zh").senses(folded))


def means(form: str, language: str, sense: str) -> bool:
    """Tell whether a family of English stems is what a word mostly means, by the dictionary.

    Spanish is looked up by stems, which several words share: talla (size) and taller (workshop).
    So no other meaning of a Spanish stem may be as likely.
    """
    if sense.startswith("~"):  # names that sound alike are often others
        return False
    if sense.startswith("#"):
        return fold(form).lower().replace(" ", "") == sense[1:]
    found = _meanings(form, language)
    top = max(found.values(), default=0.0)
    near = {meaning for meaning, weight in found.items() if weight >= _LEAST_OF_TOP * top}
    return sense in near and (language != "es" or len(near) == 1)


def agree(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two words (form, language) mean the same beyond one English word between them.

    Chinese and Spanish meet in English, where 定制 (to order) and aduana are both *custom*: two
    meanings in common are asked for.
    """
    if one[1] == other[1] == "zh":  # synonyms by way of English are a guess
        return one[0] == other[0]
    if "en" in (one[1], other[1]) or one[1] == other[1] or fold(one[0]) == fold(other[0]):
        return True
    return len(_likely(*one) & _likely(*other)) >= _FEWEST_SHARED


def _likely(form: str, language: str) -> set[str]:
    found = _meanings(form, language)
    top = max(found.values(), default=0.0)
    return {meaning for meaning, weight in found.items() if weight >= _LIKELY * top}


@lru_cache(maxsize=50_000)
def _meanings(form: str, language: str) -> dict[str, float]:
    """Return the families of English stems that a word stands for in the dictionary."""
    folded = fold(form).replace(" ", "") if _HAN.search(form) else fold_word(fold(form))
    senses: Senses
    if _HAN.search(folded):
        senses = shipped("zh").senses(folded)
    elif language == "es":
        word = stem(folded, "es")
        senses = shipped("es").senses(word) or ((word, 1.0),)
    else:
        senses = ((stem(folded, "en"), 1.0),)
    found: dict[str, float] = {}
    for word, weight in senses:
        found[family(word)] = max(found.get(family(word), 0.0), weight)
    return found
