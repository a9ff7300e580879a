"""Concepts: which a text names, who may know it, and what readers call them."""

from __future__ import annotations

import pytest

from matchmaker.listings.concepts import MOST_NAMED, Tag, concepts_of, labels, tags


def named(
    public: str, members: str = "", language: str = "en", kind: str = "need"
) -> dict[str, str]:
    return {
        one.code: one.tier for one in concepts_of([(public, 1.0)], [(members, 1.0)], language, kind)
    }


def test_what_the_text_names_and_nothing_broader() -> None:
    assert named("滴灌", language="zh") == {"drip_irrigation": "public"}


def test_what_every_text_speaks_of_is_no_topic() -> None:
    assert named("企业想要滴灌，成本要低", language="zh") == {"drip_irrigation": "public"}


def test_a_concept_needs_the_lowest_tier_that_names_it() -> None:
    found = named("Drip irrigation", "Drip irrigation of cotton")
    assert (found["drip_irrigation"], found["cotton"]) == ("public", "members")


def test_what_members_read_does_not_move_what_visitors_see() -> None:
    public = "Drip irrigation of cotton"
    opened = {code for code, tier in named(public, "battery " * 20).items() if tier == "public"}
    assert opened == named(public).keys()


@pytest.mark.parametrize(
    ("kind", "text", "language"),
    [
        ("capability", "Drip irrigation. We do not offer battery recycling.", "en"),
        ("capability", "滴灌系统。不提供电池回收。", "zh"),
        ("need", "Drip irrigation. We are not looking for battery recycling.", "en"),
    ],
)
def test_what_a_listing_declines_is_not_what_it_is_about(
    kind: str, text: str, language: str
) -> None:
    found = named(text, language=language, kind=kind)
    assert "drip_irrigation" in found
    assert "battery_recycling" not in found


def test_a_long_text_is_about_the_few_things_it_says_most() -> None:
    everything = ". ".join(concept for concept in labels("en").values())
    assert len(named(everything[:20_000])) == MOST_NAMED


@pytest.mark.parametrize("text", ["", " ", "zzz", "x" * 5000, "😀", "İİİ drip irrigation"])
def test_strange_texts(text: str) -> None:
    assert len(named(text)) <= MOST_NAMED


def test_labels_stand_alone() -> None:
    assert (labels("en")["drip_irrigation"], labels("zh")["drip_irrigation"]) == (
        "Drip irrigation",
        "滴灌",
    )
    assert labels("en").keys() == labels("zh").keys() == labels("es").keys()


def test_shared_concepts_come_first_and_broader_ones_not_beside_narrower() -> None:
    found = tags(["drip_irrigation", "irrigation", "gone"], "en", shared=["cotton"])
    assert found == [
        Tag("cotton", "Cotton", leads=False, shared=True),
        Tag("drip_irrigation", "Drip irrigation"),
    ]


def test_what_any_project_names_is_no_topic() -> None:
    assert set(named("实验室与客户预算：牦牛", language="zh")) == {"yak"}
