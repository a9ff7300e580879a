"""Load a plan from its data file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.datafiles import read_yaml
from matchmaker.db import moment
from matchmaker.errors import UnusableFile
from matchmaker.permissions import Actor
from matchmaker.plan.models import Initiative, KeyTask, Plan


def read(path: Path) -> dict[str, Any]:
    """Parse a plan file.

    Raises UnusableFile when it is no YAML mapping with the keys a plan needs.
    """
    try:
        data = read_yaml(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnusableFile(f"{path}: {error}") from error
    missing = {"id", "version", "title", "horizon", "sides", "initiatives"} - set(data or {})
    if not isinstance(data, dict) or missing:
        raise UnusableFile(f"{path}: not a plan; missing {', '.join(sorted(missing))}")
    return data


def load(
    session: Session, actor: Actor, data: dict[str, Any], *, at: datetime | None = None
) -> tuple[Plan, bool]:
    """Store the plan and make it current; return it, and whether it is new.

    What was loaded before stays as it is.

    Loading the same id and version again changes nothing: listings refer to its tasks.
    """
    at = moment(at)
    known = session.scalar(
        select(Plan).where(Plan.code == data["id"], Plan.version == data["version"])
    )
    if known is not None:
        return known, False
    session.execute(update(Plan).values(is_current=False))
    plan = _plan(data, at=at)
    session.add(plan)
    session.flush()
    audit.record(
        session, actor, "plan.load", "plan", plan.id, code=plan.code, version=plan.version, at=at
    )
    return plan, True


def _plan(data: dict[str, Any], *, at: datetime) -> Plan:
    return Plan(
        code=data["id"],
        version=data["version"],
        title=data["title"],
        first_year=data["horizon"]["from"],
        last_year=data["horizon"]["to"],
        summary=data.get("preamble") or data["title"],
        sides={"also_partner": [], **data["sides"]},
        safeguards={
            name: data.get(name) for name in ("safeguards", "coordinators", "evaluator", "goals")
        },
        is_current=True,
        loaded_at=at,
        initiatives=[
            _initiative(entry, position) for position, entry in enumerate(data["initiatives"])
        ],
    )


def _initiative(entry: dict[str, Any], position: int) -> Initiative:
    return Initiative(
        code=entry["id"],
        region=entry.get("region"),
        title=entry["title"],
        heading=entry.get("heading") or entry["title"],
        position=position,
        tasks=[_task(task, entry, number) for number, task in enumerate(entry["tasks"])],
    )


def _task(task: dict[str, Any], initiative: dict[str, Any], position: int) -> KeyTask:
    return KeyTask(
        code=task["id"],
        region=task.get("region") or initiative["region"],
        title=task["title"],
        asks=task["asks"],
        clause=task["clause"],
        fields=task["fields"],
        partners=task["partners"],
        instruments=task["instruments"],
        position=position,
    )
