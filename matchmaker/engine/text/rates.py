"""What an amount is counted by: ``25元/亩``, 每亩, "a day", "per calf", "diarios"."""

from __future__ import annotations

import re
from functools import lru_cache

from .units import UNIT, Unit, unit_of

_EACH = {
    "zh": r"/|每|·|/\(|一",
    "en": r"/|·|per\b|an?\b|each\b|every\b",
    "es": r"/|·|por\b|al?\b|cada\b",
}
_ADVERBS = {
    "day": r"daily|diari[oa]s?|al día|每天|每日|per day",
    "year": r"annually|yearly|annual|anual(?:es)?|al año|每年|per annum",
    "month": r"monthly|mensual(?:es)?|al mes|每月",
    "hour": r"hourly|每小时",
    "week": r"weekly|semanal(?:es)?|每周",
}
_NOUN = {"zh": r"[一-鿿]", "en": r"[A-Za-z]{3,}", "es": r"[A-Za-zÀ-ÿ]{3,}"}
# 亩产, 日处理, 吨水电耗: what a Chinese amount is counted by stands before it.
_PREFIXED = re.compile(
    r"(?:每(?:一|个)?|单(?=[片只件台株套头户张块支])|(?<![第同])一个?(?=(?:[天日年周月]|小时)(?:可|能|处理|接待|加工|生产|产|完成"
    r"|检|修|做|出|收|跑)))(?P<each>[^\W\d_每]{1,3})"
    r"|(?<![\d一二两三四五六七八九十百千万半个几每去今当本全次近公前后多同某])"
    r"(?P<by>[亩吨日年月户头])"
    r"(?![后来内起前龄级以生代份度限][^,]*$|[光常照本]?$)(?=[^\d,]{1,13}$)"
)
_NOT_COUNTED = ("ratio", "", "temperature", "angle", "level", "voltage")
_NO_SIZE = ("count", "people", "angle")
_THINGS = ("mass", "volume", "area", "money", "energy")
_LOOK_BACK = 26
_YEARS = re.compile(r"\s?/\s?a(?![a-zà-ÿ])")  # t/a
_CLAUSE_START = re.compile(r"[,;:。;!?()]|\.\s")


@lru_cache(maxsize=3)
def _rate(language: str) -> re.Pattern[str]:
    unit, noun = UNIT[language], _NOUN[language]
    return re.compile(
        rf"\s?(?:{_EACH[language]})\s?\(?\s?(?:(?P<each>{unit})(?:·(?P<more>{unit}))?"
        rf"|(?P<noun>{noun}))",
        re.IGNORECASE if language != "zh" else 0,
    )


_BY_ADVERB = re.compile(
    r"\s?(?:" + "|".join(rf"(?P<{name}>{words})" for name, words in _ADVERBS.items()) + r")(?!\w)",
    re.IGNORECASE,
)
# "4,800 t of dry solids per day", "15 toneladas secas diarias"
_OF_THINGS = re.compile(
    r"\s(?:(?:of|de)\s)?(?:[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9-]*\s){1,3}?(?:(?:per|an?|each|al|por|cada)\s"
    r"(?P<unit>day|hour|year|month|week|día|hora|año|mes|semana)\b|"
    + "|".join(rf"(?P<{name}>{words})\b" for name, words in _ADVERBS.items())
    + ")",
    re.IGNORECASE,
)
_AND_TIME = re.compile(r"\s(?:and|y)\s(?P<unit>day|year|month|week|día|año|mes|semana)\b")


_COUNTED = {
    "zh": re.compile(r"\s?/\s?"),
    "en": re.compile(
        r"\s?/\s?|\s(?:[A-Za-z-]+\s){0,3}?(?:per|an?|each|every)\s(?:[a-z]+ and )?(?=[a-z])"
    ),
    "es": re.compile(
        r"\s?/\s?|\s(?:[A-Za-zÀ-ÿ-]+\s){0,3}?(?:por|al?|cada)\s(?:[a-z]+ y )?(?=[a-z])"
    ),
}


Rated = tuple[Unit, int, tuple[int, int] | None]  # unit, its end, the word it is counted by


@lru_cache(maxsize=3)
def _plain_unit(language: str) -> re.Pattern[str]:
    return re.compile(UNIT[language])


def counted(folded: str, end: int, language: str) -> Rated:
    """Return the unit of a bare number, as of a count in "two alarms a year"."""
    adverb = _OF_THINGS.match(folded, end) if language != "zh" else None
    if adverb is not None and (each := unit_of(adverb["unit"] or adverb.lastgroup or "")):
        return Unit(f"count/{each.quantity}", 1.0 / each.size), end, None
    gap = _COUNTED[language].match(folded, end)
    match = _plain_unit(language).match(folded, gap.end()) if gap else None
    unit = unit_of(match.group()) if match else None
    if unit is None or unit.quantity not in ("time", "volume", "mass", "area"):
        return Unit("", 1.0), end, None
    return Unit(f"count/{unit.quantity}", 1.0 / unit.size), end, None


def counted_by(unit: Unit, folded: str, start: int, end: int, language: str) -> Rated:
    """Return a unit with those it is counted by, as in "per mu", "daily" or 每亩 before it."""
    quantity, size = unit
    if language != "zh" and quantity in _THINGS and not _BY_ADVERB.match(folded, end):
        gap = _OF_THINGS.match(folded, end)
        other = unit_of(gap["unit"] or gap.lastgroup or "") if gap else None
        if other is not None and other.quantity == "time":
            return Unit(f"{quantity}/time", size / other.size), end, None
    if years := _YEARS.match(folded, end):
        year = unit_of("year")
        return Unit(f"{quantity}/time", size / (year.size if year else 1.0)), years.end(), None
    while not _BY_ADVERB.match(folded, end) and (match := _rate(language).match(folded, end)):
        other = unit_of(match["each"]) if match["each"] else None
        if other is None or other.quantity in _NO_SIZE:
            thing = _by_thing(Unit(quantity, size), match, folded, language)
            if thing is None:
                break
            return thing
        if other.quantity == quantity and quantity in ("mass", "volume"):  # mg/kg are parts
            return Unit("ratio", size / other.size), match.end(), None
        quantity, size = f"{quantity}/{other.quantity}", size / other.size
        if match["more"] and (second := unit_of(match["more"])):
            quantity, size = f"{quantity}/{second.quantity}", size / second.size
        end = match.end()
    adverb = _BY_ADVERB.match(folded, end)
    if adverb and unit.quantity not in ("ratio", "time", "temperature", ""):
        time = unit_of(adverb.lastgroup or "day")
        if time is not None:
            return Unit(f"{quantity}/{time.quantity}", size / time.size), adverb.end(), None
    if quantity == unit.quantity and language == "zh" and quantity not in _NOT_COUNTED:
        return _prefixed(unit, folded, start, end)
    return Unit(quantity, size), end, None


def _by_thing(unit: Unit, match: re.Match[str], folded: str, language: str) -> Rated | None:
    """Return the unit of an amount per thing: per calf, or per pupil and day."""
    quantity, size = unit
    place = "each" if match["each"] else "noun"
    if place == "noun" and (
        quantity in ("", "ratio") or not _counts_by_noun(quantity, match.group(), language)
    ):
        return None
    also = _AND_TIME.match(folded, match.end())
    time = unit_of(also["unit"]) if also else None
    if also is None or time is None:
        return Unit(f"{quantity}/each", size), match.end(), match.span(place)
    both = Unit(f"{quantity}/each/{time.quantity}", size / time.size)
    return both, also.end(), match.span(place)


def _counts_by_noun(quantity: str, matched: str, language: str) -> bool:
    """Tell whether a noun after an amount is what it is counted by, not merely what follows."""
    words = matched.strip().lower()
    if language == "zh":
        return words[0] in "/每" and quantity.startswith(("money", "mass", "energy", "volume"))
    return words.startswith(("per", "por", "cada", "each", "/", "every"))


def _prefixed(unit: Unit, folded: str, start: int, end: int) -> Rated:
    """Return a unit with what stands before its amount: 每亩 or 日处理."""
    before = folded[max(0, start - _LOOK_BACK) : start]
    breaks = [one.end() for one in _CLAUSE_START.finditer(before)]
    clause = start - len(before) + (breaks[-1] if breaks else 0)
    matches = [
        one
        for one in _PREFIXED.finditer(folded[clause:start])
        if unit.quantity == "money" or one.group()[0] != "单"
    ]
    if not matches:
        return unit, end, None
    last = max(matches, key=lambda one: (_size_of(one) is not None, one.start()))
    other = _size_of(last)
    if other is None:
        if unit.quantity in ("time", "length") or (not last["each"] and last["by"] not in "户头"):
            return unit, end, None
        place = clause + last.start("each" if last["each"] else "by")
        return Unit(f"{unit.quantity}/each", unit.size), end, (place, place + 1)
    if other.quantity == unit.quantity and unit.quantity != "time":
        return unit, end, None
    return Unit(f"{unit.quantity}/{other.quantity}", unit.size / other.size), end, None


def _size_of(match: re.Match[str]) -> Unit | None:
    """Return the unit that a prefix names, unless it merely counts."""
    name = match["each"] or match["by"]
    found = next((one for size in (3, 2, 1) if (one := unit_of(name[:size]))), None)
    return None if found is None or found.quantity in _NO_SIZE else found
