"""What came of matches of the demonstration: results at every step, answers, satisfaction."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from matchmaker.demo.stage import owner_of
from matchmaker.demo.tales import contract_number
from matchmaker.outcomes import queries, service
from matchmaker.outcomes.measures import all_measures
from matchmaker.outcomes.rules import FOLLOW_UP_DAYS, Values

if TYPE_CHECKING:
    from datetime import date

    from matchmaker.cooperation.models import Match
    from matchmaker.demo.stage import Stage
    from matchmaker.demo.tales import Entry
    from matchmaker.outcomes.models import Outcome
    from matchmaker.permissions import Actor

MARKS = cycle(((5, 5), (4, 5), (4, 4), (3, 4)))
AGREE_DAYS = 3  # from the first word to the second
REPORTED, CONFIRMED, DECIDED = 4, 3, 2  # days ago


def tell(stage: Stage, match: Match, tale: Entry, curator: Actor) -> None:
    """Report what a match brought about, and let the others say what they think of it."""
    sides = {"need": owner_of(stage, match.need), "capability": owner_of(stage, match.capability)}
    for entry in tale.get("results", ()):
        other = next(actor for side, actor in sides.items() if side != entry["by"])
        told = {**entry, "contract": contract_number(tale, stage.day)}
        _result(stage, match, told, author=sides[entry["by"]], other=other, curator=curator)
    if "completed" in tale:
        _ask(stage, match, sides["need"], -tale["begins"])
        for actor, (again, useful) in zip(sides.values(), MARKS, strict=False):
            at = stage.days_ago(DECIDED)
            service.rate(stage.session, actor, match, again=again, useful=useful, at=at)


def _result(
    stage: Stage, match: Match, entry: Entry, *, author: Actor, other: Actor, curator: Actor
) -> None:
    session, state = stage.session, entry["state"]
    first = values(entry, entry.get("before", entry["amount"]), stage.day(-60), stage.day(-5))
    at = stage.days_ago(REPORTED)
    outcome = service.report(session, author, match, entry["measure"], first, at=at)
    if state == "reported":
        return
    at = stage.days_ago(CONFIRMED)
    if state == "disputed":
        service.dispute(session, other, outcome, entry["words"], at=at)
        return
    service.confirm(session, other, outcome, at=at)
    if state != "confirmed":
        _decide(stage, outcome, entry, author=author, curator=curator)


def _decide(stage: Stage, outcome: Outcome, entry: Entry, *, author: Actor, curator: Actor) -> None:
    session, at = stage.session, stage.days_ago(DECIDED)
    if entry["state"] == "sent_back":
        service.send_back(session, curator, outcome, entry["words"], at=at)
        return
    service.verify(session, curator, outcome, at=at)
    if entry["state"] == "corrected":
        again = values(entry, entry["amount"], stage.day(-60), stage.day(-5))
        service.correct(session, author, outcome, again, at=stage.days_ago(DECIDED - 1))


def values(entry: Entry, amount: str, first: date, last: date) -> Values:
    """What a result says."""
    measure = all_measures()[entry["measure"]]
    return Values(
        measure.read(amount),
        first,
        last,
        evidence=entry["evidence"],
        contract_number=entry["contract"] if measure.needs_contract else "",
    )


def _ask(stage: Stage, match: Match, actor: Actor, began: int) -> None:
    """Both sides were asked how it goes when it was last due; the need's side answered."""
    agreed = began - AGREE_DAYS
    days = max(one for one in FOLLOW_UP_DAYS if one <= agreed)
    at = stage.days_ago(agreed - days)
    service.ask(stage.session, match, stage.days_ago(agreed), days, at=at)
    for asked in queries.follow_ups_of(stage.session, match.id):
        question = queries.follow_up(stage.session, asked.id)
        if question is not None and question.side == "need":
            service.answer(stage.session, actor, question, "going_on", at=at)
