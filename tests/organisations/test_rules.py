from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matchmaker.organisations import rules
from matchmaker.organisations.rules import Profile
from tests.organisations.conftest import FORM

GOOD = "91110000600037341L"
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
        ("A1110000600037341L", "characters"),
        ("911100006000é7341L", "characters"),
    ],
)
def test_a_social_credit_code_is_checked(code: str, fault: str | None) -> None:
    assert rules.uscc_fault(code) == fault


@pytest.mark.parametrize("typed", [GOOD.lower(), " 91110000 60003734 1L ", "91110000-60003734-1L"])
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
    ("change", "another"),
    [
        ({"name_zh": "别的公司"}, True),
        ({"name_other": "Another"}, True),
        ({"type": "park"}, True),
        ({"province": "64"}, True),
        ({"uscc": GOOD}, True),
        ({"city": "西宁"}, False),
        ({"summary": "Other words."}, False),
        ({"contact_email": "new@example.org"}, False),
        ({"sectors": ["water"]}, False),
    ],
)
def test_who_an_organisation_is(change: dict[str, Any], another: bool) -> None:
    assert rules.is_somebody_else(PROFILE, replace(PROFILE, **change)) is another


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
