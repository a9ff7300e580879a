"""What is said of a text that is not read, is read as another language, or says little."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.listings.rules import Content
from matchmaker.organisations.models import Organisation
from matchmaker.pages.listings.remarks import remarks
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published

ENGLISH = "We look for an adsorbent that takes lithium from the brine of a salt lake. " * 4
CHINESE = (
    "我们寻找从盐湖卤水中提取锂的吸附剂，要求收率高、寿命长、不溶损，并能在高寒地区连续运行。" * 3
)
SPANISH = "Buscamos un adsorbente que extraiga el litio de la salmuera de un lago salado. " * 4
PORTUGUESE = (
    "Procuramos um adsorvente que extraia o lítio das salmouras de um lago salgado, não. " * 4
)
CATALAN = (
    "Busquem un adsorbent que extregui el liti de les salmorres d'un llac salat amb gener. " * 4
)
TIBETAN = "བོད་ཀྱི་ནས་སོན་གསར་པ་འཚོལ་བཞིན་ཡོད། " * 6
UYGHUR = "بىز تۇز كۆلىدىن لىتىي ئايرىش تېخنىكىسىنى ئىزدەۋاتىمىز " * 6
MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ ᠦᠨ ᠲᠡᠭᠦᠷᠭᠡ " * 8
CYRILLIC = "Мы ищем адсорбент для извлечения лития из рассола солёного озера. " * 4


def said(text: str, language: str, reader: str = "en") -> list[str]:
    with force_locale(reader):
        content = Content(title=text[:60], description=text, language=language, evidence="2 trials")
        return remarks("capability", content)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        (ENGLISH, "en", None),
        (CHINESE, "zh", None),
        (SPANISH, "es", None),
        (TIBETAN, "zh", "in Tibetan, which this site cannot read"),
        (UYGHUR, "zh", "Uyghur or another language in Arabic script, which this site cannot read"),
        (MONGOLIAN, "zh", "in Mongolian, which this site cannot read"),
        (CYRILLIC, "en", "a language in Cyrillic script, which this site cannot read"),
        (PORTUGUESE, "es", "in Portuguese. It is read as Spanish"),
        (CATALAN, "es", "in Catalan. It is read as Spanish"),
        (CHINESE, "en", "given is English, but the text seems to be in Chinese"),
        (ENGLISH, "zh", "given is Chinese, but the text seems to be in English"),
        ("Lithium", "en", "says little"),
        ("盐湖提锂", "zh", "says little"),
        ("", "en", None),
    ],
)
def test_one_thing_is_said_of_a_text(
    app: Flask, text: str, language: str, words: str | None
) -> None:
    with app.test_request_context():
        found = said(text, language)
    assert len(found) == (words is not None), found
    assert words is None or words in found[0]


@pytest.mark.parametrize(
    ("reader", "words"), [("zh_Hans", "藏文"), ("en", "Tibetan"), ("es", "tibetano")]
)
def test_it_is_said_in_the_readers_language(app: Flask, reader: str, words: str) -> None:
    with app.test_request_context():
        assert words in said(TIBETAN, "zh", reader)[0]


@pytest.mark.parametrize(
    ("who", "told"),
    [("owner", True), ("curator", True), ("far curator", False), ("member", False)],
)
def test_those_who_can_change_it_are_told(
    client: PageClient, organisation: Organisation, who: str, told: bool
) -> None:
    listing = published(organisation=organisation, title="ནས་སོན།", summary=TIBETAN, description="")
    make = {
        "owner": lambda: factories.member_of(organisation),
        "curator": lambda: factories.provincial_curator("63"),
        "far curator": lambda: factories.provincial_curator("37"),
        "member": lambda: factories.member_of(factories.OrganisationFactory()),
    }
    page = client.sign_in(make[who]()).page(f"/listings/{listing.id}")
    assert ("in Tibetan, which this site cannot read" in page.text) is told


def test_the_form_says_it_when_something_else_is_wrong(home: PageClient) -> None:
    typed = {"title": "ནས་སོན།", "summary": TIBETAN, "trl": "many", "action": "submit"}
    page = home.submit("/listings/new/need", typed)
    assert page.status_code == 422
    assert "which this site cannot read" in page.text
