"""The frame of a match's pages: its title, where it stands, and the way between its sections."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from matchmaker.conversations import queries as conversations
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import db
from matchmaker.pages.matches.stages import Stage, days_in_stage, stages
from matchmaker.permissions import may
from matchmaker.web.session import current_actor

# Endpoint of a page about a match, the action that opens it, and its name. One line a section.
SECTIONS: tuple[tuple[str, str, LazyString], ...] = (
    ("matches.show", "match.read", _l("Overview")),
    ("conversations.show", "thread.read", _l("Messages")),
    ("meetings.index", "meeting.read", _l("Meetings")),
    ("agreements.index", "match.agreements", _l("Agreements")),
    ("outcomes.index", "outcome.read", _l("Results")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A page about the match that the reader may open."""

    href: str
    name: LazyString
    is_current: bool
    count: int  # of what the reader's organisation has not seen there


@dataclass(frozen=True, slots=True)
class Frame:
    """What `matches/_frame.html` shows around each section."""

    match: Match
    is_own: bool  # the reader's organisation is one of the two
    stages: tuple[Stage, ...]
    days: int  # in the present stage
    sections: tuple[Section, ...]


def frame(match: Match, endpoint: str) -> Frame:
    """The frame of the page `endpoint`. Sections come once both sides want to work together."""
    actor = current_actor()
    thread = conversations.extent(db.session(), match.id, actor.organisation_id)
    shown = SECTIONS if match.status in MatchStatus.TOGETHER else ()
    if not shown:
        staying = {
            "conversations.show": thread.messages > 0,
            "outcomes.index": match.status in MatchStatus.BROKEN_OFF,
        }
        shown = tuple(section for section in SECTIONS if staying.get(section[0]))
        shown = (SECTIONS[0], *shown) if shown else ()
    counts = {"conversations.show": thread.unread}
    return Frame(
        match=match,
        is_own=actor.organisation_id in match.organisation_ids,
        stages=stages(match),
        days=days_in_stage(match),
        sections=tuple(
            Section(url_for(name, match_id=match.id), title, name == endpoint, counts.get(name, 0))
            for name, action, title in shown
            if may(actor, action, match)
        ),
    )
