"""What is told about agreements."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notices.states import Topic
from matchmaker.notices.texts.text import Text, Texts

AGREEMENTS = {
    "agreement.sent": Text(
        _l("%(organisation)s asks for your consent to “%(title)s”"),
        _l("Read what would be agreed, then consent or send it back with your comments."),
        _l("Read the agreement"),
    ),
    "agreement.sent_back": Text(
        _l("%(organisation)s has sent “%(title)s” back"),
        _l("The page of the agreement has their comments. You can change it and send it again."),
        _l("Open the agreement"),
    ),
    "agreement.in_force": Text(
        _l("“%(title)s” is in force"),
        _l("Everybody has consented. Its page shows what is due, and when."),
        _l("Open the agreement"),
    ),
    "agreement.ended": Text(
        _l("%(organisation)s has ended “%(title)s”"),
        _l("The reason given: %(agreement_end_reason)s. All that was recorded stays readable."),
        _l("Open the agreement"),
    ),
    "agreement.overdue": Text(
        _l("A milestone of “%(title)s” is overdue"),
        _l("It was due on %(until)s. Mark it as reached, or agree on another day."),
        _l("Open the agreement"),
    ),
    "agreement.booked": Text(
        _l("%(organisation)s has booked a slot: %(time)s"),
        _l("It is part of “%(title)s”. Please have everything ready by then, or write to them."),
        _l("Open the agreement"),
    ),
}

TEXTS: Texts = {Topic.MATCH: AGREEMENTS}
