"""What is told about meetings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notices.states import Topic
from matchmaker.notices.texts.text import Text, Texts

MEETINGS = {
    "meeting.proposed": Text(
        _l("%(organisation)s proposes a meeting"),
        _l("It is about “%(title)s”. Please choose a time, or propose others."),
        _l("Choose a time"),
    ),
    "meeting.moved": Text(
        _l("%(organisation)s proposes other times for a meeting"),
        _l("It is about “%(title)s”. Please choose a time, or propose others."),
        _l("Choose a time"),
    ),
    "meeting.unsettled": Text(
        _l("The meeting of %(time)s is being rescheduled"),
        _l(
            "Your organisation has proposed other times. "
            "The attached file takes the old time out of your calendar."
        ),
        _l("Open the meeting"),
    ),
    "meeting.accepted": Text(
        _l("A meeting is arranged: %(time)s"),
        _l(
            "You meet %(organisation)s about “%(title)s”. "
            "The attached file puts the meeting into your calendar."
        ),
        _l("Open the meeting"),
    ),
    "meeting.cancelled": Text(
        _l("The meeting of %(time)s is cancelled"),
        _l(
            "%(organisation)s has cancelled it. Their message is on the page of the "
            "meeting. The attached file takes it out of your calendar."
        ),
        _l("Open the meeting"),
    ),
    "meeting.withdrawn": Text(
        _l("%(organisation)s cancels the meeting that was being arranged"),
        _l("It was about “%(title)s”. Their message is on the page of the meeting."),
        _l("Open the meeting"),
    ),
    "meeting.called_off": Text(
        _l("The meeting of %(time)s will not take place"),
        _l("The match has ended. The attached file takes the meeting out of your calendar."),
        _l("Open the meeting"),
    ),
    "meeting.reminder": Text(
        _l("You have a meeting soon: %(time)s"),
        _l("You meet %(organisation)s about “%(title)s”. The page says where."),
        _l("Open the meeting"),
    ),
    "meeting.no_show": Text(
        _l("%(organisation)s recorded that you did not come to a meeting"),
        _l("It is the meeting of %(time)s. You can say on its page whether you took part."),
        _l("Open the meeting"),
    ),
    "meeting.minutes": Text(
        _l("%(organisation)s has written minutes of a meeting"),
        _l("It is the meeting of %(time)s. Both sides read the minutes and can add to them."),
        _l("Read the minutes"),
    ),
}

TEXTS: Texts = {Topic.MEETING: MEETINGS}
