"""What was done too often, said to the reader, with the time from which it is possible again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from matchmaker.errors import LimitReached
from matchmaker.limits.states import Act
from matchmaker.web import error_pages
from matchmaker.web.i18n import show_time

SENTENCES: Mapping[str, Any] = {
    Act.INVITATION: _l("No more invitations can be sent for now. Please try again after %(time)s."),
    Act.DRAFT: _l("No more listings can be saved for now. Please try again after %(time)s."),
    Act.IMPORT: _l("No more tables can be imported for now. Please try again after %(time)s."),
    Act.SUBMISSION: _l(
        "No more listings can be sent for review for now. Please try again after %(time)s."
    ),
    Act.INTEREST: _l(
        "No more expressions of interest can be sent for now. Please try again after %(time)s."
    ),
    Act.PROPOSAL: _l("No more pairs can be proposed for now. Please try again after %(time)s."),
    Act.MEETING: _l("No more meetings can be proposed for now. Please try again after %(time)s."),
    Act.MESSAGE: _l("No more messages can be sent for now. Please try again after %(time)s."),
}


def register(app: Flask) -> None:
    app.register_error_handler(LimitReached, reached)


def reached(error: LimitReached) -> tuple[str, int]:
    sentence = str(SENTENCES[error.act]) % {"time": show_time(error.again_at)}
    return error_pages.page(429, sentence=sentence)
