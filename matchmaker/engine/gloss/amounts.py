"""Numbers and quantities as a reader of another language writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..text.language import is_han
from ..text.tokens import QUANTITY, Token, plain_number

_MANY = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}
_YEARS = 1900, 2100  # a number between these is a year's
_GROUPED = 10_000  # from here on, thousands stand apart
_SPANISH = str.maketrans(".,", ",.")
# What Chinese texts count, in English and Spanish.
_COUNTED: Mapping[str, tuple[str, str]] = {
    "亩": ("mu", "mu"), "元": ("yuan", "yuanes"), "头": ("head", "cabezas"),
    "天": ("days", "días"), "年": ("years", "años"), "个月": ("months", "meses"),
    "小时": ("hours", "horas"), "分钟": ("minutes", "minutos"), "人": ("people", "personas"),
    "名": ("people", "personas"), "户": ("households", "hogares"), "次": ("times", "veces"),
    "台": ("machines", "máquinas"), "倍": ("times", "veces"), "米": ("m", "m"), "吨": ("t", "t"),
    "公斤": ("kg", "kg"), "公里": ("km", "km"), "公顷": ("ha", "ha"),
}  # fmt: skip
_AFTER = re.compile(f"([{''.join(_MANY)}]?)[余多]?({'|'.join(_COUNTED)})")
_NUMERAL = re.compile(r"[\d.,]*\d")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")


def amount(token: Token, folded: str, source: str, target: str) -> tuple[str, int]:
    """Return how a number or quantity is told, and where it ends; "" if its unit is not known.

    A Chinese number is told only with what it counts: alone it misleads, since 万 or 亿 may follow.
    """
    surface = folded[token.start : token.end]
    numeral = _NUMERAL.match(surface)
    plain = plain_number(numeral[0], source) if numeral else ""
    if numeral is None or not _PLAIN.fullmatch(plain):
        return "", token.end
    if token.kind == QUANTITY:
        unit = surface[numeral.end() :].strip()
        if unit == "a":  # of Spanish and English rather than a year
            return "", token.end
        if any(map(is_han, unit)):
            unit = token.term.removeprefix(plain)
        return f"{_written(float(plain), target)} {unit}", token.end
    if source != "zh":
        return _written(float(plain), target), token.end
    found = _AFTER.match(folded, token.end)
    if found is None:
        return "", token.end
    many, unit = found.groups()
    value = float(plain) * _MANY.get(many, 1)
    if unit == "年" and _YEARS[0] < value < _YEARS[1]:
        return plain, found.end()
    return f"{_written(value, target)} {_COUNTED[unit][target == 'es']}", found.end()


def _written(value: float, language: str) -> str:
    written = f"{value:,.10g}" if value >= _GROUPED else f"{value:.10g}"
    return written.translate(_SPANISH) if language == "es" else written
