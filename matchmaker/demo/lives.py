"""Matches at every stage of their way, some of which left it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import TYPE_CHECKING

from matchmaker.conversations import service as conversations
from matchmaker.cooperation import service as cooperation
from matchmaker.demo import agreements, outcomes
from matchmaker.demo.meetings import meet
from matchmaker.demo.stage import owner_of
from matchmaker.demo.threads import talk
from matchmaker.permissions import SYSTEM

if TYPE_CHECKING:
    from matchmaker.cooperation.models import Match
    from matchmaker.demo.stage import Stage
    from matchmaker.demo.tales import Entry
    from matchmaker.listings.models import Listing
    from matchmaker.permissions import Actor

# Days after the first word on which each move was made.
MOVES = {"accept": outcomes.AGREE_DAYS, "note_contact": 6, "negotiate": 12}
BEGAN = 44  # days ago, of a pair that has not agreed yet
# The last move of each such pair in turn.
LAST = ("negotiate", "accept", "note_contact", "end", "stall", "cancel")


def live(stage: Stage, tale: Entry, curator: Actor) -> None:
    """Let a pair agree on something and carry it out, as far as its tale goes."""
    need, capability = (stage.listings[one] for one in tale["pair"])
    match = _come_together(stage, need, capability, -tale["begins"])
    _write(stage, match, tale.get("thread", ()))
    _advance(stage, match, "negotiate", -tale["begins"])
    for entry in tale["agreements"]:
        agreements.conclude(stage, match, entry)
    stage.session.refresh(match, ["interests"])  # an agreement loads its match without them
    for move, key in (("deliver", "delivering"), ("complete", "completed")):
        if key in tale:
            actor, at = owner_of(stage, need), stage.noon(tale[key])
            cooperation.advance(stage.session, actor, match, move, at=at)
    outcomes.tell(stage, match, tale, curator)


def talks(
    curator_of: Callable[[Stage, Listing], Actor],
) -> Callable[[Stage, Listing, Listing], None]:
    """Return what brings one pair after another to one stage before an agreement after another."""
    turns: Iterator[str] = cycle(LAST)

    def go_on(stage: Stage, need: Listing, capability: Listing) -> None:
        last = next(turns)
        if last == "cancel":
            _think_better(stage, need, capability)
            return
        match = _come_together(stage, need, capability, BEGAN)
        if last == "stall":
            cooperation.advance(stage.session, SYSTEM, match, "stall", at=stage.days_ago(2))
        elif last == "end":
            _leave(stage, owner_of(stage, need), match)
        elif last != "accept":
            _advance(stage, match, last, BEGAN)
            west, east = owner_of(stage, need), owner_of(stage, capability)
            meet(stage, match, west, east)
            talk(stage, match, west=west, east=east, curator=curator_of(stage, need))

    return go_on


def silence(stage: Stage, asker: Actor, need: Listing, capability: Listing) -> None:
    """Somebody asks, and nobody answers in time."""
    at = stage.days_ago(34)
    cooperation.express_interest(stage.session, asker, need, capability, at=at)


def _come_together(stage: Stage, need: Listing, capability: Listing, began: int) -> Match:
    asker, answerer = owner_of(stage, need), owner_of(stage, capability)
    match = cooperation.express_interest(
        stage.session, asker, need, capability, at=stage.days_ago(began)
    )
    return cooperation.accept(
        stage.session, answerer, match, at=stage.days_ago(began - MOVES["accept"])
    )


def _write(stage: Stage, match: Match, thread: Sequence[tuple[str, int, str]]) -> None:
    """They write to each other; who answers has read what came before."""
    before = None
    for number, (side, days, words) in enumerate(thread):
        writer = owner_of(stage, match.need if side == "need" else match.capability)
        key, at = f"{match.id}-{number}", stage.noon(days)
        if before is not None:
            conversations.mark_read(stage.session, writer, match.id, before.id, at=at)
        before = conversations.post(stage.session, writer, match, words, key=key, at=at)


def _advance(stage: Stage, match: Match, move: str, began: int) -> None:
    asker, at = owner_of(stage, match.need), stage.days_ago(began - MOVES[move])
    cooperation.advance(stage.session, asker, match, move, at=at)


def _leave(stage: Stage, actor: Actor, match: Match) -> None:
    at = stage.days_ago(9)
    cooperation.end(stage.session, actor, match, "other_partner", "已与其他单位签约，感谢。", at=at)


def _think_better(stage: Stage, need: Listing, capability: Listing) -> None:
    """Somebody asks, and takes it back before there is an answer."""
    asker = owner_of(stage, capability)
    match = cooperation.express_interest(
        stage.session, asker, need, capability, at=stage.days_ago(12)
    )
    words = "团队本季度任务已满，抱歉打扰，明年再联系。"
    at = stage.days_ago(10)
    cooperation.cancel(stage.session, asker, match, "no_longer_offered", words, at=at)
