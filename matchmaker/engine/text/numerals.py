"""Numbers written in words or digits: ``两三年``, ``三成``, ``forty``, ``two thirds``, ``un tercio``.

A numeral is read as an interval, because words may name two neighbouring numbers.
"""

from __future__ import annotations

import re

from .tokens import plain_number

DIGITS = r"\d+(?:[.,]\d+)*"
_ZH_DIGITS = {
    character: value
    for value, characters in enumerate("零〇 一 二两 三 四 五 六 七 八 九".split())
    for character in characters
}
_ZH_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_EN = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_ES = (
    "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis"
    " diecisiete dieciocho diecinueve veinte"
).split()
_TENS_EN = "thirty forty fifty sixty seventy eighty ninety".split()
_TENS_ES = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_TWENTIES = (
    "veintiún veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho"
    " veintinueve"
).split()
WORDS = {
    "en": {
        **{word: float(value) for value, word in enumerate(_EN, start=1)},
        **{word: 10.0 * value for value, word in enumerate(_TENS_EN, start=3)},
        "a hundred": 100.0, "one hundred": 100.0, "half a": 0.5, "half an": 0.5,
    },
    "es": {
        **{word: float(value) for value, word in enumerate(_ES, start=1)},
        **{word: 10.0 * value for value, word in enumerate(_TENS_ES, start=3)},
        **{word: 20.0 + value for value, word in enumerate(_TWENTIES, start=1)},
        "una": 1.0, "cien": 100.0, "media": 0.5, "medio": 0.5,
        "veintiuno": 21.0, "veintiuna": 21.0,
    },
}  # fmt: skip
SHARES = {
    "en": {
        "two thirds": 2 / 3, "two-thirds": 2 / 3, "one third": 1 / 3, "a third": 1 / 3,
        "three quarters": 0.75, "three-quarters": 0.75, "a quarter": 0.25, "one quarter": 0.25,
        "four fifths": 0.8, "three fifths": 0.6, "two fifths": 0.4, "a fifth": 0.2,
        "nine tenths": 0.9, "a tenth": 0.1, "one half": 0.5, "half of": 0.5, "by half": 0.5,
        "in half": 0.5, "a half": 0.5,
    },
    "es": {
        "dos tercios": 2 / 3, "un tercio": 1 / 3, "la tercera parte": 1 / 3,
        "tres cuartas partes": 0.75, "tres cuartos": 0.75, "un cuarto": 0.25,
        "la cuarta parte": 0.25, "cuatro quintas partes": 0.8, "nueve décimas partes": 0.9,
        "la mitad": 0.5, "la quinta parte": 0.2, "un quinto": 0.2, "la décima parte": 0.1,
    },
}  # fmt: skip
_ZH_NUMBER = r"[零〇一二两三四五六七八九十百千万亿]+"
NUMERAL = {
    "zh": rf"(?:{DIGITS}|半|{_ZH_NUMBER})",
    **{
        language: rf"(?:{DIGITS}|\b(?:{'|'.join(sorted(words, key=len, reverse=True))})\b)"
        for language, words in WORDS.items()
    },
}
# 成 is a tenth beside 降, 约 and the end of a clause, and part of another word elsewhere.
_TENTHS = (
    r"(?P<tenths>[一二两三四五六七八九])成(?P<half>半)?"
    r"(?![活本果交品立为套员功份熟年龄型像虫体形组材膜药胶分缆串批片块粉革茶都墙])"
)
_FRACTION = rf"(?P<parts>百|{_ZH_NUMBER})分之(?P<share>{DIGITS}|{_ZH_NUMBER})"
SHARE = {
    "zh": re.compile(rf"{_FRACTION}|{_TENTHS}|(?P<even>一半|过半|减半|半数)"),
    **{
        language: re.compile(
            rf"\b(?P<words>{'|'.join(sorted(shares, key=len, reverse=True))})\b", re.IGNORECASE
        )
        for language, shares in SHARES.items()
    },
}


def number(numeral: str, language: str) -> tuple[float, float]:
    """Return the lowest and highest value of a numeral; NaN for a version such as 1.2.3."""
    if numeral[0].isdigit() and numeral[0].isascii():
        try:
            value = float(plain_number(numeral, language))
        except ValueError:
            value = float("nan")
        return value, value
    if language == "zh":
        return (0.5, 0.5) if numeral == "半" else _chinese(numeral)
    value = WORDS[language][numeral.lower()]
    return value, value


def share(match: re.Match[str], language: str) -> tuple[float, float]:
    """Return the value of a match of ``SHARE``."""
    if language != "zh":
        value = SHARES[language][match["words"].lower()]
        return value, value
    if match["even"]:
        return 0.5, 0.5
    if match["tenths"]:
        value = (_ZH_DIGITS[match["tenths"]] + (0.5 if match["half"] else 0.0)) / 10
        return value, value
    whole = 100.0 if match["parts"] == "百" else number(match["parts"], "zh")[0]
    low, high = number(match["share"], "zh")
    return low / whole, high / whole


def _chinese(numeral: str) -> tuple[float, float]:
    """Read Chinese digits; two neighbours such as 两三 are a range."""
    low = high = section = 0.0
    digits: list[int] = []
    for character in numeral:
        if character in _ZH_DIGITS:
            digits.append(_ZH_DIGITS[character])
            continue
        power = _ZH_POWERS[character]
        first, last = (digits[0], digits[-1]) if digits else (1, 1)
        if power >= _ZH_POWERS["万"]:
            base = section + (digits[-1] if digits else 0) or 1.0
            low, high, section = (low + base * power, high + base * power, 0.0)
        else:
            section += last * power
            low, high = low - (last - first) * power, high
        digits = []
    if len(digits) > 2:
        return float("nan"), float("nan")
    first, last = (digits[0], digits[-1]) if digits else (0, 0)
    return low + section + first, high + section + last
