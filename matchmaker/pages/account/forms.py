from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, SelectField, SelectMultipleField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker import regions
from matchmaker.accounts import rules
from matchmaker.pages.shared.refusals import sentence
from matchmaker.web.forms import (
    CHOOSE,
    CodeField,
    Form,
    half_width,
    optional,
    required,
    text_area,
    text_field,
)
from matchmaker.web.i18n import reader_language

PHONE = re.compile(
    r"\+?[0-9(][0-9 ()\-–/.]{4,34}(?:(?:ext\.?|x|#|转|轉)[ .]*[0-9]{1,6})?", re.IGNORECASE
)
LANGUAGE_NAMES = {"zh": "中文", "en": "English", "es": "Español"}


def email_address(form: Any, field: Field) -> None:
    """Check an address, and bring it into the form in which it is stored."""
    address = rules.normalised_email(field.data or "")
    if address is None:
        raise StopValidation(
            gettext("%(field)s: this is not an e-mail address.", field=field.label.text)
        )
    field.data = address


def strong_password(form: Any, field: Field) -> None:
    """Check the password against the form's `email`, a field or an address, and its `names`."""
    email = form.email if isinstance(form.email, str) else form.email.data
    fault = rules.password_fault(field.data or "", email or "", form.names)
    if fault is not None:
        raise ValidationError(sentence(fault, **rules.PASSWORD_LIMITS.get(fault, {})))


def phone_number(form: Any, field: Field) -> None:
    if not PHONE.fullmatch(field.data):
        raise ValidationError(
            gettext(
                "%(field)s: please write it like 0971-8212345, 13800138000 or "
                "+86 971 8212345 ext. 12.",
                field=field.label.text,
            )
        )


def phone_field(label: Any, hint: Any = "") -> Any:
    render = {"type": "tel", "autocomplete": "tel"}
    return text_field(
        label, optional, phone_number, hint=hint, longest=40, clean=half_width, **render
    )


def email_field(label: Any = "", hint: Any = "", autocomplete: str = "email") -> Any:
    checks = (required, email_address)
    render = {"type": "email", "autocomplete": autocomplete, "spellcheck": "false"}
    return text_field(
        label or _l("E-mail"), *checks, hint=hint, longest=254, clean=half_width, **render
    )


def province_names() -> dict[str, str]:
    language = reader_language()
    return {code: region.name[language] for code, region in regions.all_regions().items()}


def language_field() -> Any:
    return SelectField(
        _l("Language of the site and of mail"), choices=LANGUAGE_NAMES, default=reader_language
    )


def new_password_field(label: Any = "") -> Any:
    return PasswordField(
        label or _l("Password"),
        [required, strong_password],
        description=_l(
            "At least 10 characters. Several words in a row are safe and easy to remember."
        ),
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(Form):
    email = email_field(autocomplete="username")
    password: Any = PasswordField(
        _l("Password"), [required], render_kw={"autocomplete": "current-password"}
    )


class CodeForm(Form):
    code: Any = text_field(
        _l("Verification code"),
        required,
        longest=40,
        hint=_l("The six digits that the app shows now, or one of your recovery codes."),
        autocomplete="one-time-code",
        spellcheck="false",
    )


class FirstCodeForm(Form):
    code: Any = text_field(
        _l("Verification code"),
        required,
        longest=40,
        hint=_l("The six digits that the app shows now."),
        autocomplete="one-time-code",
        inputmode="numeric",
    )


class ProveForm(Form):
    password: Any = PasswordField(
        _l("Password"), [required], render_kw={"autocomplete": "current-password"}
    )


class EmailForm(Form):
    email = email_field(_l("New e-mail"), hint=_l("We send a link there to confirm it."))
    current_password: Any = PasswordField(
        _l("Current password"), [required], render_kw={"autocomplete": "current-password"}
    )


class ForgotForm(Form):
    email = email_field(autocomplete="username")


class NewPasswordForm(Form):
    """`account` is the e-mail, and `names` are words, that the password must differ from."""

    new_password = new_password_field(_l("New password"))

    def __init__(self, account: str, names: Sequence[str], **kwargs: Any) -> None:
        self.email, self.names = account, names
        super().__init__(**kwargs)


class ChangePasswordForm(NewPasswordForm):
    current_password: Any = PasswordField(
        _l("Current password"), [required], render_kw={"autocomplete": "current-password"}
    )
    new_password = new_password_field(_l("New password"))


class ProfileForm(Form):
    name: Any = text_field(_l("Your name"), required, longest=120, autocomplete="name")
    language = language_field()
    time_zone = CodeField(
        _l("Time zone"),
        "time_zone",
        [required],
        description=_l("Meeting times are shown in this time zone."),
    )


class StaffContactForm(Form):
    """What organisations see wherever they are to contact a curator."""

    office = text_field(
        _l("Office"),
        required,
        longest=120,
        hint=_l("As it appears on the badge of what you verify, for example 青海省科学技术厅."),
    )
    phone = phone_field(_l("Office telephone"))
    email = text_field(
        _l("Office e-mail"),
        optional,
        email_address,
        hint=_l("If possible, use an address other than the one you sign in with."),
        longest=254,
        clean=half_width,
        type="email",
    )


class AccountForm(Form):
    """An account that an administrator opens for somebody."""

    email = email_field(
        hint=_l(
            "We will send a link to this address for choosing a password. It is valid for "
            "two weeks."
        )
    )
    name: Any = text_field(_l("Name"), required, longest=120)
    language = language_field()


class SuspendForm(Form):
    reason: Any = text_area(
        _l("Reason"), required, hint=_l("Only administrators see this."), longest=500, rows=3
    )


class RoleForm(Form):
    role = CodeField(_l("Role"), "staff_role", [required], blank=CHOOSE)
    provinces: Any = SelectMultipleField(
        _l("Provinces"),
        choices=province_names,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("For a provincial curator only."),
    )

    def validate_provinces(self, field: Field) -> None:
        if self.role.data == "provincial_curator" and not field.data:
            raise ValidationError(gettext("Provinces: a provincial curator needs at least one."))
