"""What came of matches of the demonstration: results at every step, answers, satisfaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of
from matchmaker.demo.stage import Stage, owner_of
from matchmaker.listings.models import Listing
from matchmaker.outcomes import queries, service
from matchmaker.outcomes.models import Outcome
from matchmaker.outcomes.rules import Values
from matchmaker.permissions import Actor

WITH_RESULTS = (
    MatchStatus.VERIFIED,
    MatchStatus.COMPLETED,
    MatchStatus.DELIVERING,
    MatchStatus.CONTRACT_REGISTERED,
)
MARKS = ((5, 5), (4, 5), (4, 4), (3, 4))


def tell(stage: Stage, curator_of: Callable[[Stage, Listing], Actor]) -> None:
    """Let the matches that came far enough report what they brought about."""
    stage.session.flush()
    ids = stage.session.scalars(
        select(Match.id).where(Match.status.in_(WITH_RESULTS)).order_by(Match.id)
    ).all()
    for number, match_id in enumerate(ids):
        match = cooperation.match(stage.session, match_id)
        if match is not None:
            _came_of(stage, match, number, curator_of(stage, match.need))


def _came_of(stage: Stage, match: Match, number: int, curator: Actor) -> None:
    need, capability = owner_of(stage, match.need), owner_of(stage, match.capability)
    trained = _report(
        stage,
        need,
        match,
        "people_trained",
        amount=24 + 6 * number,
        evidence="培训通知和签到表，共两期。",
    )
    _confirm(stage, capability, trained)
    service.verify(stage.session, curator, trained, at=stage.days_ago(1))
    contract = _report(
        stage,
        need,
        match,
        "contract_value",
        amount=480_000 + 160_000 * number,
        evidence="已登记的技术开发合同，双方签字盖章。",
        contract=f"2026-{match.need.organisation.province}-{1000 + match.id}",
    )
    if number % 3 == 1:
        words = "合同金额含设备采购，技术交易额请另行填报。"
        service.dispute(stage.session, capability, contract, words, at=stage.days_ago(1))
    elif number % 3 == 2:
        _confirm(stage, capability, contract)
    if number == 0:
        corrected = _values(stage, trained.current.amount + 6, "培训通知和签到表，共三期。")
        service.correct(stage.session, need, trained, corrected, at=stage.days_ago(0.5))
    _ask(stage, match, need)
    again, useful = MARKS[number % len(MARKS)]
    for actor in (need, capability):
        service.rate(stage.session, actor, match, again=again, useful=useful, at=stage.days_ago(1))


def _values(stage: Stage, amount: int, evidence: str, contract: str = "") -> Values:
    day = day_of(stage.began)
    first, last = day - timedelta(days=40), day - timedelta(days=3)
    return Values(amount, first, last, evidence=evidence, contract_number=contract)


def _report(
    stage: Stage,
    actor: Actor,
    match: Match,
    measure: str,
    *,
    amount: int,
    evidence: str,
    contract: str = "",
) -> Outcome:
    values = _values(stage, amount, evidence, contract)
    return service.report(stage.session, actor, match, measure, values, at=stage.days_ago(2))


def _confirm(stage: Stage, actor: Actor, outcome: Outcome) -> None:
    service.confirm(stage.session, actor, outcome, at=stage.days_ago(1.5))


def _ask(stage: Stage, match: Match, actor: Actor) -> None:
    """Both sides are asked after 30 days; the need's side answers."""
    at = stage.days_ago(11)
    service.ask(stage.session, match, stage.days_ago(41), 30, at=at)
    for asked in queries.follow_ups_of(stage.session, match.id):
        question = queries.follow_up(stage.session, asked.id)
        if question is not None and question.side == "need":
            service.answer(stage.session, actor, question, "going_on", at=stage.days_ago(10))
