"""The real engine, end to end: three languages in, the right partner and its reasons out."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.listings.models import Listing
from matchmaker.organisations.models import Organisation
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.run.jobs import refresh_suggestions
from tests.client import PageClient
from tests.factories import capability, member_of, need

NEEDS = [
    (
        "zh",
        "从盐湖老卤中提取锂",
        "老卤含锂低、镁锂比高，沉淀法收率不到四成。需要吸附法提锂技术，氯化锂溶液送碳酸锂车间，先做中试。",
    ),
    (
        "es",
        "Setas frescas que se estropean antes de llegar al mercado",
        "Recogemos setas comestibles en la meseta y perdemos un tercio por falta de cadena "
        "de frío: buscamos cámaras frigoríficas móviles, preenfriamiento y conservación en "
        "atmósfera controlada durante el transporte.",
    ),
    (
        "en",
        "No doctor in our county hospital can read an ultrasound",
        "We look for physicians who come for six months and train our clinicians in "
        "ultrasound diagnosis and telemedicine.",
    ),
]
CAPABILITIES = [
    (
        "en",
        "Lithium extraction from salt-lake brine by adsorption",
        "Sorbent columns take lithium from bittern with a high magnesium-lithium ratio; "
        "eluate goes to lithium carbonate. "
        "Pilot plant running.",
    ),
    (
        "zh",
        "高原食用菌冷链保鲜成套技术",
        "移动冷库预冷，气调保鲜，食用菌运输损耗由三成降到百分之五，冷链物流全程测温。",
    ),
    (
        "es",
        "Médicos formadores para hospitales comarcales",
        "Médicos de nuestro hospital universitario forman al personal clínico en ecografía "
        "y telemedicina, seis meses.",
    ),
    (
        "en",
        "Wind turbine blade inspection by drone",
        "Drones photograph blades; software finds cracks and erosion.",
    ),
    ("zh", "光伏组件清洗机器人", "无水清洗，沙尘地区光伏电站发电量提高百分之六。"),
    (
        "es",
        "Semillas de patata libres de virus",
        "Producimos patata de siembra sana por cultivo de tejidos.",
    ),
    ("zh", "奶牛乳房炎快速检测", "现场十分钟检测奶牛乳房炎病原，减少抗生素用药。"),
    (
        "en",
        "Blockchain for park supply chains",
        "Traceable contracts and invoices between firms of an industrial park.",
    ),
]


@pytest.fixture
def suggested(session: Session, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Need's title → its best capability's title."""
    for language, title, text in NEEDS:
        need(
            language=language,
            title=title,
            summary=text,
            description=text,
            matching_due=True,
            annex="zirconium",
        )
    for language, title, text in CAPABILITIES:
        capability(
            language=language,
            title=title,
            summary=text,
            description=text,
            matching_due=True,
            annex="hafnium",
        )
    refresh_suggestions(session, RecommenderStore())
    best: dict[int, Suggestion] = {}
    for suggestion in session.scalars(select(Suggestion).order_by(Suggestion.score)):
        best[suggestion.need_id] = suggestion
    titles = dict(session.execute(select(Listing.id, Listing.title)).tuples().all())
    return {
        titles[need_id]: titles[suggestion.capability_id] for need_id, suggestion in best.items()
    }


def test_each_need_finds_its_partner_in_another_language(suggested: dict[str, str]) -> None:
    assert [suggested[title] for _, title, _ in NEEDS] == [
        title for _, title, _ in CAPABILITIES[:3]
    ]


@pytest.mark.usefixtures("suggested")
def test_parts_and_reasons_add_up_to_the_score(session: Session) -> None:
    for suggestion in session.scalars(select(Suggestion)):
        assert sum(suggestion.parts.values()) == pytest.approx(suggestion.score, abs=1e-6)
        for part, value in suggestion.parts.items():
            shares = sum(reason["share"] for reason in suggestion.reasons if reason["part"] == part)
            assert shares == pytest.approx(value, abs=1e-6)


@pytest.mark.usefixtures("suggested")
def test_nothing_of_an_annex_is_stored(session: Session) -> None:
    stored = repr([suggestion.reasons for suggestion in session.scalars(select(Suggestion))])
    assert "zirconium" not in stored
    assert "hafnium" not in stored


def test_the_partner_is_explained_in_the_readers_language(
    client: PageClient, session: Session, suggested: dict[str, str]
) -> None:
    asking = session.scalars(select(Listing).where(Listing.title == NEEDS[0][1])).one()
    client.sign_in(member_of(session.get_one(Organisation, asking.organisation_id))).speak("en")
    html = client.get(f"/listings/{asking.id}").text
    best = html.split('<article class="card"', 2)[1]
    assert CAPABILITIES[0][1] in best
    assert "oth mention" in best
    assert "lithium" in best.split('<ul class="tags"', 1)[1].split("</ul>", 1)[0].lower()
