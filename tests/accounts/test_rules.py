from __future__ import annotations

import pytest

from matchmaker.accounts.rules import may_lose_administrator, normalised_email, password_fault


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("nine char", "too_short"),
        ("ten chars!", None),
        ("盐湖边的风很大啊", "too_short"),
        ("盐湖边的风一直都很大", None),
        ("x" * 201, "too_long"),
        ("qwertyuiop", "too_common"),
        ("QwertyUiop", "too_common"),
        ("aaaaaaaaaaaa", "too_common"),
        ("abababababab", "too_common"),
        ("ana.lopez.garcia@example.org", "too_like_address"),
        ("ANA.lopez.garcia@example.org", "too_like_address"),
        ("ana.lopez.garcia", "too_like_address"),
    ],
)
def test_a_password_must_be_hard_to_guess(password: str, fault: str | None) -> None:
    assert password_fault(password, "ana.lopez.garcia@example.org") == fault


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Ana@Example.ORG ", "ana@example.org"),
        ("张三@例子.中国", "张三@例子.中国"),
        ("ana", None),
        ("ana@localhost", None),
        ("Ana <ana@example.org>", None),
        ("a b@example.org", None),
        ("", None),
    ],
)
def test_an_address_has_one_stored_form(typed: str, stored: str | None) -> None:
    assert normalised_email(typed) == stored


@pytest.mark.parametrize(
    ("administrators", "may"), [([1], False), ([1, 2], True), ([2], True), ([1, 1], False)]
)
def test_the_last_administrator_stays(administrators: list[int], may: bool) -> None:
    assert may_lose_administrator(1, administrators) is may
