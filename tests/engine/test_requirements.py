from __future__ import annotations

from functools import lru_cache

import pytest

from matchmaker.engine import Glossary, Pair, Recommender, Requirement, default_glossary
from tests.engine.conftest import BOARD, capability, need

OFFER = capability(
    "offer",
    "卤水提锂吸附剂",
    description="锂回收率达到92%。吸附剂不含铝。每年派驻医生八个月。不提供锂电池回收。"
    "现场电池房占地300平方米。处理老卤电耗18 kWh/t。",
    language="zh",
)


def judged(glossary: Glossary, text: str, language: str) -> Requirement:
    asked = need("n", "卤水提锂", must_haves=(text,), language=language)
    recommender = Recommender(glossary=glossary).fit([*BOARD, OFFER])
    pair = recommender.between([(asked, [OFFER.id])])[0][0]
    assert Pair.from_dict(pair.to_dict()) == pair
    return pair.requirements[0]


@pytest.mark.parametrize(
    ("text", "language", "status", "sentence"),
    [
        ("锂回收率不低于90%", "zh", "met", "锂回收率达到92%。"),
        ("锂回收率不低于95%", "zh", "unmet", "锂回收率达到92%。"),
        ("At least 90 % of lithium recycled", "en", "met", "锂回收率达到92%。"),
        ("Reciclaje de litio superior al 95 %", "es", "unmet", "锂回收率达到92%。"),
        ("吸附剂不含铝", "zh", "met", "吸附剂不含铝。"),
        ("Reciclaje de baterías de litio", "es", "unmet", "不提供锂电池回收。"),
        ("每年派驻医生", "zh", "met", "每年派驻医生八个月。"),
        ("At most 20 kWh/t of clouded brine", "en", "met", "处理老卤电耗18 kWh/t。"),
        ("At most 20 % of clouded brine", "en", "unknown", ""),
        ("青稞育种", "zh", "unknown", ""),
        ("锂回收率不超过三天即20天", "zh", "unknown", ""),
    ],
)
def test_met_unmet_or_unknown(
    glossary: Glossary, text: str, language: str, status: str, sentence: str
) -> None:
    found = judged(glossary, text, language)
    assert (found.text, found.status) == (text, status)
    assert found.sentence == sentence


@lru_cache(maxsize=1)
def judge() -> Recommender:
    return Recommender(glossary=default_glossary()).fit(list(BOARD))


def verdict(asked: str, said: str, title: str = "") -> Requirement:
    """Return the verdict on a must-have by one sentence; each says its language with a prefix."""
    (need_language, text), (language, sentence) = asked.split(":", 1), said.split(":", 1)
    offer = capability("one", title or sentence, description=sentence, language=language)
    wanted = need("n", title or text, must_haves=(text,), language=need_language)
    explainer = judge().explainer()
    assert explainer is not None
    return explainer.judge.requirements(wanted, need_language, offer, language)[0]


@pytest.mark.parametrize(
    ("asked", "said", "status"),
    [
        ("zh:亩产不低于400公斤", "zh:平均亩产430公斤。", "met"),
        ("zh:亩产不低于400公斤", "en:Yield of 7.2 t per hectare.", "met"),
        ("en:yield of at least 6 t per hectare", "zh:平均亩产350公斤。", "unmet"),
        ("en:lamb survival at least 90 %", "zh:羔羊成活率93%。", "met"),
        ("en:seedling survival at least 80 %", "en:Seedling mortality is 8 %.", "met"),
        ("zh:羔羊成活率不低于90%", "es:Mortalidad de corderos del 4 %.", "met"),
        ("zh:假阳性率不高于2%", "en:Specificity of 99 %.", "met"),
        ("zh:8℃以下低温发酵稳定运行", "zh:低温发酵菌剂在5～10℃可稳定运行。", "met"),
        ("es:funciona a más de 4.000 m de altitud", "zh:最高作业海拔4600米。", "met"),
        ("en:works at an altitude of 4,500 m", "zh:最高作业海拔3200米。", "unmet"),
        ("es:vida útil de al menos 15 años", "en:Design life of 20 years.", "met"),
        ("zh:设计使用寿命不低于15年", "es:Vida útil prevista de diez años.", "unmet"),
        ("zh:每亩成本不高于150元", "en:CNY 1,500 per hectare.", "met"),
        ("en:cost within CNY 100 per household", "zh:户均成本80元。", "met"),
        ("zh:水温5℃时出水氨氮不高于8 mg/L", "zh:水温4℃时出水氨氮6 mg/L。", "met"),
        ("zh:水温5℃时出水氨氮不高于8 mg/L", "zh:水温15℃时出水氨氮6 mg/L。", "unknown"),
        ("zh:振动频率降低30%以上", "zh:振动频率降低四成。", "met"),
        ("zh:砷含量不高于0.1 mg/L", "zh:进水砷0.8 mg/L，出水砷0.02 mg/L。", "met"),
        (
            "en:capacity of at least 5,000 t a year",
            "es:capacidad de 9.000 toneladas anuales.",
            "met",
        ),
        ("en:capacity of at least 5,000 t a year", "zh:年处理3000吨。", "unmet"),
        ("en:cobalt not above 2 wt%", "en:The powder is free of cobalt.", "met"),
        ("en:A nurse learns it within 10 days of training", "zh:护士三天就能学会。", "met"),
        ("es:Hasta 500 visitantes al día", "en:Seven hundred visitors a day.", "met"),
        ("en:A doctor on site for at least 3 months a year", "zh:医生驻点半年。", "met"),
        ("zh:医生驻县不少于6个月", "en:Our doctors live there for ten months.", "met"),
        ("en:Result within 30 minutes at the clinic", "zh:十五分钟出数。", "met"),
        ("en:shear force reduced by 40 %", "en:Shear force lowered from 92 to 48 N.", "met"),
        ("zh:合作期不少于三年", "en:Projects last three years at least.", "met"),
        ("es:compromiso de al menos cinco años", "zh:合同期三年。", "unmet"),
        ("en:at least ten years of experience", "es:Con quince años de experiencia.", "met"),
        ("zh:单台价格不超过28万元", "en:One machine is sold; the price is 246,000 yuan.", "met"),
        ("es:funciona a -30 °C", "zh:锂亚电池-35℃连续工作。", "met"),
        ("en:works down to 20 % load", "es:Funciona con una carga del 15 %.", "met"),
        ("zh:设备在线率不低于95%", "en:Uptime was 97 %.", "met"),
        ("en:proven for more than 5,000 operating hours", "zh:累计运行8600小时。", "met"),
    ],
)
def test_an_amount_of_the_same_quantity_decides(asked: str, said: str, status: str) -> None:
    assert verdict(asked, said, "same").status == status


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("en:At least 50 % less cobalt at equal capacity", "zh:容量下降0.5%。"),
        ("zh:30分钟内出结果", "zh:发病率由9.5%降到2.1%。"),
        ("en:lamb mortality at most 6 %", "zh:受胎率由38%升到64%。"),
        ("es:impurezas por debajo del 3 %", "zh:饲料中混入8%载体。"),
        ("zh:三年内巡护次数减少六成", "zh:草垫铺上，三年自己烂掉。"),
        ("zh:耗电降低30%以上", "zh:低温下效率下降约四成。"),
        ("zh:亩作业成本60元以内", "zh:材料费比普通膜每亩贵38元。"),
        ("es:Distingue la variedad también en harina", "zh:局限：磨成粉后品种不易区分。"),
        ("en:coercivity spread within a batch at most 0.5 kOe", "zh:内禀矫顽力由15升到23 kOe。"),
        ("en:nickel recovery of at least 90 %", "en:Cobalt recovery reaches 95 %."),
        ("zh:用水量降低60%", "zh:用水量降到60%。"),
        ("en:at most CNY 9 per lamb", "en:CNY 2 per chick."),
        ("es:retención de al menos 20 días", "en:Training takes 30 days."),
        ("zh:铯单程收率不低于50%", "zh:处理含硼老卤，单程收率91%。"),
        ("zh:单台改造费不超过20万元", "en:Parts for one machine cost 150,000 yuan."),
        ("es:material degradable, sin plásticos", "zh:全部可降解。"),
        ("zh:教师驻校不少于一学年", "zh:以校为家、一师带三徒。"),
        ("zh:医生驻县不少于6个月", "es:Los médicos nacieron hace diez años."),
        ("en:At least 6 weeks without care", "en:Contracts last two years."),
        ("en:annual cost below 2 million yuan", "en:The analysis of a sample costs 45 yuan."),
        ("en:grain moisture below 26 %", "en:Broken grain is 4 % at 30 % moisture."),
        ("zh:适应25度坡地", "zh:坡度超过25度的地不推荐。"),
        ("es:altitud de 4.500 m", "en:We have no data above 4,500 m."),
        ("zh:处理费用不超过0.5元/公斤", "zh:每公斤收购价0.28元。"),
    ],
)
def test_an_amount_of_something_else_is_no_answer(asked: str, said: str) -> None:
    assert verdict(asked, said).status == "unknown"


@pytest.mark.parametrize(
    ("asked", "said", "status"),
    [
        ("zh:不依赖电网", "es:Alimentado por paneles solares.", "met"),
        ("en:works without mains power", "zh:全靠太阳能供电。", "met"),
        ("es:sin conexión a la red", "en:A three-phase supply is required.", "unmet"),
        ("en:no antibiotics", "zh:制剂零抗生素。", "met"),
        ("zh:不使用抗生素", "es:Sin antibióticos ni hormonas.", "met"),
        ("es:sin antibióticos", "zh:头孢噻呋注射剂。", "unmet"),
        ("en:licence must allow local production", "zh:许可当地企业生产。", "met"),
        (
            "zh:允许本地制种",
            "en:The licence lets the buyer multiply seed in his own county.",
            "met",
        ),
        ("es:portátil", "zh:便携式，单人携带。", "met"),
        ("zh:不使用氢氟酸", "es:lavado sin ácido fluorhídrico", "met"),
        ("en:no hydrofluoric acid", "zh:采用氢氟酸浸出。", "unmet"),
        ("es:sin plata", "en:The filter does not remove silver.", "unknown"),
        ("es:sin fungicidas", "zh:本所不代销干品。", "unknown"),
        ("en:no silver", "en:The stems stay fresh for nine days.", "unknown"),
        ("en:not only mains power", "zh:采用市电供电。", "unknown"),
        ("zh:供暖期内不停热", "zh:带压安装，供暖期内不停热。", "met"),
        ("en:non-destructive", "es:Ensayo no destructivo.", "met"),
        ("es:sin telefonía móvil", "zh:采用北斗短报文传输。", "met"),
        ("zh:培训本地操作人员", "en:We train your staff on site.", "met"),
        ("en:local crews are trained", "es:Formamos a operarios.", "met"),
        ("es:formación del personal", "zh:提供安装，不提供培训。", "unmet"),
        ("zh:人员不必搬迁", "en:Professors hold a second post in the host company.", "met"),
        ("en:rules on papers and patents", "zh:知识产权按贡献分。", "met"),
        ("es:a distancia", "zh:专家远程会诊。", "met"),
        ("zh:离线可用", "en:The tool works off-line.", "met"),
        ("en:no data leave the hospital", "es:Funciona dentro del hospital, sin nube.", "met"),
        ("zh:检验报告被法院采信", "es:El resultado no sirve como prueba.", "unmet"),
        ("en:official registration", "es:Falta todavía la autorización.", "unmet"),
        ("es:sin parar", "zh:在线改造，不停产。", "met"),
        ("zh:可租赁", "en:The machine can be hired or bought on lease.", "met"),
        ("en:fees are linked to results", "zh:按新增税收分成。", "met"),
        ("es:gestión directa", "en:We do not run parks.", "unmet"),
        ("zh:接收本地干部跟岗", "en:We host officials for three months.", "met"),
        ("en:valid nationwide", "zh:证书通用，国家认可。", "met"),
        ("es:seguridad social", "zh:代缴社保。", "met"),
        ("zh:保留现有设备", "en:A retrofit for existing machines; no change.", "met"),
    ],
)
def test_qualities_follow_from_what_is_said(asked: str, said: str, status: str) -> None:
    found = verdict(asked, said, "same")
    assert found.status == status
    assert bool(found.sentence) is (status != "unknown")


def test_the_shortest_clause_that_says_it_is_shown() -> None:
    said = "zh:整机重9公斤，羔羊成活率93%，三年质保。"
    assert verdict("en:lamb survival at least 90 %", said).sentence == "羔羊成活率93%"


def test_without_explanations_nothing_is_judged(glossary: Glossary) -> None:
    asked = need("n", "卤水提锂", must_haves=("锂",))
    pairs = Recommender(glossary=glossary, explain=False).fit(BOARD).rank([asked], 1)[0]
    assert pairs[0].requirements == ()
