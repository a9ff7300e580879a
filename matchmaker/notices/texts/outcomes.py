"""What is told about results."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notices.states import Topic
from matchmaker.notices.texts.text import Text, Texts

TO_SIDES = {
    "outcome.reported": Text(
        _l("%(organisation)s reports a result: %(measure)s"),
        _l("Please confirm it, or say what is wrong. It counts once a curator has verified it."),
        _l("Open the results"),
    ),
    "outcome.corrected": Text(
        _l("%(organisation)s has corrected a result: %(measure)s"),
        _l("Please look at it again, and confirm it or say what is wrong."),
        _l("Open the results"),
    ),
    "outcome.confirmed": Text(
        _l("%(organisation)s confirms your result: %(measure)s"),
        _l("It counts once a curator of either province has verified it."),
        _l("Open the results"),
    ),
    "outcome.disputed": Text(
        _l("%(organisation)s disputes your result: %(measure)s"),
        _l("The page shows their reason. Correct the result, or withdraw it."),
        _l("Open the results"),
    ),
    "outcome.verified": Text(
        _l("Verified: %(measure)s, “%(title)s”"),
        _l("A curator has checked the evidence. The result counts."),
        _l("Open the results"),
    ),
    "outcome.sent_back": Text(
        _l("Sent back by a curator: %(measure)s, “%(title)s”"),
        _l("The page says why. The side that reported the result can correct it."),
        _l("Open the results"),
    ),
    "outcome.follow_up": Text(
        _l("How is it going with %(organisation)s?"),
        _l(
            "Your listing “%(title)s” brought you together. One click answers; you need not sign "
            "in. What you say is shown to both sides as reported."
        ),
        _l("Answer"),
        answers=(
            ("?answer=going_on", _l("It is still going on")),
            ("?answer=done", _l("It is done")),
            ("?answer=ended", _l("It has ended without a result")),
        ),
    ),
}

TO_CURATORS = {
    "outcome.to_verify": Text(
        _l("A result needs verification: %(measure)s, “%(title)s”"),
        _l("Both sides confirm it. It counts once a curator of either province has verified it."),
        _l("Open the results"),
    ),
}

TEXTS: Texts = {Topic.MATCH: TO_SIDES, Topic.DESK: TO_CURATORS}
