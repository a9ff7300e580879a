"""Numbers in words or digits: ``两三年``, ``三成``, ``forty``, ``two thirds``, ``un tercio``.

A numeral is read as an interval, because words may name two neighbouring numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .tokens import plain_number

DIGITS = r"\d+(?:[.,]\d+)*"
_ZH_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9,
}  # fmt: skip
_ZH_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_SMALL: dict[str, dict[str, int]] = {
    "en": {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
        "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    },
    "es": {
        "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
        "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13,
        "catorce": 14, "quince": 15, "dieciséis": 16, "diecisiete": 17, "dieciocho": 18,
        "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintiún": 21, "veintiuna": 21,
        "veintidós": 22, "veintitrés": 23, "veinticuatro": 24, "veinticinco": 25,
        "veintiséis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
    },
}  # fmt: skip
_TENS: dict[str, dict[str, int]] = {
    "en": {
        "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
        "eighty": 80, "ninety": 90,
    },
    "es": {
        "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
        "ochenta": 80, "noventa": 90,
    },
}  # fmt: skip
_ES_HUNDREDS = {
    "cien": 100, "ciento": 100, "doscient": 200, "trescient": 300, "cuatrocient": 400,
    "quinient": 500, "seiscient": 600, "setecient": 700, "ochocient": 800, "novecient": 900,
}  # fmt: skip
_OTHER: dict[str, dict[str, float]] = {
    "en": {"half a dozen": 6, "half a": 0.5, "half an": 0.5, "a dozen": 12, "a": 1, "an": 1},
    "es": {"media docena": 6, "una docena": 12, "un centenar": 100, "media": 0.5, "medio": 0.5},
}


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _words_en() -> str:
    """Return a pattern of English number words up to the thousands."""
    digits, tens = _either(_SMALL["en"]), _either(_TENS["en"])
    small = rf"(?:(?:{tens})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine)\b)?|{digits})"
    hundreds = rf"(?:(?:an?|{small}) hundred(?:(?: and)? {small}\b)?|{small})"
    more = rf"(?:(?: and)? {hundreds}\b)?"
    # "a" counts only in a span of time: "within a week", not "twice a week".
    single = (
        r"(?:(?<=within )|(?<=for )|(?<=takes )|(?<=than )|(?<=lasts ))an?"
        r"(?= (?:minute|hour|day|week|fortnight|month|year)\b)|an?(?= \w+ and a half\b)"
    )
    return (
        rf"(?:an? thousand{more}|{hundreds} thousand{more}|{hundreds}|half a dozen|a dozen"
        rf"|half an?|{single})"
    )


def _words_es() -> str:
    """Return a pattern of Spanish number words up to the thousands."""
    digits, tens = _either(_SMALL["es"]), _either(_TENS["es"])
    small = rf"(?:(?:{tens})(?: y (?:un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b)?"
    small += rf"|{digits})"
    stems = _either(one for one in _ES_HUNDREDS if one.endswith("nt"))
    hundreds = rf"(?:(?:ciento|(?:{stems})[oa]s)(?: {small}\b)?|cien|{small})"
    return (
        rf"(?:{hundreds} mil\b(?! millones)(?: {hundreds}\b)?|{hundreds}|media docena"
        r"|una docena|un centenar|medi[oa])"
    )


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
_ZH_NUMBER = r"[零〇一二两三四五六七八九十百千万亿]{1,16}"
_AND_A_HALF = {"en": r" and a half(?= [a-z])", "es": r" y medi[oa](?= [a-zé])"}
NUMERAL = {
    "zh": rf"(?:(?:{DIGITS}|{_ZH_NUMBER})个半(?=小时|钟头|月|学期)"
    rf"|{DIGITS}|半|[零一二三四五六七八九十]{{1,16}}点[零一二三四五六七八九]{{1,16}}|{_ZH_NUMBER})",
    **{
        language: rf"(?:(?:{DIGITS}|\b(?i:{words()})\b)(?:{_AND_A_HALF[language]})?)"
        for language, words in (("en", _words_en), ("es", _words_es))
    },
}
# 成 is a tenth beside 降, 约 and the end of a clause, and part of another word elsewhere.
_TENTHS = (
    r"(?P<tenths>[一二两三四五六七八九])成(?P<half>[半一二三四五六七八九])?"
    r"(?![活本果交品立为套员功份熟年龄型像虫体形组材膜药胶分缆串批片块粉革茶都墙])"
)
_FRACTION = rf"(?P<parts>百|{_ZH_NUMBER})分之(?P<share>{DIGITS}|{_ZH_NUMBER})"
_OUT_OF = {"en": r"(?:out of|in)(?: every)?", "es": r"de cada"}
SHARE = {
    "zh": re.compile(rf"{_FRACTION}|{_TENTHS}|(?P<even>一半|过半|减半|半数)"),
    **{
        language: re.compile(
            rf"\b(?:(?P<words>{_either(shares)})"
            rf"|(?P<some>\d|{_either(_SMALL[language])})\s{_OUT_OF[language]}\s"
            rf"(?P<all>10{{1,3}}|[2-9]|{_either(_SMALL[language])}|cien|a hundred))\b",
            re.IGNORECASE,
        )
        for language, shares in SHARES.items()
    },
}
_WITH_HALF = re.compile(r"个半$| and a half$| y medi[oa]$", re.IGNORECASE)


def number(numeral: str, language: str) -> tuple[float, float]:
    """Return the lowest and highest value of a numeral; NaN for a version such as 1.2.3."""
    if half := _WITH_HALF.search(numeral):
        low, high = number(numeral[: half.start()], language)
        return low + 0.5, high + 0.5
    if numeral[0].isdigit() and numeral[0].isascii():
        try:
            value = float(plain_number(numeral, language))
        except ValueError:
            value = float("nan")
        return value, value
    if language == "zh":
        if "点" in numeral:
            whole, decimals = numeral.split("点")
            tail = "".join(str(_ZH_DIGITS[one]) for one in decimals)
            value = _chinese(whole)[0] + float(f"0.{tail}")
            return value, value
        return (0.5, 0.5) if numeral == "半" else _chinese(numeral)
    value = _latin(numeral.lower(), language)
    return value, value


def _latin(numeral: str, language: str) -> float:
    """Read English or Spanish number words: "three hundred and twenty", "treinta y dos"."""
    if numeral in _OTHER[language]:
        return _OTHER[language][numeral]
    total = part = 0
    for word in re.findall(r"[^\W\d_]+", numeral):
        if word in ("thousand", "mil"):
            total, part = total + max(part, 1) * 1000, 0
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word not in ("and", "y", "a", "an"):
            part += _value(word, language)
    return total + part


def _value(word: str, language: str) -> int:
    known = _SMALL[language].get(word) or _TENS[language].get(word)
    if known is None and language == "es":
        known = _ES_HUNDREDS.get(word) or _ES_HUNDREDS.get(word[:-2])
    return known or 0


def share(match: re.Match[str], language: str) -> tuple[float, float]:
    """Return the value of a match of ``SHARE``."""
    if language != "zh":
        if match["words"]:
            value = SHARES[language][match["words"].lower()]
        else:
            some, every = (number(match[name].lower(), language)[0] for name in ("some", "all"))
            value = some / every if some < every else float("nan")
        return value, value
    if match["even"]:
        return 0.5, 0.5
    if match["tenths"]:
        more = _ZH_DIGITS.get(match["half"], 5) / 10 if match["half"] else 0.0
        value = (_ZH_DIGITS[match["tenths"]] + more) / 10
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
