"""Copies of listings, and capabilities that repeat a need."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.engine import Listing, Sketch, repeats
from tests.engine.conftest import capability, need

ZH = need(
    "zh",
    "从高镁锂比老卤中低温选择性提锂的铝系吸附剂",
    summary="在零下十摄氏度从高镁锂比老卤中选择性吸附锂，每年处理三百万立方米。",
    description="现有铝系吸附剂冬季容量下降一半，溶损偏高，要求两年内完成中试并交付成套装置。",
)
EN = need(
    "en",
    "Selective adsorbent for lithium in cold brine of a salt lake",
    summary="It takes lithium at minus ten degrees and keeps nine tenths of its capacity.",
    description="Our plant treats three million cubic metres a year and stops in winter.",
)
ES = need(
    "es",
    "Adsorbente selectivo de litio para la salmuera fría de un lago salado",
    summary="Debe trabajar a diez grados bajo cero y conservar casi toda su capacidad.",
    description="La planta trata tres millones de metros cúbicos al año y se detiene en invierno.",
)
OWN = capability(
    "own",
    "铝系锂吸附剂",
    summary="Adsorbents for brine. 从老卤中吸附锂。",
    description="Lithium is taken up at low temperature. El litio se adsorbe en frío.",
)


@pytest.mark.parametrize("asked", [ZH, EN, ES], ids=lambda one: one.id)
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("all of it", True),
        ("its title among other words", True),
        ("its summary", True),
        ("its description", True),
        ("the same subject in other words", False),
    ],
)
def test_a_capability_repeats_a_need(asked: Listing, how: str, expected: bool) -> None:
    offered = {
        "all of it": replace(asked, kind="capability", title=f"We offer: {asked.title}"),
        "its title among other words": replace(
            OWN, description=f"{OWN.description}\n{asked.title}\n{OWN.description}"
        ),
        "its summary": replace(OWN, summary=asked.summary),
        "its description": replace(OWN, description=asked.description),
        "the same subject in other words": OWN,
    }[how]
    assert repeats(offered, asked) == expected


def test_a_short_title_is_nobodys_own() -> None:
    assert not repeats(capability("c", "卤水提锂吸附剂"), need("n", "卤水提锂吸附剂"))


@pytest.mark.parametrize("original", [ZH, EN, ES], ids=lambda one: one.id)
def test_a_text_with_some_other_words_is_nearly_the_same(original: Listing) -> None:
    words = original.description.split(" ") if original is not ZH else list(original.description)
    words[::8] = ["另"] * len(words[::8])
    changed = replace(original, title=f"{original.title} 2", description=" ".join(words))
    assert Sketch(original).is_near(Sketch(changed))
    assert not Sketch(original).is_near(Sketch(OWN))
