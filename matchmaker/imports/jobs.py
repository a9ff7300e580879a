from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.imports import queries, service, steps


def work_on_imports(session: Session) -> int:
    """Go through the rows of tables that wait; return how many parts that took.

    A transaction each part: others write in between, and what was done stays done.
    """
    parts = 0
    while held := queries.at_work(session):
        steps.advance(session, held)
        session.commit()
        parts += 1
    session.rollback()
    return parts


def forget_imports(session: Session) -> int:
    """Delete what was brought and has served its time."""
    forgotten = service.forget_old(session)
    session.commit()
    return forgotten
