"""Roles of a capability, and clauses about things it does not do, read from phrases of its text.

The phrases belong to commerce and scope clauses ("in stock", "not included"), not to one field.
"""

from __future__ import annotations

import re

from ..listing import Listing
from .folding import fold
from .language import HAN

BUYS, REPORTS, TRADES, GENERALIST = "buys", "reports", "trades", "generalist"
ROLES = (BUYS, REPORTS, TRADES, GENERALIST)

_ROLE_PHRASES: dict[str, tuple[str, ...]] = {
    BUYS: (
        r"求购|收购|采购(?!网|平台|管理|系统)|征集.{0,14}供应商|招募.{0,16}供应商",
        r"寻找.{0,6}(?:供应商|货源|产地)|诚征.{0,8}货源",
        r"\bwe (?:buy|purchase)\b|\b(?:buys|purchases)\b|\bpurchas(?:e|ing) of\b"
        r"|\bsuppliers? (?:wanted|sought)\b",
        r"\boff-?take\b|\bseeking suppliers?\b|\bcompra(?:mos)?\b|\bbusca(?:mos|n)? proveedores\b",
    ),
    REPORTS: (
        r"研究报告|市场报告|行业报告|专利导航|白皮书|论坛|展会|博览会|峰会|推介会|订阅|资讯",
        r"\bmarket (?:report|study|intelligence)|\btrade (?:fair|show)s?\b|\bexpo\b"
        r"|\bforums?\b|\bnewsletters?\b",
        r"\bsubscriptions?\b|\bexhibition booths?\b|\b(?:informe|estudio)s? de mercado\b"
        r"|\bferias?\b|\bforos?\b",
        r"\bbolet[ií]n(?:es)?\b|\bsuscripci[oó]n",
    ),
    TRADES: (
        r"批发|经销|代理商|现货|铺货|零售|寄售|直销|包邮|量大从优"
        r"|起订量|询价|贴牌|代工|长期供货|常年供应",
        r"\bwholesal\w+|\bin stock\b|\bprice list\b|\bdealers?\b|\bresellers?\b"
        r"|\bsecond-hand\b|\bretail\w*",
        r"\bprivate label\b|\bminimum order\b|\bcatalogue\b|\bmayorista|\bal por mayor\b",
        r"\bdistribu(?:idor\w*|imos|ye)\b",
        r"\bprecios? (?:econ[oó]mico|seg[uú]n)|\bminorista|\bde segunda mano\b"
        r"|\bcat[aá]logo\b|\bmarca blanca\b",
    ),
    GENERALIST: (
        r"一站式|全领域|各行各业|全行业|各领域|包罗|\ball sectors\b|\bone-stop\b"
        r"|\bexperts for everything\b",
        r"\ball (?:tasks|fields|industries)\b|\btodos los sectores\b|\bexpertos (?:en|para) todo\b",
    ),
}
_ROLES = {
    role: re.compile("|".join(phrases), re.IGNORECASE) for role, phrases in _ROLE_PHRASES.items()
}
_GOODS = (
    r"(?:供应|销售|批发|经销|出租)$|(?:供应|销售)[^\w]|^(?:venta|suministro|alquiler) "
    r"|\bfor sale\b|\bsupply of\b"
)
_GOODS_TITLE = re.compile(_GOODS, re.IGNORECASE)

_NEEDLESS = (
    r"(?!\s+(?:need|requir|have to|depend|lose|stop|damage|harm|affect|corrode|interfer|only|just"
    r"|mere)\w*)"
)
_IN_MAIN_CLAUSE = (
    r"(?<!\bthat )(?<!which )(?<!\bwho )(?<!because it )(?<!because they )(?<!\bso it )\b"
)
_NEEDLESS_ES = (
    r"(?!\s+(?:se )?(?:requier|necesit|hace falta|exig|hay que|alter|dañ|afect|interrump|sól|solo"
    r"|deja)\w*)"
)
_VERB_ES = r"(?:se |est[aá]n? |es |son )?\w+(?:amos|emos|imos|[ae]n?|do|da|dos|das)"
_LIMIT_PHRASES: dict[str, tuple[str, ...]] = {
    "zh": (
        r"不(?:提供|从事|做|生产|涉及|含|包括|包含|接收|承接|承担|开展|用于|适用|适合|负责|代)",
        r"不(?:销售|参与|属|作|具备|能|接|推荐|支持|延伸|解决|保证|覆盖|替代)",
        r"不在.{0,10}(?:范围|之列)|无法|无关|除外|范围以外|请与.{0,8}合作",
        r"由(?:业主|用户|客户|对方|合作方|产地).{0,6}(?:负责|解决|提供|承担|协调|自)"
        r"|自备|自行解决|需选配|须另|仅限",
    ),
    "en": (
        rf"{_IN_MAIN_CLAUSE}(?:do|does|did|is|are|was|will|can|has|have)(?: not|n't)\b{_NEEDLESS}"
        rf"|{_IN_MAIN_CLAUSE}cannot\b",
        r"\boutside (?:the|our|its) scope\b|\bexcluded\b|^\W*no\b",
        r"\bmust be (?:done|adapted|provided|supplied|arranged)\b",
    ),
    "es": (
        rf"(?<!que )(?<!si )(?<!lguien )\bno\b{_NEEDLESS_ES} {_VERB_ES}\b|^\W*sin\b"
        r"|\bquedan? fuera\b",
        r"\ba cargo del (?:cliente|usuario|socio)\b|\bexcepto\b|\bsalvo\b",
    ),
}
_LIMITS = {
    code: re.compile("|".join(phrases), re.IGNORECASE) for code, phrases in _LIMIT_PHRASES.items()
}
_UNWANTED_PHRASES = {
    "zh": r"不(?:是要|需要|想要|要求做|考虑|打算)|无需|不必(?!要)|不找|不买",
    "en": r"\b(?:do|does) not (?:need|want|look|ask|seek)\b"
    r"|\bnot (?:looking for|asking for|interested in|seeking)\b"
    r"|\bno interest in\b|\b(?:is|are) not what we\b",
    "es": r"\bno (?:necesitamos|buscamos|queremos|pedimos|nos interesan?|se busca|se necesita)\b"
    r"|\bno es lo que\b",
}
_UNWANTED = {code: re.compile(phrase, re.IGNORECASE) for code, phrase in _UNWANTED_PHRASES.items()}
_CLAUSE_END = re.compile(
    rf"[。；！？;!?\n]|[,:](?=[{HAN}])|(?<=[{HAN}])[,:]|\.(?=\s|$)"
    r"|, (?:but|pero|although|aunque)\b"
)


def disclaimed(folded: str, language: str) -> list[tuple[int, int]]:
    """Find the clauses in which a capability says what it does *not* do.

    Praise such as "needs no water" does not count.

    Parameters
    ----------
    folded : str
        A text from ``fold``.
    language : str
        "zh", "en" or "es".

    Returns
    -------
    list[tuple[int, int]]
        Start and end of each clause in ``folded``.

    Examples
    --------
    >>> text = "We plan plants. No technical design."
    >>> [text[start:end].strip() for start, end in disclaimed(text, "en")]
    ['No technical design.']
    """
    return _clauses(folded, _LIMITS[language])


def unwanted(folded: str, language: str) -> list[tuple[int, int]]:
    """Find the clauses in which a need says what it does *not* ask for.

    Parameters
    ----------
    folded : str
        A text from ``fold``.
    language : str
        "zh", "en" or "es".

    Returns
    -------
    list[tuple[int, int]]
        Start and end of each clause in ``folded``.

    Examples
    --------
    >>> text = "We do not need more traps. We need lures."
    >>> [text[start:end].strip() for start, end in unwanted(text, "en")]
    ['We do not need more traps.']
    """
    return _clauses(folded, _UNWANTED[language])


def _clauses(folded: str, limit: re.Pattern[str]) -> list[tuple[int, int]]:
    ends = [*(match.end() for match in _CLAUSE_END.finditer(folded)), len(folded)]
    starts = [0, *ends[:-1]]
    return [
        (start, end)
        for start, end in zip(starts, ends, strict=True)
        if limit.search(folded[start:end])
    ]


def roles(listing: Listing) -> dict[str, float]:
    """Return the roles that a capability's phrases suggest, each with a strength in 0..1.

    A phrase counts most in the title, less in the summary, least in the description.
    """
    strengths: dict[str, float] = {}
    texts = (
        (fold(listing.title), 1.0),
        (fold(listing.summary), 0.6),
        (fold(listing.description), 0.4),
    )
    for role, phrases in _ROLES.items():
        strength = sum(
            certainty * min(len(set(phrases.findall(text))), 2) for text, certainty in texts
        )
        if role == TRADES and _GOODS_TITLE.search(texts[0][0]):
            strength += 1.0
        if strength:
            strengths[role] = min(1.0, strength)
    return strengths
