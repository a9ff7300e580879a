"""Numbers in words or digits: ``两三年``, ``三成``, ``forty``, ``two thirds``, ``un tercio``.

A numeral is read as an interval, because words may name two neighbouring numbers.
"""

from __future__ import annotations

import re

from .tokens import plain_number

DIGITS = r"\d+(?:[.,]\d+)*"
_ZH_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9,
}  # fmt: skip
_ZH_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
WORDS: dict[str, dict[str, float]] = {
    "en": {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
        "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
        "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
        "eighty": 80, "ninety": 90, "a hundred": 100, "one hundred": 100, "half a": 0.5,
        "half an": 0.5,
    },
    "es": {
        "un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
        "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15,
        "dieciséis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20,
        "veintiún": 21, "veintidós": 22, "veintitrés": 23, "veinticuatro": 24, "veinticinco": 25,
        "veintiséis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "treinta": 30,
        "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
        "noventa": 90, "una": 1, "cien": 100, "media": 0.5, "medio": 0.5, "veintiuno": 21,
        "veintiuna": 21,
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
            low -= (last - first) * power
        digits = []
    if len(digits) > 2:
        return float("nan"), float("nan")
    first, last = (digits[0], digits[-1]) if digits else (0, 0)
    return low + section + first, high + section + last
