from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from stdnum.cn import uscc as social_credit_code

from matchmaker.organisations import rules, states
from matchmaker.organisations.rules import Profile
from matchmaker.organisations.states import OrganisationStatus, Tie
from tests.organisations.conftest import FORM

GOOD = "91110000600037341L"


def with_check(body: str) -> str:
    """A code of any registering authority, with the check digit of GB 32100."""
    return body + social_credit_code.calc_check_digit(body)


PROFILE = Profile(**FORM)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (GOOD, None),
        (GOOD[:-1], "length"),
        (GOOD + "0", "length"),
        ("", "length"),
        (GOOD[:-1] + "M", "check"),
        ("91110000600037314L", "check"),
        ("9111000060003734IL", "characters"),
        ("A1110000600037341L", "check"),
        (with_check("A1110000600037341"), None),
        (with_check("N2511525MF1234567"), None),
        (with_check("Y1110000600037341"), None),
        (with_check("54630102MEA123456"), None),
        ("B1110000600037341L", "authority"),
        ("01110000600037341L", "characters"),
        ("911100006000é7341L", "characters"),
    ],
)
def test_a_social_credit_code_is_checked(code: str, fault: str | None) -> None:
    assert rules.uscc_fault(code) == fault


@pytest.mark.parametrize(
    "typed",
    [
        GOOD.lower(),
        " 91110000 60003734 1L ",
        "91110000-60003734-1L",
        "９１１１００００６０００３７３４１Ｌ",
    ],
)
def test_a_code_may_be_typed_in_groups(typed: str) -> None:
    assert rules.normalised_uscc(typed) == GOOD


@pytest.mark.parametrize(
    ("digits", "province", "agrees"), [("63", "63", True), ("63", "64", False), ("10", "64", True)]
)
def test_a_codes_region_is_compared_with_the_province(
    digits: str, province: str, agrees: bool
) -> None:
    assert rules.uscc_agrees(f"91{digits}0000MA0000000X", province) is agrees


@pytest.mark.parametrize(
    ("verified_on", "expires_on", "fault"),
    [
        (date(2026, 11, 23), date(2027, 11, 23), None),
        (date(2026, 11, 20), date(2029, 11, 20), None),
        (date(2026, 11, 20), date(2029, 11, 21), "long"),
        (date(2026, 11, 24), date(2027, 11, 23), "future"),
        (date(2026, 11, 23), date(2026, 11, 23), "order"),
        (date(2026, 11, 1), date(2026, 11, 22), "past"),
        (date(2026, 11, 1), date(2026, 11, 23), None),
        (date(2024, 2, 29), date(2027, 2, 28), None),
        (date(2024, 2, 29), date(2027, 3, 1), "long"),
    ],
)
def test_a_verifications_dates(verified_on: date, expires_on: date, fault: str | None) -> None:
    assert rules.verification_fault(verified_on, expires_on, date(2026, 11, 23)) == fault


@pytest.mark.parametrize(
    ("expires_on", "status"),
    [(None, "registered"), (date(2026, 11, 23), "verified"), (date(2026, 11, 22), "lapsed")],
)
def test_a_reinstated_organisation_is_what_its_verification_says(
    expires_on: date | None, status: str
) -> None:
    assert rules.status_when_reinstated(expires_on, date(2026, 11, 23)) == status


@pytest.mark.parametrize(
    ("change", "identity"),
    [
        ({"name_zh": "别的公司"}, ["name_zh"]),
        ({"name_other": "Another", "other_language": "es"}, ["name_other", "other_language"]),
        ({"type": "park"}, ["type"]),
        ({"province": "64"}, ["province"]),
        ({"province": "64", "city": "银川"}, ["city", "province"]),
        ({"uscc": GOOD}, ["uscc"]),
        ({"city": "西宁"}, []),
        ({"summary": "Other words."}, []),
        ({"contact_email": "new@example.org"}, []),
        ({"sectors": ["water"]}, []),
        ({}, []),
    ],
)
def test_who_an_organisation_is(change: dict[str, Any], identity: list[str]) -> None:
    who, text = rules.changes(PROFILE, replace(PROFILE, **change))
    assert sorted(who) == identity
    assert who | text == change


def test_the_order_of_sectors_means_nothing() -> None:
    assert rules.changes(PROFILE, replace(PROFILE, sectors=PROFILE.sectors[::-1])) == ({}, {})


@pytest.mark.parametrize(
    ("status", "until", "standing"),
    [
        ("verified", date(2026, 11, 23), "verified"),
        ("verified", date(2026, 11, 22), "lapsed"),
        ("verified", None, "lapsed"),
        ("registered", None, "registered"),
        ("lapsed", date(2026, 11, 22), "lapsed"),
        ("suspended", date(2026, 11, 22), "suspended"),
    ],
)
def test_a_verification_ends_by_its_date(status: str, until: date | None, standing: str) -> None:
    assert states.standing(status, until, date(2026, 11, 23)) == standing


@pytest.mark.parametrize(("grant", "after"), [(True, None), (None, None), (False, False)])
def test_a_new_identity_keeps_refusals_and_no_grant(grant: bool | None, after: bool | None) -> None:
    assert rules.grant_for_successor(grant) is after


@pytest.mark.parametrize(
    ("role", "roles", "may"),
    [
        ("owner", ["owner"], False),
        ("owner", ["owner", "editor", "viewer"], False),
        ("owner", ["owner", "owner"], True),
        ("editor", ["owner", "editor"], True),
        ("viewer", ["owner", "viewer"], True),
    ],
)
def test_the_last_owner_stays(role: str, roles: list[str], may: bool) -> None:
    assert rules.may_leave(role, roles) is may


@pytest.mark.parametrize(
    ("since", "day"),
    [
        (date(2026, 12, 1), date(2028, 12, 1)),
        (date(2026, 2, 28), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2030, 2, 28)),
    ],
)
def test_an_organisation_waits_two_years_to_be_taken_over(since: date, day: date) -> None:
    assert rules.leaves_on(since) == day


DAY = date(2028, 12, 1)
LEAVING: dict[str, Any] = {"awaits_owner": True, "leaves_on": DAY, "status": "registered"}


@pytest.mark.parametrize(
    ("fields", "ties", "today", "leaves"),
    [
        ({}, (), date(2028, 11, 30), False),
        ({}, (), DAY, True),
        ({}, (), date(2029, 3, 1), True),
        ({"awaits_owner": False}, (), DAY, False),
        ({"leaves_on": None}, (), DAY, False),
        *(({"status": status}, (), DAY, False) for status in OrganisationStatus.OUT),
        ({"status": "refused"}, (), DAY, True),
        *(({}, (tie,), DAY, False) for tie in Tie),
    ],
)
def test_it_leaves_on_its_day_if_nobody_took_it_over_and_nothing_holds_it(
    fields: dict[str, Any], ties: tuple[Tie, ...], today: date, leaves: bool
) -> None:
    assert rules.leaves(SimpleNamespace(**LEAVING | fields), ties, today) is leaves
