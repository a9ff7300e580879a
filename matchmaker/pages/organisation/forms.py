from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, SelectField
from wtforms.validators import ValidationError

from matchmaker.db import today
from matchmaker.errors import Refusal
from matchmaker.files.rules import MOST_AT_ONCE
from matchmaker.organisations import rules
from matchmaker.organisations.names import legal_name
from matchmaker.organisations.rules import Profile
from matchmaker.pages.account.forms import (
    email_field,
    language_field,
    new_password_field,
    phone_field,
)
from matchmaker.pages.organisation.profile import IdentityForm, LegalNameForm
from matchmaker.pages.shared.uploads import FilesForm, files_field
from matchmaker.web.forms import (
    CodeField,
    CodesField,
    Form,
    required,
    text_area,
    text_field,
)
from matchmaker.web.i18n import reader_language


class OrganisationForm(LegalNameForm, IdentityForm):
    """What registering takes of somebody with an account; the rest of the profile comes later."""

    phone = phone_field(
        _l("Telephone (optional)"), _l("For the curator now, and for partners once you both agree.")
    )
    joins = BooleanField(_l("Ask to join it"))

    def profile(self, name: str, email: str) -> Profile:
        """The profile, with a person as the contact until it names another."""
        return Profile(
            **legal_name(self.legal_name.data, reader_language()),
            **self.registered(),
            contact_name=name,
            contact_email=email,
            contact_phone=self.phone.data,
            summary_language=reader_language(),
        )


class RegistrationForm(OrganisationForm):
    """An organisation and its first user."""

    name: Any = text_field(_l("Your name"), required, longest=120, autocomplete="name")
    email = email_field(
        _l("Your e-mail"),
        hint=_l("You sign in with this address. We send a link there to confirm it."),
    )
    password = new_password_field()

    @property
    def names(self) -> tuple[str, ...]:
        """What the password must differ from."""
        return tuple(field.data or "" for field in (self.name, self.legal_name))


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


class OwnerForm(Form):
    """Who is asked to take over an organisation that a curator has entered."""

    email = email_field(_l("Contact's e-mail"), autocomplete="off")


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
    checks = CodesField(
        _l("What was checked"),
        "verification_check",
        [required],
        description=_l("Everybody can read this on the badge."),
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
            "order": gettext("Valid until: it must be after the day of the check."),
            "past": gettext("Valid until: this day has passed."),
            "long": gettext("Valid until: at most three years after the check."),
        }
        if fault in sentences:
            raise ValidationError(sentences[fault])


class AskForm(Form):
    question: Any = text_area(
        _l("What is missing"),
        required,
        hint=_l("Mailed to the account managers."),
        longest=1000,
        rows=3,
    )


class RefuseVerificationForm(Form):
    reason: Any = text_area(
        _l("Why it cannot be verified"),
        required,
        hint=_l(
            "Mailed to the account managers. They may appeal once; another curator then decides."
        ),
        longest=1000,
        rows=3,
    )


class PapersForm(FilesForm):
    """What an organisation sends to the curators who verify it."""

    files = files_field(_l("Licence or letters"))
    files_hint = _l(
        "At most %(most)s files, each up to 20 MiB: PDF, DOCX, XLSX, PPTX, PNG, JPEG, WebP. "
        "Only the curators of your province and you read them.",
        most=MOST_AT_ONCE,
    )
    text = text_area(_l("Message"), longest=4000, rows=4)
    beside: ClassVar[Mapping[Refusal, str]] = {
        Refusal.NOTHING_SENT: "files",
        Refusal.REFUSAL_STANDS: "files",
    }


class EvidenceForm(FilesForm):
    """What shows the curators that someone may manage an organisation's account."""

    files = files_field(_l("Licence or letters"))
    files_hint = _l(
        "At most %(most)s files, each up to 20 MiB: PDF, DOCX, XLSX, PPTX, PNG, JPEG, WebP. "
        "Only you and the curators open them; the account managers do not.",
        most=MOST_AT_ONCE,
    )
    beside: ClassVar[Mapping[Refusal, str]] = {
        Refusal.NOTHING_SENT: "files",
        Refusal.CLAIM_WAITS: "files",
        Refusal.CLAIM_TOO_SOON: "files",
    }


class ClaimReplyForm(EvidenceForm):
    text = text_area(_l("Message"), longest=4000, rows=4)


class ClaimForm(EvidenceForm):
    """Why someone should manage an organisation's account."""

    position: Any = text_field(
        _l("Your position in the organisation"), required, longest=120, autocomplete="off"
    )
    reason: Any = text_area(
        _l("Why the account manager cannot be reached"),
        required,
        hint=_l("The present account managers and the organisation's contact read this."),
        longest=2000,
        rows=4,
    )


class ObjectionForm(Form):
    reason: Any = text_area(
        _l("Why you object"), required, hint=_l("The curators read it."), longest=2000, rows=4
    )


class ClaimQuestionForm(Form):
    question: Any = text_area(
        _l("What is missing"),
        required,
        hint=_l("Mailed to the person who asks."),
        longest=1000,
        rows=3,
    )


class ClaimRefusalForm(Form):
    reason: Any = text_area(
        _l("Why you refuse it"),
        required,
        hint=_l("Mailed to the person who asks."),
        longest=1000,
        rows=3,
    )


class PersonForm(Form):
    """An expert or a broker whom an organisation would like to show."""

    name: Any = text_field(_l("Name"), required, longest=120, autocomplete="off")
    email = email_field(
        _l("E-mail"),
        hint=_l("The person is asked there whether they agree. It is never shown."),
        autocomplete="off",
    )
    role = CodeField(_l("Shown as"), "person_role", [required])
    level = CodeField(_l("Level of a technology broker"), "broker_level", blank="–")
    field: Any = text_field(_l("Works on"), longest=200)


class RefuseForm(Form):
    note: Any = text_area(
        _l("Why not"), required, hint=_l("Mailed to the account managers."), longest=1000, rows=3
    )


class SuspendForm(Form):
    reason: Any = text_area(
        _l("Reason"), required, hint=_l("Mailed to the account managers."), longest=500, rows=3
    )


class CloseForm(Form):
    reason: Any = text_area(
        _l("Reason"),
        required,
        hint=_l("Account managers and curators read it."),
        longest=500,
        rows=3,
    )


class MergeForm(Form):
    reason: Any = text_area(
        _l("Why they are the same organisation"),
        required,
        hint=_l("Mailed to the members of both. Say what you compared."),
        longest=1000,
        rows=3,
    )


class HandoverForm(Form):
    email = email_field(
        _l("Rightful account manager's e-mail"),
        hint=_l("A member becomes an account manager at once; others are invited by mail."),
        autocomplete="off",
    )
    evidence: Any = text_area(
        _l("Evidence"),
        required,
        hint=_l("What shows whose organisation it is. Only administrators see this."),
        longest=2000,
        rows=4,
    )
    clear = BooleanField(
        _l("The present members were never authorised: remove them and end the verification")
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
