"""The table of moves, what terms must say, and what differs, as truth tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matchmaker.agreements.instruments import instrument
from matchmaker.agreements.rules import MOVES, Difference, Fault, differences, faults, may, overlap
from matchmaker.agreements.states import AgreementStatus, Standing
from matchmaker.agreements.terms import Party, Payment, Terms
from tests import factories

WEST, EAST, THIRD, STRANGER = 1, 2, 3, 4
SIDES = (WEST, EAST)

# Move → state before → state after; from any other state it is closed.
LIFE = {
    "send": {"draft": "proposed", "revising": "proposed", "in_force": "changing"},
    "consent": {"proposed": "in_force", "changing": "in_force"},
    "send_back": {"proposed": "revising", "changing": "in_force"},
    "take_back": {"proposed": "revising", "changing": "in_force"},
    "end": {"revising": "ended", "in_force": "ended", "changing": "ended"},
}


def test_the_table_of_moves() -> None:
    table = {move: {str(a): str(b) for a, b in rule.after.items()} for move, rule in MOVES.items()}
    assert table == LIFE


def waiting(**answers: str) -> Standing:
    given = {WEST: "yes", EAST: "", THIRD: "", **{int(k[1:]): v for k, v in answers.items()}}
    return Standing(AgreementStatus.PROPOSED, SIDES, sender_id=WEST, answers=given)


@pytest.mark.parametrize(
    ("move", "who", "allowed"),
    [
        ("consent", WEST, False),  # it consented by sending
        ("consent", EAST, True),
        ("consent", THIRD, True),
        ("consent", STRANGER, False),
        ("consent", None, False),
        ("send_back", EAST, True),
        ("send_back", THIRD, True),
        ("send_back", WEST, False),
        ("take_back", WEST, True),
        ("take_back", EAST, False),
        ("take_back", THIRD, False),
        ("send", WEST, False),  # what waits is answered first
        ("end", WEST, False),
    ],
)
def test_who_may_move_while_answers_are_missing(move: str, who: int | None, allowed: bool) -> None:
    assert may(move, waiting(), who) is allowed


@pytest.mark.parametrize("move", ["consent", "send_back"])
def test_who_has_answered_answers_no_more(move: str) -> None:
    assert not may(move, waiting(_3="yes"), THIRD)


@pytest.mark.parametrize(
    ("move", "who", "allowed"),
    [
        ("send", WEST, True),
        ("send", EAST, True),
        ("end", EAST, True),
        ("send", THIRD, False),
        ("end", THIRD, False),
        ("consent", EAST, False),
    ],
)
def test_who_may_move_in_force(move: str, who: int, allowed: bool) -> None:
    assert may(move, Standing(AgreementStatus.IN_FORCE, SIDES), who) is allowed


LICENCE = instrument("licence")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"technology": ""}, [("technology", Fault.MISSING)]),
        ({"sublicence": None}, [("sublicence", Fault.MISSING)]),
        ({"sublicence": False}, []),  # no is an answer
        ({"period": ["2026-05-01", None]}, [("period", Fault.MISSING)]),
        ({"period": ["2026-05-01", "2026-04-30"]}, [("period", Fault.BACKWARDS)]),
        ({"period": ["2026-05-01", "2026-05-01"]}, []),
        ({"royalty": 101}, [("royalty", Fault.OUT_OF_RANGE)]),
        ({"licence_kind": "x"}, [("licence_kind", Fault.UNKNOWN_CODE)]),
        ({"technology_value": 100_001}, [("technology_value", Fault.MORE_THAN)]),
        ({"technology_value": 100_000}, []),
    ],
)
def test_what_a_field_must_say(values: dict[str, Any], expected: list[tuple[str, Fault]]) -> None:
    found = faults(LICENCE, factories.terms("licence", **values), SIDES)
    assert [(one.name, one.fault) for one in found] == expected


HALF = Payment("half", 50_000)


@pytest.mark.parametrize(
    ("payments", "paid", "expected"),
    [
        ([HALF, HALF], {}, []),
        ([HALF, HALF, Payment("more", 1)], {}, [Fault.OVER_PRICE]),
        ([Payment("", 5)], {}, [Fault.NO_AMOUNT]),
        ([Payment("what", None)], {}, [Fault.NO_AMOUNT]),
        ([HALF], {0: HALF}, []),
        ([Payment("half", 40_000)], {0: HALF}, [Fault.PAID_CHANGED]),
        ([], {0: HALF}, [Fault.PAID_CHANGED]),
    ],
)
def test_payments(payments: list[Payment], paid: Any, expected: list[Fault]) -> None:
    terms = factories.terms("licence", payments=payments)
    assert [one.fault for one in faults(LICENCE, terms, SIDES, paid)] == expected


A, B, C = Party("A", "lead", 50, WEST), Party("B", "maker", 30, EAST), Party("C", "user", 20)


@pytest.mark.parametrize(
    ("parties", "expected"),
    [
        ((A, B, C), []),
        ((A, B), [Fault.TOO_FEW_PARTIES]),
        ((A, C, Party("D", "user")), [Fault.SIDE_IS_NO_PARTY]),
        ((A, B, Party("C", "user", 21)), [Fault.OVER_WHOLE]),
        ((A, B, Party("C", "")), [Fault.NO_ROLE]),
        ((A, B, C, Party("c", "again")), [Fault.PARTY_TWICE]),
        ((A, B, C, Party("West again", "x", 0, WEST)), [Fault.PARTY_TWICE]),
    ],
)
def test_parties_of_a_consortium(parties: tuple[Party, ...], expected: list[Fault]) -> None:
    terms = factories.terms("consortium", parties=parties)
    assert [one.fault for one in faults(instrument("consortium"), terms, SIDES)] == expected


def test_the_two_sides_alone_may_build_a_laboratory() -> None:
    assert faults(instrument("joint_laboratory"), factories.terms("joint_laboratory"), SIDES) == []


def test_differences() -> None:
    before = Terms({"technology": "A", "royalty": 3}, payments=(HALF,))
    after = Terms({"technology": "B", "royalty": 3, "territory": ""}, payments=(HALF, HALF))
    assert differences(LICENCE, before, after) == [
        Difference("technology", "A", "B"),
        Difference("payments", None, HALF, 1),
    ]


def test_terms_survive_being_stored() -> None:
    terms = Terms({"a": [1]}, (A, C), (Payment("x", 5, date(2026, 5, 1)),))
    assert Terms.from_json(terms.to_json()) == terms


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1, 10), (10, 20), True),  # the last day counts
        ((1, 10), (11, 20), False),
        ((5, 6), (1, 20), True),
        ((11, 20), (1, 10), False),
    ],
)
def test_overlap(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    days = [tuple(date(2026, 5, day) for day in period) for period in (one, other)]
    assert overlap(days[0], days[1]) is expected  # type: ignore[arg-type]
