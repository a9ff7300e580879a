"""The table of moves: every state, every move, everybody; and the page that shows it."""

from __future__ import annotations

import pytest

from matchmaker import codelists
from matchmaker.audit.messages import ACTIONS
from matchmaker.cooperation import rules
from matchmaker.cooperation.rules import MOVES, SIDES, By, To
from matchmaker.cooperation.states import MatchStatus
from tests.cooperation.table_of_moves import render, shown

NOBODY: frozenset[str] = frozenset()
NEED, CAPABILITY = frozenset({"need"}), frozenset({"capability"})
BOTH = NEED | CAPABILITY
AIM = "negotiating"  # what the curator chooses, and where the match came from

ANEW = {"interest": "one_side_interested"}
SAME = "="  # the state does not change
PROMISES = {"promise": SAME, "revoke": SAME}
LEAVES = {"end": "withdrawn", **PROMISES}
AGREES = {"agree": "agreed", **LEAVES}
COMPLETES = {"complete": "completed", **LEAVES}
ANSWERS_FIRST = {"accept": "one_side_interested", "decline": "declined"}
ANSWERS = {"accept": "mutual", "decline": "declined"}
WAITS = {"cancel": "cancelled"}
PROPOSES = {"propose": "proposed"}
RIGHT = {"put_right": AIM}
EXPIRES, STALLS = {"expire": "expired"}, {"stall": "stalled"}

# (state, who has said yes) → what the need's side, the capability's side, a curator and the nightly
# job may do, and where it leads. The author of the last move goes back to where it came from.
TABLE = {
    ("", NOBODY): (ANEW, ANEW, PROPOSES, {}),
    ("proposed", NOBODY): (ANSWERS_FIRST, ANSWERS_FIRST, {}, EXPIRES),
    ("one_side_interested", NEED): (WAITS, ANSWERS, {}, EXPIRES),
    ("one_side_interested", CAPABILITY): (ANSWERS, WAITS, {}, EXPIRES),
    ("mutual", BOTH): (
        {"note_contact": "in_contact", "negotiate": "negotiating", **AGREES},
        {"note_contact": "in_contact", "negotiate": "negotiating", **AGREES},
        RIGHT,
        STALLS,
    ),
    ("in_contact", BOTH): (
        {"negotiate": "negotiating", **AGREES},
        {"negotiate": "negotiating", **AGREES},
        RIGHT,
        STALLS,
    ),
    ("negotiating", BOTH): (AGREES, AGREES, {}, STALLS),
    ("agreed", BOTH): (
        {"register": "contract_registered", "deliver": "delivering", **COMPLETES},
        {"register": "contract_registered", "deliver": "delivering", **COMPLETES},
        RIGHT,
        {},
    ),
    ("contract_registered", BOTH): (
        {"deliver": "delivering", **COMPLETES},
        {"deliver": "delivering", **COMPLETES},
        RIGHT,
        {},
    ),
    ("delivering", BOTH): (COMPLETES, COMPLETES, RIGHT, {}),
    ("completed", BOTH): (PROMISES, PROMISES, {"verify": "verified", **RIGHT}, {}),
    ("verified", BOTH): (PROMISES, PROMISES, RIGHT, {}),
    ("declined", NEED): (ANEW, ANEW, PROPOSES, {}),
    ("expired", NEED): (ANEW, ANEW, PROPOSES, {}),
    ("expired", NOBODY): (ANEW, ANEW, PROPOSES, {}),
    ("cancelled", NEED): (ANEW, ANEW, PROPOSES, {}),
    ("stalled", BOTH): (
        {"resume": AIM, **ANEW},
        {"resume": AIM, **ANEW},
        {**PROPOSES, **RIGHT},
        {},
    ),
    ("withdrawn", BOTH): (ANEW, ANEW, {**PROPOSES, **RIGHT}, {}),
}


@pytest.mark.parametrize(
    ("status", "interested"),
    TABLE,
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, frozenset) else str(value),
)
def test_every_move_from_a_state(status: str, interested: frozenset[str]) -> None:
    everybody = (*SIDES, By.CURATOR, By.SYSTEM)
    for who, moves in zip(everybody, TABLE[status, interested], strict=True):
        expected = {move: status if to == SAME else to for move, to in moves.items()}
        found = {move: rules.after(move, status, interested, who, aim=AIM) for move in MOVES}
        assert {move: to for move, to in found.items() if to is not None} == expected, who


@pytest.mark.parametrize(
    ("status", "interested"),
    TABLE,
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, frozenset) else str(value),
)
def test_the_author_goes_back_and_nothing_else(status: str, interested: frozenset[str]) -> None:
    found = {move: rules.after(move, status, interested, By.AUTHOR, aim=AIM) for move in MOVES}
    expected = {"take_back": AIM} if status else {}
    assert {move: to for move, to in found.items() if to is not None} == expected


def test_the_table_knows_every_state() -> None:
    assert {status for status, _ in TABLE} == {"", *MatchStatus}


@pytest.mark.parametrize(
    ("status", "interested", "states"),
    [
        ("proposed", NOBODY, {"declined", "cancelled"}),
        ("one_side_interested", NEED, {"declined", "cancelled"}),
        ("declined", NEED, {"cancelled"}),
        (
            "withdrawn",
            BOTH,
            {
                "mutual", "in_contact", "negotiating", "agreed", "contract_registered",
                "delivering", "completed", "stalled",
            },
        ),
        (
            "verified",
            BOTH,
            {
                "mutual", "in_contact", "negotiating", "agreed", "contract_registered",
                "delivering", "completed", "stalled", "withdrawn",
            },
        ),
    ],
)  # fmt: skip
def test_what_a_curator_may_put_right(
    status: str, interested: frozenset[str], states: set[str]
) -> None:
    assert set(rules.right_states(status, interested)) == states


@pytest.mark.parametrize(
    ("move", "status", "expected"),
    [
        ("note_contact", "mutual", False),
        ("note_contact", "in_contact", True),
        ("note_contact", "verified", True),
        ("note_contact", "stalled", False),
        ("agree", "negotiating", False),
        ("agree", "delivering", True),
        ("register", "delivering", True),
        ("verify", "verified", True),
        ("resume", "mutual", False),
        ("end", "withdrawn", False),
    ],
)
def test_a_match_may_be_there_already(move: str, status: str, expected: bool) -> None:
    assert rules.is_past(move, status) is expected


def test_the_steps_that_may_be_skipped_can_be() -> None:
    for number, step in enumerate(rules.STEPS[1:], start=1):
        origins = {one for move in MOVES.values() if move.to == step for one in move.before}
        nearest = [one for one in rules.STEPS[:number] if one in origins]
        skipped = set(rules.STEPS[rules.STEPS.index(nearest[0]) + 1 : number])
        assert skipped <= rules.SKIPPABLE


def test_every_move_has_its_reasons_and_its_words() -> None:
    for name, move in MOVES.items():
        assert f"match.{name}" in ACTIONS
        assert not move.reasons or codelists.codes(move.reasons)
        assert move.to in {*MatchStatus, *To}


def test_the_page_shows_the_table_of_the_code() -> None:
    assert shown() == render(), "run: python -m tests.cooperation.table_of_moves"
