"""How a language joins what it says: lists, ranges and amounts of money. One function for each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from unicodedata import normalize

from babel.lists import format_list
from babel.numbers import format_decimal

LOCALES = {"zh": "zh_Hans", "en": "en_GB", "es": "es_ES"}
MYRIAD, HUNDRED_MILLION = 10_000, 100_000_000
_LIKE_I = re.compile(r"^(?:<[^>]+>)*h?[ií](?![aeo])", re.I)


def listed(names: Sequence[str], language: str) -> str:
    """Return names one after another.

    >>> listed(["水", "盐"], "zh"), listed(["water", "salt"], "en")
    ('水、盐', 'water, salt')
    """
    return ("、" if language == "zh" else ", ").join(names)


def listed_with_and(names: Sequence[str], language: str) -> str:
    """Return names as a sentence lists them. Spanish says e for y before the sound of i.

    Chinese has no 和 here: beside a term it could be read as a part of it (饱和和探测).

    >>> listed_with_and(["energía", "invierno"], "es"), listed_with_and(["饱和", "探测"], "zh")
    ('energía e invierno', '饱和、探测')
    """
    if language == "zh":
        return listed(names, language)
    text = format_list(names, "standard", LOCALES[language])
    if language == "es" and len(names) > 1 and _LIKE_I.match(names[-1]):
        head = text.removesuffix(f" y {names[-1]}")
        return f"{head} e {names[-1]}"
    return text


def sorted_names(names: Mapping[str, str], language: str) -> dict[str, str]:
    """Return names by code, sorted as a reader looks them up.

    Chinese by pinyin, the order in which GB 18030 keeps common characters. Others without accents.

    >>> list(sorted_names({"c": "中国", "a": "阿曼", "b": "丹麦"}, "zh").values())
    ['阿曼', '丹麦', '中国']
    """

    def place(item: tuple[str, str]) -> bytes:
        if language == "zh":
            return item[1].encode("gb18030")
        return normalize("NFKD", item[1].casefold()).encode("ascii", "ignore")

    return dict(sorted(names.items(), key=place))


def spanned(low: str, high: str, language: str) -> str:
    """Return a range of numbers.

    >>> spanned("10", "20", "zh"), spanned("10", "20", "en")
    ('10—20', '10–20')
    """
    return f"{low}—{high}" if language == "zh" else f"{low}–{high}"


def money(yuan: int, language: str) -> str:
    """Return an amount of yuan, never rounded.

    >>> [money(1_234_500, language) for language in ("zh", "en", "es")]
    ['123.45万元', 'CNY 1,234,500', '1.234.500 yuanes']
    """
    if language == "zh":
        amount, unit = _in_myriads(yuan)
        return f"{_decimal(amount, language)}{unit}元"
    number = _decimal(yuan, language)
    if language == "es":
        return f"{number} {'yuan' if yuan == 1 else 'yuanes'}"
    return f"CNY {number}"


def money_between(low: int, high: int, language: str) -> str:
    """Return a range of money, with the unit once where both have the same.

    >>> [money_between(2_000_000, 3_500_000, language) for language in ("zh", "en", "es")]
    ['200万—350万元', 'CNY 2,000,000–3,500,000', '2.000.000–3.500.000 yuanes']
    """
    if low == high:
        return money(low, language)
    if language == "zh":
        least, most = money(low, language), money(high, language)
        same = least[-2:] == most[-2:]  # 200万—350万元, but 5,000元—2万元
        return spanned(least.removesuffix("元") if same else least, most, language)
    if language == "es":
        return spanned(_decimal(low, language), money(high, language), language)
    return spanned(money(low, language), _decimal(high, language), language)


def _in_myriads(yuan: int) -> tuple[Decimal, str]:
    """Return the amount in the largest unit that shows it with four decimals at most."""
    amount = Decimal(yuan)
    if yuan >= HUNDRED_MILLION and yuan % MYRIAD == 0:
        return amount / HUNDRED_MILLION, "亿"
    return (amount / MYRIAD, "万") if yuan >= MYRIAD else (amount, "")


def _decimal(number: int | Decimal, language: str) -> str:
    return format_decimal(number, "#,##0.####", LOCALES[language])
