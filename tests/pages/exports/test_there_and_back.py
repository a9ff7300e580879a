"""What is taken along and brought again says the same: each kind, resource, form and language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker import codelists, regions
from matchmaker.db import today
from matchmaker.details import Detail, DetailKind
from matchmaker.imports.rows import RowReader
from matchmaker.imports.rules import content_with
from matchmaker.listings import filling, rules, tiers
from matchmaker.listings.models import Listing
from matchmaker.listings.resources import codes, resource
from matchmaker.listings.rules import Content
from matchmaker.organisations.models import Organisation
from matchmaker.pages.exports import columns
from matchmaker.pages.shared.downloads import csv_file, xlsx_file
from matchmaker.plan.models import KeyTask
from matchmaker.tables import reading
from matchmaker.web.i18n import LOCALES

TASK = KeyTask(id=7, code="QH-1", title={"zh": "任务", "en": "A task", "es": "Tarea"})
WORDS = st.text("盐湖提锂高效吸附剂 abcXYZ=+29%°", min_size=1, max_size=12)
LINE = WORDS.map(lambda text: f"线{' '.join(text.split())}条")  # no bullet, no semicolon
LINES = st.lists(LINE, min_size=1, max_size=4, unique=True)
TEXT = st.one_of(LINE, LINE.map(lambda text: f"=SUM({text})"))
HUNDREDTHS = st.integers(1, 99_999_999).map(
    lambda number: f"{number / 100:.2f}".rstrip("0").rstrip(".")
)
SETTINGS = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def detail(one: Detail) -> st.SearchStrategy[Any]:
    return {
        DetailKind.TEXT: TEXT,
        DetailKind.LINES: LINES,
        DetailKind.NUMBER: HUNDREDTHS,
        DetailKind.CHOICE: st.sampled_from(sorted(one.options) or [""]),
    }[one.kind]


def code(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(codelists.codes(name))


def some(name: str, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(code(name), max_size=most, unique=True).map(lambda found: tuple(sorted(found)))


@st.composite
def contents(draw: st.DrawFn, kind: str) -> Content:
    """What a listing of the kind may say, of any resource."""
    of = draw(st.sampled_from(codes()))
    low = draw(st.one_of(st.none(), st.integers(1, 8)))
    budget = draw(st.one_of(st.none(), st.integers(1000, 10**9)))
    said: dict[str, Any] = {
        "resource": of,
        "title": draw(LINE),
        "summary": draw(TEXT),
        "description": draw(TEXT),
        "language": draw(st.sampled_from(("zh", "en", "es"))),
        "sectors": draw(some("sector", 3)),
        "tasks": draw(st.sampled_from(((), (TASK.id,)))),
        "modes": draw(some("mode", 3)),
        "goal": draw(code("goal")),
        "province": draw(st.sampled_from(tuple(regions.all_regions()))),
        "deadline": draw(st.sampled_from((None, today() + timedelta(days=40)))),
        "trl": low,
        "trl_high": draw(st.sampled_from((None, low + 1))) if low else None,
        "talent_kind": draw(code("talent_kind")),
        "talent_number": draw(st.integers(1, 1000)),
        "talent_months": draw(st.integers(1, 120)),
        "details": draw(
            st.fixed_dictionaries({}, optional={o.code: detail(o) for o in resource(of).details})
        ),
    }
    if kind == "need":
        said["must_haves"], said["nice_to_haves"] = tuple(draw(LINES)), tuple(draw(LINES))
        said["budget_min"] = said["budget_max"] = budget
        said["fund_source"] = draw(code("fund_source"))
    else:
        said["evidence"], said["deployments"] = draw(TEXT), draw(TEXT)
        said["references"] = draw(st.sampled_from(((), ("ZL202010123456.2",))))
        said["ip_status"], said["licences"] = draw(code("ip_status")), draw(some("licence_type", 2))
        said["seats"] = draw(st.integers(1, 10_000))
    return Content(**said)


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context("/our/listings.xlsx"):
        yield


def taken_along(kind: str, content: Content, suffix: str) -> bytes:
    owner = Organisation(
        id=3, name_zh="某厂", name_other="Plant", other_language="en", type="enterprise",
        province="63", city="", status="verified",
    )  # fmt: skip
    listing = Listing(id=5, kind=kind, organisation=owner, status="draft", **filling.nothing())
    filling.write(None, listing, content, [TASK] if content.tasks else [])  # type: ignore[arg-type]
    shown = tiers.project(listing, "members")
    if suffix == "jsonl":
        return json.dumps(columns.plain(shown), ensure_ascii=False).encode()
    own = columns.own_fields([shown])
    make = csv_file if suffix == "csv" else xlsx_file
    response = make("listings", columns.head(own), [columns.said(shown, own)])
    response.direct_passthrough = False
    return bytes(response.get_data())


def brought(kind: str, data: bytes, suffix: str) -> tuple[Content, list[Any]]:
    table = reading.read(f"listings.{suffix}", data, kind).tables[0]
    tasks = {"qh-1": TASK.id}
    row = RowReader(kind, tasks, today()).read(table, table.rows[0])
    assert row.faults == []
    return content_with(Content(), row.values), row.remarks


@pytest.mark.parametrize("kind", ["need", "capability"])
@pytest.mark.parametrize("suffix", ["xlsx", "csv", "jsonl"])
@pytest.mark.parametrize("language", ["zh", "en", "es"])
@SETTINGS
@given(data=st.data())
def test_what_was_taken_along_comes_back_the_same(
    page: None, kind: str, suffix: str, language: str, data: st.DataObject
) -> None:
    content = data.draw(contents(kind))
    with force_locale(LOCALES[language]):
        again, remarks = brought(kind, taken_along(kind, content, suffix), suffix)
    assert remarks == []
    assert rules.plain(again) == rules.plain(content)
