from __future__ import annotations

import pytest

from matchmaker.engine.text.cues import ROLES, roles
from tests.engine.conftest import capability

TITLES = {
    "buys": (
        "长期收购羊毛",
        "松茸、牛肝菌产地收购",
        "白糖大宗采购",
        "征集西部枸杞供应商",
        "We buy dried roots",
        "Buying malting barley, 60,000 t a year",
        "Buyer of washed quinoa",
        "Procurement of copper concentrate",
        "Compramos lana",
        "Compra de recortes de imanes",
    ),
    "reports": (
        "市场报告与专利导航",
        "三七价格指数",
        "生鲜乳收购价周报",
        "绿色食品博览会招展",
        "Market report on wool",
        "Annual outlook on hydrogen prices",
        "Trade fair for dairy farmers",
        "Feria de la energía",
        "Boletín semanal de precios",
    ),
    "trades": (
        "饲料常年供应",
        "葡萄酒进出口代理",
        "小型钻机租赁",
        "鱼苗空运",
        "Wholesale of seeds",
        "Second-hand linear accelerators",
        "Venta de lana",
        "Subasta electrónica de flor",
        "Alquiler de aseos móviles",
    ),
    "generalist": (
        "一站式综合服务各行各业",
        "全领域技术解决方案服务商",
        "One-stop solutions for all sectors",
        "Cloud storage for any institution",
        "Consultoría agroalimentaria integral",
        "Soluciones integrales: su socio único",
    ),
}


@pytest.mark.parametrize(
    ("title", "role"), [(title, role) for role, titles in TITLES.items() for title in titles]
)
def test_a_title_betrays_a_role(title: str, role: str) -> None:
    assert roles(capability("c", title)).get(role) == 1.0


@pytest.mark.parametrize(
    "title",
    [
        "盐湖提锂吸附剂",
        "采购管理平台研发",
        "鲜奶收购站用快速检测仪",
        "可拆装选矿厂设计与供货",
        "葡萄酒零售防伪系统",
        "展会安保无人机系统",
        "羊绒收购现场分级检测装置",
        "供应链溯源技术",
        "Nanofiltration of brine",
        "Sorting of apples in stock rooms",
        "Forecast of wool fineness",
        "Report-ready sensors for tailings",
        "Retail-ready packaging films",
        "Bark beetle traps that farmers buy once",
        "Cría de yak",
        "Riego solar para fincas de venta directa",
        "Sensor de calidad para compradores de leche",
        "Técnica integral de poda",
    ],
)
def test_an_ordinary_title_betrays_none(title: str) -> None:
    assert roles(capability("c", title)) == {}


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("河口公司常年收购旧地膜。可上门。", {"buys": 0.4}),
        ("A company buys wool in five provinces. Paid at once.", {"buys": 0.4}),
        ("Recuperaciones Norte compra lodos en todo el país.", {"buys": 0.4}),
        ("公司承办绿色食品博览会。", {"reports": 0.4}),
        ("Delta publishes a weekly index of prices.", {"reports": 0.4}),
        ("Comercial Sur importa y distribuye vino.", {"trades": 0.4}),
        ("Del campo a la mesa, lo hacemos todo.", {"generalist": 0.4}),
        ("适合收购站和海关。", {}),
        ("现有库存，也有现货。", {}),
        ("研发仪器。公司收购旧机。", {}),
        ("Ask for our price list and catalogue; parts are in stock.", {}),
        ("We present results at forums. We buy nothing.", {}),
        ("Fabricamos sensores. Catálogo y precios según tamaño.", {}),
        ("The sorter was shown at two trade fairs.", {}),
    ],
)
def test_what_the_offerer_does_first_is_a_hint(description: str, found: dict[str, float]) -> None:
    assert roles(capability("c", "Sugar", description=description)) == pytest.approx(found)


def test_roles_are_of_known_kinds() -> None:
    assert set(TITLES) == set(ROLES)
