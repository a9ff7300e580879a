from __future__ import annotations

import secrets
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from matchmaker.conversations.rules import LONGEST, LONGEST_KEY
from matchmaker.errors import Refusal
from matchmaker.pages.shared.uploads import FilesForm, files_field
from matchmaker.web.forms import text_area


class MessageForm(FilesForm):
    """A message. `key` makes two sendings of one form one message."""

    beside: ClassVar = {Refusal.MESSAGE_EMPTY: "text", Refusal.MESSAGE_TOO_LONG: "text"}

    text = text_area(_l("Message"), longest=LONGEST, rows=6)
    files = files_field()
    key = HiddenField()

    def __init__(self, **kept: object) -> None:
        super().__init__(**kept)
        if not (self.key.data and self.key.data.isalnum() and len(self.key.data) <= LONGEST_KEY):
            self.key.data = secrets.token_hex(16)
