from __future__ import annotations

import pytest

from matchmaker.engine.text.cues import disclaimed, roles, unwanted
from matchmaker.engine.text.folding import fold
from tests.engine.conftest import capability


@pytest.mark.parametrize(
    ("language", "text", "denied"),
    [
        ("zh", "供应粉体，不提供安装服务。可以寄样。", ["不提供安装服务。"]),
        ("zh", "矿石类原料不在本工艺范围。", ["矿石类原料不在本工艺范围。"]),
        ("zh", "日常保养请与专业厂家合作。", ["日常保养请与专业厂家合作。"]),
        ("en", "We print books. Binding is not included.", ["Binding is not included."]),
        ("en", "It does not cure, but it soothes.", ["It does not cure, but"]),
        ("en", "Fast delivery. No technical design.", ["No technical design."]),
        ("es", "Instalamos plantas. No se tratan aguas negras.", ["No se tratan aguas negras."]),
        ("es", "Sin servicio técnico.", ["Sin servicio técnico."]),
        ("zh", "设备无需停机，不用硫熏。", []),
        ("en", "It does not need water.", []),
        ("en", "Works with no downtime.", []),
        ("en", "A cream that does not sting.", []),
        ("es", "No requiere parar la planta.", []),
        ("es", "Funciona sin agua.", []),
        ("en", "", []),
    ],
)
def test_what_is_denied_and_what_is_praise(language: str, text: str, denied: list[str]) -> None:
    folded = fold(text)
    assert [folded[start:end].strip() for start, end in disclaimed(folded, language)] == denied


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("长期收购羊毛", "buys"),
        ("We buy dried roots", "buys"),
        ("Compramos lana", "buys"),
        ("市场报告与专利导航", "reports"),
        ("Market report on wool", "reports"),
        ("Feria de la energía", "reports"),
        ("饲料常年供应", "trades"),
        ("Wholesale of seeds", "trades"),
        ("Venta de lana", "trades"),
        ("一站式服务各行各业", "generalist"),
        ("One-stop solutions for all sectors", "generalist"),
    ],
)
def test_a_title_betrays_a_role(title: str, role: str) -> None:
    assert roles(capability("c", title)).get(role) == 1.0


@pytest.mark.parametrize(
    "title", ["盐湖提锂吸附剂", "Nanofiltration of brine", "Cría de yak", "采购管理平台研发"]
)
def test_an_ordinary_title_betrays_none(title: str) -> None:
    assert roles(capability("c", title)) == {}


def test_a_role_in_the_description_is_a_hint() -> None:
    assert roles(capability("c", "Sugar", description="Ask for our price list."))[
        "trades"
    ] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("language", "text", "clause"),
    [
        (
            "zh",
            "想要现场检测。不是要灭鼠，旱獭受保护；也不需要草场治理。",
            "不是要灭鼠,|也不需要草场治理。",
        ),
        ("en", "A test. We do not need more traps; cheap is fine.", " We do not need more traps;"),
        ("es", "Un ensayo. No buscamos trampas.", " No buscamos trampas."),
        ("en", "It must not freeze.", ""),
    ],
)
def test_what_a_need_does_not_ask_for(language: str, text: str, clause: str) -> None:
    folded = fold(text)
    assert "|".join(folded[start:end] for start, end in unwanted(folded, language)) == clause
