"""The demonstration's data are whole, varied and refer to nothing that is not there."""

from __future__ import annotations

import gc
import re
from collections import Counter
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from matchmaker.audit import service as audit
from matchmaker.codelists import codes
from matchmaker.commands.main import default_plan
from matchmaker.demo import loader, stories
from matchmaker.demo.cast import ENTRIES
from matchmaker.demo.stage import pairs, rows
from matchmaker.listings.resources import resource
from matchmaker.organisations.rules import may_post
from matchmaker.permissions import SYSTEM
from matchmaker.plan import service as plans
from matchmaker.plan.service import read
from matchmaker.recommendation.run import jobs as recommendation_jobs
from matchmaker.recommendation.run.fitted import RecommenderStore

PLAN = read(default_plan() / "plan.yaml")
SIDES = PLAN["sides"]
TASKS = [task["id"] for initiative in PLAN["initiatives"] for task in initiative["tasks"]]
ORGANISATIONS = {row["id"]: row for row in rows("organisations")}
NEEDS = {row["id"]: row for row in rows("needs")}
CAPABILITIES = {row["id"]: row for row in rows("capabilities")}
LISTINGS = {**NEEDS, **CAPABILITIES}


def test_there_are_enough_organisations_from_everywhere() -> None:
    provinces = {row["province"] for row in ORGANISATIONS.values()}
    assert len(ORGANISATIONS) >= 160
    assert provinces >= set(SIDES["beneficiary"])
    assert len({province for province in provinces if province in SIDES["partner"]}) >= 12


def test_there_are_enough_listings_over_all_tasks() -> None:
    assert len(NEEDS) >= 300
    assert len(CAPABILITIES) >= 450
    for listings, at_least in ((NEEDS, 14), (CAPABILITIES, 20)):
        number = Counter(task for row in listings.values() for task in row["tasks"])
        assert {task: number[task] for task in TASKS if number[task] < at_least} == {}


def test_every_task_has_hard_neighbours_and_a_need_that_nobody_meets() -> None:
    best: Counter[str] = Counter()  # listing → the best grade that it got
    for need, capability, grade in pairs():
        for listing in (need, capability):
            best[listing] = max(best[listing], grade)
    useless = {listing for listing, grade in best.items() if grade < 2}
    for task in TASKS:
        about = {one for one in useless if task in LISTINGS[one]["tasks"]}
        shown = {one for one in about if LISTINGS[one]["status"] == "published"}
        assert shown & set(NEEDS), task
        assert len(about & set(CAPABILITIES)) >= 3, task
        assert len(shown & set(CAPABILITIES)) >= 2, task


def test_no_pair_is_judged_twice() -> None:
    judged = [pair[:2] for pair in pairs()]
    assert [pair for pair, times in Counter(judged).items() if times > 1] == []


LONGEST = {"zh": 40, "en": 110, "es": 110}
PROSE = ("title", "summary", "description", "evidence", "deployments", "annex")


def written(row: dict[str, Any]) -> str:
    lines = [*(row.get("must_haves") or []), *(row.get("nice_to_haves") or [])]
    return "\n".join([*(row.get(name) or "" for name in PROSE), *lines])


def test_titles_are_short_and_ask_nothing() -> None:
    wrong = {
        row["id"]: row["title"]
        for row in LISTINGS.values()
        if len(row["title"]) > LONGEST[row["lang"]] or re.search(r"[?!.？！。…]$", row["title"])
    }
    assert wrong == {}


# docs/demonstration.md says how listings are written; this is what a program can see of it.
FAULTS = {
    "zh": r"\"|窝点|机密|绝密|秘密|谁都不|糊死|[\u4e00-\u9fff][?!]|\d—\d|\d\s*-\s*\d+\s*(?:%|℃)",
    "en": r"\b(?:top secret|classified)\b|\d—\d|～",
    "es": r"\b(?:patatas?|costes?|secreto de estado)\b|\d—\d|～",
}


@pytest.mark.parametrize("language", FAULTS)
def test_texts_keep_to_the_guide(language: str) -> None:
    found = {
        row["id"]: fault[0]
        for row in LISTINGS.values()
        if row["lang"] == language and (fault := re.search(FAULTS[language], written(row), re.I))
    }
    assert found == {}


@pytest.mark.parametrize("listings", [NEEDS, CAPABILITIES], ids=["needs", "capabilities"])
def test_languages_are_mixed(listings: dict[str, Any]) -> None:
    shares = Counter(row["lang"] for row in listings.values())
    for language, share in (("zh", 0.6), ("en", 0.2), ("es", 0.2)):
        assert shares[language] / len(listings) == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize("organisation", ORGANISATIONS.values(), ids=lambda row: row["id"])
def test_an_organisation_has_a_code_that_fits(organisation: dict[str, Any]) -> None:
    assert uscc.is_valid(organisation["uscc"])
    assert organisation["uscc"][2:4] == organisation["province"]


def test_no_code_of_an_organisation_repeats() -> None:
    assert len({row["uscc"] for row in ORGANISATIONS.values()}) == len(ORGANISATIONS)


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda row: row["id"])
def test_a_listing_refers_to_known_things(listing: dict[str, Any]) -> None:
    assert listing["organisation"] in ORGANISATIONS
    assert listing["goal"] in codes("goal")
    assert listing["status"] in codes("listing_status")
    assert set(listing["modes"]) <= set(codes("mode"))
    assert set(listing["sectors"]) <= set(codes("sector"))
    form, said = resource(loader.resource_of(listing)), listing.get("details") or {}
    own = {one.code for one in form.details}
    assert set(said) <= own
    assert listing["status"] == "draft" or own.intersection(form.required) <= set(said)


def test_who_is_not_verified_has_drafts_alone() -> None:
    """Sending for review asks for a verified organisation, and what is shown was reviewed."""
    unverified = {one for one, row in ORGANISATIONS.items() if row["status"] != "verified"}
    before_readers = {
        row["id"]: row["status"] for row in LISTINGS.values() if row["organisation"] in unverified
    }
    assert set(before_readers.values()) == {"draft"}, before_readers


def test_who_shows_something_may_post_it() -> None:
    for row in LISTINGS.values():
        owner, kind = (
            ORGANISATIONS[row["organisation"]],
            "need" if row["id"] in NEEDS else "capability",
        )
        grant = owner.get("capabilities_grant") if kind == "capability" else None
        allowed = may_post(kind, owner["province"], grant, SIDES)
        assert allowed or row["status"] == "draft", row["id"]


def test_organisations_of_several_provinces_wait_for_verification() -> None:
    waiting = [row["province"] for row in ORGANISATIONS.values() if row["status"] == "registered"]
    assert len(set(waiting)) >= 5


def test_judged_pairs_are_of_a_need_and_a_capability() -> None:
    judged = list(pairs())
    assert {need for need, _, _ in judged} <= set(NEEDS)
    assert {capability for _, capability, _ in judged} <= set(CAPABILITIES)
    assert {grade for _, _, grade in judged} == {0, 1, 2, 3}


def test_an_interrupted_start_goes_on_and_a_complete_one_is_left_alone(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.load(session, SYSTEM, PLAN)
    session.commit()
    monkeypatch.setattr(stories, "tell", Mock(side_effect=[KeyboardInterrupt, None]))
    monkeypatch.setattr(recommendation_jobs, "refresh_suggestions", lambda *args, **kwargs: None)
    told: list[tuple[int, str]] = []

    def tell(percent: int, doing: str) -> None:
        told.append((percent, doing))

    with pytest.raises(KeyboardInterrupt):
        loader.load_once(session, RecommenderStore(), tell)
    session.rollback()
    assert [percent for percent, _ in told] == [0, 10, 25, 92]
    told.clear()
    loader.load_once(session, RecommenderStore(), tell)
    assert told[-1] == (100, f"{len(ORGANISATIONS)} organisations, {len(LISTINGS)} listings")
    assert told[0][0] == 25, "what was loaded is not loaded again"
    assert gc.isenabled()
    assert audit.verify(session) is None
    told.clear()
    loader.load_once(session, RecommenderStore(), tell)
    assert told == []


def test_every_entry_of_the_cast_has_its_organisation() -> None:
    assert {entry.organisation for entry in ENTRIES if entry.organisation} <= set(ORGANISATIONS)
