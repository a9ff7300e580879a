"""Whether a sentence asks for something, tells of a trouble, or claims something."""

from __future__ import annotations

import re

# What is wanted, and how much of it: "we look for", "at least".
_ASKS = re.compile(
    r"希望|期望|盼望|需要|急需|亟需|想[要找请把有让能]|寻[求找]|求购|征集|要求|请(?!假|客)|如何"
    r"|怎样|怎么|能否|有没有|[吗？?]|谁能"
    r"|不[低少]于|不[高超]过|不大于|至少|目标|以内|降[到至低]|提高[到至]|达到"
    r"|\b(?:needs?|needed|want(?:s|ed)?|seek\w*|look(?:s|ing)? for|ask(?:s|ed)? for|wish\w*"
    r"|requir\w+"
    r"|must|should|hope\w*|would like|how (?:to|can)|is there|at least|at most|not more than)\b"
    r"|\b(?:busca\w*|necesit\w+|pedimos|pide\w*|quer(?:emos|r[ií]amos)|quisi[eé]ramos"
    r"|se (?:desea\w*"
    r"|requier\w+|solicita\w*)|hac(?:e|en) falta|deb(?:e|en|er[aá]n?)|al menos|como (?:m[aá]ximo"
    r"|m[ií]nimo)|no (?:superior|inferior)\w*)\b|¿",
    re.IGNORECASE,
)
# What goes wrong now.
_TROUBLE = re.compile(
    r"问题|困难|难以|太|缺|不[足够住动了出上]|没[有人]|坏|损|堵|漏|死|裂|超标|偏[高低]|下降|上升"
    r"|流失|无法|冻"
    r"|\b(?:problem\w*|cannot|fail\w*|los(?:t|e|es|ses)|too|lack\w*|break\w*|broke\w*|block\w*"
    r"|leak\w*"
    r"|die[sd]?|dead|stop\w*|without|shut\w*|drift\w*|deteriorat\w+)\b"
    r"|\b(?:problema\w*|falta|faltan|pierd\w+|carec\w+|romp\w+|rot[oa]s?|aver[ií]\w+|falla\w*"
    r"|hiela\w*"
    r"|atasc\w+|muer\w+|demasiad\w+|desconoc\w+|revient\w+|sin)\b",
    re.IGNORECASE,
)
# What something does, and how well.
_CLAIMS = re.compile(
    r"可[以将在用达使同]?|能[够将在使]?|达|提高|降低|减少|降至|实现|解决|处理|采用|替代|回收"
    r"|\b(?:can|reach\w*|reduc\w+|remov\w+|recover\w*|treat\w*|provid\w+|offer\w*|lower\w*|rais\w+"
    r"|keep\w*|detect\w*|convert\w*|extend\w*|work\w*)\b"
    r"|\b(?:puede\w*|alcanz\w+|reduc\w+|elimin\w+|recuper\w+|trat\w+|ofrec\w+|permit\w+|funcion\w+"
    r"|detect\w+|convert\w+|conviert\w+|reconoc\w+)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\d")
_ASKING, _TROUBLED, _CLAIMING, _MEASURED = 1.8, 1.4, 1.2, 1.1


def asks(sentence: str) -> float:
    """Return how much more than a background a sentence of a need asks for something.

    Parameters
    ----------
    sentence : str
        A sentence of a need in any language, as it is written.

    Returns
    -------
    float
        1 for a background, more for a trouble, most for a wish.

    Examples
    --------
    >>> asks("We run twelve pumps.") < asks("The pumps leak.") < asks("We look for seals.")
    True
    """
    if _ASKS.search(sentence):
        return _ASKING
    return _TROUBLED if _TROUBLE.search(sentence) else 1.0


def claims(sentence: str) -> float:
    """Return how much more than a background a sentence of a capability claims something.

    Parameters
    ----------
    sentence : str
        A sentence of a capability in any language, as it is written.

    Returns
    -------
    float
        1 for a background, more for what something does and for amounts.

    Examples
    --------
    >>> claims("We are a team.") < claims("It removes 90 % of the salt.")
    True
    """
    amount = _MEASURED if _AMOUNT.search(sentence) else 1.0
    return amount * (_CLAIMING if _CLAIMS.search(sentence) else 1.0)
