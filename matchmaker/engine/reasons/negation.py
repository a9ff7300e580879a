"""Whether a text denies a word, and whether it does without it: "no antibiotics", 不含抗生素."""

from __future__ import annotations

import re

from .clauses import Field, Span

_GAP = r"(?:[\s,]+[\w'-]+){0,5}[\s,]*$"
_DENIES = {
    "zh": re.compile(
        r"(?:不(?!仅|但|只|论|少于|低于|小于)|无|零|免|未|没有|非|禁用|杜绝|取消|摆脱|勿"
        r"|替代|代替|取代)"
        r"[^,;。]{0,12}$"
    ),
    "en": re.compile(
        r"\b(?:no|not(?! only)|cannot|without|free (?:of|from)|neither|nor|never|zero|none"
        rf"|instead of|replac\w+|avoid\w*|eliminat\w+)\b{_GAP}",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:sin|ni|no(?! solo)|ningun[ao]?|ningún|cero|libre de|en lugar de|sustituy\w+"
        rf"|evita\w*)\b{_GAP}",
        re.IGNORECASE,
    ),
}
# Doing without a thing, not failing to act on it: "uses no silver", not "does not remove silver".
_WITHOUT = {
    "zh": re.compile(
        r"(?:不(?:再)?(?:用|使用|含|采用|添加|加|投加|施|设|需要?|要|敷设|铺设"
        r"|依赖|外加|放|喷|掺|打|接|捕杀|破坏|烧|燃|占|产生|排|增加?|拿|停)"
        r"|无(?:需|须)?|零|免|未(?:用|使用|添加|检出|加)|没有|非|禁用|杜绝|取消"
        r"|摆脱|勿|替代|代替|取代)[^,;。]{0,9}$"
    ),
    "en": re.compile(
        r"\b(?:no|without|free (?:of|from)|neither|nor|zero|none|instead of|replac\w+|avoid\w*"
        r"|(?:not|never) (?:us|contain|add|need|requir|rely|depend|harm|damag)\w*"
        rf"|eliminat\w+ the (?:need|use))\b{_GAP}",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:sin|ni|ningun[ao]?|ningún|cero|libre de|en lugar de|sustituy\w+|evita\w*"
        r"|no (?:se )?(?:us|utiliz|conten|contien|emple|añad|necesit|requier|llev|precis|dañ)\w*)"
        rf"\b{_GAP}",
        re.IGNORECASE,
    ),
}
_AFTER = re.compile(
    r"\s?(?:零(?:产生|添加|排放|使用)|为零|[- ]?free\b"
    r"|(?:is|are) not (?:used|needed|required|added))",
    re.IGNORECASE,
)
# A verb after a word that denies it: 竖写文字不支持, "horses are not accepted".
_DENIED_AFTER = re.compile(
    r"[^,;。]{0,10}?(?:不(?:支持|做|接|收|带|看|教|卖|提供|承接|受理|处理|涉及|适用|行|会|能|在[^,;。]{0,8}[内中])"
    r"|未(?:适配|涉及|训练)|没有(?:做|训练|涉及|经验|处置)|(?:都)?不是我们)"
    r"|[^,;.]{0,40}?\b(?:(?:is|are|was|were) (?:not|never|outside|beyond|no business)"
    r"|no (?:se|es|son|está|están|lo)"
    r"|quedan? fuera)\b",
    re.IGNORECASE,
)
_LOOK_BACK = 24  # a Latin list may have its "no" before the commas


def denies(folded: str, language: str) -> bool:
    """Tell whether words deny what comes right after them."""
    return bool(_DENIES[language].search(folded))


def negated(text: Field, place: Span, clause: Span) -> bool:
    """Tell whether a word of a clause is denied."""
    return _is(_DENIES, text, place, clause)


def done_without(text: Field, place: Span, clause: Span) -> bool:
    """Tell whether a clause says that something does without a word of it."""
    return _is(_WITHOUT, text, place, clause)


def denied_after(text: Field, place: Span, clause: Span) -> bool:
    """Tell whether a verb after a word of a clause denies it."""
    return bool(_DENIED_AFTER.match(text.folded, place[1], clause[1]))


def _is(words: dict[str, re.Pattern[str]], text: Field, place: Span, clause: Span) -> bool:
    begin = clause[0]
    if text.language != "zh":
        begin = max(text.sentence(begin)[0], begin - _LOOK_BACK)
    before = text.folded[begin : place[0]]
    return bool(words[text.language].search(before) or _AFTER.match(text.folded, place[1]))
