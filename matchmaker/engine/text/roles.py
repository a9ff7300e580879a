"""Roles of a capability that is no technology: it buys, reports, trades or does everything.

A role holds when the offer itself is that: its title, or what the offerer does in its first lines.
"""

from __future__ import annotations

import re
from functools import cache

from ..listing import Listing
from .folding import fold

BUYS, REPORTS, TRADES, GENERALIST = "buys", "reports", "trades", "generalist"
ROLES = (BUYS, REPORTS, TRADES, GENERALIST)

# Technology *for* buyers, reports or traders is technology: "sorter for second-hand dealers".
_MADE_FOR_ZH = r"(?:平台|系统|软件|装备|设备|技术|工艺|装置|机|仪|管理|检测|算法|模型|研发|站用)"
_TITLES: dict[str, tuple[str, ...]] = {
    BUYS: (
        rf"(?:求购|征购|诚征|高价收|长期采购|大宗采购|采购(?=$|[,。]))(?!.{{0,10}}{_MADE_FOR_ZH})",
        rf"收购(?!价|站|点|季|期|指数|商|标准)(?!.{{0,10}}{_MADE_FOR_ZH})|(?:寻找|征集|招募"
        r"|诚寻).{0,14}(?:供应商|货源)",
        r"^(?:we |long-term |contract |bulk )?(?:buy|buying|buyers?|purchas(?:e|es|ing)"
        r"|procurement) (?!.*\b(?:platform"
        r"|software|system|guide)\b)",
        r"\bsuppliers? (?:wanted|sought)\b|^wanted\b|\b(?:seeking"
        r"|looking for) (?:\w+ )?(?:suppliers|sources|growers|producers)\b"
        r"|\boff-?take (?:contract|agreement)s?\b",
        r"\b(?:buys|buyer of|purchaser of|we buy|we purchase)\b",
        r"^(?:se )?compra(?:mos|n|dor\w*)?\b|\bcompramos\b|\bcompra (?:trucha|\w+) (?:y|e"
        r"|fresc\w+|enter\w+)|\bimportadora compra\b"
        r"|\bbuscamos proveedores\b",
    ),
    REPORTS: (
        r"(?:行情|价格指数|指数保价|周报|日报|月报|快讯|资讯|研究报告|市场报告|行业报告|分析报告"
        r"|白皮书|蓝皮书|年鉴|专利导航|情报订阅)"
        rf"(?!.{{0,8}}{_MADE_FOR_ZH})",
        r"(?:论坛|展会|博览会|峰会|推介会|交易会|招聘会|展览会|年会|展销会)(?!.{0,8}(?:管理|系统"
        r"|平台|安保|搭建))",
        r"\bmarket (?:report|study|studies|intelligence|outlook|news)\b|\b(?:annual|weekly"
        r"|monthly|price) (?:outlook|report"
        r"|index|bulletin|digest)\b|\bprice (?:news|quotations?)\b",
        r"\b(?:trade (?:fair|show)s?|expo|exhibition|summit|newsletter)\b(?!.{0,12}\b(?:robot"
        r"|system|software|display)s?\b)"
        r"|\b(?:forum|conference)\b",
        r"\b(?:informe|estudio|bolet[ií]n|perspectiva)s? (?:\w+ )?(?:de|del) (?:mercado|precios?"
        r"|sector)\b|\bferias? (?:de|del|internacional)\b"
        r"|\bforo (?:de|del|sobre|internacional)\b|\bbolet[ií]n (?:semanal|mensual|diario)\b"
        r"|\bcongreso\b",
    ),
    TRADES: (
        r"(?:批发|经销|总代理|进出口代理|现货(?:供应|批发|直销)|直销|零售|团购|贸易|进出口|拍卖"
        rf"|寄售|集采)(?!.{{0,8}}{_MADE_FOR_ZH})",
        r"(?:供应|销售|出售|(?<!与)供货|空运|发货|租赁|出租|配送)$|长协供应|诚招.{0,8}(?:经销"
        r"|代理|渠道)商?|(?:设备|整机|全系列|产品)现货|现货$",
        r"\b(?:wholesale(?:rs?)?|distributors?|resellers?|dealers?|stockists?|second-hand"
        r"|import and export|importers?|exporters?"
        r"|export list|auctions?|for sale|brokerage)\b(?! (?:software|system|platform))"
        r"|\bretail (?:of|store|chain)\b|^(?:supply|sale) of\b",
        r"^(?:rental|hire) of\b|\bfor (?:rent|hire)\b",
        r"^(?:venta|suministro|alquiler|importaci[oó]n|exportaci[oó]n|comercializaci[oó]n) (?:de"
        r"|y)\b|\bmayoristas?\b|\bal por mayor\b"
        r"|\bdistribu(?:idor\w*|imos|ci[oó]n exclusiva)\b|\bimportamos\b",
        r"^subasta\b|\bseminuev[oa]s?\b|\bde segunda mano\b|\bminoristas?\b"
        r"|\bimportad[oa]s?\b(?= de)|\bcompraventa\b",
    ),
    GENERALIST: (
        r"一站式(?=.{0,8}(?:平台|综合|服务商|总包|解决|转化|全))|全程服务商|综合服务(?:平台|商)"
        r"|全领域|各行各业|全行业|各领域|包罗|包揽|一网打尽|应有尽有"
        r"|技术大全|百科|样样|无所不|资源整合平台",
        r"\ball (?:sectors|tasks|fields|industries|needs)\b|\b(?:any|every) (?:sector|industry"
        r"|institution|need|field)\b"
        r"|\bone-stop (?:\w+ ){0,2}(?:partner|platform|solutions?|shop|hub)\b"
        r"|\ball-in-one .{0,30}platform\b|\bwhatever your\b"
        r"|\bexperts? (?:for|in) everything\b|\bkeywords\b",
        r"\b(?:todos los sectores|cualquier (?:sector|necesidad)|su socio [uú]nico|expertos (?:en"
        r"|para) todo|soluciones integrales)\b"
        r"|\bplataforma integral\b|\b(?:consultor[ií]a|servicios?) (?:\w+ )?integral(?:es)?\b",
    ),
}
# What the offerer does, in the first sentence after the title.
_OFFERER_ZH = (
    r"(?:^|公司|集团|我司|我们|本司|贸易|商行|联盟|协会|机构|中心|合作社|连锁|平台)[^,。;]{0,14}?"
)
_OPENINGS: dict[str, tuple[str, ...]] = {
    BUYS: (
        rf"{_OFFERER_ZH}(?:收购|求购|采购|集采)(?!价|站|商|点|季|平台|系统|订单|网)",
        r"(?:^|\bwe|\bcompany|\bfoods|\bgroup|\bmills?|\bmaltings|\bgrains|\bltd\.?"
        r"|\bco\.) (?:\w+ )?(?:buys?|purchases?|procures?)\b"
        r"|\bwe contract growers\b|\bwishes to widen its sourcing\b"
        r"|\bwe are looking for (?:suppliers|\w+ cooperatives)\b",
        r"^(?:[\w'áéíóúñ-]+ ){1,5}(?:compra|adquiere)\b|\bcompramos\b|\bbusca (?:cultivadores"
        r"|proveedores|granjas|bodegas)\b"
        r"|\bbuscamos (?:granjas|bodegas|proveedores|cultivadores)\b",
    ),
    REPORTS: (
        r"(?:发布|采集|推送|编制|编写)[^,。;]{0,14}(?:行情|报价|价格|指数|周报|日报|月报)|(?:^"
        r"|[、,])(?:日报|周报|月报)(?=[、,])",
        rf"{_OFFERER_ZH}(?:承办|主办|举办|组织)[^,。;]{{0,12}}(?:博览会|论坛|展会|峰会|交易会"
        r"|引才活动|招聘会)",
        r"\bpublishes? (?:an? |the )?(?:[\w-]+ ){0,4}(?:study|report|index|prices|quotations"
        r"|newsletter|outlook)\b|\banalyst calls?\b",
        r"\bpublica (?:[\w-]+ ){0,4}(?:informe|bolet[ií]n|precios|[ií]ndice)\b"
        r"|\bconvoca a\b.{0,60}\b(?:expositores|fabricantes)\b",
    ),
    TRADES: (
        rf"(?:^|公司|集团|商行|我们)代理(?!记账)|{_OFFERER_ZH}(?:经销|批发|贩运|转售|代销"
        r"|撮合)(?!机制|记账)(?=.{2})",
        r"(?:^|[,。])(?:全国代理价|现货|包邮|量大从优|点数交货)",
        r"\b(?:imports and distributes|import and distribute|distributes|resells|stocks) \w+"
        r"|\bmodels in stock\b|\bsold in \d+ countries\b",
        r"\b(?:importa y distribuye|vende y alquila|distribuye \w+|revende|alquila \w+)"
        r"|\bde cat[aá]logo, entrega\b|\bcomisi[oó]n\b.{0,20}\bsubasta",
    ),
    GENERALIST: (
        r"一站式解决|您(?:要|提)[^,。]{0,4}(?:的?我们都有|需求)|全部重点任务"
        r"|覆盖[^。]{0,40}各领域|所有(?:行业|领域)|包您满意|一揽子解决",
        r"\bwhatever your\b|\bour ecosystem has the answer\b|\bany (?:service|need|task|field"
        r"|sector) (?:you|your|of)\b|\ball western provinces\b"
        r".{0,60}\bpublic clients\b|\bfor everything\b",
        r"\blo hacemos todo\b|\bcualquier (?:servicio|necesidad|sector)\b"
        r"|\ben todo lo que necesit\w+|\btodo en una\b|\bsin limitaci[oó]n de sector\b",
    ),
}


@cache
def _compiled(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_SENTENCE = re.compile(r".*?(?:[。！？!?;]|(?<!\b[A-Z])\.(?=\s|$)|$)", re.DOTALL)
_IN_SUMMARY, _IN_DESCRIPTION = 0.6, 0.4


def roles(listing: Listing) -> dict[str, float]:
    """Return the roles that a capability's offer itself has, each with a strength in 0..1.

    Title patterns decide; the opening sentences of summary and description hint.
    """
    title, summary, description = map(fold, (listing.title, listing.summary, listing.description))
    strengths: dict[str, float] = {}
    for role in ROLES:
        strength = 1.0 if _compiled(*_TITLES[role]).search(title) else 0.0
        if _compiled(*_OPENINGS[role]).search(summary):
            strength += _IN_SUMMARY
        if _compiled(*_OPENINGS[role]).search(_first_sentence(description)):
            strength += _IN_DESCRIPTION
        if strength:
            strengths[role] = min(1.0, strength)
    return strengths


def _first_sentence(text: str) -> str:
    match = _SENTENCE.match(text)
    return match[0] if match else ""
