"""Words beside an amount that make it a change ("cut by 60 %") or a state before ("from 46 %")."""

from __future__ import annotations

import re

LEVEL, FALL, RISE = "", "fall", "rise"

_FALL_EN = (
    r"reduc\w+|lower(?:ed|s|ing)|cut(?:s|ting)?|decreas\w+|fell|falls?|fallen|drop(?:s|ped)?"
    r"|shorten\w*"
    r"|sav(?:es?|ed|ings?)|declin\w+|narrow\w*|down|shrank|shrinks?|less|diminish\w*|trim\w*|slash\w*|halv\w+"
)
_RISE_EN = (
    r"increas\w+|ris(?:es?|ing|en)|rose|rais(?:es?|ed|ing)|improv\w+|grew|grows?|gain(?:s|ed)?"
    r"|regain\w*|boost\w*"
    r"|up|extend\w*|enhanc\w+"
)
_FALL_ES = (
    r"reduc\w+|reducido|reduzc\w+|redujo|reducción|disminu\w+|baj(?:a|an|ó|aron|ar|ada|ado)"
    r"|rebaj\w+|cae|caen|cay\w+"
    r"|descen\w+|ahorr\w+|acort\w+|recort\w+|merm(?:a|ó)|caída|(?<!al )(?<!por lo )menos(?! del?\b)"
)
_RISE_ES = (
    r"aument\w+|sub(?:e|en|ió|ieron|ir)|increment\w+|crec\w+|elev\w+|mejor\w+|gan(?:a|an|ancia)"
    r"|ascens\w+"
)
_AFTER_FALL = (
    r"\s?(?:\(?\w{0,12}\)?\s?)?(?:less|lower|fewer|smaller|cheaper|shorter|reduction|decrease"
    r"|saving|drop|cut"
    r"|menos|menor(?:es)?|inferior(?:es)?|más barat\w+|de reducción|de ahorro|de descenso)\b"
)
_AFTER_RISE = (
    r"\s?(?:more|higher|greater|longer|increase|rise|gain|más(?! barat)|mayor(?:es)?|de aumento)\b"
)
_APPROXIMATELY = (
    r"(?:\s|by|of|about|around|some|roughly|almost|nearly|more than|less than|at least|at most"
    r"|over|no less than|up to"
    r"|no more than|not above|not more than|not over|not exceeding|below|within|above|in|un|una"
    r"|en|de|del|al menos|casi|unos"
    r"|cerca de|alrededor de|más de|menos de|hasta|no superior al?|superior al?|inferior al?"
    r"|no inferior al?|como mínimo|el|los|las|la|under)*$"
)
_OBJECT = (
    r"(?:\s(?!to\b|at\b|until\b)[A-Za-z-]+){0,5}?\s(?:by|of)\b|\s(?:in|of)\s(?:the\s)?[A-Za-z-]+"
)
_OBJECT_ES = r"(?:\s(?!hasta\b|al?\b)[A-Za-zÀ-ÿ-]+){0,5}?\s(?:en|de|un|una|del)\b"


def _latin(falls: str, rises: str, gap: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"\b(?:{falls})\b(?:{gap})?{_APPROXIMATELY}", re.IGNORECASE),
        re.compile(rf"\b(?:{rises})\b(?:{gap})?{_APPROXIMATELY}", re.IGNORECASE),
    )


_ZH_GAP = (
    r"(?:了|率|幅度?|约|近|可|达到?|为|超过?|不少于|不低于|不超过|不高于|不大于|至少|逾"
    r"|≥|≤|>|<|\s|一)*$"
)
_BEFORE = {
    "zh": (
        re.compile(
            r"(?:降低|下降|减少|降幅|减幅|降|减|缩短|缩减|节约|节省|节电|节水|节能|削减|少用?"
            r"|衰减|减轻|压减|比[^,;。]{1,12}低|省)" + _ZH_GAP
        ),
        re.compile(
            r"(?:提高|增加|增长|上升|提升|增产|增收|延长|升高|扩大|增|涨|比[^,;。]{1,12}[高贵多])"
            + _ZH_GAP
        ),
    ),
    "en": _latin(_FALL_EN, _RISE_EN, _OBJECT),
    "es": _latin(_FALL_ES, _RISE_ES, _OBJECT_ES),
}
_AFTER = (re.compile(_AFTER_FALL, re.IGNORECASE), re.compile(_AFTER_RISE, re.IGNORECASE))
_ZH_AFTER = (re.compile(r"(?:以上)?的?(?:降幅|减幅)"), re.compile(r"(?:以上)?的?(?:增幅|涨幅)"))
_ZH_ARRIVES = re.compile(
    r"[^,;。\d]{0,3}?(?:降|减|升|提高|增|缩|收敛|压|改善|跌|涨|变)[^,;。\d]{0,4}(?:到|至|为)"
)
_ZH_WAS = re.compile(
    r"(?:(?:由|从|自(?![动控主然助行供建带身产流学]))[^,;。\d到至]{0,8}$|(?:原来|原有|原先|原为|此前|以往|传统|常规|普通|对照|(?<!合)同期|而?对照组?"
    r"|相比)[^,;。\d]{0,8}$)"
)
_WAS = re.compile(
    r"\b(?:against|versus|vs\.?|instead of|formerly(?: between)?|previously|compared (?:with|to)"
    r"|as opposed to|rather than|starting from|after from"
    r"|frente al?(?: los| las)?|en lugar de|antes(?: de)?|en vez de|comparado con)\s(?:the "
    r"|los |las |un |una |el )?$",
    re.IGNORECASE,
)
_WAS_AFTER = re.compile(
    r"[^,;.\d]{0,24}\b(?:previously|formerly|beforehand|with former|anteriormente"
    r"|before treatment)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|del?|desde|a partir de|con entradas de)\s(?:los |las |un |the )?$", re.IGNORECASE
)
_ARRIVES = re.compile(r"[^,;.\d]{0,24}\s(?:to|a|hasta|until|se obtienen)\b", re.IGNORECASE)
_MOVED = re.compile(
    rf"\b(?:{_FALL_EN}|{_RISE_EN}|{_FALL_ES}|{_RISE_ES}|went|bring\w*|brought|pas(?:a|an|ó"
    rf"|aron)|obtien\w+|reach\w*)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby\s(?:about |around |some |more than |at least |up to )?$", re.IGNORECASE)
_VERB_OF_RISE = re.compile(rf"\b(?:{_RISE_EN})\b", re.IGNORECASE)
_VERB_OF_FALL = re.compile(rf"\b(?:{_FALL_EN})\b", re.IGNORECASE)
_LOOK = 48
_ENDS = re.compile(r"[,;:。!?()、]|\.\s")


def _clause_before(folded: str, start: int) -> str:
    before = folded[max(0, start - _LOOK) : start]
    ends = [match.end() for match in _ENDS.finditer(before)]
    return before[ends[-1] :] if ends else before


def change_of(folded: str, start: int, end: int, language: str) -> str:
    """Return whether an amount is a fall, a rise or a level."""
    before, after = _clause_before(folded, start), folded[end : end + _LOOK]
    fall, rise = _BEFORE[language]
    if fall.search(before):
        return FALL
    if rise.search(before):
        return RISE
    if language == "en" and _BY.search(before):
        said = folded[max(0, start - 120) : start]
        return RISE if _VERB_OF_RISE.search(said) else FALL if _VERB_OF_FALL.search(said) else LEVEL
    falls, rises = _ZH_AFTER if language == "zh" else _AFTER
    if falls.match(after):
        return FALL
    return RISE if rises.match(after) else LEVEL


def is_before(folded: str, start: int, end: int, language: str) -> bool:
    """Tell whether an amount is the state before, not what is reached."""
    before, after = _clause_before(folded, start), folded[end : end + _LOOK]
    if language == "zh":
        return bool(_ZH_WAS.search(before) or _ZH_ARRIVES.match(after) or after[:1] == "进")
    if _WAS.search(before) or _WAS_AFTER.match(after):
        return True
    return bool(
        _FROM.search(before) and _ARRIVES.match(after) and _MOVED.search(before + " " + after[:30])
    )


def moves(folded: str, start: int, end: int, falls: bool, language: str) -> bool:
    """Tell whether two numbers are a change from one to the other, not a range."""
    before = _clause_before(folded, start)
    if language == "zh":
        return bool(_ZH_WAS.search(before)) and falls
    if not _FROM.search(before):
        return False
    return falls or bool(_MOVED.search(before) or _MOVED.search(folded[end : end + 20]))
