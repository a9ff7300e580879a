"""A meeting as an entry of people's calendars (iCalendar, RFC 5545 and 5546)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress


class Method(StrEnum):
    """What a calendar does with an entry."""

    PUBLISH = "PUBLISH"  # a file to take along
    REQUEST = "REQUEST"  # a mailed invitation, or its change
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a calendar. `stamp`: when it was made; `link`: its page on this site."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    minutes: int
    summary: str
    description: str
    location: str
    link: str
    organizer: str  # the site's mail address, and no person's
    organizer_name: str
    is_cancelled: bool = False


def as_text(entry: Entry, method: Method, attendee: str = "") -> str:
    """Return the entry as text of a file or a mail.

    `attendee` is the address of the mail's reader, which REQUEST and CANCEL must name. Nobody
    else is named. Times are in UTC, so that each calendar shows its own zone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//East-West Matchmaker//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", str(method))
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.starts_at + timedelta(minutes=entry.minutes))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    if entry.location:
        event.add("location", entry.location)
    event.add("url", entry.link)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("organizer", _address(entry.organizer, CN=entry.organizer_name))
    if attendee:
        event.add("attendee", _address(attendee, ROLE="REQ-PARTICIPANT", RSVP="FALSE"))
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def _address(mail: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    address.params.update(parameters)
    return address
