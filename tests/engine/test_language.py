from __future__ import annotations

import pytest

from matchmaker.engine import detect_language


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
