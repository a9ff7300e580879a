"""Matches at every stage of their way, some of which left it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import TYPE_CHECKING

from matchmaker.cooperation import service as cooperation
from matchmaker.permissions import SYSTEM, Actor

if TYPE_CHECKING:
    from matchmaker.cooperation.models import Match
    from matchmaker.demo.stage import Stage
    from matchmaker.listings.models import Listing

# Days ago on which each move was made, in their order.
MOVES = {
    "interest": 44,
    "accept": 41,
    "note_contact": 38,
    "negotiate": 33,
    "agree": 21,
    "register": 16,
    "deliver": 12,
    "complete": 4,
    "verify": 1,
}
# The last move of each match in turn.
LAST = (
    "deliver", "negotiate", "agree", "verify", "note_contact", "end", "register", "complete",
    "accept", "stall", "negotiate", "deliver",
)  # fmt: skip


def lives(
    owner_of: Callable[[Stage, Listing], Actor], curator_of: Callable[[Stage, Listing], Actor]
) -> Callable[[Stage, Listing, Listing], None]:
    """Return what brings one pair after another to one stage after another."""
    turns: Iterator[str] = cycle(LAST)

    def live(stage: Stage, need: Listing, capability: Listing) -> None:
        asker, answerer = owner_of(stage, need), owner_of(stage, capability)
        last = next(turns)
        match = cooperation.express_interest(
            stage.session, asker, need, capability, at=stage.days_ago(MOVES["interest"])
        )
        cooperation.accept(stage.session, answerer, match, at=stage.days_ago(MOVES["accept"]))
        if last == "stall":
            cooperation.advance(stage.session, SYSTEM, match, "stall", at=stage.days_ago(2))
        elif last == "end":
            _leave(stage, asker, match)
        elif last != "accept":
            _walk(stage, match, last, {"verify": curator_of(stage, need)}, asker)

    return live


def silence(stage: Stage, asker: Actor, need: Listing, capability: Listing) -> None:
    """Somebody asks, and nobody answers in time."""
    at = stage.days_ago(34)
    cooperation.express_interest(stage.session, asker, need, capability, at=at)


def _walk(stage: Stage, match: Match, last: str, others: dict[str, Actor], asker: Actor) -> None:
    for move, days in list(MOVES.items())[2:]:
        actor = others.get(move, asker)
        cooperation.advance(stage.session, actor, match, move, at=stage.days_ago(days))
        if move == last:
            return


def _leave(stage: Stage, actor: Actor, match: Match) -> None:
    at = stage.days_ago(9)
    cooperation.end(stage.session, actor, match, "other_partner", "已与其他单位签约，感谢。", at=at)
