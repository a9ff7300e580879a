"""Units of measurement: what each measures, and its size in the common unit of that quantity."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_DAY = 86400.0
_MONTH, _YEAR = 2629800.0, 31557600.0
_MU = 1e4 / 15

# Symbols are matched with their case, because T is a tesla and t a tonne.
_SYMBOLS = """
mass 1e-12 ng; mass 1e-9 μg ug; mass 1e-6 mg; mass 1e-3 g; mass 1 kg Kg KG; mass 1e3 t; mass 1e6 kt
length 1e-9 nm; length 1e-6 μm um; length 1e-3 mm; length 1e-2 cm; length 1 m; length 1e3 km KM Km
area 1e-4 cm2; area 1e-6 mm2; area 1 m2; area 1e6 km2; area 1e4 ha hm2; area MU mu
volume 1e-9 μL μl; volume 1e-6 mL ml ML; volume 1e-3 L l; volume 0.1 hL hl; volume 1 m3 Nm3
volume 1e-6 cm3; time 1e-9 ns; time 1e-6 μs; time 1e-3 ms; time 1 s; time 60 min mins
time 3600 h hr hrs; time DAY d; power 1e-3 mW; power 1 W; power 1e3 kW KW; power 1e6 MW; power 1e9 GW
power 735.5 hp HP CV PS; apparent 1e3 kVA; apparent 1e6 MVA; apparent 1 VA; energy 1 Wh
energy 1e3 kWh KWh kwh kW·h; energy 1e6 MWh; energy 1e9 GWh; charge 1 Ah; charge 1e-3 mAh
energy JOULE J; energy KILOJOULE kJ; energy MEGAJOULE MJ; energy GIGAJOULE GJ; energy KCAL kcal
temperature 1 °C °c C° K; ratio 1e-2 % wt% vol% mol% at%; ratio 1e-3 ‰; ratio 1e-6 ppm ppma ppmw; ratio 1e-9 ppb
pressure 1 Pa; pressure 1e3 kPa; pressure 1e6 MPa; pressure 1e9 GPa; pressure 1e5 bar
voltage 1e-3 mV; voltage 1 V; voltage 1e3 kV KV; current 1e-6 μA; current 1e-3 mA; current 1 A
current 1e3 kA; resistance 1e-3 mΩ; resistance 1 Ω; resistance 1e3 kΩ; resistance 1e6 MΩ
frequency 1 Hz; frequency 1e3 kHz KHz; frequency 1e6 MHz; frequency 1e9 GHz; level 1 dB dBA dBm
field 79577.47 kOe; field 79.57747 Oe; field 1e3 kA/m; induction 1 T; induction 1e-3 mT
induction 0.1 kGs kG; induction 1e-4 Gs; product 7957.747 MGOe; product 1e3 kJ/m3; force 1 N
force 1e3 kN; amount 1 mol; amount 1e-3 mmol; amount 1e-6 μmol umol; angle 1 °; light 1 lx
flux 1 lm; dose 1 Gy; dose 1e3 kGy; activity 1 Bq; activity 1e9 GBq; turns 1 rpm
data 1e3 kB KB; data 1e6 MB; data 1e9 GB; data 1e12 TB; bandwidth 1e6 Mbps; bandwidth 1e9 Gbps
frames 1 fps; sugar 1 °Bx Brix; colonies 1 CFU cfu; activity_unit 1 IU U; fuel 1e3 tce
"""
# Words are matched in any case, with a plural.
_WORDS = """
mass 1e-3 gram gramo; mass 1e-6 milligram miligramo; mass 1e-9 microgram microgramo
mass 1 kilogram kilogramme kilogramo kilo; mass 1e3 tonne ton tonelada
length 1e-6 micron micrometre micrometer micra micrómetro; length 1e-3 millimetre millimeter
length 1e-3 milímetro; length 1e-2 centimetre centimeter centímetro; length 1 metre meter metro
length 1e3 kilometre kilometer kilómetro; area 1e4 hectare hectárea; area MU mu
area 1 square_metre square_meter metro_cuadrado; area 1e6 square_kilometre square_kilometer
area 1e6 kilómetro_cuadrado; volume 1e-3 litre liter litro; volume 1e-6 millilitre milliliter
volume 1e-6 mililitro; volume 0.1 hectolitre hectolitro; volume 1 cubic_metre cubic_meter
volume 1 metro_cúbico; time 1 second segundo sec; time 1e-3 millisecond milisegundo
time 60 minute minuto; time 3600 hour hora; time DAY day día dia; time WEEK week semana
time FORTNIGHT fortnight; time MONTH month mes; time YEAR year año; time QUARTER trimestre
time SEMESTER semestre; time CENTURY century siglo; temperature 1 degree_celsius grado_celsius
temperature 1 grado_bajo_cero; power 1 watt vatio; power 1e3 kilowatt kilovatio
power 1e6 megawatt megavatio; power 1e9 gigawatt gigavatio; power 735.5 horsepower caballo
ratio 1e-2 percent per_cent por_ciento; money 1 yuan CNY RMB; resistance 1 ohm ohmio
voltage 1 volt voltio; voltage 1e3 kilovolt kilovoltio; frequency 1 hertz hercio
level 1 decibel decibelio; angle 1 degree grado; money_usd 1 dollar dólar; money_eur 1 euro
induction 1 tesla; energy 1e3 kilowatt_hour kilovatio_hora; times 1 time fold
frames 1 frame fotograma
"""
_CHINESE = """
mass 1e-6 毫克; mass 1e-9 微克; mass 1e-3 克; mass 1 公斤 千克; mass 0.5 斤; mass 1e3 吨
length 1e-9 纳米; length 1e-6 微米; length 1e-3 毫米; length 1e-2 厘米 公分; length 1 米 延米
length 1e3 公里 千米; area 1 平方米 平米; area 1e-4 平方厘米; area 1e6 平方公里 平方千米
area 1e4 公顷; area MU 亩; volume 1e-6 毫升; volume 1e-3 升; volume 1 立方米 立方 方
time 1e-3 毫秒; time 1 秒 秒钟; time 60 分钟; time 900 刻钟; time 3600 小时 个小时 钟头; time DAY 天 日
time WEEK 周 星期; time MONTH 个月 月; age DAY 日龄; age MONTH 月龄; age YEAR 年龄; time YEAR 年 周年 学年; power 1 瓦; power 1e3 千瓦; power 1e6 兆瓦
power 1e9 吉瓦; power 735.5 马力; energy 1e3 千瓦时 度电 千瓦·时; energy 1e6 兆瓦时; energy KCAL 大卡 千卡
energy MEGAJOULE 兆焦; energy GIGAJOULE 吉焦; energy KILOJOULE 千焦; temperature 1 摄氏度; pressure 1 帕; pressure 1e3 千帕
pressure 1e6 兆帕; voltage 1 伏 伏特; voltage 1e3 千伏; current 1 安 安培; resistance 1 欧 欧姆
frequency 1 赫兹 赫; frequency 1e3 千赫; frequency 1e6 兆赫; level 1 分贝; money 1 元 块钱 元钱
people 1 人 名 位 人次; count 1 个 座 台 头 只 株 粒 户 次 种 项 家 条 片 张 块 套 枚 口 孔 羽 尾 匹 辆 架 艘 所
count 1 处 类 例 篇 场 期 批 支 根 棵 颗 件 卷 段 组 路 栋 间 份 样 级 层 道 遍 通道 门 代 回 节 本 册 瓶 桶 袋 碗 点
amount 1 摩尔; amount 1e-3 毫摩尔; amount 1e-6 微摩尔; fuel 1e3 吨标准煤 吨标煤; fuel 1 千克标准煤 公斤标准煤 公斤标煤; angle 1 度; times 1 倍
"""
# Compounds in which a character is no unit.
_NOT_UNIT = {
    "天": "[然津气敌线窗山性]", "日": "[本常光照前]", "年": "[级龄轻度份代]", "方": "[法案式面便向程位]",
    "月": "[份季球饼]", "周": "[边期围]", "分": "[之离析布类]", "人": "[工员才口民群类为造]",
    "名": "[称义录单]", "度": "[假]", "安": "[全装排]", "元": "[素件器旦]", "米": "[粉饭]", "升": "[级高至到温]",
    "点": "[多余半]", "级": "[以别]", "代": "[替表]", "克": "[隆服]", "次": "[序生品日年]",
    "家": "[庭畜禽具]", "个": "[人性体月小别点]", "位": "[置于移]", "期": "[间望]", "种": "[植子苗]", "路": "[面径基]",
    "道": "[路]", "头": "[部]", "口": "[服腔]", "件": "[套]", "组": "[织]", "段": "[时]", "批": "[发]", "所": "[以]",
    "场": "[所地]", "节": "[水电能省约]", "本": "[地项品]", "样": "[品本]", "处": "[理]", "条": "[件]", "通": "[过]",
    "座": "[谈]", "架": "[空]", "台": "[账]", "片": "[区]", "株": "[高距行]",
}  # fmt: skip
_SIZES = {
    "MU": _MU, "DAY": _DAY, "WEEK": 7 * _DAY, "FORTNIGHT": 14 * _DAY, "MONTH": _MONTH,
    "YEAR": _YEAR, "QUARTER": _YEAR / 4, "SEMESTER": _YEAR / 2, "CENTURY": 100 * _YEAR,
    "JOULE": 1 / 3600, "KILOJOULE": 1 / 3.6, "MEGAJOULE": 1e3 / 3.6, "GIGAJOULE": 1e6 / 3.6,
    "KCAL": 4184 / 3600,
}  # fmt: skip


class Unit(NamedTuple):
    """The quantity a unit measures, and its size in the common unit."""

    quantity: str
    size: float


def _read(table: str) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for entry in table.replace("\n", ";").split(";"):
        if entry.strip():
            quantity, *rest = entry.split()
            size, *names = rest if rest[0][0].isdigit() or rest[0] in _SIZES else ("1", *rest)
            value = _SIZES[size] if size in _SIZES else float(size)
            units.update((name.replace("_", " "), Unit(quantity, value)) for name in names)
    return units


_SYMBOL, _WORD, _HAN = _read(_SYMBOLS), _read(_WORDS), _read(_CHINESE)
_PLURALS = {"metro cuadrado": "metros cuadrados", "metro cúbico": "metros cúbicos",
            "kilómetro cuadrado": "kilómetros cuadrados", "grado bajo cero": "grados bajo cero",
            "grado celsius": "grados celsius", "degree celsius": "degrees celsius"}  # fmt: skip
_WORD = {
    form: unit
    for name, unit in _WORD.items()
    for form in {name.lower(), f"{name.lower()}s", f"{name.lower()}es", _PLURALS.get(name, name.lower())}
}


def _either(names: object) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))  # type: ignore[call-overload]


_WORD_END = r"(?![A-Za-zÀ-ÿ0-9])"
_LATIN = rf"(?:(?:{_either(_SYMBOL)}){_WORD_END}|(?i:{_either(_WORD)}){_WORD_END}|°C)"
_HAN_UNIT = "|".join(
    re.escape(name) + (rf"(?!{_NOT_UNIT[name]})" if _NOT_UNIT.get(name) else "")
    for name in sorted(_HAN, key=len, reverse=True)
)
UNIT = {"zh": rf"(?:{_LATIN}|{_HAN_UNIT})", "en": _LATIN, "es": _LATIN}


@lru_cache(maxsize=2000)
def unit_of(text: str) -> Unit | None:
    """Return the unit that a text names; None for other words."""
    name = re.sub(r"\s+", " ", text.strip())
    return _SYMBOL.get(name) or _HAN.get(name) or _WORD.get(name.lower())
