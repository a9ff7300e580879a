"""The demonstration's data files, and what has been made of them so far."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import service as audit
from matchmaker.db import day_of, start_of
from matchmaker.listings.models import Listing
from matchmaker.organisations.acting import actor_of
from matchmaker.organisations.models import Organisation
from matchmaker.paths import SEED_DATA
from matchmaker.permissions import Actor
from matchmaker.plan.models import KeyTask, Plan

FOLDER = SEED_DATA / "demo"


@dataclass
class Stage:
    """Things created so far, by the ids of the data files."""

    session: Session
    began: datetime
    plan: Plan
    tasks: dict[str, KeyTask]
    curators: dict[str, User] = field(default_factory=dict)  # by province
    organisations: dict[str, Organisation] = field(default_factory=dict)
    owners: dict[str, User] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    events: list[audit.Event] = field(default_factory=list)  # written down together, in this order
    published: list[Listing] = field(default_factory=list)
    actors: dict[int, Actor] = field(default_factory=dict)  # by user

    def days_ago(self, days: float) -> datetime:
        return self.began - timedelta(days=days)

    def day(self, days: int) -> date:
        """The day that is this number of days after the filling; negative for days before."""
        return day_of(self.began) + timedelta(days=days)

    def noon(self, days: int) -> datetime:
        return midday(self.day(days))


def midday(of: date) -> datetime:
    return start_of(of) + timedelta(hours=12)


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of one kind, initiative by initiative."""
    for path in sorted(FOLDER.glob(f"*/{name}.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def pairs() -> Iterator[tuple[str, str, int]]:
    """(need, capability, grade) as the authors of the data judged them."""
    for path in sorted(FOLDER.glob("*/pairs.tsv")):
        yield from _pairs_of(path)


def _pairs_of(path: Path) -> Iterator[tuple[str, str, int]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield row["need_id"], row["capability_id"], int(row["grade"])


def curator_of(stage: Stage, province: str) -> User:
    return stage.curators.get(province, stage.curators[""])


def owner_of(stage: Stage, listing: Listing) -> Actor:
    return actor_for(stage, listing.author_id)


def actor_for(stage: Stage, user_id: int) -> Actor:
    """The actor that a user is, who stays the same while stories are told."""
    if user_id not in stage.actors:
        found = actor_of(stage.session, user_id)
        if found is None:
            raise RuntimeError(f"user {user_id} may not sign in")
        stage.actors[user_id] = found[0]
    return stage.actors[user_id]
