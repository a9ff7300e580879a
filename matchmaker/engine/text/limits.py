"""What a capability says it does not do or is not for.

The phrases belong to scope clauses ("not included", 不适用), not to one field.
"""

from __future__ import annotations

from .scopes import AFTER, ALL, BACK, BEFORE, NEAR, Reading, Span, cue

# What nobody wants: not doing it is praise, and its absence is no lack.
HARM = {
    "zh": r"毒|害|残留|污染|排放|噪|损|故障|异味|刺激|副作用|死角|事故|泄漏|腐蚀|扬尘|粉尘|臭"
    r"|虫害|病害|病斑|裂|伤|疤|痕"
    r"|交叉污染|二次|风险|隐患|应激|并发|复发|偏差|误|延迟|中断|差异|明显差|压力|负担|后顾|瑕疵"
    r"|缺陷|堵|结垢|空白|缝隙",
    "en": r"(?:\w+ )?(?:alarms?|damage|loss(?:es)?|leak\w*|crack\w*|odou?rs?|smell|noise|dust"
    r"|residues?"
    r"|pollution|emissions?|accidents?|failures?|faults?|downtime|delays?|waste|scal(?:e|ing)"
    r"|foul\w*"
    r"|clog\w*|corrosion|rust|rot|mortality|deaths?|injur\w+|bruis\w*|frost|freez\w+|ice|icing|side"
    r"|adverse|significant|difference|change|loss|drift|sign|trace|risk|harm|hidden|limit\w*|reflux"
    r"|stain\w*|wear|interruptions?|difficult\w*|complaints?|breakage|dripping|sludge|shrinkage"
    r"|trouble"
    r"|problems?|access|limitations?|instabilit\w+|symptoms?|interrupt\w*|royalt\w+|charge"
    r"|further|other|such|longer|idea|answer|way|hope|money|time|cure)",
    "es": r"(?:\w+ )?(?:falsas?|alarmas?|da[ñn]os?|p[eé]rdidas?|fugas?|grietas?|olor\w*|ruidos?"
    r"|polvo|residuos?"
    r"|contaminaci[oó]n|emisi\w+|accidentes?|fallos?|aver[ií]as|paradas?|retras\w+|obstrucci\w+"
    r"|corrosi[oó]n|mortalidad|heridas?|hielo|congela\w+|efectos? secundarios?|cambios?|riesgos?"
    r"|defectos?"
    r"|m[aá]s|otr\w+|limitaci\w+|condici\w+|versi[oó]n|acceso|s[ií]ntomas|papeles|reignici[oó]n"
    r"|\w+rse\b|periodo|plazo|coste|goteo|interrupci\w+|rotur\w+|compromiso|obras|esperas?"
    r"|problemas?)",
}
_HARMS_EN = (
    r"sting|harm|hurt|damag|bruis|scratch|clog|block|foul|freez|leak|crack|break|wear|rust|corrod"
    r"|burn"
    r"|smell|irritat|interfer|disturb|disrupt|stress|affect|matter|alter|chang|los[es]|stop|drop"
    r"|fall"
    r"|fade|shrink|swell|rot|drift|tip|jam|stick|stain|contaminat|pollut|degrad|weaken|exceed|lower"
    r"|rais|increas|slip|sink|collaps|fail|suffer|fear|mean|var(?:y|ies)|depend on the weather|scar"
    r"|wait|count|rise|cost|kill bees|spill|drip|settle|spoil|wilt|turn|vibrat|overheat|starv"
    r"|wake|bother"
    r"|generat|emit|releas|go|come|get|show|have|disappear|dry|cut into|impair|reduc\w+ (?:yield"
    r"|quality)"
)
_NEEDS_EN = (
    r"need|requir|us(?:e|es|ed)\b|contain|involv|consum|rely|relies|call for|add\b|employ|depend on"
)
_ADVERB_EN = r"(?:(?:yet|currently|normally|generally|itself|themselves|ever|also|\w+ly) )?"
_NOT_EN = r"(?:(?:do|does|did|will|can|could|would|shall)(?: not|n't)|cannot|never)"
_FIT_EN = (
    r"suitable|suited|intended|designed|meant|recommended|advised|fit|appropriate|adapted|effective"
    r"|efficient|available|able|applicable|valid|compatible|part of|within|in (?:the|our)"
    r"|responsible"
    r"|liable|active|equipped|qualified|for|among|our|covered"
)
_PARTICIPLE_EN = (
    r"(?!need|requir|us(?:ed)\b|damag|affect|harm|limit|alter|chang|disturb|mov|add|touch|los"
    r"|expect|exceed"
    r"|interrupt|delay|hurt|stopp|observ|found|seen|known|shown|detected in|red\b|indeed|wetted"
    r"|heated|"
    r"imped|lower|rais)(?:\w+(?:ed|en)|made|sold|done|built|kept|dealt|taught|read)"
)
_SERVICE_EN = (
    r"(?:\w+ )?(?:design|installation|training|service|support|delivery|after-sales|advice"
    r"|consult\w+|sales"
    r"|samples?|export|licen[cs]ing|retail|engineering|warranty|guarantee|maintenance|assembly"
    r"|repair"
    r"|commissioning|liability|registration|approval|certificat\w+|field work|consultancy)"
)
_EFFECT_EN = (
    r"(?:\w+ )?(?:response|effect(?!s)|activity|efficacy|action|protection|cross-protection"
    r"|experience|data"
    r"|trials?|tests?|evidence|results?|claims?|success)"
)
_HARMS_ES = (
    r"alter|da[ñn]|afect|interrump|deja|pierd|obstru|atasc|congel|romp|oxid|corro|gote|irrit|huel"
    r"|manch"
    r"|molest|perjud|contamin|degrad|baja|cae|sube|para\b|import|dud|olvid|super|exced|pas[ae]"
    r"|cambi|estres"
    r"|quem|desgast|aplast|agriet|encog|hinch|desprend|salpic|ensuci|cuest|tard|fall|hier|lastim"
    r"|quiebr"
    r"|sufr|suelt|moj|gener|emit|apag|retras|varí|hace ruido|pesa|llega|sabe|hab|hubo|hay|es\b"
    r"|son\b|fue"
    r"|est[aá]|tien\w+ (?:olor|efectos|importancia)|toca|basta|queda|vuelv|existe|qued|va\b"
    r"|puede (?:fall|romp|congel)"
    r"|los\b|las\b|lo\b|la\b|le\b|nos\b|me\b|te\b|todo|m[aá]s\b|un|(?:se|les?|nos)\b"
)
_ADJECTIVE_ES = (
    r"\w+(?:iv|os|ad|id)[oa]s?\b|\w*[áéíóú]\w*ic[oa]s?\b|\w+abas?n?\b|\w{3,}(?:bles?"
    r"|ales?|ante|ente)\b"
)
_NEEDS_ES = (
    r"requier|necesit|hac(?:e|en) falta|exig|hay que|us[aeo]|utiliz|emple|contien|consum|lleva"
    r"|a[ñn]ad"
    r"|gast|depend|precis"
)
_FIT_ES = (
    r"apt[oa]s?|v[aá]lid[oa]s?|recomendad[oa]s?|recomendables?|indicad[oa]s?|adecuad[oa]s?"
    r"|probad[oa]s?"
    r"|ensayad[oa]s?|validad[oa]s?|incluid[oa]s?|dise[ñn]ad[oa]s?|pensad[oa]s?|previst[oa]s?"
    r"|disponibles?"
    r"|compatibles?|eficaz|eficaces|cubiert[oa]s?|certificad[oa]s?|homologad[oa]s?|autorizad[oa]s?"
    r"|responsables?|nuestr[oa]s?|parte de|objeto|para|aplicables?|evaluad[oa]s?|un|una"
)
_PARTICIPLE_ES = (
    r"(?!necesari|requerid|da[ñn]ad|afectad|usad|utilizad|alterad|interrumpid"
    r"|a[ñn]adid)\w+(?:[ai]d[oa]s?)\b"
)
_SERVICE_ES = (
    r"(?:servicio|asistencia|asesor\w+|instalaci[oó]n|montaje|formaci[oó]n|garant[ií]a"
    r"|mantenimiento|dise[ñn]o"
    r"|transporte|responsabilidad|experiencia|ensayos?|datos|resultados?"
    r"|protecci[oó]n|respuesta|venta|obra civil)(?! secundario| adverso)"
)
# Verbs that only do what their object names, then those that are themselves what is not done.
_DOES_ZH = (
    r"提供|从事|做|生产|涉及|承接|承担|承包|开展|用于|适用于?|适合|适宜|适应|负责|参与|具备|接受"
    r"|接收"
    r"|接单|接待|推荐|建议(?:用|在|使用)|支持|解决|保证|承诺|覆盖|针对|面向|供(?![水电热])"
    r"|处理|处置|制造|制作|属于?|介入|经营|受理|服务于?|配套"
    r"|收(?!缩|费|尾|款|钱|取|定金|押金|购|集)|包括|包含|对(?=.{1,14}负责)"
    r"|含(?=.{0,8}(?:安装|运|施工|税|费|培训|服务|设计|土建|调试|实操|工程|维护|辅材|主机|药剂"
    r"|部分|环节|内容|课程|数据))"
)
_ACTS_ZH = (
    r"(销售|出售|预防|抑制|替代|代替|取代|治(?!之)"
    r"|防(?![水火锈冻潮腐])|杀|检|测|识别|鉴|区分|区别|分辨"
    r"|去除|吸附|脱除|回收|清除|供|安装|设计|施工|代|维修|培训|咨询"
    r"|研究|研发|开发|转让|许可|授权|收购|收集|包(?!裹)|作(?!业)"
    r"|派|租|卖|买|送|延伸|碰|驻|办|分离|分析|评价|评估|核算|监测|预报|诊断"
    r"|制备|加工|种植|养殖|繁育"
    r"|兼容|认|管|修|教|出具|出口|投(?!加|料|喂|放|入)|讲|转|等同|可用|宜)"
)
_WE_ZH = r"(?:我们|我[司院所方校]|咱们?|本[院司所校]|本公司|本中心)"
_LIMITS = {
    "zh": (
        cue(
            BACK,
            r"(?:^|(?<=[,。；;·]))(?:本\w{1,4}|我[们司])?(?:不适用|不支持|不在[^,。；]{0,6}范围"
            r"|无效)(?=[,。；;]|$)",
        ),
        cue(
            ALL,
            rf"不(?:再|予|曾|另|能|可|会|宜|应|便)?(?:{_DOES_ZH}|{_ACTS_ZH})",
            r"(?:^|(?<=[,。；])|产品|设备|装置|服务)不是(?!很|太|问题|难|一|因"
            r"|说)(?![^。]{0,24}而是)|不能(?!源)|(?<!永)不可(?:用|作|在|与)|不得(?:用于|在|与)"
            r"|不在.{0,12}(?:范围|之列|之内|精度|服务|业务|承包|功能)",
            r"无法|无关(?!紧)|(?:^|(?<=[,。；]))(?!不)[^,。；]{1,30}除外|范围(?:以|之)外|恕不"
            r"|概不|请与.{0,8}合作",
            r"(?:没有?|无|尚无|暂无|毫无)([^,。；]{0,10}(?:作用|效果|效力|疗效|活性|抗性|保护力?"
            r"|能力|资质|经验|业务|业绩|数据|案例"
            r"|响应|反应|防效|依据|先例|把握))(?!不)|(?<!无)无效(?=[,。；;]|$)",
            r"(?:没有?|未|从未)(?:做|用|试|测|种|养|涉及|考虑|验证|开展|鉴定|检验|研究|训练|学习"
            r"|适配"
            r"|标定|接触|承接)过?(?!过?的)|(?:尚|暂|均|并|还)未\w{1,8}"
            r"|未(?:在[^,。；]{1,12})?(?:经|做|试|测|获|取得|列入|纳入|进行|完成|通过|考虑|涉及"
            r"|验证|开展|评|鉴|登记|注册|批准)",
            r"未见(?:效|起效|成功|出|活)|禁用(?!药|物质|农药|名单)|忌用|慎用|勿用|请勿|切勿|严禁"
            r"|禁止|不限于$|(?<!有)自备"
            r"|自行解决|需选配|须另|需另"
            r"|另行(?!商|约|协|通|签)|另请(?!高明)|风险自负",
            r"由(?:业主|用户|客户|对方|合作方|产地).{0,6}(?:负责|解决|提供|承担|协调|自)",
        ),
        cue(
            BEFORE,
            rf"不(?:归|由){_WE_ZH}[^,。；]{{0,4}}(?=[,。；]|$)|不是{_WE_ZH}的?(?:事|活|业务|专长"
            rf"|强项"
            r"|本行|职责)[^,。；]{0,2}(?=[,。；]|$)",
            r"(?:请)?另请高明|(?:还?请|可|应|要)?(?:另找|去找|找|问|交给|留给|让给|交由|转给)"
            r"(?:别人|别家|别处|他人|厂家|厂商|原厂|同行|其他[^,。；]{0,6}|另外[^,。；]{0,6})"
            r"[^,。；]{0,5}(?=[,。；]|$)",
            rf"{_WE_ZH}(?:都|也|概|一概|一律)?(?:不管|不碰|不沾|管不了|做不了|干不了|办不到|接不了"
            r"|修不了|治不了|测不了)(?=[,。；]|$)",
        ),
    ),
    "en": (
        cue(
            AFTER,
            rf"\b{_NOT_EN} {_ADVERB_EN}(?!be\b|been\b|{_HARMS_EN}|{_NEEDS_EN})\w+(?= [\w-])",
            r"\bnot (?:be )?(?:an? (?!problem|issue|obstacle|single|question|drop)\w+)",
            rf"\bnot {_ADVERB_EN}(?:be )?(?:{_FIT_EN})\b",
            rf"\bno {_EFFECT_EN} (?:on|against|from|of|with|in|for|to|by|at"
            r"|under)\b(?! (?:the )?(?:taste|flavou?r"
            r"|quality|yield|growth|health|bees|environment|plants|crop)\b)",
            rf"(?:^|(?<=[.;:] )|(?<=, ))no ({_SERVICE_EN})\b",
            r"\bwe (?:do|offer|make|provide|supply|sell|treat|accept|handle|take|perform|install"
            r"|buy|carry out|undertake|train|teach|run)"
            rf" no (?!{HARM['en']}|(?:part|account)\b)|\b(?:offers|sells|supplies|provides|performs"
            rf"|accepts|treats|undertakes) no (?!{HARM['en']})",
            r"\bwe (?:stay away from|keep (?:out of|away from)|stay out of|refrain from|decline"
            r"|leave (?:aside|out))\b",
            r"\bnot (?:included|covered|offered|provided|supplied)(?=:)",
            r"\bnor (?:do|does|can|will) (?:we|it|they)\b|\bwe have no\b"
            r"|\b(?:has|have) no ((?:\w+ ){0,2}(?:laborator\w+|process\w*|patents?"
            r"|licen[cs]e\w*|staff|means|experience"
            r"|technolog\w+|capacity|facilities|plans))\b|\b(?:take|takes) no part\b"
            r"|\band no plans\b",
            r"\bexclud(?:ing|es)\b|\bexcept(?: for)?\b|\bwith the exception of\b|\bfails? (?:on"
            r"|in|with|against|for)\b",
            r"\b(?:unsuitable|unsuited|unfit|ineffective|untested|unproven)\b(?= [\w])",
        ),
        cue(
            ALL,
            rf"\b(?:is|are|was|were|be|been)(?: not|n't) {_ADVERB_EN}(?:be )?(?:{_FIT_EN}"
            rf"|{_PARTICIPLE_EN})\b",
            rf"\b(?:has|have|had)(?: not|n't| never) {_ADVERB_EN}been\b(?! (?:damaged|affected"
            r"|found|seen|needed))",
            rf"\b{_NOT_EN} {_ADVERB_EN}be (?!needed|required|used|damaged|affected)\w+",
            rf"\b{_NOT_EN} {_ADVERB_EN}(?!be\b|been\b|{_HARMS_EN}|{_NEEDS_EN})\w+(?=[.,;]|$)",
            r"\b(?:outside|beyond) (?:the|our|its|this) (?:\w+ )?(?:scope|field|range|remit"
            r"|business|programme|program"
            r"|competence|licen[cs]e|warranty)\b|\bout of scope\b",
            r"\b(?:is|are|remains?) (?:\w+ )?excluded\b(?! by)|\bexcluded(?=[.;]|$)"
            r"|\bexcluded from\b",
            r"\b(?:gave|gives?|showed|shows?|brought|had|has) no (?:\w+ )?(?:results?|effect"
            r"|success|response|benefit)\b",
            r"\b(?:is|are) (?:unsuitable|unsuited|unfit|ineffective|untested|unproven"
            r"|inapplicable)\b",
            r"\bmust be (?:done|adapted|provided|supplied|arranged)\b|\bno longer (?:sold|made"
            r"|offered|supplied|supported)\b",
        ),
        cue(
            BEFORE,
            r"\b(?:is|are|was|were)(?: not|n't)(?=[.,;]|$)",
            r"\b(?:is|are) (?:referred|sent|handed|passed|left) (?:elsewhere"
            r"|(?:on )?to (?:others?\b"
            r"|another|the|an?\b))[^.,;]*",
            r"\b(?:is|are) (?:none of our|no) (?:business|concern|task)\b[^.,;]*"
            r"|\b(?:is|are) (?:somebody|someone) else's \w+",
            r"\b(?:please )?(?:ask|look|turn|apply|inquire|go|contact|see) (?:elsewhere|(?:to "
            r")?(?:others|another \w+|somebody else|someone else))\b",
            r"\bwe (?:leave|refer|pass on|hand on) to\b[^.,;]*",
        ),
        cue(
            NEAR,
            r"\bwe leave (?=[^.;]{3,80} to (?:others?\b|another|the|an?\b))",
            r"\bno (?=(?:[\w-]+ ){1,4}(?:is|are) (?:offered|provided|included|recommended|supplied"
            r"|made|sold|accepted|treated|performed|undertaken|planned)\b)",
        ),
    ),
    "es": (
        cue(
            AFTER,
            r"\b(?:no|nunca|tampoco) (?:se |les? )?(?!(?:pued|deb)\w+ ser\b)"
            rf"(?!{_HARMS_ES}|{_NEEDS_ES}|{_ADJECTIVE_ES})"
            r"\w+(?:amos|emos|imos|[aeé]|[ae]n)\b(?= [\w])",
            r"\bno (?:se )?(?:puede|pueden|debe|deben|podemos) (?!ser\b)\w+(?:arse|erse|irse|ar"
            r"|er|ir)\b",
            r"\bno (?:es |son |est[aá]n? |ha sido |han sido |somos |se ha "
            rf"|hemos )?(?:{_FIT_ES})\b(?= [\w])",
            rf"(?:^|(?<=[.;:,] ))sin ({_SERVICE_ES})\b|\bsin (?:efecto|eficacia|acci[oó]n"
            r"|actividad) (?:contra|frente)|\bsin experiencia en",
            r"\bno tenemos\b|\bno hay (?:ensayos|datos|servicio|experiencia|garant[ií]a)\b"
            r"|\bno fue eficaz\b",
            r"\bexcepto\b|\bsalvo\b|\ba excepci[oó]n de\b|\bexcluid[oa]s?\b|\bse excluyen?\b"
            r"|\bcarece(?:mos)? de\b(?! importancia)",
            r"\bno nos (?:ocupamos|encargamos|dedicamos|hacemos cargo) (?:de|a)\b"
            r"|\bno (?:incluid|cubiert|ofrecid)[oa]s?(?=:)",
        ),
        cue(
            ALL,
            rf"\bno (?:es|son|est[aá]n?|ha sido|han sido|fue|fueron) (?:{_FIT_ES}"
            rf"|{_PARTICIPLE_ES})",
            rf"\bno (?:se |les? )?(?!{_HARMS_ES}|{_NEEDS_ES}|{_ADJECTIVE_ES})\w+(?:amos|emos"
            r"|imos|[ae]|[ae]n)\b(?=[.,;]|$)",
            rf"\bno (?:{_FIT_ES})(?=[.,;]|$)",
            r"\bquedan? (?:fuera|excluid[oa]s?)\b|\bfuera (?:del?|de (?:la|nuestro"
            r"|su)) (?:\w+ )?(?:alcance|[aá]mbito"
            r"|garant[ií]a|cat[aá]logo|programa|oferta)\b|\bfuera de nuestro (?:alcance"
            r"|[aá]mbito)\b",
            r"\ba cargo del (?:cliente|usuario|socio)\b|\bineficaz\b|\binadecuad[oa]s?\b",
        ),
        cue(
            BEFORE,
            rf"\bno (?:puede|pueden) ser (?:{_PARTICIPLE_ES})",
            r"\bno nos (?:ocupamos|encargamos|dedicamos|hacemos cargo|corresponde|corresponden"
            r"|compete|competen|toca)(?=[.,;]|$)",
            r"\bno l[oa]s? \w+(?:amos|emos|imos)\b(?=[.,;]|$)",
            r"\b(?:es|son) (?:asunto|cosa|tarea|competencia) de(?:l| la| los| las)? (?:otr\w+"
            r"|cliente|comprador|usuario|municipio|fabricante)[^.,;]*",
            r"\bno (?:es|son) (?:asunto|cosa|tarea|competencia) nuestr[oa]s?\b",
            r"\bl[oa]s? (?:dejamos|remitimos|derivamos) (?:a|para)\b[^.,;]*|\bse (?:deja|dejan"
            r"|remite"
            r"|remiten|deriva|derivan) a (?:otr\w+|l[oa]s? )[^.,;]*",
            r"\bno se (?:trata|procesa|repara|fabrica|vende|ofrece|admite|acepta|atiende|incluye"
            r"|contempla|cubre|instala|analiza|opera|recoge)n? (?=(?:en|con|por|aqu[ií]|desde)\b)",
        ),
    ),
}


def disclaimed(folded: str, language: str) -> list[Span]:
    """Find where a capability says what it does *not* do, is not for or has not tried.

    Praise such as "needs no water" does not count, nor does what "only" leaves out.

    Parameters
    ----------
    folded : str
        A text from ``fold``.
    language : str
        "zh", "en" or "es".

    Returns
    -------
    list[tuple[int, int]]
        Start and end of each place in ``folded``.

    Examples
    --------
    >>> text = "We plan plants. Not suitable for clay, silt or peat, but loam is fine."
    >>> [text[start:end].strip() for start, end in disclaimed(text, "en")]
    ['for clay, silt or peat']
    """
    return Reading(folded, language).places(_LIMITS[language])
