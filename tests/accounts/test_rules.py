from __future__ import annotations

from unittest.mock import Mock

import pytest
import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from matchmaker.accounts.rules import (
    READ_OF_PASSWORD,
    may_lose_administrator,
    normalised_email,
    password_fault,
)


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
        ("zxcvbnm,.lkj", "rows_of_keys"),
        ("xkxkxkxkxkxk", "repeats"),
        ("cdefghijklmn", "sequences"),
        ("12/06/1987aa", "dates"),
        ("Strawberry7", "too_common"),
        ("photosynthesis", "easy_to_guess"),
        ("matchmaker2026!", "names_somebody"),
        ("Qinghai-Salt-Works", "names_somebody"),
        ("青海盐湖集团2026", "names_somebody"),
        ("ana.lopez.garcia@example.org", "too_like_address"),
        ("ANA.lopez.garcia@example.org", "too_like_address"),
        ("ana.lopez.garcia", "too_like_address"),
    ],
)
def test_a_password_must_be_hard_to_guess(password: str, fault: str | None) -> None:
    names = ("Qinghai Salt Works", "青海盐湖集团")
    assert password_fault(password, "ana.lopez.garcia@example.org", names) == fault


STOCK = """
Password123! Password2024 P@ssw0rd123 P@ssw0rd2024 Welcome123! Welcome2024! Qwerty123456
Qwerty123!@#
Admin@123456 Admin123456! admin888888 root123456 abc123456! Abcd1234567 Aa123456789 a1234567890
1qaz2wsx3edc 1qaz@WSX3edc qazwsxedc123 zaq12wsxcde3 woaini5201314 woaini1314520 5201314woaini
zhongguo2024 Zhongguo@123 iloveyou2024 contraseña2024 Contraseña123 matchmaker123 bienvenido123
""".split()  # noqa: SIM905


@pytest.mark.parametrize("password", STOCK)
def test_stock_passwords_are_refused(password: str) -> None:
    assert password_fault(password, "ana@example.org") is not None


def test_the_commonest_passwords_are_refused() -> None:
    """Those of the 10,000 commonest that are long enough at all."""
    ranked = FREQUENCY_LISTS["passwords"]
    assert len(ranked) >= 10_000
    long_enough = [password for password in ranked[:10_000] if len(password) >= 10]
    assert [one for one in long_enough if password_fault(one, "") is None] == []


def test_of_a_long_password_no_more_than_its_beginning_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The work of it grows much faster than the length."""
    measure = Mock(wraps=zxcvbn.zxcvbn)
    monkeypatch.setattr(zxcvbn, "zxcvbn", measure)
    password_fault("aA4@bB8(" * 25, "ana@example.org")
    assert [len(call.args[0]) for call in measure.call_args_list] == [READ_OF_PASSWORD]


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
