"""Mails and notices about a meeting, and the calendar entries that go with them.

What people typed is not mailed but for what a calendar shows: the topic, the place and the link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.cooperation.rules import SIDES, other
from matchmaker.listings.models import Listing
from matchmaker.meetings.calendar import Entry, Method, as_text
from matchmaker.meetings.models import Meeting
from matchmaker.meetings.states import MeetingStatus
from matchmaker.notices import service as notices
from matchmaker.organisations.belonging import writers
from matchmaker.services import services
from matchmaker.web.i18n import LOCALES


def tell_proposed(session: Session, meeting: Meeting, *, at: datetime) -> None:
    """One side has proposed times: the other is asked."""
    _tell(session, meeting, other(meeting.proposed_by), "meeting.proposed", at=at)


def tell_moved(session: Session, meeting: Meeting, old: datetime | None, *, at: datetime) -> None:
    """One side proposes other times. `old`: the time that was settled, which holds no longer."""
    asked = other(meeting.proposed_by)
    if old is None:
        _tell(session, meeting, asked, "meeting.moved", at=at)
        return
    _tell(session, meeting, asked, "meeting.moved", time=old, method=Method.CANCEL, at=at)
    own = meeting.proposed_by
    _tell(session, meeting, own, "meeting.unsettled", time=old, method=Method.CANCEL, at=at)


def tell_accepted(session: Session, meeting: Meeting, *, at: datetime) -> None:
    for side in SIDES:
        kind, time = "meeting.accepted", meeting.starts_at
        _tell(session, meeting, side, kind, time=time, method=Method.REQUEST, at=at)


def tell_cancelled(session: Session, meeting: Meeting, *, at: datetime) -> None:
    """Everybody's calendar has to know; where no time was settled, only the other side."""
    by, time = meeting.cancelled_by, meeting.starts_at
    if time is None:
        if by:
            _tell(session, meeting, other(by), "meeting.withdrawn", at=at)
        return
    kind = "meeting.cancelled" if by else "meeting.called_off"
    for side in SIDES:
        _tell(session, meeting, side, kind, time=time, method=Method.CANCEL, by=by, at=at)


def tell_reminder(session: Session, meeting: Meeting, *, at: datetime) -> None:
    for side in SIDES:
        _tell(session, meeting, side, "meeting.reminder", time=meeting.starts_at, at=at)


def tell_no_show(session: Session, meeting: Meeting, side: str, *, at: datetime) -> None:
    """A side has noted that the other did not come."""
    _tell(session, meeting, other(side), "meeting.no_show", time=meeting.starts_at, at=at)


def tell_minutes(session: Session, meeting: Meeting, side: str, *, at: datetime) -> None:
    _tell(session, meeting, other(side), "meeting.minutes", time=meeting.starts_at, at=at)


def _tell(
    session: Session,
    meeting: Meeting,
    side: str,
    kind: str,
    *,
    time: datetime | None = None,
    method: Method | None = None,
    by: str = "",
    at: datetime,
) -> None:
    """Tell the people of a side. `by`: the side that acted, by default the other one."""
    acting, own = _listing(meeting, by or other(side)), _listing(meeting, side)
    concerning = own.organisation_id
    for user in _people(session, meeting, side):
        path, params = (
            f"/meetings/{meeting.id}",
            {
                "organisation": acting.organisation.name_for(user.language),
                "title": own.approved_title,
                "time": time.isoformat() if time else "",
                "zone": user.time_zone,
            },
        )
        if time and method:
            calendar = invitation(meeting, time, method, user, at=at)
            notices.invite(
                session, user, kind, path, calendar, concerning=concerning, at=at, **params
            )
        else:
            notices.notify(session, [user], kind, path, concerning=concerning, at=at, **params)


def invitation(
    meeting: Meeting, time: datetime, method: Method, user: User, *, at: datetime
) -> Mapping[str, str]:
    """The calendar entry for one person's mail."""
    with force_locale(LOCALES[user.language]):
        shown = entry(meeting, time, user.language, at=at, is_cancelled=method == Method.CANCEL)
    return {"method": method, "text": as_text(shown, method, user.email)}


def entry(
    meeting: Meeting, time: datetime, language: str, *, at: datetime, is_cancelled: bool
) -> Entry:
    """What calendars show of a meeting: organisations, titles, topic and place, and no people."""
    settings, match = services().settings, meeting.match
    sides = (match.need, match.capability)
    link = f"{settings.base_url.rstrip('/')}/meetings/{meeting.id}"
    titles = " ↔ ".join(listing.approved_title for listing in sides)
    names = " ↔ ".join(listing.organisation.name_for(language) for listing in sides)
    return Entry(
        uid=meeting.uid,
        sequence=meeting.sequence,
        stamp=at,
        starts_at=time,
        minutes=meeting.minutes,
        summary=meeting.topic,
        description="\n".join((names, titles, *filter(None, (meeting.link,)), link)),
        location=meeting.place or meeting.link,
        link=link,
        organizer=settings.mail_from,
        organizer_name=gettext("East–West Matchmaker"),
        is_cancelled=is_cancelled,
    )


def file_of(meeting: Meeting, language: str) -> str | None:
    """The calendar file to take along; None while no time is settled."""
    if meeting.starts_at is None:
        return None
    shown = entry(
        meeting,
        meeting.starts_at,
        language,
        at=meeting.updated_at,
        is_cancelled=meeting.status == MeetingStatus.CANCELLED,
    )
    return as_text(shown, Method.PUBLISH)


def _people(session: Session, meeting: Meeting, side: str) -> Sequence[User]:
    return writers(session, _listing(meeting, side).organisation_id)


def _listing(meeting: Meeting, side: str) -> Listing:
    return meeting.match.need if side == "need" else meeting.match.capability
