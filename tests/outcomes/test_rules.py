"""How a result comes to count, as truth tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matchmaker.errors import Refusal
from matchmaker.outcomes import rules
from matchmaker.outcomes.measures import all_measures
from matchmaker.outcomes.rules import MOVES, By, Values
from matchmaker.outcomes.states import OutcomeStatus

TODAY = date(2026, 11, 30)
# Who may do what, state by state. Everything else is closed.
OPEN: dict[str, dict[By, set[str]]] = {
    "reported": {By.AUTHOR: {"correct", "withdraw"}, By.OTHER: {"confirm", "dispute"}},
    "confirmed": {
        By.AUTHOR: {"correct", "withdraw"},
        By.OTHER: {"dispute"},
        By.CURATOR: {"verify", "send_back"},
    },
    "disputed": {By.AUTHOR: {"correct", "withdraw"}, By.OTHER: {"confirm"}},
    "verified": {By.AUTHOR: {"correct"}, By.CURATOR: {"revoke"}},
    "sent_back": {By.AUTHOR: {"correct", "withdraw"}},
    "withdrawn": {},
}


@pytest.mark.parametrize("status", OutcomeStatus)
@pytest.mark.parametrize("by", [*By, None])
def test_who_may_do_what(status: str, by: By | None) -> None:
    expected = OPEN[status].get(by, set()) if by else set()
    assert rules.moves_open(status, by) == expected


@pytest.mark.parametrize("status", OutcomeStatus)
def test_what_counts_is_corrected_and_not_withdrawn(status: str) -> None:
    assert "withdraw" not in rules.moves_open(status, By.AUTHOR, counted=True)


def test_where_each_move_leads() -> None:
    assert {name: str(move.after) for name, move in MOVES.items()} == {
        "confirm": "confirmed",
        "dispute": "disputed",
        "correct": "reported",
        "withdraw": "withdrawn",
        "verify": "verified",
        "send_back": "sent_back",
        "revoke": "sent_back",
    }


def test_only_taking_a_verification_back_ends_its_counting() -> None:
    assert [name for name, move in MOVES.items() if not move.keeps_counted] == ["revoke"]


def good(**said: object) -> Values:
    given: dict[str, object] = {
        "amount": 12,
        "first_day": date(2026, 1, 1),
        "last_day": date(2026, 6, 30),
        "evidence": "The list.",
        "contract_number": "2026-1",
    }
    return Values(**given | said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "field", "refusal"),
    [
        ({"amount": 0}, "amount", Refusal.AMOUNT_IMPLAUSIBLE),
        ({"amount": -1}, "amount", Refusal.AMOUNT_IMPLAUSIBLE),
        ({"amount": 10**12}, "amount", Refusal.AMOUNT_IMPLAUSIBLE),
        ({"first_day": date(1999, 12, 31)}, "first_day", Refusal.PERIOD_TOO_EARLY),
        ({"last_day": TODAY + timedelta(days=1)}, "last_day", Refusal.PERIOD_IN_FUTURE),
        ({"last_day": date(2025, 12, 31)}, "last_day", Refusal.RESULT_BACKWARDS),
        ({"evidence": ""}, "evidence", Refusal.NO_EVIDENCE),
        ({"evidence_link": "javascript:alert(1)"}, "evidence_link", Refusal.NO_WEB_ADDRESS),
        ({"evidence_link": "https://[::1"}, "evidence_link", Refusal.NO_WEB_ADDRESS),
        ({"contract_number": ""}, "contract_number", Refusal.NO_CONTRACT_NUMBER),
        ({"contract_number": " – "}, "contract_number", Refusal.NO_CONTRACT_NUMBER),
    ],
)
def test_what_is_wrong_with_a_result(said: dict[str, object], field: str, refusal: Refusal) -> None:
    assert rules.faults(all_measures()["contract_value"], good(**said), TODAY) == {field: refusal}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"last_day": TODAY},
        {"first_day": date(2026, 6, 30)},
        {"evidence": "", "evidence_number": "ZL 2026 1 0001"},
        {"evidence": "", "evidence_link": "https://example.org/list"},
    ],
)
def test_what_is_in_order(said: dict[str, object]) -> None:
    assert rules.faults(all_measures()["contract_value"], good(**said), TODAY) == {}


def test_only_the_value_of_a_contract_needs_its_number() -> None:
    wanting = [
        code
        for code, measure in all_measures().items()
        if rules.faults(measure, good(amount=10_000, contract_number=""), TODAY)
        == {"contract_number": Refusal.NO_CONTRACT_NUMBER}
    ]
    assert wanting == ["contract_value", "technology_value"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-63 0001a", "2026630001A", True),
        ("２０２６－６３０００１", "2026630001", True),
        ("2026/63/0001", "2026_63_0001", True),
        ("2026630001", "2026630002", False),
        ("合同2026-1", "合同20261", True),
    ],
)
def test_when_two_contract_numbers_are_one(one: str, other: str, same: bool) -> None:
    assert (rules.contract_key(one) == rules.contract_key(other)) is same


@pytest.mark.parametrize(
    ("measure", "said", "repeated"),
    [
        ("people_trained", {}, True),
        ("people_trained", {"amount": 13}, False),
        ("people_trained", {"last_day": date(2026, 7, 1)}, False),
        ("contract_value", {"amount": 13}, True),
        ("contract_value", {"contract_number": "2026-2"}, False),
    ],
)
def test_when_a_result_is_told_twice(measure: str, said: dict[str, object], repeated: bool) -> None:
    assert rules.is_repeated(all_measures()[measure], good(**said), good()) is repeated


@pytest.mark.parametrize(
    ("days", "asked", "due"),
    [
        (29, (), None),
        (30, (), 30),
        (89, (30,), None),
        (90, (30,), 90),
        (90, (), 90),
        (364, (30, 90), None),
        (365, (30, 90), 365),
        (400, (), 365),
        (400, (365,), None),
        (31, (0,), 30),
    ],
)
def test_when_a_match_is_asked_how_it_goes(
    days: int, asked: tuple[int, ...], due: int | None
) -> None:
    since = TODAY - timedelta(days=days)
    assert rules.follow_up_due(since, TODAY, asked) == due


@pytest.mark.parametrize(
    ("organisations", "partners", "shown"),
    [(3, 3, True), (2, 9, False), (9, 2, False), (0, 0, False), (4, 3, True)],
)
def test_when_an_amount_tells_nothing_of_one_pair(
    organisations: int, partners: int, shown: bool
) -> None:
    assert rules.may_show_amounts(organisations, partners) is shown
