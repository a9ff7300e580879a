from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from matchmaker.plan.models import Initiative, KeyTask, Plan


def current(session: Session) -> Plan | None:
    return session.scalar(select(Plan).where(Plan.is_current))


def plans(session: Session) -> Sequence[Plan]:
    """Every plan, newest first."""
    return session.scalars(select(Plan).order_by(Plan.first_year.desc(), Plan.id.desc())).all()


def plan_with_tasks(session: Session, plan_id: int | None = None) -> Plan | None:
    """One plan, the current one by default, with its initiatives and tasks."""
    chosen = Plan.is_current if plan_id is None else Plan.id == plan_id
    return session.scalar(
        select(Plan)
        .where(chosen)
        .options(selectinload(Plan.initiatives).selectinload(Initiative.tasks))
    )


def task(session: Session, task_id: int) -> KeyTask | None:
    """One key task with its initiative and plan."""
    return session.scalar(
        select(KeyTask)
        .where(KeyTask.id == task_id)
        .options(joinedload(KeyTask.initiative).joinedload(Initiative.plan))
    )


def tasks_of_current(session: Session) -> Sequence[KeyTask]:
    """The current plan's tasks, in its order, each with its initiative."""
    return session.scalars(
        select(KeyTask)
        .join(KeyTask.initiative)
        .join(Initiative.plan)
        .where(Plan.is_current)
        .options(contains_eager(KeyTask.initiative))
        .order_by(Initiative.position, KeyTask.position)
    ).all()
