"""A glossary small enough to see whole, and listings whose right partner is plain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from matchmaker.engine import Concept, Glossary, Listing


def concept(
    concept_id: str,
    zh: str,
    en: str,
    es: str,
    broader: str | None = None,
    tasks: tuple[str, ...] = (),
) -> Concept:
    labels = {
        code: tuple(cell.split("|")) if cell else ()
        for code, cell in (("zh", zh), ("en", en), ("es", es))
    }
    return Concept(concept_id, labels, broader, None, tasks, "small.tsv, row 2")


SMALL = (
    concept("battery", "电池|蓄电池", "battery", "batería"),
    concept("lithium_battery", "锂电池", "lithium battery", "batería de litio", "battery"),
    concept(
        "battery_recycling",
        "锂电池回收|电池回收",
        "battery recycling",
        "reciclaje de baterías",
        "battery",
    ),
    concept("lithium", "锂", "lithium", "litio", None, ("QH-2",)),
    concept("brine", "卤水|老卤", "brine", "salmuera", None, ("QH-2",)),
    concept("adsorption", "吸附", "adsorption|adsorbent", "adsorción|adsorbente"),
    concept("barley", "青稞", "highland barley", "cebada de altura", None, ("XZ-2",)),
    concept("breeding", "育种", "breeding", "mejora genética", None, ("XZ-2",)),
    concept("yak", "牦牛", "yak", "yak", None, ("XZ-2",)),
    concept("doctor", "医生|医师", "doctor|physician", "médico"),
    concept("scanner", "扫描仪", "scanner", "escáner"),
    concept("plc", "可编程控制器", "PLC", "PLC"),
    concept("ai", "人工智能", "AI|artificial intelligence", "IA|inteligencia artificial"),
)


@pytest.fixture(scope="session")
def glossary() -> Glossary:
    return Glossary(SMALL)


class Letters:
    """An encoder for tests, which knows texts by their characters."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float64]:
        vectors = np.zeros((len(texts), 64))
        for place, text in enumerate(texts):
            np.add.at(vectors[place], [ord(letter) % 64 for letter in text], 1.0)
        return vectors


def capability(listing_id: str, title: str, **fields: object) -> Listing:
    return Listing(id=listing_id, kind="capability", title=title, **fields)  # type: ignore[arg-type]


def need(listing_id: str, title: str, **fields: object) -> Listing:
    return Listing(id=listing_id, kind="need", title=title, **fields)  # type: ignore[arg-type]


# Four subjects in three languages: the right partners of a need can be told by its id.
BOARD = (
    capability(
        "brine-zh", "卤水提锂吸附剂", description="铝系吸附剂，从老卤中吸附锂。", language="zh"
    ),
    capability(
        "brine-en",
        "Adsorption of lithium from brine",
        description="A granular adsorbent.",
        language="en",
    ),
    capability(
        "brine-es",
        "Adsorbente de litio para salmuera",
        description="Adsorción en columna.",
        language="es",
    ),
    capability("barley-zh", "青稞育种", description="青稞新品种，抗倒伏。", language="zh"),
    capability(
        "barley-en", "Highland barley breeding", description="New lines of barley.", language="en"
    ),
    capability(
        "barley-es",
        "Mejora genética de la cebada de altura",
        description="Líneas nuevas.",
        language="es",
    ),
    capability("doctor-zh", "医生轮换派驻", description="三甲医院医师驻点一年。", language="zh"),
    capability(
        "doctor-en",
        "Doctors for county hospitals",
        description="Physicians who stay.",
        language="en",
    ),
    capability(
        "doctor-es",
        "Médicos para hospitales",
        description="Médicos residentes un año.",
        language="es",
    ),
    capability("recycling-zh", "锂电池回收", description="废旧电池拆解。", language="zh"),
    capability(
        "recycling-en",
        "Battery recycling line",
        description="Shredding of batteries.",
        language="en",
    ),
    capability(
        "recycling-es",
        "Reciclaje de baterías",
        description="Trituración de baterías.",
        language="es",
    ),
)
