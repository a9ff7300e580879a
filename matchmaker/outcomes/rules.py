"""How a result comes to count, over plain facts: who may do what with it, and what it must have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from matchmaker.cooperation.states import MatchStatus
from matchmaker.errors import Refusal
from matchmaker.outcomes.measures import Measure
from matchmaker.outcomes.states import OutcomeStatus

EARLIEST = date(2000, 1, 1)
FOLLOW_UP_DAYS = (30, 90, 365)  # after both sides said yes
ANSWER_WITHIN = timedelta(days=60)  # a link of a follow-up is good for as long
MARKS = range(1, 6)  # of satisfaction, 5 is best
# Fewer answers would show what one organisation said.
FEWEST_ANSWERS = 5
# Amounts of fewer organisations on either side would show what a single pair agreed: a party
# knows its own part, and could take it away from the sum.
FEWEST_ORGANISATIONS = 3


class By(StrEnum):
    """Who may make a move."""

    AUTHOR = "author"  # the side that reported the result
    OTHER = "other"  # the other side
    CURATOR = "curator"


@dataclass(frozen=True, slots=True)
class Move:
    """A move of a result. `keeps_counted`: what a curator verified earlier goes on counting."""

    before: frozenset[str]
    by: By
    after: OutcomeStatus
    keeps_counted: bool = True


_S = OutcomeStatus
MOVES: Mapping[str, Move] = {
    "confirm": Move(frozenset({_S.REPORTED, _S.DISPUTED}), By.OTHER, _S.CONFIRMED),
    "dispute": Move(frozenset({_S.REPORTED, _S.CONFIRMED}), By.OTHER, _S.DISPUTED),
    "correct": Move(frozenset(set(_S) - {_S.WITHDRAWN}), By.AUTHOR, _S.REPORTED),
    "withdraw": Move(frozenset({*_S.PENDING, *_S.WITH_AUTHOR}), By.AUTHOR, _S.WITHDRAWN),
    "verify": Move(frozenset({_S.CONFIRMED}), By.CURATOR, _S.VERIFIED),
    "send_back": Move(frozenset({_S.CONFIRMED}), By.CURATOR, _S.SENT_BACK),
    "revoke": Move(frozenset({_S.VERIFIED}), By.CURATOR, _S.SENT_BACK, keeps_counted=False),
}


def may(move: str, status: str, by: By | None, *, counted: bool = False) -> bool:
    """Return whether a move is open. `counted`: an earlier version is verified."""
    rule = MOVES[move]
    return status in rule.before and by == rule.by and not (move == "withdraw" and counted)


def moves_open(status: str, by: By | None, *, counted: bool = False) -> frozenset[str]:
    """The moves that are open to one side, or to a curator."""
    return frozenset(name for name in MOVES if may(name, status, by, counted=counted))


def may_report(match_status: str) -> bool:
    """Return whether results of the match can be reported: both sides want to work together."""
    return match_status in MatchStatus.TOGETHER


def may_rate(match_status: str) -> bool:
    """Return whether a side can say what it thinks: also when nothing came of it."""
    return may_report(match_status) or match_status in MatchStatus.BROKEN_OFF


@dataclass(frozen=True, slots=True)
class Values:
    """What one version of a result says; the fields are those of the table."""

    amount: int  # in the smallest unit of the measure's kind
    first_day: date
    last_day: date
    evidence: str = ""
    evidence_link: str = ""
    evidence_number: str = ""
    contract_number: str = ""


class Said(Protocol):
    """What tells one result from another."""

    amount: int
    first_day: date
    last_day: date
    contract_number: str


def faults(
    measure: Measure, values: Values, today: date, *, has_files: bool = False
) -> Mapping[str, Refusal]:
    """Field → what is wrong with it."""
    found: dict[str, Refusal] = {}
    if not measure.is_plausible(values.amount):
        found["amount"] = Refusal.AMOUNT_IMPLAUSIBLE
    if values.first_day < EARLIEST:
        found["first_day"] = Refusal.PERIOD_TOO_EARLY
    if values.last_day > today:
        found["last_day"] = Refusal.PERIOD_IN_FUTURE
    elif values.last_day < values.first_day:
        found["last_day"] = Refusal.RESULT_BACKWARDS
    if not (values.evidence or values.evidence_link or values.evidence_number or has_files):
        found["evidence"] = Refusal.NO_EVIDENCE
    if values.evidence_link and not is_web_address(values.evidence_link):
        found["evidence_link"] = Refusal.NO_WEB_ADDRESS
    if measure.needs_contract and not contract_key(values.contract_number):
        found["contract_number"] = Refusal.NO_CONTRACT_NUMBER
    return found


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


def contract_key(number: str) -> str:
    """The number as it is compared: letters and digits alone.

    >>> contract_key("2026－63 0001 a")
    '2026630001A'
    """
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", number)).upper()


def is_repeated(measure: Measure, values: Values, other: Said) -> bool:
    """Return whether two results of a match and a measure are the same one, told twice."""
    if measure.needs_contract:
        return contract_key(values.contract_number) == contract_key(other.contract_number)
    period = (values.first_day, values.last_day)
    return (values.amount, *period) == (other.amount, other.first_day, other.last_day)


def follow_up_due(since: date, today: date, asked: Collection[int]) -> int | None:
    """Return after how many days to ask how a match goes, None when nothing is due.

    A date that was missed is made up for by the latest one alone.
    """
    days = (today - since).days
    reached = max((one for one in FOLLOW_UP_DAYS if one <= days), default=None)
    return None if reached is None or max(asked, default=0) >= reached else reached


def may_show_amounts(organisations: int, partners: int) -> bool:
    """Return whether everybody may see a sum of this many organisations and partners."""
    return min(organisations, partners) >= FEWEST_ORGANISATIONS
