"""Where a match stands on its way, and what has happened so far, for its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext

from matchmaker.audit import queries as audit
from matchmaker.cooperation.models import Match, Step
from matchmaker.cooperation.rules import MOVES, NO_MATCH, SKIPPABLE, STEPS
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of, db, today
from matchmaker.meetings import queries as meetings
from matchmaker.permissions import may
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor


class Place(StrEnum):
    """Where a stage lies as seen from today."""

    DONE = "done"
    SKIPPED = "skipped"
    NOW = "now"
    NEXT = "next"
    LATER = "later"
    LEFT = "left"  # the match left its way here


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the way. `since`: when the match came to it last."""

    status: str
    place: Place
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history of a match. It names organisations: names of people are contacts.

    `status`: where the match stood then, if the event moved it; `reasons`: the code list of
    `reason`.
    """

    at: datetime
    who: str
    action: str
    status: str = ""
    reason: str = ""
    reasons: str = ""
    note: str = ""
    meeting_id: int | None = None


def days_in_stage(match: Match) -> int:
    return (today() - day_of(match.updated_at)).days


def stages(match: Match) -> tuple[Stage, ...]:
    """The stages of the way, from the last beginning on; those ahead end with a match that left."""
    standing = match.standing
    since = _since(match)
    ended = standing in MatchStatus.ENDED
    reached = _furthest(match, since) if ended else standing
    way = (
        MatchStatus.PROPOSED
        if reached == MatchStatus.PROPOSED
        else MatchStatus.ONE_SIDE_INTERESTED,
        *STEPS,
    )
    here = way.index(reached)
    found = []
    for number, status in enumerate(way):
        place = _place(number, here, ended=ended)
        if place == Place.DONE and status in SKIPPABLE and since and status not in since:
            place = Place.SKIPPED
        found.append(Stage(status, place, since.get(status)))
    if ended:
        found = [stage for stage in found if stage.place in (Place.DONE, Place.SKIPPED)]
        found.append(Stage(standing, Place.LEFT, since.get(standing)))
    return tuple(found)


def _place(number: int, here: int, *, ended: bool) -> Place:
    if number < here or (ended and number == here):
        return Place.DONE
    if number == here:
        return Place.NOW
    return Place.NEXT if number == here + 1 else Place.LATER


def _standing_steps(match: Match) -> list[Step]:
    """The moves since the match began last, but for those taken back."""
    steps = [step for step in match.steps if step.taken_back_at is None]
    origins = (NO_MATCH, *MatchStatus.ENDED)
    anew = [
        place
        for place, step in enumerate(steps)
        if step.move in ("interest", "propose") and step.before in origins
    ]
    return steps[anew[-1] :] if anew else steps


def _since(match: Match) -> dict[str, datetime]:
    return {step.after: step.at for step in _standing_steps(match)}


def _furthest(match: Match, since: dict[str, datetime]) -> str:
    """The stage at which a match left its way."""
    if match.status in MatchStatus.OPEN:
        return match.status
    reached = [status for status in (*MatchStatus.OPEN, *STEPS) if status in since]
    return reached[-1] if reached else MatchStatus.ONE_SIDE_INTERESTED


def history(match: Match) -> Sequence[Event]:
    """The history of the match, the oldest event first."""
    language = reader_language()
    names = {
        side: listing.organisation.name_for(language)
        for side, listing in (("need", match.need), ("capability", match.capability))
    }
    steps = {(f"match.{step.move}", step.at): step for step in match.steps}
    events = []
    for record in reversed(audit.about(db.session(), "match", match.id, limit=50)):
        who = names.get(record.detail.get("side", ""), _not_a_side(record.action))
        step = steps.get((record.action, record.at))
        if step is None:
            events.append(Event(record.at, who, record.action))
            continue
        reasons = MOVES[step.move].reasons if step.reason else ""
        events.append(
            Event(record.at, who, record.action, step.after, step.reason, reasons, step.note)
        )
    events += _meetings(match, names)
    return sorted(events, key=lambda event: event.at)


def _meetings(match: Match, names: Mapping[str, str]) -> list[Event]:
    """What was done about meetings, for those who may see them."""
    if not may(current_actor(), "meeting.read", match):
        return []
    ids = meetings.ids_of_match(db.session(), match.id)
    return [
        Event(
            record.at,
            names.get(record.detail.get("side", ""), _not_a_side(record.action)),
            record.action,
            meeting_id=record.subject_id,
        )
        for record in audit.about_each(db.session(), "meeting", ids, limit=50)
        if record.action != "meeting.remind"
    ]


def _not_a_side(action: str) -> str:
    by_clock = action in ("match.expire", "match.stall", "meeting.call_off", "outcome.ask")
    return str(gettext("The platform") if by_clock else gettext("A curator"))
