"""Decisions about organisations, over plain facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from stdnum.cn import uscc as social_credit_code
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from matchmaker.organisations.states import OrganisationStatus, standing
from matchmaker.permissions import MemberRole
from matchmaker.plan.rules import Sides, may_post_by_default

MOST_SECTORS = 5
LONGEST_VERIFICATION_YEARS = 3
INVITATION_GOOD_FOR = timedelta(days=14)
MOST_INVITATIONS_UNVERIFIED = 3
NATIONAL_REGISTRY = (
    "10"  # in a social credit code: registered with the state's own registry, in no province
)

# Who an organisation is: a change of these is proposed, and in force once a curator verifies it.
IDENTITY = ("name_zh", "name_other", "other_language", "type", "province", "uscc")
CONTACT = ("contact_name", "contact_email", "contact_phone")


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation's words about itself; the fields are those of the table."""

    name_zh: str
    name_other: str
    other_language: str
    type: str
    province: str
    city: str
    uscc: str
    sectors: list[str]
    summary: str
    summary_language: str
    website: str
    contact_name: str
    contact_email: str
    contact_phone: str


def normalised_uscc(text: str) -> str:
    return str(social_credit_code.compact(text))


def uscc_fault(code: str) -> str | None:
    """Return why this is no social credit code: length, characters or check; None if it is."""
    try:
        social_credit_code.validate(code)
    except InvalidLength:
        return "length"
    except InvalidChecksum:
        return "check"
    except ValidationError:
        return "characters"
    return None


def uscc_agrees(code: str, province: str) -> bool:
    """Return whether the code was given in the province, or by the national registry."""
    return code[2:4] in (province, NATIONAL_REGISTRY)


def identity_of(organisation: Any) -> tuple[Any, ...]:
    """Who the organisation is, to be compared."""
    return tuple(getattr(organisation, name) for name in IDENTITY)


def changes(before: Any, after: Profile) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (identity, other text) as it would be: of each the fields that differ.

    The city goes with the province. The order of sectors means nothing.
    """
    differing = {
        name: value
        for name, value in asdict(after).items()
        if _plain(getattr(before, name)) != _plain(value)
    }
    identity = (*IDENTITY, "city") if "province" in differing else IDENTITY
    who = {name: value for name, value in differing.items() if name in identity}
    return who, {name: value for name, value in differing.items() if name not in identity}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def names_as_contact(values: Mapping[str, Any], name: str, email: str) -> bool:
    """Return whether fields of a profile give a person as the contact."""
    return values.get("contact_name") == name or values.get("contact_email") == email


def without_contact(values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if field not in CONTACT}


def still_stands(organisation: Any, after: Mapping[str, Any]) -> bool:
    """Return whether nothing was changed since the change: it can be changed back."""
    return all(getattr(organisation, name) == value for name, value in after.items())


def grant_for_successor(grant: bool | None) -> bool | None:
    """What remains of a curator's word on posting when the identity changes: only a refusal."""
    return False if grant is False else None


def may_post(kind: str, province: str, grant: bool | None, sides: Sides) -> bool:
    """A curator's grant or refusal decides; without one, the plan's word on the province."""
    return may_post_by_default(kind, province, sides) if grant is None else grant


def may_post_now(organisation: Any, kind: str, sides: Sides) -> bool:
    """The same of an organisation as it is."""
    needs = kind == "need"
    grant = organisation.needs_grant if needs else organisation.capabilities_grant
    return may_post(kind, organisation.province, grant, sides)


def verification_fault(verified_on: date, expires_on: date, today: date) -> str | None:
    """Return the fault in a verification's dates: future, order, past or long."""
    if verified_on > today:
        return "future"
    if expires_on <= verified_on:
        return "order"
    if expires_on < today:
        return "past"
    return "long" if expires_on > years_after(verified_on, LONGEST_VERIFICATION_YEARS) else None


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 28 February when it has no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def status_when_reinstated(verified_until: date | None, today: date) -> str:
    """Return what a suspended organisation becomes again, by the end of its verification."""
    if verified_until is None:
        return OrganisationStatus.REGISTERED
    return standing(OrganisationStatus.VERIFIED, verified_until, today)


def may_leave(role: str, roles_of_all: Sequence[str], *, is_closed: bool = False) -> bool:
    """Everybody may leave but the last owner of an organisation that is not closed."""
    return is_closed or role != MemberRole.OWNER or roles_of_all.count(MemberRole.OWNER) > 1
