from __future__ import annotations

import pytest

from matchmaker.engine import Listing, Reading, detect_language, language_of, reads


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("老卤提锂总是不稳定", "zh"),
        ("鋰電池回收", "zh"),
        ("采用LiDAR和SCADA的PLC控制", "zh"),
        ("We recycle the batteries of buses", "en"),
        ("Reciclamos las baterías de los autobuses", "es"),
        ("energia solar y riego por goteo", "es"),
        ("lithium extraction", "en"),
        ("extracción de litio", "es"),
        ("cebada", "es"),
        ("The Beijing 北京 office of the institute was opened in May", "en"),
        ("", "en"),
        ("2024 / 35", "en"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("declared", "language"), [("es", "es"), ("zh-CN", "zh"), ("en_GB", "en"), ("ZH_Hans", "zh")]
)
def test_the_author_knows_better(declared: str, language: str) -> None:
    assert detect_language("Robot", declared) == language


def test_a_language_the_engine_does_not_know_is_detected() -> None:
    assert detect_language("extracción de litio", "fr") == "es"


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("盐湖卤水提锂", "en", "zh"),
        ("青稞育种新品种，抗倒伏", "es", "zh"),
        ("采用LiDAR和SCADA的智能灌溉控制系统", "en", "zh"),
        ("Lithium from the brine of salt lakes", "zh", "en"),
        ("Extracción de litio de la salmuera", "zh-CN", "es"),
        ("Tratamiento de aguas residuales con 膜", "zh", "es"),
        # Names and single words of the other script contradict nothing.
        ("LiDAR SCADA PLC", "zh", "zh"),
        ("The Beijing 北京大学 office for lithium extraction", "en", "en"),
        ("Cebada (青稞) de altura", "es", "es"),
        ("基于 Transformer 的 YOLO 检测模型", "zh", "zh"),
        ("提锂技术 DLE process by Qinghai Salt Lake Potash Co", "zh", "zh"),
        # English and Spanish have one script: the author decides.
        ("Extracción de litio", "en", "en"),
        ("Lithium extraction", "es", "es"),
    ],
)
def test_the_script_contradicts_its_author(text: str, declared: str, language: str) -> None:
    assert detect_language(text, declared) == language
    assert language_of(Listing("c1", "capability", text, language=declared)) == language


def test_the_whole_listing_decides_on_its_script() -> None:
    listing = Listing("c1", "capability", "Smart irrigation for arid land", language="zh")
    assert language_of(listing) == "en"
    described = "用于干旱地区的智能灌溉系统，节水百分之三十。"
    chinese = Listing("c1", "capability", "Smart irrigation", description=described, language="zh")
    assert language_of(chinese) == "zh"
    asked = ("At least 90 % of lithium recycled",)
    borrowed = Listing("n1", "need", "卤水提锂", must_haves=asked, language="en")
    assert language_of(borrowed) == "en"


@pytest.mark.parametrize(
    ("text", "written", "read_as"),
    [
        ("盐湖卤水提锂", "zh", "zh"),
        ("鹽湖滷水提鋰", "zh", "zh"),
        ("Lithium extraction", "en", "en"),
        ("Barley breeding for the plateau", "en", "en"),
        ("Extracción de litio", "es", "es"),
        ("Reciclaje de baterías de litio", "es", "es"),
        ("Captura de carbono", "es", "es"),
        ("Costras vivas: inoculantes de cianobacterias para arenas móviles", "es", "es"),
        ("བོད་ཀྱི་ནས་སོན་གསར་པ།", "tibetan", None),
        ("བོད་ཀྱི་ནས་སོན་གསར་པ། (青稞)", "tibetan", None),
        ("تۇز كۆلىدىن لىتىي ئېلىش تېخنىكىسى", "arabic", None),
        ("ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ", "mongolian", None),
        ("Давснаас лити ялгах технологи", "cyrillic", None),
        ("Извлечение лития из рассола, LiCl", "cyrillic", None),
        ("리튬 추출 기술", "hangul", None),
        # A name in another script does not hide what is read.
        ("西藏青稞育种 (ནས་སོན་)，抗倒伏新品种", "zh", "zh"),
        ("Lithium extraction as in Извлечение", "en", "en"),
        ("Extração de lítio de salmouras", "pt", "es"),
        ("Procuramos parceiros para o tratamento de águas residuais", "pt", "es"),
        ("Sistema de irrigação por gotejamento com energia solar", "pt", "es"),
        ("Tractament d'aigües residuals de la indústria tèxtil", "ca", "es"),
        ("Busquem socis per a la millora de l'ordi resistent a la sequera", "ca", "es"),
        ("", "en", "en"),
    ],
)
def test_what_is_read_and_what_is_not(text: str, written: str, read_as: str | None) -> None:
    assert reads(text) == Reading(written, read_as)


@pytest.mark.parametrize(
    ("text", "declared", "reading"),
    [
        ("Extração de lítio de salmouras", "es", Reading("pt", "es")),
        ("盐湖卤水提锂", "en", Reading("zh", "zh")),
        ("བོད་ཀྱི་ནས་སོན་གསར་པ།", "zh", Reading("tibetan", None)),
    ],
)
def test_a_declaration_makes_nothing_readable(text: str, declared: str, reading: Reading) -> None:
    assert reads(text, declared) == reading
