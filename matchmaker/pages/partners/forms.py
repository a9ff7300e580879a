from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.web.forms import CHOOSE, CodeField, Form, required


class DismissForm(Form):
    reason = CodeField(_l("Why is this partner not for you?"), "dismiss_reason", [required], blank=CHOOSE)
