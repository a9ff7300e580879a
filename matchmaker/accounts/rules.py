"""Decisions about accounts, over plain facts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from matchmaker.errors import Refusal
from matchmaker.web.addresses import network_of

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
PASSWORD_LIMITS: Mapping[Refusal, Mapping[str, int]] = {
    Refusal.TOO_SHORT: {"number": SHORTEST_PASSWORD},
    Refusal.TOO_LONG: {"number": LONGEST_PASSWORD},
}

# zxcvbn's lists hold the 30,000 commonest passwords and common words of English, names among them.
# These are the words of Chinese and Spanish passwords, and of this site.
COMMON_WORDS = (
    *("woaini", "woaiwo", "aini", "5201314", "1314520", "520520", "1314", "zhongguo", "beijing"),
    *("shanghai", "mima", "admin", "administrador", "contraseña", "contrasena", "temporal"),
    *("usuario", "bienvenido", "teamo"),
)
EASY: Mapping[str, Refusal] = {  # zxcvbn's kinds of parts
    "spatial": Refusal.ROWS_OF_KEYS,
    "repeat": Refusal.REPEATS,
    "sequence": Refusal.SEQUENCES,
    "date": Refusal.DATES,
    "regex": Refusal.DATES,
}
NAMES_OF_THE_SITE = ("matchmaker", "eastwest", "东西部", "科技合作", "dongxibu")
READ_OF_PASSWORD = 40  # characters: working out how hard more are to guess would take long
FEWEST_GUESSES = 2 * 10**9
SHORTEST_NAME = 3
LEAST_BESIDE_NAMES = 6  # characters: fewer are a year or "123!"


def normalised_email(text: str) -> str | None:
    """The address in its one stored form, lower case; None when it is no e-mail address."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def normalised_password(text: str) -> str:
    """The same characters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFC", text)


def password_fault(password: str, email: str, names: Collection[str] = ()) -> Refusal | None:
    """Return why a password will not do, or None when it will.

    `names` are those of the person and the organisation, which others try.
    """
    password = normalised_password(password)
    plain = password.casefold()
    if len(password) < SHORTEST_PASSWORD:
        return Refusal.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return Refusal.TOO_LONG
    if email and plain in (email.casefold(), email.casefold().partition("@")[0]):
        return Refusal.TOO_LIKE_ADDRESS
    return _easy_to_guess(password, words_of(email, *names, *NAMES_OF_THE_SITE))


def words_of(*names: str) -> set[str]:
    """Names and the words in them, as others would try them."""
    words = {word for name in names for word in re.split(r"[\W_]+", name.casefold())}
    whole = {name.casefold() for name in names}
    return {word for word in words | whole if len(word) >= SHORTEST_NAME}


def _easy_to_guess(password: str, names: Collection[str]) -> Refusal | None:
    """Say what makes a password easy to guess: names, or the longest part that is tried first."""
    from zxcvbn import zxcvbn  # noqa: PLC0415  # reads its lists, which takes half a second

    left = password.casefold()
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name, "")
    if len(left) < LEAST_BESIDE_NAMES:
        return Refusal.NAMES_SOMEBODY
    found = zxcvbn(password[:READ_OF_PASSWORD], user_inputs=[*names, *COMMON_WORDS])
    if found["guesses"] >= FEWEST_GUESSES:
        return None
    part = max(found["sequence"], key=lambda part: len(part["token"]))
    if part.get("dictionary_name") in ("passwords", "user_inputs"):
        return Refusal.TOO_COMMON
    return EASY.get(part["pattern"], Refusal.EASY_TO_GUESS)


def may_lose_administrator(user_id: int, active_administrators: Collection[int]) -> bool:
    """There is always somebody left who can administer."""
    return bool(set(active_administrators) - {user_id})


# Who decides about others shows an authenticator app's code at every sign-in.
ROLES_WITH_SECOND_FACTOR = frozenset({"provincial_curator", "national_curator", "administrator"})


def needs_second_factor(roles: Iterable[str]) -> bool:
    return not ROLES_WITH_SECOND_FACTOR.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Told:
    """Whom an institution names: its own number of a person, and an address that it has proved.

    `email` is empty where there is no such address.
    """

    issuer: str
    subject: str
    email: str


def speaks_for(domains: Collection[str], email: str) -> bool:
    """Return whether an institution with these mail domains may say whose address it is."""
    return email.rpartition("@")[2] in domains


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lives: without a request, and in any case."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody signs in: the asking address and the browser, as it calls itself."""

    address: str
    browser: str


def is_same_place(one: Place, other: Place) -> bool:
    """The same browser in the same network: addresses of one line change."""
    return one.browser == other.browser and network_of(one.address) == network_of(other.address)
