from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, PasswordField
from wtforms.validators import StopValidation

from matchmaker.web.forms import Form, required


def agreed(form: Any, field: Field) -> None:
    if not field.data:
        raise StopValidation(gettext("%(field)s: please tick this.", field=field.label.text))


class ExportForm(Form):
    export_password: Any = PasswordField(
        _l("Current password"), [required], render_kw={"autocomplete": "current-password"}
    )


class EraseForm(Form):
    erase_password: Any = PasswordField(
        _l("Current password"), [required], render_kw={"autocomplete": "current-password"}
    )
    understood: Any = BooleanField(_l("I know that nobody can undo this"), [agreed])
