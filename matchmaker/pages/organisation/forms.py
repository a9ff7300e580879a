from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, SelectField
from wtforms.validators import StopValidation, ValidationError

from matchmaker import regions
from matchmaker.db import today
from matchmaker.organisations import rules
from matchmaker.organisations.rules import MOST_SECTORS, Profile
from matchmaker.pages.account.forms import (
    LANGUAGE_NAMES,
    email_field,
    language_field,
    new_password_field,
    province_names,
)
from matchmaker.web.forms import (
    CHOOSE,
    CodeField,
    CodesField,
    Form,
    optional,
    required,
    text_area,
    text_field,
)
from matchmaker.web.i18n import reader_language

PHONE = re.compile(r"[+0-9][0-9 ()\-–/.#ext]{4,39}", re.IGNORECASE)


def provinces() -> dict[str, str]:
    return {"": str(CHOOSE), **province_names()}


def real_province(form: Any, field: Field) -> None:
    if field.data not in regions.all_regions():
        raise StopValidation(
            gettext("%(field)s: choose one from the list.", field=field.label.text)
        )


def one_to_five(form: Any, field: Field) -> None:
    if not field.data:
        raise StopValidation(gettext("%(field)s: choose at least one.", field=field.label.text))
    if len(field.data) > MOST_SECTORS:
        raise ValidationError(
            gettext(
                "%(field)s: choose at most %(most)s.", field=field.label.text, most=MOST_SECTORS
            )
        )


def social_credit_code(form: Any, field: Field) -> None:
    field.data = rules.normalised_uscc(field.data)
    fault = rules.uscc_fault(field.data)
    if fault is None:
        return
    sentences = {
        "length": gettext("%(field)s: 18 characters are needed.", field=field.label.text),
        "characters": gettext(
            "%(field)s: eight digits, then digits and capital letters without I, O, S, V and Z.",
            field=field.label.text,
        ),
        "check": gettext(
            "%(field)s: the check digit is wrong. Compare the code with your business licence.",
            field=field.label.text,
        ),
    }
    raise StopValidation(sentences[fault])


def web_address(form: Any, field: Field) -> None:
    if "://" not in field.data:
        field.data = f"https://{field.data}"
    try:
        parts = urlsplit(field.data)
        wrong = (
            parts.scheme not in ("http", "https")
            or "." not in (parts.hostname or "")
            or " " in field.data
        )
    except ValueError:
        wrong = True
    if wrong:
        raise ValidationError(
            gettext("%(field)s: this is not the address of a website.", field=field.label.text)
        )


def phone_number(form: Any, field: Field) -> None:
    if not PHONE.fullmatch(field.data):
        raise ValidationError(
            gettext("%(field)s: this is not a telephone number.", field=field.label.text)
        )


class ProfileForm(Form):
    """What an organisation says of itself."""

    name_zh = text_field(
        _l("Name in Chinese"), required, autocomplete="organization", lang="zh-Hans"
    )
    name_other = text_field(_l("Name in English or Spanish"), required)
    other_language = SelectField(
        _l("Language of that name"),
        choices={code: name for code, name in LANGUAGE_NAMES.items() if code != "zh"},
        default="en",
    )
    type = CodeField(_l("Kind of organisation"), "organisation_type", [required], blank=CHOOSE)
    province: Any = SelectField(
        _l("Province"),
        [required, real_province],
        choices=provinces,
        validate_choice=False,
        render_kw={"data-cities-of": "city"},
    )
    city = text_field(
        _l("City or prefecture"),
        required,
        longest=60,
        hint=_l("Choose a city of the province, or type another place."),
    )
    uscc: Any = text_field(
        _l("Unified social credit code"),
        required,
        social_credit_code,
        hint=_l("The 18-character code on your business licence (统一社会信用代码)."),
        longest=40,
        autocomplete="off",
        spellcheck="false",
    )
    confirm_region = BooleanField(_l("Yes, the code and the province are both right"))
    sectors = CodesField(_l("Sectors"), "sector", [one_to_five], description=_l("One to five."))
    summary = text_area(
        _l("What you do"),
        required,
        hint=_l("Two or three sentences, open to everybody."),
        longest=2000,
        rows=4,
    )
    summary_language = SelectField(
        _l("Language of this text"), choices=LANGUAGE_NAMES, default=reader_language
    )
    website = text_field(
        _l("Website (if you have one)"), optional, web_address, autocomplete="url", inputmode="url"
    )
    contact_name = text_field(_l("Contact person"), required, longest=120)
    contact_email = email_field(_l("Contact's e-mail"), autocomplete="off")
    contact_phone = text_field(
        _l("Contact's telephone (optional)"),
        optional,
        phone_number,
        longest=40,
        type="tel",
        autocomplete="off",
    )
    asks_about_region = False

    def __init__(self, settled: tuple[str, str] | None = None, **kwargs: Any) -> None:
        """`settled`: code and province that were accepted before."""
        self.settled = settled
        super().__init__(**kwargs)
        if self.province.data in regions.all_regions():
            self.city.render_kw = {
                **(self.city.render_kw or {}),
                "list": f"cities-{self.province.data}",
            }

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Also ask back, with a box to tick, when code and province disagree."""
        valid = bool(super().validate_on_submit(extra_validators))
        if self.is_submitted() and not self.uscc.errors and not self.province.errors:
            given = (self.uscc.data, self.province.data)
            self.asks_about_region = given != self.settled and not rules.uscc_agrees(*given)
            if self.asks_about_region and not self.confirm_region.data:
                self.confirm_region.errors = [
                    gettext(
                        "The code was issued in a different province from the one you chose. "
                        "Are both correct?"
                    )
                ]
                return False
        return valid

    def profile(self) -> Profile:
        return Profile(**{name: self[name].data for name in Profile.__dataclass_fields__})


class RegistrationForm(ProfileForm):
    """An organisation and its first user."""

    name: Any = text_field(_l("Your name"), required, longest=120, autocomplete="name")
    email = email_field(
        _l("Your e-mail"), hint=_l("You sign in with it. A link to confirm it is mailed there.")
    )
    password = new_password_field()
    language = language_field()

    @property
    def names(self) -> tuple[str, ...]:
        """What the password must differ from."""
        return tuple(field.data or "" for field in (self.name, self.name_zh, self.name_other))


class InviteForm(Form):
    email = email_field(_l("Colleague's e-mail"), autocomplete="off")
    role = CodeField(
        _l("Role"),
        "organisation_role",
        [required],
        default="editor",
        description=_l(
            "Account managers manage members and the profile, editors post and answer, "
            "viewers read."
        ),
    )


class JoinForm(Form):
    """A new account for an invited address."""

    name: Any = text_field(_l("Your name"), required, longest=120, autocomplete="name")
    password = new_password_field()
    language = language_field()

    def __init__(self, email: str, names: tuple[str, ...], **kwargs: Any) -> None:
        """`names`: what the password must differ from, as from the e-mail."""
        self.email, self.names = email, names
        super().__init__(**kwargs)


class RoleForm(Form):
    role = CodeField(_l("Role"), "organisation_role", [required])


class VerifyForm(Form):
    evidence: Any = text_area(
        _l("Evidence"),
        required,
        hint=_l(
            "What you checked: business licence, registry entry, phone call. Only curators "
            "see this."
        ),
        longest=2000,
        rows=4,
    )
    verified_on: Any = DateField(_l("Checked on"), [required], default=today)
    expires_on: Any = DateField(
        _l("Valid until"),
        [required],
        default=lambda: rules.years_after(today(), 1),
        description=_l("At most three years."),
    )

    def validate_verified_on(self, field: Field) -> None:
        if field.data > today():
            raise ValidationError(gettext("Checked on: the date cannot be in the future."))

    def validate_expires_on(self, field: Field) -> None:
        if not isinstance(self.verified_on.data, date):
            return
        fault = rules.verification_fault(self.verified_on.data, field.data, today())
        sentences = {
            "order": gettext("Good until: it must be after the day of the check."),
            "past": gettext("Good until: this day has passed."),
            "long": gettext("Good until: at most three years after the check."),
        }
        if fault in sentences:
            raise ValidationError(sentences[fault])


class AskForm(Form):
    question: Any = text_area(
        _l("What is missing"), required, hint=_l("Mailed to the owners."), longest=1000, rows=3
    )


class RefuseForm(Form):
    note: Any = text_area(
        _l("Why not"), required, hint=_l("Mailed to the owners."), longest=1000, rows=3
    )


class SuspendForm(Form):
    reason: Any = text_area(
        _l("Reason"), required, hint=_l("Mailed to the owners."), longest=500, rows=3
    )


class CloseForm(Form):
    reason: Any = text_area(
        _l("Reason"), required, hint=_l("Owners and curators read it."), longest=500, rows=3
    )


class HandoverForm(Form):
    email = email_field(
        _l("Rightful owner's e-mail"),
        hint=_l("A member becomes an owner at once; others are invited by mail."),
        autocomplete="off",
    )
    evidence: Any = text_area(
        _l("Evidence"),
        required,
        hint=_l("What shows whose organisation it is. Kept for administrators."),
        longest=2000,
        rows=4,
    )
    clear = BooleanField(
        _l("The present members were never entitled: remove them and end the verification")
    )


GRANTS = {"": None, "yes": True, "no": False}


class PostingForm(Form):
    """Each: as the plan says, granted, or refused."""

    needs: Any = SelectField(_l("Needs"))
    capabilities: Any = SelectField(_l("Capabilities"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        choices = {
            "": gettext("As the plan says"),
            "yes": gettext("May post"),
            "no": gettext("May not post"),
        }
        self.needs.choices = self.capabilities.choices = choices
