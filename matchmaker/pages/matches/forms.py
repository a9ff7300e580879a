from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.pages.partners.forms import LONGEST_MESSAGE
from matchmaker.web.forms import CHOOSE, CodeField, Form, required, text_area


class AcceptForm(Form):
    message = text_area(
        _l("Your answer to them"), hint=_l("Optional."), longest=LONGEST_MESSAGE, rows=4
    )


class DeclineForm(Form):
    reason = CodeField(_l("Reason"), "decline_reason", [required], blank=CHOOSE)
    words = text_area(
        _l("Message to them"),
        hint=_l("Optional. The other organisation will see this."),
        longest=LONGEST_MESSAGE,
        rows=3,
    )


class CancelForm(Form):
    cancel_reason = CodeField(_l("Reason"), "cancel_reason", [required], blank=CHOOSE)
    cancel_words = text_area(
        _l("Message to them"),
        hint=_l("Optional. The other organisation will see this."),
        longest=LONGEST_MESSAGE,
        rows=3,
    )


class EndForm(Form):
    end_reason = CodeField(_l("Reason"), "end_reason", [required], blank=CHOOSE)
    end_words = text_area(
        _l("Message to them"),
        hint=_l("Optional. The other organisation will see this."),
        longest=LONGEST_MESSAGE,
        rows=3,
    )
