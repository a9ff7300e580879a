"""Words beside an amount that make it a bound: at least, at most, up to."""

from __future__ import annotations

import re

# What may stand between the bound and its number.
_GAP = (
    r"(?:\s|约|about|around|some|approximately|unos|unas|alrededor de"
    r"|the|los|las|el|la|CNY|RMB|¥)*$"
)


def _ending(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words)}){_GAP}", re.IGNORECASE)


AT_LEAST = _ending(
    r"不低于|不少于|不小于|不短于|不弱于|不差于|不浅于|至少|最少|不下于|(?<!不)(?<!未)(?:大于"
    r"|多于|超过|高于|优于|长于|逾|达到?≥)|≥|>=?",
    r"\bat least|\bno less than|\bnot less than|\bnot below|\bnever below|\bno fewer than"
    r"|\bno lower than",
    r"\babove|\bover|\bmore than|\bminimum(?: of)?|\bat a minimum",
    r"\b(?:heavier|longer|larger|higher|greater|better|deeper|wider|stronger) than|\bexceed\w*"
    r"|\bfrom|\bupwards of",
    r"\bal menos|\bpor lo menos|\bm[ií]nim[oa]s?(?: de)?|\bno menos de|\bm[aá]s del?"
    r"|\bno inferior(?:es)? al?",
    r"\b(?<!no )(?<!nunca )superior(?:es)? al?|\bigual o superior al?|\bpor encima del?|\bdesde"
    r"|\ba partir del?",
    r"\b(?<!no )supera\w*|\b(?<!no )(?:mayor(?:es)?|larg[oa]s?) (?:de|que|al?)|\bno baja de",
)
AT_MOST = _ending(
    r"\bat least (?:once )?every|\bal menos cada|至少每(?:隔)?",
    r"不超过|不高于|不大于|不多于|不长于|不得超过|不超|不足|不到|(?<!不)(?:低于|少于|小于|短于)"
    r"|≤|<=?|控制在|少于|最多|限于",
    r"\bbelow|\bunder|\bless than|\bat most|\bno more than|\bnot more than|\bnot above"
    r"|\bnot exceed\w*",
    r"\bnever above|\bnot over|\bwithin|\bmaximum(?: of)?|\bno higher than|\bno longer than"
    r"|\bnot longer than",
    r"\bfewer than|\blower than|\bshorter than|\bsmaller than|\bno greater than|\bcap of"
    r"|\blimited to|\binside",
    r"\binferior(?:es)? al?|\bpor debajo del?|\bmenos del?|\bno superior(?:es)? al?"
    r"|\bnunca superior al?|\ben menos de",
    r"\bcomo m[aá]ximo|\bno m[aá]s del?|\bm[aá]xim[oa]s?(?: de)?|\bmenor(?:es)? (?:a|de|que)"
    r"|\bno supera\w* (?:el|los|las)?",
    r"\bdentro de|\bno exced\w+(?: de)?|\bno mayor(?:es)? (?:a|de|que)",
)
REACHES = _ending(
    r"可达|最高达?|最大|最多达?|最长|最远|最深|高达",
    r"\bup to|\bas much as|\bdown to|\bto a depth of|\bas far as|\bhasta(?: los| las| el| la"
    r"| unos)?|\bde hasta",
)
MORE = re.compile(
    r"\s?(?:以上|及以上|or more|or above|or higher|or longer|o m[aá]s|como m[ií]nimo|al menos"
    r"|at least|起)",
    re.IGNORECASE,
)
LESS = re.compile(
    r"\s?(?:以下|以内|之内|及以下|内(?![部外置衬蒙])|封顶|or less|or below|or fewer|o menos"
    r"|como m[aá]ximo|at most|at the most|max\b)",
    re.IGNORECASE,
)
NOT = re.compile(
    r"\b(?:no|never|sin|nunca|without|ningun[ao]?|ningún) (?!(?:less|fewer|lower|menos|inferior"
    r"|below|more|m[aá]s|superior|above)\b)"
    r"[^,;.]*$",
    re.IGNORECASE,
)
NOT_LESS = re.compile(
    r"不低于|不少于|不小于|no less than|not less|not below|no fewer|no menos de|no inferior"
    r"|at least|al menos|至少",
    re.IGNORECASE,
)
