"""The forms of who an organisation is, and of what it says of itself."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField
from wtforms.validators import StopValidation, ValidationError

from matchmaker import regions
from matchmaker.details import Detail
from matchmaker.organisations import rules
from matchmaker.organisations.details import fields_of
from matchmaker.organisations.rules import MOST_SECTORS, Profile
from matchmaker.pages.account.forms import (
    LANGUAGE_NAMES,
    email_field,
    phone_field,
    province_names,
)
from matchmaker.pages.shared.detail_fields import DETAIL, detail_field
from matchmaker.phrasing import sorted_names
from matchmaker.web.forms import (
    CHOOSE,
    CodeField,
    CodesField,
    Form,
    half_width,
    optional,
    required,
    text_area,
    text_field,
)
from matchmaker.web.i18n import country_name, reader_language

# What is found under a province, and codes that ISO 3166 has for no country: unions of states, and
# parts of countries such as the Canary Islands.
_AT_HOME = ("CN", "HK", "MO", "TW")
_NO_COUNTRY = (
    "AC",
    "CP",
    "CQ",
    "DG",
    "EA",
    "EU",
    "EZ",
    "IC",
    "QO",
    "TA",
    "UN",
    "XA",
    "XB",
    "XK",
    "ZZ",
)
NOT_ABROAD = (*_AT_HOME, *_NO_COUNTRY)


def provinces() -> dict[str, str]:
    return {"": str(CHOOSE), **province_names()}


def real_province(form: Any, field: Field) -> None:
    if field.data not in regions.all_regions():
        raise StopValidation(
            gettext("%(field)s: choose one from the list.", field=field.label.text)
        )


def at_most_five(form: Any, field: Field) -> None:
    if field.data and len(field.data) > MOST_SECTORS:
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
            "%(field)s: the first eight characters name the registry; the last six of them are "
            "digits. Digits and capital letters follow, without I, O, S, V and Z.",
            field=field.label.text,
        ),
        "authority": gettext(
            "%(field)s: no registering authority has the first character %(character)s.",
            field=field.label.text,
            character=field.data[:1],
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


def code_or_register(form: Any, field: Field) -> None:
    """Ask for the code, unless another register's number is given in its place."""
    if field.data:
        return
    field.errors = []
    if not form.register_number.data:
        raise StopValidation(
            gettext(
                "%(field)s: please fill this in. Without one, say below where you are registered.",
                field=field.label.text,
            )
        )
    raise StopValidation


def countries() -> dict[str, str]:
    """Countries abroad by ISO 3166 code, sorted as the reader's language sorts them."""
    named = {
        code: country_name(code)
        for code in get_locale().territories
        if len(code) == 2 and code not in NOT_ABROAD
    }
    return {"": gettext("In China"), **sorted_names(named, reader_language())}


def real_country(form: Any, field: Field) -> None:
    field.data = field.data or ""
    if field.data not in countries():
        raise StopValidation(
            gettext("%(field)s: choose one from the list.", field=field.label.text)
        )


def name_given(form: Any, field: Field) -> None:
    if not (form.name_zh.data or form.name_other.data):
        raise StopValidation(
            gettext("%(field)s: please give the name in one language.", field=field.label.text)
        )


class LegalNameForm(Form):
    legal_name: Any = text_field(
        _l("Legal name"),
        required,
        hint=_l("As it appears on your licence, in the language used there."),
        autocomplete="organization",
    )


class NamesForm(Form):
    name_zh = text_field(
        _l("Name in Chinese"), name_given, autocomplete="organization", lang="zh-Hans"
    )
    name_other = text_field(_l("Name in English or Spanish"))
    other_language = SelectField(
        _l("Language of that name"),
        choices={code: name for code, name in LANGUAGE_NAMES.items() if code != "zh"},
        default="en",
    )


class IdentityForm(Form):
    """Who an organisation is: what curators verify."""

    uscc: Any = text_field(
        _l("Unified social credit code"),
        code_or_register,
        social_credit_code,
        hint=_l("The 18-character code on your business licence (统一社会信用代码)."),
        longest=40,
        clean=half_width,
        autocomplete="off",
        spellcheck="false",
    )
    country: Any = SelectField(
        _l("Country, if it is abroad"), [real_country], choices=countries, validate_choice=False
    )
    register_number: Any = text_field(
        _l("Register and registration number"),
        longest=60,
        clean=half_width,
        hint=_l("For example Companies Registry (Hong Kong) 1234567. A curator checks it."),
    )
    type = CodeField(_l("Kind of organisation"), "organisation_type", [required], blank=CHOOSE)
    province: Any = SelectField(
        _l("Province"),
        [real_province],
        choices=provinces,
        validate_choice=False,
        description=_l(
            "Leave it empty to use the province in your code. If you are abroad, choose "
            "the one that you work with."
        ),
        render_kw={"data-cities-of": "city"},
    )
    confirm_region = BooleanField(_l("Yes, the code and the province are both right"))
    asks_about_region = False

    def __init__(self, settled: tuple[str | None, str] | None = None, **kwargs: Any) -> None:
        """`settled`: code and province that were accepted before."""
        self.settled = settled
        super().__init__(**kwargs)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Take the province from the code where none is chosen; ask back where they disagree."""
        if self.is_submitted() and not self.province.data and self.uscc.data:
            digits = rules.normalised_uscc(self.uscc.data)[2:4]
            self.province.data = digits if digits in regions.all_regions() else ""
        valid = bool(super().validate_on_submit(extra_validators))
        if (
            self.is_submitted()
            and self.uscc.data
            and not (self.uscc.errors or self.province.errors)
        ):
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

    @property
    def is_registered_elsewhere(self) -> bool:
        """Whether the part for organisations without a code is used, or in error."""
        return bool(self.register_number.data or self.country.data or self.country.errors)

    def registered(self) -> dict[str, Any]:
        """Where it is registered, as fields of a profile."""
        has_code = bool(self.uscc.data)
        return {
            "uscc": self.uscc.data or None,
            "country": self.country.data,
            "register_number": "" if has_code else self.register_number.data,
            "type": self.type.data,
            "province": self.province.data,
        }


class ProfileForm(NamesForm, IdentityForm):
    """What an organisation says of itself. Fields of its type are added by `profile_form`."""

    city = text_field(
        _l("City or prefecture"),
        longest=60,
        hint=_l("Choose a city of the province, or type another place."),
    )
    zone = text_field(
        _l("Park or development zone"), longest=120, hint=_l("If you are in one: its full name.")
    )
    sectors = CodesField(_l("Sectors"), "sector", [at_most_five], description=_l("At most five."))
    summary = text_area(
        _l("What you do"),
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
    contact_phone = phone_field(_l("Contact's telephone (optional)"))
    of_type: tuple[Detail, ...] = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.province.data in regions.all_regions():
            self.city.render_kw = {
                **(self.city.render_kw or {}),
                "list": f"cities-{self.province.data}",
            }

    @property
    def detail_fields(self) -> list[Field]:
        return [self[DETAIL + one.code] for one in self.of_type]

    def profile(self) -> Profile:
        own = ("name_zh", "name_other", "other_language", "city", "zone", "sectors", "summary")
        rest = ("summary_language", "website", *rules.CONTACT)
        details = {one.code: self[DETAIL + one.code].data for one in self.of_type}
        return Profile(
            **{name: self[name].data for name in (*own, *rest)},
            **self.registered(),
            details=rules.details_of(self.type.data, details),
        )


@cache
def profile_form(type_: str) -> type[ProfileForm]:
    """The form of an organisation of one type, with the fields of that type."""
    fields = {DETAIL + one.code: detail_field(one) for one in fields_of(type_)}
    return type("TypedProfileForm", (ProfileForm,), {**fields, "of_type": fields_of(type_)})
