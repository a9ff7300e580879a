from __future__ import annotations

import secrets

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField

from matchmaker.conversations.rules import LONGEST, LONGEST_KEY, MOST_FILES
from matchmaker.errors import Refusal
from matchmaker.files.rules import ENDINGS
from matchmaker.pages.shared.refusals import sentence
from matchmaker.services import services
from matchmaker.web.forms import Form, text_area


class MessageForm(Form):
    """A message. `key` makes two sendings of one form one message."""

    text = text_area(_l("Message"), longest=LONGEST, rows=6)
    files = MultipleFileField(_l("Files"), render_kw={"accept": ENDINGS})
    key = HiddenField()

    def __init__(self, **kept: object) -> None:
        super().__init__(**kept)
        if not (self.key.data and self.key.data.isalnum() and len(self.key.data) <= LONGEST_KEY):
            self.key.data = secrets.token_hex(16)
        scanned = (
            gettext("They are scanned for viruses.")
            if services().settings.clamd
            else gettext("This site does not scan them for viruses.")
        )
        what = gettext(
            "At most %(most)s, each up to 20 MiB: PDF, DOCX, XLSX, PPTX, PNG, JPEG, WebP. "
            "Names of authors and places are taken out of a file's properties.",
            most=MOST_FILES,
        )
        self.files.description = f"{what} {scanned}"

    def refuse(self, refusal: Refusal, **data: object) -> None:
        """Say beside the field what is wrong; the text stays, and files are to be chosen again."""
        of_text = refusal in (Refusal.MESSAGE_EMPTY, Refusal.MESSAGE_TOO_LONG)
        field = self.text if of_text else self.files
        field.errors = [*field.errors, sentence(refusal, **data)]
