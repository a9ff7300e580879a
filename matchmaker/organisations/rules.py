"""Decisions about organisations, over plain facts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from stdnum.cn import uscc as social_credit_code

from matchmaker import codelists
from matchmaker.errors import Refusal
from matchmaker.organisations.details import fields_of
from matchmaker.organisations.names import folded
from matchmaker.organisations.states import MessageKind, OrganisationStatus, Tie, standing
from matchmaker.permissions import MemberRole
from matchmaker.plan.rules import Sides, may_post_by_default

MOST_SECTORS = 5
LAPSE_WARNINGS = (30, 7)  # days before a verification ends
USCC_LENGTH = 18
# Registering authority and kind of body, division, GB 11714 number, check digit. I, O, S, V and Z
# are not used.
USCC = re.compile(r"[1-9A-HJ-NP-RTUWXY][1-9][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
LONGEST_VERIFICATION_YEARS = 3
INVITATION_GOOD_FOR = timedelta(days=14)
MONTHS_TO_TAKE_OVER = 24
LEAVES_SOON = timedelta(days=30)
MOST_INVITATIONS_UNVERIFIED = 3
BODY = slice(8, 17)  # of a code: the number of the body itself, whatever registers it
MERGE_UNDONE_WITHIN = timedelta(days=7)
NATIONAL_REGISTRY = (
    "10"  # in a social credit code: registered with the state's own registry, in no province
)

# Who an organisation is: a change of these is proposed, and in force once a curator verifies it.
IDENTITY = (
    *("name_zh", "name_other", "other_language", "type", "province"),
    *("country", "uscc", "register_number"),
)
CONTACT = ("contact_name", "contact_email", "contact_phone")


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation's words about itself; the fields are those of the table."""

    name_zh: str
    name_other: str
    other_language: str
    type: str
    province: str
    uscc: str | None
    contact_name: str
    contact_email: str
    contact_phone: str
    city: str = ""
    country: str = ""
    register_number: str = ""
    zone: str = ""
    sectors: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    summary: str = ""
    summary_language: str = "zh"
    website: str = ""


def normalised_uscc(text: str) -> str:
    """The code as the standard writes it: full-width letters, spaces and dashes are folded."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def uscc_fault(code: str) -> str | None:
    """Return why this is no social credit code; None if it is one.

    Faults: length, characters, authority (no such registering authority) or check.
    """
    if len(code) != USCC_LENGTH:
        return "length"
    if not USCC.fullmatch(code):
        return "characters"
    if code[0] not in codelists.codes("registering_authority"):
        return "authority"
    return None if social_credit_code.calc_check_digit(code) == code[-1] else "check"


def uscc_agrees(code: str, province: str) -> bool:
    """Return whether the code was given in the province, or by the national registry."""
    return code[2:4] in (province, NATIONAL_REGISTRY)


def details_of(type_: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """What belongs to the type, without what is empty."""
    return {one.code: details[one.code] for one in fields_of(type_) if details.get(one.code)}


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


def search_text(profile: Any) -> str:
    """The words by which the directory finds an organisation."""
    parts = [profile.name_zh, profile.name_other, profile.city, profile.zone, profile.summary]
    for value in profile.details.values():
        parts += value if isinstance(value, list) else [value]
    return folded(" ".join(parts))


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


def lapse_warning(until: date, warned: int | None, today: date) -> int | None:
    """Return the days before its end that a verification's owners are to be warned of now."""
    due = [days for days in LAPSE_WARNINGS if today <= until <= today + timedelta(days)]
    days = min(due, default=None)
    return days if days is not None and (warned is None or days < warned) else None


def _under_way(messages: Sequence[Any]) -> Sequence[Any]:
    """What was said since the last verification."""
    ends = [n for n, one in enumerate(messages, 1) if one.kind == MessageKind.VERIFIED]
    return messages[ends[-1] :] if ends else messages


def open_question(messages: Sequence[Any]) -> Any | None:
    """The curators' question that the organisation has not answered. Messages: oldest first."""
    asked = None
    for message in _under_way(messages):
        if message.kind == MessageKind.QUESTION:
            asked = message
        elif message.kind not in MessageKind.BY_CURATORS:
            asked = None
    return asked


def kind_of_reply(status: str, messages: Sequence[Any]) -> MessageKind:
    """What it is that an organisation sends now."""
    if status == OrganisationStatus.REFUSED:
        return MessageKind.APPEAL
    return MessageKind.REPLY if open_question(messages) else MessageKind.PAPERS


def may_appeal(messages: Sequence[Any]) -> bool:
    """A refusal may be appealed against once: the second one, by another officer, stands."""
    return all(message.kind != MessageKind.APPEAL for message in _under_way(messages))


def refused_by(messages: Sequence[Any]) -> int | None:
    """The officer whose refusal is appealed against: another one decides."""
    under_way = _under_way(messages)
    if may_appeal(under_way):
        return None
    return next((one.author_id for one in under_way if one.kind == MessageKind.REFUSAL), None)


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 28 February when it has no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def leaves_on(since: date) -> date:
    """The day that an organisation is deleted on which nobody takes over.

    `since`: the day that a curator entered it, or said last that it stays.
    """
    return years_after(since, MONTHS_TO_TAKE_OVER // 12)


def leaves(organisation: Any, ties: Collection[Tie], today: date) -> bool:
    """Return whether an organisation is deleted today: nobody took it over, nothing holds it.

    One that a curator has suspended, closed or made part of another stays as that decision.
    """
    if ties or organisation.status in OrganisationStatus.OUT or not organisation.awaits_owner:
        return False
    return organisation.leaves_on is not None and organisation.leaves_on <= today


def merge_obstacle(kept: str, merged: str, *, work_together: bool) -> Refusal | None:
    """Return why two organisations of these statuses cannot become one; None where they can."""
    if OrganisationStatus.MERGED in (kept, merged):
        return Refusal.MERGED_ALREADY
    if kept in OrganisationStatus.OUT or merged in OrganisationStatus.OUT:
        return Refusal.MERGE_NEEDS_TWO_OPEN
    return Refusal.WORK_TOGETHER if work_together else None


def may_undo_merge(merged_at: datetime, at: datetime) -> bool:
    """A merge is undone within a week."""
    return at <= merged_at + MERGE_UNDONE_WITHIN


def status_when_reinstated(verified_until: date | None, today: date) -> str:
    """Return what a suspended organisation becomes again, by the end of its verification."""
    if verified_until is None:
        return OrganisationStatus.REGISTERED
    return standing(OrganisationStatus.VERIFIED, verified_until, today)


def higher_role(one: str, other: str) -> str:
    """The role of the two that may do more."""
    order = list(MemberRole)
    return min(one, other, key=lambda role: order.index(MemberRole(role)))


def may_leave(role: str, roles_of_all: Sequence[str], *, is_closed: bool = False) -> bool:
    """Everybody may leave but the last owner of an organisation that is not closed."""
    return is_closed or role != MemberRole.OWNER or roles_of_all.count(MemberRole.OWNER) > 1
