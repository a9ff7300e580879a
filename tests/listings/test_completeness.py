"""Fields that a listing must have before a review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matchmaker.listings.rules import Content, changed, changes, fitting, missing, snapshot

NEED = Content(
    title="T",
    summary="S",
    description="D",
    language="en",
    sectors=("solar",),
    tasks=(1,),
    modes=("training",),
    goal="technology_transfer",
    province="63",
    must_haves=("M",),
)
CAPABILITY = replace(NEED, must_haves=(), evidence="E", ip_status="none", licences=("open",))
NOBODY: dict[str, Any] = {"talent_kind": "", "talent_number": None, "talent_months": None}
PEOPLE: dict[str, Any] = {"talent_kind": "engineer", "talent_number": 2, "talent_months": 12}


@pytest.mark.parametrize(
    ("kind", "content", "fields"),
    [
        (
            "need",
            Content(),
            "title summary description language sectors modes goal province must_haves",
        ),
        ("need", NEED, ""),
        ("need", replace(NEED, must_haves=()), "must_haves"),
        ("need", replace(NEED, budget_max=1), "fund_source"),
        ("need", replace(NEED, budget_min=0), "fund_source"),
        ("need", replace(NEED, budget_min=1, fund_source="own"), ""),
        ("need", replace(NEED, goal="talent", **NOBODY), "talent_kind talent_number talent_months"),
        ("need", replace(NEED, goal="both", **PEOPLE), ""),
        ("need", replace(NEED, goal="both", **{**PEOPLE, "talent_months": None}), "talent_months"),
        ("capability", CAPABILITY, ""),
        ("capability", replace(CAPABILITY, evidence=""), "evidence"),
        ("capability", replace(CAPABILITY, ip_status="", licences=()), "ip_status licences"),
        ("capability", replace(CAPABILITY, goal="talent", ip_status="", licences=(), seats=20), ""),
        ("capability", replace(CAPABILITY, goal="talent"), "talent_kind talent_number"),
        ("capability", replace(CAPABILITY, goal="both", talent_kind="team", talent_number=1), ""),
        (
            "need",
            Content(resource="people"),
            "title summary language province talent_kind talent_number discipline",
        ),
        ("capability", Content(resource="park"), "title summary language province industries"),
        ("capability", replace(NEED, resource="service"), "service_items"),
        (
            "capability",
            replace(NEED, resource="service", details={"service_items": ["Tests"]}),
            "",
        ),
    ],
)
def test_what_is_missing(kind: str, content: Content, fields: str) -> None:
    assert missing(kind, content) == tuple(fields.split())


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        (NEED, NEED, []),
        (NEED, replace(NEED, resource="park", details={"land": "5"}), ["resource", "details"]),
        (NEED, replace(NEED, title="Other"), ["title"]),
        (replace(NEED, sectors=("solar", "wind")), replace(NEED, sectors=("wind", "solar")), []),
        (
            replace(NEED, must_haves=("a", "b")),
            replace(NEED, must_haves=("b", "a")),
            ["must_haves"],
        ),
        (NEED, replace(NEED, deadline=date(2027, 1, 1), annex="secret"), ["deadline", "annex"]),
    ],
)
def test_which_fields_changed(before: Content, after: Content, fields: list[str]) -> None:
    assert changed(before, after) == fields


def test_a_snapshot_leaves_the_annex_out() -> None:
    assert "secret" not in str(snapshot(replace(NEED, annex="secret")))


def test_a_content_fits_its_resource() -> None:
    typed = replace(NEED, trl=4, trl_high=6, details={"land": "5", "discipline": "Geology"})
    assert fitting(typed) == replace(typed, details={})
    people = fitting(replace(typed, resource="people", **PEOPLE))
    assert (people.trl, people.trl_high, people.goal) == (None, None, "talent")
    assert (people.talent_number, people.details) == (2, {"discipline": "Geology"})


def test_changes_of_a_resources_fields_stand_alone() -> None:
    before = snapshot(replace(NEED, resource="park", details={"land": "5"}))
    after = snapshot(replace(NEED, resource="park", details={"land": "6"}))
    found = [(one.field, one.before, one.after) for one in changes(before, after)]
    assert found == [("land", "5", "6")]


def test_changes_show_before_and_after() -> None:
    found = changes(snapshot(NEED), snapshot(replace(NEED, title="New", trl=5)))
    assert [(change.field, change.before, change.after) for change in found] == [
        ("title", "T", "New"),
        ("trl", None, 5),
    ]
