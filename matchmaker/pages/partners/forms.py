from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.web.forms import CHOOSE, CodeField, Form, required, text_area

LONGEST_MESSAGE = 2000


class DismissForm(Form):
    reason = CodeField(
        _l("Why is this partner not for you?"), "dismiss_reason", [required], blank=CHOOSE
    )


class InterestForm(Form):
    message = text_area(
        _l("Your message to them"),
        hint=_l(
            "Optional: why you ask, and how you would begin. Only the other organisation "
            "will see it."
        ),
        longest=LONGEST_MESSAGE,
        rows=5,
    )
