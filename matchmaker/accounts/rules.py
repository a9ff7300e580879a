"""Decisions about accounts, over plain facts."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

from email_validator import EmailNotValidError, validate_email

from matchmaker.errors import Refusal

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
PASSWORD_LIMITS: Mapping[Refusal, Mapping[str, int]] = {
    Refusal.TOO_SHORT: {"number": SHORTEST_PASSWORD},
    Refusal.TOO_LONG: {"number": LONGEST_PASSWORD},
}

# The most used passwords of at least ten characters, from lists that are tried first, without case.
_WORST = """
0123456789 0987654321 1111111111 1122334455 1212121212 1234512345 123123123123 1234567890
12345678900 12345678910 123456789a 123456789q 1234567891 1234567899 1357924680 147258369a 1472583690
1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 9876543210 987654321a a123456789 a1234567890 aa12345678
aa123456789 aaaaaaaaaa abc1234567 abc123456789 abcd123456 abcd1234567 abcdefghij admin12345
admin123456 administrator asd1234567 asdfghjkl1 asdfghjkl123 changeme123 computer123 contrasena1
contraseña contraseña1 dragon12345 football123 iloveyou12 iloveyou123 iloveyou520 iloveyou1314
letmein1234 mima123456 password01 password10 password11 password12 password123 password1234
password12345 p@ssw0rd123 passw0rd123 princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedcr qazwsxedc123
qq123456789 qwe1234567 qwer123456 qwerty1234 qwerty12345 qwerty123456 qwertyuiop qwertyuiop123
sunshine123 superman123 temporal123 test123456 w123456789 welcome123 welcome1234 woaini1314
woaini520 woaini5201314 woaini123456 zaq12wsx34 zxcvbnm123 zxcvbnm1234 5201314520 5201314woaini
"""
WORST_PASSWORDS = frozenset(_WORST.split())


def normalised_email(text: str) -> str | None:
    """The address in its one stored form, lower case; None when it is no e-mail address."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def normalised_password(text: str) -> str:
    """The same characters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFC", text)


def password_fault(password: str, email: str) -> Refusal | None:
    """Return why a password will not do, or None when it will."""
    password = normalised_password(password)
    plain = password.casefold()
    if len(password) < SHORTEST_PASSWORD:
        return Refusal.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return Refusal.TOO_LONG
    if email and plain in (email.casefold(), email.casefold().partition("@")[0]):
        return Refusal.TOO_LIKE_ADDRESS
    if plain in WORST_PASSWORDS or len(set(plain)) <= 2:
        return Refusal.TOO_COMMON
    return None


def may_lose_administrator(user_id: int, active_administrators: Collection[int]) -> bool:
    """There is always somebody left who can administer."""
    return bool(set(active_administrators) - {user_id})
