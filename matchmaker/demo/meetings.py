"""What two sides that work together arrange, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from matchmaker.db import CHINA
from matchmaker.meetings import service
from matchmaker.meetings.rules import Proposal
from matchmaker.permissions import Actor

if TYPE_CHECKING:
    from matchmaker.cooperation.models import Match
    from matchmaker.demo.stage import Stage

TOPICS = ("初次线上交流", "样品与检测方案", "合作方式与费用")
MINUTES = "双方介绍了各自情况。\n下一步：西部单位寄送样品，东部单位两周内给出检测方案。"


def meet(stage: Stage, match: Match, west: Actor, east: Actor) -> None:
    """They have met once; a second meeting is arranged, a third waits for a time to be chosen.

    Only one side has said what came of the first.
    """
    session = stage.session
    first, second, _ = (
        service.propose(
            session, proposer, match, proposal(stage, topic, *days), at=stage.days_ago(at)
        )
        for proposer, topic, days, at in (
            (west, TOPICS[0], (-9, -8), 16),
            (west, TOPICS[1], (6, 7, 8), 2),
            (east, TOPICS[2], (20, 21), 1),
        )
    )
    service.accept(session, east, first, first.times[0].id, at=stage.days_ago(15))
    service.accept(session, east, second, second.times[1].id, at=stage.days_ago(1))
    at = stage.days_ago(8)
    service.note_attendance(session, east, first, we_came=True, they_came=True, at=at)
    service.write_minutes(session, east, first, MINUTES, number=0, at=at)


def proposal(stage: Stage, topic: str, *days: int) -> Proposal:
    """A proposal for some days from now on, at ten in the morning of Beijing."""
    morning = stage.began.astimezone(CHINA).replace(hour=10, minute=0, second=0, microsecond=0)
    times = tuple(morning + timedelta(days=day) for day in days)
    return Proposal(times, 60, topic, link="https://meeting.example.cn/j/8800")
