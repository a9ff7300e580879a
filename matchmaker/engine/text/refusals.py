"""What a need says it does not want, and must-haves that forbid something.

Fragments (titles, must-haves) refuse more briefly than sentences: "no organic solvent".
"""

from __future__ import annotations

import re

from .limits import HARM
from .scopes import AFTER, ALL, BACK, BEFORE, CUE, NEAR, Cue, Reading, Span, cue

_MEANS = {
    "zh": r"农药|化肥|化学|药剂|溶剂|激素|抗生素?|添加剂|防腐剂|菌种|外源|柴油|明火|电伴热|开挖"
    r"|爆破|铬|汞|氰|氟|氯|磷|硫|塑料"
    r"|水冲|人工|人值守|酒精|糖|动物源|转基因|土栽",
    "en": r"(?:\w+ )?(?:chemicals?|solvents?|pesticides?|insecticides?|herbicides?|fungicides?"
    r"|fumigants?"
    r"|fumigation|antibiotics?|additives?|preservatives?|hormones?|poisons?|explosives?|blasting"
    r"|drugs?"
    r"|plastics?|cyanide|mercury|chlorine|chrom(?:e|ium)|sulphur|salt|combustion|diesel|spraying"
    r"|silver)",
    "es": r"(?:\w+ )?(?:qu[ií]mic[oa]s?|disolventes?|solventes?|plaguicidas?|pesticidas?"
    r"|insecticidas?"
    r"|herbicidas?|fungicidas?|fumigantes?|antibi[oó]ticos?|aditivos?|conservantes?|hormonas?"
    r"|venenos?"
    r"|explosivos?|voladuras?|pl[aá]sticos?|cianuro|mercurio|cloro|cromo|azufre|sal|combusti[oó]n"
    r"|plata"
    r"|di[eé]sel|f[aá]rmacos?|medicamentos?)",
}
# What a place lacks: who has to do without it refuses nobody.
_SUPPLY = {
    "en": r"(?:\w+ ){0,2}(?:power|electricity|current|grid|network|signal|coverage|roads?)\b",
    "es": r"(?:electricidad|corriente|luz|red|cobertura|suministro|conexi[oó]n|telefon[ií]a)\b",
}
_WISH_EN = (
    r"need|want|accept|consider|look for|looking|ask|seek|wish|allow|permit|tolerate|buy|welcome"
    r"|like|desire"
    r"|intend|take"
)
_MEANS_VERB_EN = (
    r"us(?:e|ing)|contain|involve|include|add|rely|depend|requir|need|introduc|apply|employ"
)
_OBJECTLESS_EN = (
    r"(?:them|it|this|that|these|those|either|any of (?:them|these|this|it)|such things)"
)
_BANNED_EN = (
    r"out of the question|out(?= here| now|[,.;]|$)|ruled out|excluded|banned|forbidden"
    r"|prohibited|refused|rejected"
    r"|outlawed|not (?:\w+ly )?(?:accepted|acceptable|allowed|permitted|wanted|welcome|an option"
    r"|of interest"
    r"|what we \w+(?: for)?|considered|needed|desired|required)|of no (?:use|interest|help)"
    r"|no (?:use"
    r"|option)|unacceptable"
    r"|unwelcome|undesirable|off the table"
)
_STILL_EN = r"(?:now |strictly |already |also |therefore |simply )?"
_REFUSE_ES = (
    r"necesita\w*|busca\w*|quier\w+|querem\w+|pedim\w+|pide\w*|interesan?|acept\w+|admit\w+"
    r"|permit\w+"
    r"|contempla\w*|desea\w*|considera\w*|tolera\w*|autoriz\w+|compra\w*|cabe\w*|conviene\w*"
)
_BARE_ZH = r"(?:同类|此类|这类|类似|该类)?(?:方案|路线|做法|产品|办法|技术|措施)?(?:了|的)?"
_REFUSE_ZH = (
    r"不(?:想|再|予|得|许|可|能|愿|准备){0,2}(?:要(?!求)|接受|考虑|采用|使用|需要?|想要|打算|找"
    r"|买|欢迎|用(?!于|户|电|操心|费心|管)|外?加(?!工|快|深|强)|添加"
    r"|掺|投加|施用|喷|采购|引进|收)|不缺(?!陷|失|席|课|勤|位)|不让再?(?=用|使|加|打|建|上|喷|挖"
    r"|烧|装|动|放|投|进)|不能(?:再|上(?!山|线|市|网|坡|升|报))"
    r"|不是要|不要求做|不许(?!可)|(?<![说测看拿算吃摸定对瞄])不准(?!确|备)|谢绝|拒绝|免谈|放弃"
    r"|停用"
)
_WE_ZH = r"(?:我们|我[司院所方校县]|咱们?|本[院司所校]|本公司|本中心)"
_UNWANTED = {
    "zh": (
        cue(
            BACK,
            r"(?:^|(?<=[,。；;]))(?:我们|一律|均|也|都|故|现|已|后|已明令|明令|因此|所以|以后"
            rf"|今后|坚决)*(?:{_REFUSE_ZH}|禁止|禁用|被?否决|淘汰"
            rf"|停用|作罢|终止){_BARE_ZH}(?=[,。；;!！]|$)",
            r"(?:^|(?<=[,。；;]))不再[^,。；]{0,4}(?:同类|此类|这类"
            r"|类似)[^,。；]{0,4}(?=[,。；;]|$)",
        ),
        cue(
            ALL,
            rf"(?<![要能可用])(?:{_REFUSE_ZH})(?!说|担心|很?大|多高|太)",
            r"(?:已经?|都)够了|(?:已|明令|严|均|一律|全面|规定|要求)禁(?!食|忌|牧|止|用)|禁止|禁用"
            r"|不得(?:使用|添加|采用|用|含|掺|加|投|新增)"
            r"|(?<![有没])禁(铬|汞|磷|氟|氯|药|用|采|塑|抗|氰|砷|铅|硫|喷)"
            r"|遭[^,。；]{0,6}(?:抵触|反对|拒绝)|没(?:有)?兴趣|不感兴趣|不必联系|勿扰|不在考虑",
        ),
        cue(NEAR, r"无需(?!担心)|不必(?!要|联系)"),
        cue(
            BACK,
            r"(?:^|(?<=[,。；;]))(?:这|那)?[个些块类]?(?:麻烦|请|就|千万)*(?:别|不要|勿)再?"
            r"(?:[给向跟对](?:我们|咱们?|我[司院所]))?(?:来)?(?:推荐|介绍|推销|提)(?:了|给我们)?"
            r"(?=[,。；;!！]|$)",
            r"(?:^|(?<=[,。；;]))(?:这|那)[个些块](?:就)?不用(?:你们|大家|外人|人)?(?:操心|费心"
            r"|管)",
        ),
        cue(
            BEFORE,
            rf"不归{_WE_ZH}[^,。；]{{0,3}}(?=[,。；]|$)|不是{_WE_ZH}的?(?:事|活|业务"
            rf"|职责)(?=[,。；]|$)",
            r"是[^,。；]{0,8}(?:站|局|所|院|厂|公司|部门|单位|他们|别人|人家|中心"
            r"|政府)的[事活](?=[,。；]|$)",
            r"(?:麻烦|请|就)?(?:别|不要|勿)再?(?:[给向跟对](?:我们|咱们?))?(?:推荐|介绍|推销)",
        ),
    ),
    "en": (
        cue(
            BACK,
            r"\b(?:do|does|did|will|shall|can|would)(?: not"
            rf"|n't) (?:\w+ly )?(?:{_WISH_EN}) {_OBJECTLESS_EN}\b",
            r"(?:^|(?<=[;,:] ))(?:no more|no thanks|never again|not again|not wanted|forbidden"
            r"|banned|ruled out"
            r"|rejected|not accepted)(?=[.;,!]|$)",
        ),
        cue(
            ALL,
            rf"\b(?:is|are|be|remains?) {_STILL_EN}(?:{_BANNED_EN})",
            rf"\b(?:was|were|been) {_STILL_EN}(?:ruled out|banned|forbidden|prohibited|outlawed)\b",
            r"(?<=, )(?:banned|forbidden|prohibited|ruled out|refused)(?=[.;,]|$)",
        ),
        cue(
            AFTER,
            rf"\b(?:do|does|did|will|shall|would)(?: not|n't) (?:\w+ly )?(?:{_WISH_EN})\w*\b",
            rf"\b(?:must|may|should|shall|can)(?: not|not|n't) (?:{_MEANS_VERB_EN}|accept"
            r"|consider|allow|permit|take)\w*\b",
            r"\bno (?:permits?|licen[cs]e|permission|appetite|interest|use|budget) (?:for|in)\b"
            r"|\bno need (?:for|of|to)\b",
            r"\b(?:we|they|authorities|authority|law|rules?|contract|park|county|buyers?"
            r"|customers?|office|bureau|inspectorate"
            r"|regulations?) (?:\w+ )?(?:refuses?|rejects?|rules? out|excludes?|forbids?|forbade"
            r"|bans?|prohibits?|banned"
            r"|prohibited|outlawed)\b|\bhas (?:banned|forbidden|prohibited|outlawed)\b",
            r"\bnot (?:looking for|asking for|interested in|seeking|another|in need of)\b"
            r"|\b(?:enough of|tired of|fed up with)\b",
            r"(?:^|(?<=[.;:,] )|\bwant |\bbuy )no more (?!than)",
        ),
        cue(
            BEFORE,
            r"\b(?:is|are) (?:not our|not|none of our|no) (?:concern|business|affair"
            r"|task)s?\b[^.,;]*"
            r"|\b(?:is|are) (?:somebody|someone) else's \w+"
            r"|(?<=, )not our (?:concern|business|affair|task)\b",
            r"\b(?:is|are) (?:the (?:business|concern|job|task) of|left to"
            r"|a matter for) (?!us\b)[^.,;]*",
            r"\b(?:is|are|was|were)(?: not|n't) what we (?:ask|look|search|want|need"
            r"|seek)\w*[^.,;]*",
        ),
    ),
    "es": (
        cue(
            BACK,
            r"(?:^|(?<=[;,:] ))(?:no m[aá]s|nunca m[aá]s|ya no|descartad[oa]s?|prohibid[oa]s?"
            r"|vetad[oa]s?|rechazad[oa]s?)"
            r"(?=[.;,!]|$)",
            rf"\bno (?:l[oa]s? |se )?(?:{_REFUSE_ES}) (?:\w+(?:r|nd)l[oa]s?)\b"
            r"|\bno l[oa]s (?:queremos|aceptamos|necesitamos|buscamos|compramos)\b",
        ),
        cue(
            ALL,
            r"\b(?:est[aá]n?|qued[ao]n?|quedaron|fueron|fue|son|es|ha sido"
            r"|han sido) (?:\w+mente )?(?:prohibid[oa]s?"
            r"|descartad[oa]s?|vetad[oa]s?|rechazad[oa]s?|excluid[oa]s?)\b",
            r"\bno nos (?:interesan?|sirven?|valen?|convencen?)\b(?=[.,;]|$)|\bno (?:son"
            r"|es) (?:bienvenid|aceptabl|lo que (?:busc|quer|ped|neces))\w*",
            rf"\bno (?:se |nos )?(?:{_REFUSE_ES})(?=[.,;]|$)",
            r"\bse (?:descartan?|proh[ií]ben?|rechazan?)\b",
        ),
        cue(
            BEFORE,
            r"\b(?:es|son) (?:asunto|cosa|tarea|competencia) (?:de (?:l[oa]s? )?|del )(?!todos)"
            r"(?:otr\w+|vecin\w+|municipio|ayuntamiento|hospital|distrito|servicio|condado)[^.,;]*"
            r"|\bno (?:es|son) (?:asunto|cosa|tarea|competencia) nuestr[oa]s?",
            r"\bde (?:es[oa]|est[oa])s? ya se (?:ocupa|encarga)n?\b[^.,;]*"
            r"|\bse lo dejamos a\b[^.,;]*",
        ),
        cue(
            AFTER,
            rf"\bno (?:se |nos |l[oa]s? )?(?:{_REFUSE_ES})\b(?= )|\bno es lo que (?:busc|quer"
            r"|ped|neces)",
            r"\bno (?:debe|deben|puede|pueden) (?:us|utiliz|emple|conten|llev|inclu|a[ñn]ad"
            r"|requer|depend)\w+",
            r"\b(?<!est[aá] )(?<!n )(?<!es )prohibid[oa]s? (?=\w)|\bproh[ií]ben?\b"
            r"|\bha(?:n)? prohibido\b|\b(?:rechaz|descart"
            r"|exclu[iy])(?:amos|imos|an|en)\b|\brenunciamos a\b|\b(?:nada|basta|hartos) de\b"
            r"|\bni hablar de\b|\bno habr[aá]\b"
            r"|\bno m[aá]s (?!de|que)\w",
        ),
        cue(CUE, r"(?:^|(?<=[.;] ))(?:[\w-]+ ){1,5}no(?=[:.;,]|$)"),
    ),
}
# In a sentence, "no electricity" describes the place; only means and additives are refused so.
_BRIEF = {
    "zh": (
        cue(
            NEAR,
            r"(?:不含有?|不用|不使用|不采用|不依赖|不外?加|不投加|无需)(?!于|市?电|外接|水电)",
            r"不(开挖|入户|拆|钻孔|打孔|占用|改动|更换|熏|蒸|烧|埋|砍|伐|喷|灌|打|注射|接种|掺)",
        ),
        cue(CUE, rf"(?:无|零)(?:{_MEANS['zh']})|免(?:烧|耕|开挖|通电|水冲)"),
    ),
    "en": (
        cue(
            NEAR,
            rf"(?:^|(?<=[,;] )|\b(?:and|or|but) )no (?!{HARM['en']}|{_SUPPLY['en']}"
            rf"|(?:\w+ ){{1,3}}(?:is|are|has"
            r"|have)\b)",
            rf"\bwithout (?:any |the use of |using |adding |added )?(?!{HARM['en']}"
            rf"|{_SUPPLY['en']}|(?:losing"
            r"|loss|damag|harm|affect|mov|evacuat|clos|stopp|interrupt|cutting)\w*)",
            rf"\bnot (?:{_MEANS_VERB_EN})\w* |\b(?:needs?|requir\w+|us(?:es|ing)|contain\w*"
            rf"|with) no (?!{HARM['en']})",
            r"\bfree (?:of|from) (?!charge)",
        ),
        cue(
            CUE,
            r"\b(?:chrome|chromium|solvent|antibiotic|pesticide|chemical|sulphur|plastic|gas"
            r"|salt|drug|metal)-free\b",
        ),
    ),
    "es": (
        cue(
            NEAR,
            rf"\bsin (?!{HARM['es']}|{_SUPPLY['es']}|que\b|(?:tirar|perder|da[ñn]ar|parar"
            rf"|interrump|dejar|romper"
            rf"|desaloj|evacu|afect|cerrar)\w*)|\blibres? de (?!{HARM['es']})",
            r"\bno (?:us|utiliz|emple|conten|conti[eé]n|requer|requier|depend)\w+ ",
        ),
    ),
}
_IN_SENTENCE = {
    "zh": (),
    "en": (
        cue(
            NEAR,
            rf"\b(?:no|without) (?:any )?(?={_MEANS['en']}\b)(?!(?:\w+ ){{1,3}}(?:is|are|has"
            r"|have|exist\w*|works?)\b)",
        ),
    ),
    "es": (cue(NEAR, rf"\bsin (?={_MEANS['es']}\b)"),),
}
_LONGEST_FRAGMENT = 110
_SENTENCE_STOP = re.compile(r"[。.!?！？]\s*$|[。;；]|\.\s")


def unwanted(folded: str, language: str) -> list[Span]:
    """Find where a need says what it does *not* want, or forbids.

    Parameters
    ----------
    folded : str
        A text from ``fold``: a field, or one must-have.
    language : str
        "zh", "en" or "es".

    Returns
    -------
    list[tuple[int, int]]
        Start and end of each place in ``folded``.

    Examples
    --------
    >>> text = "We do not need more traps. We need lures."
    >>> [text[start:end].strip() for start, end in unwanted(text, "en")]
    ['more traps.']
    >>> unwanted("no organic solvent", "en")
    [(3, 18)]
    """
    reading = Reading(folded, language, guarded=False)
    return reading.places([*_UNWANTED[language], *_brief(folded, language)])


def _brief(folded: str, language: str) -> tuple[Cue, ...]:
    is_fragment = len(folded) <= _LONGEST_FRAGMENT and not _SENTENCE_STOP.search(folded)
    return _BRIEF[language] if is_fragment else _IN_SENTENCE[language]
