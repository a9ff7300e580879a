"""How far a denial reaches: back to a subject or topic, over its list, and no further."""

from __future__ import annotations

import pytest

from matchmaker.engine.text.cues import disclaimed, unwanted
from matchmaker.engine.text.folding import fold
from tests.engine.marks import found

OFFERED = {
    "zh": (
        "只处理图像，不处理[声音]；[藏文、满文]没有训练过。",
        "被咬了请直接送医，[血清和救治]不归我们。",
        "[氢气]由于渗透性强、易泄漏，我院目前不开展[氢气储存的设计]。",
        "[大型磁体]，我们不做。",
        "[直线加速器]请找原厂。",
        "阀门能修，[密封件]请另请高明。",
        "[锅炉改造]不是我们的业务。",
        "承接水井修复，[坎儿井我们]不[管]。",
        "[磷石膏]未纳入[研究]。",
        "[混凝土裂缝]无法[检测]。",
        "[高原水稻]没有试过，小麦三年。",
        "不提供[安装、调试和培训]。",
        "[矿井水]交给其他单位处理。",
        "不包括：[运费和税]。",
        "本中心不承接[桥梁检测]。",
        # What looks like a denial and is none.
        "不仅处理图像，还处理声音。",
        "不锈钢阀门，不断电保存。",
        "我们不仅做检测，也做治疗。",
        "运行不需要外接电源。",
        "不受海拔影响。",
        "产品不伤果、不掉粒。",
        "设备归业主所有。",
        "处理没有处理过的废水。",
        "本院由三家单位组建，我们提供培训。",
        "不懂的地方，我们来讲。",
        "误差不超过1%，不低于国标。",
        "解决了传统方法不能识别的难题。",
        "培训后由本地人自己操作，无须驻场。",
        "不少牧民已经用上了。",
        "无人值守，无缝对接。",
    ),
    "en": (
        "[Chloride materials, such as bischofite or bittern], cannot be treated by this process.",
        "It is emphasised that [bittern] cannot be treated by this process.",
        "[Snakes, including cobras], are not kept.",
        "[Fractures] are referred elsewhere, and we do no [hip or knee replacement].",
        "[Magnets and accelerators] we leave to the makers, because they are costly.",
        "We leave [magnets and scanners] to the makers.",
        "Only training is provided; [reagents and disposal channels] are not.",
        "Training is given, and no [technology supplier] is recommended.",
        "[Serum and rescue] are none of our business.",
        "[Tunnels and shafts] are somebody else's job.",
        "[For tunnels] please ask elsewhere.",
        "We stay away from [asbestos].",
        "We refrain from [blasting or drilling].",
        "Not included: [freight, tools and taxes].",
        "[Gearboxes we] do not repair.",
        "[Peat] was not studied by our group.",
        # What looks like a denial and is none.
        "Not only bittern but also brine is treated.",
        "Dry cooling, so altitude does not matter.",
        "It does not need mains power.",
        "We make no noise.",
        "The pump gives no trouble.",
        "No bittern is lost.",
        "Reflux, such as it is, is excluded by valves.",
        "We leave nothing behind in the field.",
        "We leave a trained team.",
        "Is your brine not suitable?",
        "Salt is not lost.",
        "The film is not damaged by frost.",
        "If frost comes, seedlings are not moved.",
        "It sees what conventional radar cannot.",
        "There is no doubt, no delay, no waste.",
    ),
    "es": (
        "[La bischofita y las salmueras] no pueden ser tratadas por este proceso.",
        "[Las prótesis] no las ponemos.",
        "[De trámites] no nos ocupamos.",
        "No nos ocupamos de [los trámites].",
        "[Las fracturas] se derivan a otros centros.",
        "[Los imanes] los dejamos a los fabricantes.",
        "[El transporte] es cosa del cliente.",
        "[La perforación y el sellado] no son asunto nuestro.",
        "[Los túneles, como los de carretera], quedan fuera [del programa].",
        "[El asbesto] no se trata [en esta planta].",
        "No incluido: [transporte, grúa y tasas].",
        "[Los lodos] no fueron estudiados por el grupo.",
        "No disponemos [de líneas precoces].",
        "No admitimos [personas ni animales].",
        "No reparamos [escáneres], pero sí bombas.",
        # What looks like a denial and is none.
        "No solo tratamos salmuera, también agua.",
        "No necesita red eléctrica.",
        "La altitud no importa, porque se seca en frío.",
        "El fruto no se daña.",
        "Sin ruido ni residuos.",
        "La bomba no se atasca.",
        "No dude en escribirnos.",
        "Los manuales los dejamos en la planta.",
        "Es cosa de tres días.",
        "Si no hay sol, la batería basta.",
        "¿No funciona su bomba?",
        "No hay problema con la nieve.",
        "Un sello para pozos que no se vacían.",
        "Pérdidas no superiores al 2 %.",
        "No obstante, damos cursos.",
    ),
}
ASKED = {
    "zh": (
        "[所以直播、录播这些]，麻烦别再给我们推荐了。",
        "[草原灭鼠]是草原站的事，我们要测菌。",
        "[手术有省里帮着]，这个不用操心。",
        "恢复以后[设备是]不缺的，真的。",
        "景区不让[打深井]。",
        "[灭得干净不干净]不归我们评。",
        # What looks like a refusal and is none.
        "消防部门不让满充。",
        "有家长就不让念了。",
        "这是很要紧的事。",
        "不仅要设备，还要人。",
        "老师不缺席，学生不缺课。",
    ),
    "en": (
        "[Any means, such as sound or laser], is not permitted by the rules.",
        "[Liver and dogs] are not our concern.",
        "[Treatment facilities] are not what we ask for.",
        "[Dogs] are left to the other hospital.",
        "must work without [solvents]",
        # What looks like a refusal and is none.
        "works without mains power",
        "no grid, no road, no signal",
        "Not only sound but also light is permitted.",
        "We cannot get through the winter.",
        "Losses are left over from last year.",
    ),
    "es": (
        "[El hígado y los perros] son asunto del otro hospital.",
        "[La caza] es competencia del distrito.",
        "[El láser] está prohibido por la reserva.",
        "sin [tubos ni hormigón]",
        "[La obra] no es asunto nuestro.",
        # What looks like a refusal and is none.
        "sin red eléctrica ni camino",
        "Es asunto de todos.",
        "No solo perros, también ovejas.",
        "El invierno no da tregua.",
        "Pérdidas no superiores al 2 %.",
    ),
}


@pytest.mark.parametrize(
    ("language", "text"),
    [(language, text) for language, texts in OFFERED.items() for text in texts],
)
def test_what_an_offer_denies(language: str, text: str) -> None:
    assert found(disclaimed, text, language) == fold(text)


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in ASKED.items() for text in texts]
)
def test_what_a_need_refuses(language: str, text: str) -> None:
    assert found(unwanted, text, language) == fold(text)
