"""Which shared terms are worth a reader's time, and which words of two texts say the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ..lexicon.dictionary import Senses, shipped
from ..lexicon.families import family
from ..text.folding import fold, fold_word
from ..text.language import HAN
from ..text.stopwords import STOPWORDS
from ..text.tokens import BREAK, NUMBER, QUANTITY, WORD, label_terms, stem, tokenise
from ..text.units import unit_of
from ..tools.glossary_check import everyday_words

_HAN = re.compile(f"[{HAN}]")
_COUNTED = re.compile("[第每各某数几半两一二三四五六七八九十百千万亿零]")
_DATE = re.compile("[0-9一二三四五六七八九十]{1,3}月份?|(?:星期|周|礼拜)[一二三四五六日天末]")
_LIKELY, _FEWEST_SHARED = 0.4, 2
_LEAST_OF_TOP = 0.8  # a sense less likely than this share of the likeliest one may be stray

# Words of any subject beyond ``data/everyday`` and the stop words: months and weekdays, numbers,
# quantities, place-holders, and what is said of every project.
_WORDS = {
    "zh": """
        项目 公司 企业 单位 技术 工程 方案 课题 成果 平台 团队 产品 设备 系统 装置 材料 研究 开发 应用 示范
        推广 改造 升级 优化 运行 处理 生产 使用 试验 实验 测试 目标 指标 参数 数据 条件 要求 需求 措施 工艺 流程
        方法 模式 机制 能力 水平 质量 规模 数量 总量 比例 比率 范围 程度 效率 效益 成本 费用 价格 投资 资金 经费
        时间 周期 阶段 期间 年度 季度 每年 每月 每天 每日 全年 当年 今年 去年 明年 近年 当地 本地 国内 国外 全国
        全省 地区 区域 现场 基地 部门 人员 专家 客户 用户 厂家 合同 协议 规定 标准 规范 情况 问题 原因 结果
        影响 作用 特点 优势 不足 困难 目前 现有 已有 新型 大型 小型 中型 主要 关键 核心 重要 适用 适合 满足 配套
        成套 单套 整套 批量 长期 短期 定期 连续 稳定 可靠 高效 有效 明显 显著 完善 全部 全程 整体 综合 日常 人工
        相关 部分 同时 配合 服务 交付 提供 签约 到位 累计 合计 平均 最高 最低 不用 不再 立方米 平方米 摄氏度 百分点
        创新 对象 面积 深度 长度 宽度 高度 含量 容量 大小 分析 研制 开展 形成 引进 采购 管理 管理员 对照 前期 后期 保障
        千瓦 千瓦时 公里 公顷 公斤 毫米 厘米 微米 一半 一批 一台 一套 万元 亿元
    """,
    "en": """
        january february march april may june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter
        weekly monthly yearly annual annually daily hourly decade century hour minute week
        zero eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
        thirty forty fifty sixty seventy eighty ninety dozen million billion half third quarter
        hundred thousand title line tenth double triple percent percentage ton tonne kilogram gram kilometre metre centimetre
        millimetre litre hectare acre degree cubic square volt watt kilowatt megawatt
        technology technique technical solution company enterprise firm institute organisation
        organization platform application development developed research project pilot trial
        demonstration demo task target objective approach facility equipment device apparatus
        installation component item topic theme contract agreement partner customer client user
        supplier vendor staff personnel specialist budget fund funding investment expense
        current currently existing available additional further several various whole entire
        overall total average maximum minimum typical usual regular annual suitable appropriate
        reliable stable robust efficient effective improved improve increase reduce decrease
        deliver delivery delivered supply supplied provide request require requirement demand
        adapt adapted operate operating operation implement deploy handle ensure achieve obtain
        involve contain consist propose promise promised expect expected aim seek older younger
        national international local regional domestic foreign abroad site scale range extent
        output input parameter criterion specification version option feature advantage benefit
        innovation innovative generate previous share size content area depth length width height
        weight analysis analyse manage management target layout
        lose lost rise raise carry source survey drawback issue difficulty problem reason capability capacity performance proven prove
    """,
    "es": """
        enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre
        diciembre lunes martes miércoles jueves viernes sábado domingo primavera verano otoño
        invierno semanal mensual anual diario década siglo hora minuto semana mes año día
        cero once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte
        treinta cuarenta cincuenta sesenta setenta ochenta noventa docena millón millones mitad
        cien ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos
        novecientos línea título tercio cuarto décimo doble triple porcentaje tonelada kilogramo kilo gramo kilómetro metro
        centímetro milímetro litro hectárea grado cúbico cuadrado voltio vatio kilovatio
        tecnología técnica técnico solución empresa compañía instituto organización entidad
        plataforma aplicación desarrollo desarrollado investigación proyecto piloto ensayo prueba
        demostración tarea objetivo meta enfoque instalación equipo dispositivo aparato componente
        tema contrato acuerdo convenio socio cliente usuario proveedor personal especialista
        presupuesto fondo financiación inversión gasto coste costo precio actual actualmente
        existente disponible adicional varios entero total promedio máximo mínimo típico habitual
        adecuado apropiado fiable confiable estable robusto eficiente eficaz mejorado mejorar
        aumentar reducir disminuir entregar entrega suministrar suministro proporcionar solicitar
        solicitud requerir requisito demanda adaptar adaptado operar operación implementar
        desplegar asegurar lograr obtener proponer promesa esperar esperado buscar nacional
        internacional local regional extranjero exterior sitio escala rango alcance salida entrada
        parámetro criterio especificación versión opción ventaja beneficio desventaja dificultad
        innovación innovador generar previo compartir tamaño contenido área profundidad longitud
        anchura altura peso análisis analizar gestionar gestión gestor administración
        problema razón capacidad rendimiento probado valor calidad cantidad número forma modo
    """,
}


@lru_cache(maxsize=3)
def _empty(language: str) -> frozenset[str]:
    words = _WORDS[language].split()
    if language == "zh":
        return frozenset(words) | STOPWORDS["zh"]
    return frozenset(stem(fold_word(fold(word)), language) for word in words)


@lru_cache(maxsize=50_000)
def is_empty(form: str, language: str) -> bool:
    """Tell whether a word names no subject: a date, an amount, a unit, a place-holder."""
    folded = fold(form).strip()
    if _HAN.search(folded):
        word = folded.replace(" ", "")
        is_listed = word in _empty("zh") or _DATE.fullmatch(word) is not None
        return is_listed or unit_of(word) is not None
    tokens = [token for token in tokenise(folded, language) if token.kind != BREAK]
    if not tokens or all(token.kind in (QUANTITY, NUMBER) for token in tokens):
        return True
    if len(folded) < 2 or unit_of(folded) or unit_of(folded.lower()):
        return True
    latin = _latin(language)
    return all(token.kind == WORD for token in tokens) and all(
        term in _empty(latin) for term in label_terms(folded, latin)
    )


@lru_cache(maxsize=50_000)
def is_everyday(form: str, language: str) -> bool:
    """Tell whether a word is one of the most common of its language."""
    folded = fold(form).strip()
    if _HAN.search(folded):
        return (folded.replace(" ", ""),) in everyday_words("zh")
    if " " in folded or any(char.isupper() for char in folded[1:]):
        return False
    return tuple(label_terms(folded, _latin(language))) in everyday_words(_latin(language))


def _latin(language: str) -> str:
    return "es" if language == "es" else "en"


def is_word(form: str, labels: Callable[[str], bool]) -> bool:
    """Tell whether Chinese is a word of a dictionary or a label, not a piece or a count.

    Parameters
    ----------
    form : str
        What stands in a text; other scripts are divided by spaces, so they pass.
    labels : Callable[[str], bool]
        Whether the glossary has a label.
    """
    folded = fold(form).replace(" ", "")
    if not _HAN.search(folded):
        return True
    if labels(folded):
        return True
    if len(folded) < 2 or _COUNTED.match(folded):
        return False
    return bool(shipped("zh").senses(folded))


def means(form: str, language: str, sense: str) -> bool:
    """Tell whether a family of English stems is what a word mostly means, by the dictionary.

    Spanish is looked up by stems, which several words share: talla (size) and taller (workshop).
    So no other meaning of a Spanish stem may be as likely.
    """
    if sense.startswith("~"):  # names that sound alike are often others
        return False
    if sense.startswith("#"):
        return fold(form).lower().replace(" ", "") == sense[1:]
    found = _meanings(form, language)
    top = max(found.values(), default=0.0)
    near = {meaning for meaning, weight in found.items() if weight >= _LEAST_OF_TOP * top}
    return sense in near and (language != "es" or len(near) == 1)


def agree(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two words (form, language) mean the same beyond one English word between them.

    Chinese and Spanish meet in English, where 定制 (to order) and aduana are both *custom*: two
    meanings in common are asked for.
    """
    if one[1] == other[1] == "zh":  # synonyms by way of English are a guess
        return one[0] == other[0]
    if "en" in (one[1], other[1]) or one[1] == other[1] or fold(one[0]) == fold(other[0]):
        return True
    return len(_likely(*one) & _likely(*other)) >= _FEWEST_SHARED


def _likely(form: str, language: str) -> set[str]:
    found = _meanings(form, language)
    top = max(found.values(), default=0.0)
    return {meaning for meaning, weight in found.items() if weight >= _LIKELY * top}


@lru_cache(maxsize=50_000)
def _meanings(form: str, language: str) -> dict[str, float]:
    """Return the families of English stems that a word stands for in the dictionary."""
    folded = fold(form).replace(" ", "") if _HAN.search(form) else fold_word(fold(form))
    senses: Senses
    if _HAN.search(folded):
        senses = shipped("zh").senses(folded)
    elif language == "es":
        word = stem(folded, "es")
        senses = shipped("es").senses(word) or ((word, 1.0),)
    else:
        senses = ((stem(folded, "en"), 1.0),)
    found: dict[str, float] = {}
    for word, weight in senses:
        found[family(word)] = max(found.get(family(word), 0.0), weight)
    return found
