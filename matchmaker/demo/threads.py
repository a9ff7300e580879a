"""What two sides that work together write to each other, with a file and a curator as a guest."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook

from matchmaker.conversations import service
from matchmaker.cooperation import guests
from matchmaker.files.service import receiving
from matchmaker.permissions import Actor

if TYPE_CHECKING:
    from matchmaker.cooperation.models import Match
    from matchmaker.demo.stage import Stage

ASKED = "您好！附上近三个月的检测数据，请看看是否适用于贵方的工艺。另外想了解中试需要多长时间。"
ANSWERED = "数据收到，总体适用。中试一般需要六周，建议先寄两份样品，我们一周内给出初步结果。"
ADVICE = "双方可以先就样品试验签一份简单的协议，费用分担写清楚。需要范本可以找我。"
LATEST = "样品已于今天上午寄出，请查收。"


def talk(stage: Stage, match: Match, *, west: Actor, east: Actor, curator: Actor) -> None:
    """They have written to each other; nobody has read yet what the curator advises."""
    session, key = stage.session, str(match.id)
    with receiving([_measurements()]) as table:
        at = stage.days_ago(18)
        first = service.post(session, west, match, ASKED, table, key=f"{key}a", at=at)
    service.mark_read(session, east, match.id, first.id, at=stage.days_ago(17))
    second = service.post(session, east, match, ANSWERED, key=f"{key}b", at=stage.days_ago(17))
    service.mark_read(session, west, match.id, second.id, at=stage.days_ago(16))
    third = service.post(session, west, match, LATEST, key=f"{key}c", at=stage.days_ago(14))
    service.mark_read(session, east, match.id, third.id, at=stage.days_ago(13))
    guests.invite_curators(session, west, match, at=stage.days_ago(2))
    service.post(session, curator, match, ADVICE, key=f"{key}d", at=stage.days_ago(0.1))


def _measurements() -> tuple[io.BytesIO, str]:
    """A small workbook."""
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in (
        ("日期", "样品", "测定值"),
        ("2026-01-12", "A-1", 0.42),
        ("2026-02-09", "A-2", 0.39),
    ):
        sheet.append(row)
    book.save(file)
    file.seek(0)
    return file, "检测数据.xlsx"
