"""Which name is shown, and which names are alike."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from matchmaker.organisations.names import alike, comparable, name_in


@pytest.mark.parametrize(
    ("zh", "other", "language", "shown"),
    [
        ("盐湖", "Brine", "zh", ("盐湖", "zh")),
        ("盐湖", "Brine", "en", ("Brine", "es")),
        ("盐湖", "", "en", ("盐湖", "zh")),
        ("", "Brine", "zh", ("Brine", "es")),
    ],
)
def test_a_missing_name_gives_way_to_the_other(
    zh: str, other: str, language: str, shown: tuple[str, str]
) -> None:
    named = SimpleNamespace(name_zh=zh, name_other=other, other_language="es")
    assert name_in(named, language) == shown


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("青海盐湖科技有限公司", "青海盐湖科技股份有限公司", True),
        ("青海盐湖科技有限公司", "青海 盐湖科技（集团）有限公司", True),
        ("青海盐湖科技有限公司", "青海盐湖旅游有限公司", False),
        ("青海盐湖科技有限公司", "青海省盐湖科技有限公司", True),
        ("北京大学", "南京大学", False),
        ("Plateau Brine Works Co., Ltd.", "PLATEAU BRINE WORKS", True),
        ("Plateau Brine Works Co., Ltd.", "Plateau Brine Work Limited", True),
        ("Plateau Brine Works Co., Ltd.", "Plateau Wool Works Co., Ltd.", False),
        ("Instituto del Agua S.A.", "Instituto del Aqua, S. A.", True),
        ("Beta Ltd.", "Gamma Ltd.", False),
    ],
)
def test_near_names_are_found(one: str, other: str, are_alike: bool) -> None:
    assert alike([one, ""], comparable({7: ["", other]})) == ([7] if are_alike else [])


def test_the_likest_come_first_and_few() -> None:
    others = {number: [f"高原盐湖科技有限公司{'甲' * (number > 1)}"] for number in range(9)}
    assert alike(["高原盐湖科技有限公司"], comparable(others)) == [0, 1, 2, 3, 4]
