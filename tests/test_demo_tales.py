"""The tales of the demonstration fit the kinds of agreement, and show each of them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from matchmaker.agreements.contracts import registration
from matchmaker.agreements.instruments import Extra, catalogue, instrument
from matchmaker.agreements.rules import faults
from matchmaker.agreements.terms import Party
from matchmaker.demo.agreements import ANSWER_DAYS
from matchmaker.demo.lives import MOVES
from matchmaker.demo.outcomes import values
from matchmaker.demo.stage import rows
from matchmaker.demo.tales import contract_number, tales, terms
from matchmaker.outcomes.measures import all_measures
from matchmaker.outcomes.rules import faults as faults_of_result

TODAY = date(2026, 11, 30)
TALES = list(tales())
AGREEMENTS = [
    pytest.param(tale, entry, id=f"{tale['pair'][0]}-{entry['kind']}")
    for tale in TALES
    for entry in tale["agreements"]
]
RESULTS = [
    pytest.param(tale, entry, id=f"{tale['pair'][0]}-{entry['measure']}")
    for tale in TALES
    for entry in tale.get("results", ())
]
LISTINGS = {row["id"]: row for name in ("needs", "capabilities") for row in rows(name)}
PARTIES = {
    row["id"]: Party(row["name_zh"], organisation_id=number)
    for number, row in enumerate(rows("organisations"), start=1)
}
EXTRAS = {"people": Extra.PEOPLE, "log": Extra.LOG, "slots": Extra.SLOTS}


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def sides(tale: dict[str, Any]) -> list[int | None]:
    return [PARTIES[LISTINGS[one]["organisation"]].organisation_id for one in tale["pair"]]


def test_each_kind_is_shown() -> None:
    told = {entry["kind"] for tale in TALES for entry in tale["agreements"]}
    assert told == set(catalogue().instruments)


def test_a_pair_has_one_tale() -> None:
    assert max(Counter(tuple(tale["pair"]) for tale in TALES).values()) == 1


@pytest.mark.parametrize(("tale", "entry"), AGREEMENTS)
def test_an_agreement_says_what_its_kind_asks_for(
    tale: dict[str, Any], entry: dict[str, Any]
) -> None:
    kind, said = instrument(entry["kind"]), terms(entry, day, PARTIES)
    if entry.get("state") != "draft":
        asked = [one for one in sides(tale) if one is not None]
        assert faults(kind, said, asked) == []
    assert {extra for part, extra in EXTRAS.items() if part in entry} <= kind.extras
    assert set(entry.get("done", ())) <= {step.code for step in kind.steps}
    modes = {mode for one in tale["pair"] for mode in LISTINGS[one]["modes"]}
    assert modes & set(kind.modes), "neither listing names such a way of working together"


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: tale["pair"][0])
def test_moves_are_in_order(tale: dict[str, Any]) -> None:
    first = min(entry["agreed"] for entry in tale["agreements"])
    registered = (one["registration"] for one in tale["agreements"] if "registration" in one)
    moves = [first, *(one["registered"] for one in registered)]
    moves += [tale[key] for key in ("delivering", "completed") if key in tale]
    assert tale["begins"] + MOVES["negotiate"] < first - ANSWER_DAYS
    assert sorted(moves) == moves


@pytest.mark.parametrize(("tale", "entry"), AGREEMENTS)
def test_what_happens_follows_the_agreement(tale: dict[str, Any], entry: dict[str, Any]) -> None:
    done = [*entry.get("done", {}).values(), *(one[0] for one in entry.get("log", ()))]
    paid = [one["paid"] for one in entry.get("payments", ()) if "paid" in one]
    assert all(entry["agreed"] <= one < 0 for one in (*done, *paid))


@pytest.mark.parametrize(
    "entry",
    [one for tale in TALES for one in tale["agreements"] if "registration" in one],
    ids=lambda entry: str(entry["kind"]),
)
def test_a_registration_fits_its_contract(entry: dict[str, Any]) -> None:
    told = entry["registration"]
    assert instrument(entry["kind"]).contract
    assert set(told["papers"]) <= set(registration()["papers"])
    assert entry["agreed"] <= told["accepted"] < told["registered"] <= told["accepted"] + 30
    for value in ("contract_value", "technology_value"):
        assert told[value] == entry["values"][value]


@pytest.mark.parametrize(("tale", "entry"), RESULTS)
def test_a_result_could_be_reported(tale: dict[str, Any], entry: dict[str, Any]) -> None:
    told = {**entry, "contract": contract_number(tale, day)}
    said = values(told, entry["amount"], day(-60), day(-5))
    assert faults_of_result(all_measures()[entry["measure"]], said, TODAY) == {}
    measures = {one for of in tale["agreements"] for one in instrument(of["kind"]).outcomes}
    assert entry["measure"] in measures, "none of the agreements is counted by it"
