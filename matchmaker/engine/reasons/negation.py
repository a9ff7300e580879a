"""Whether a text denies a word: "no antibiotics", 不含抗生素, "sin antibióticos"."""

from __future__ import annotations

import re

from .clauses import Field, Span

_BEFORE = {
    "zh": re.compile(
        r"(?:不(?!仅|但|只|论|少于|低于|小于)(?:用|使用|含|采用|添加|加|投加|施|设|需|需要|要|铺设|依赖|外加|放|喷|掺|能|再|打)?"
        r"|无(?:需|须)?|零|免|未(?:用|使用|添加|检出|加)|没有|非|禁用|杜绝|取消|摆脱|勿|替代|代替|取代)[^,;。]{0,9}$"
    ),
    "en": re.compile(
        r"\b(?:no|not(?! only)|without|free (?:of|from)|neither|nor|never|zero|none|instead of"
        r"|replac\w+|avoid\w*|eliminat\w+)\b(?:[\s,]+[\w'-]+){0,5}[\s,]*$",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:sin|ni|no(?! solo)|ningun[ao]?|ningún|cero|libre de|en lugar de|sustituy\w+"
        r"|evita\w*)\b(?:[\s,]+[\w'-]+){0,5}[\s,]*$",
        re.IGNORECASE,
    ),
}
_AFTER = re.compile(
    r"\s?(?:零(?:产生|添加|排放|使用)|为零|[- ]?free\b"
    r"|(?:is|are) not (?:used|needed|required|added))",
    re.IGNORECASE,
)
_LOOK_BACK = 24  # a Latin list may have its "no" before the commas


def denies(folded: str, language: str) -> bool:
    """Tell whether words deny what comes right after them."""
    return bool(_BEFORE[language].search(folded))


def negated(text: Field, place: Span, clause: Span) -> bool:
    """Tell whether a word of a clause is denied."""
    begin = clause[0]
    if text.language != "zh":
        begin = max(text.sentence(begin)[0], begin - _LOOK_BACK)
    return denies(text.folded[begin : place[0]], text.language) or bool(
        _AFTER.match(text.folded, place[1])
    )
