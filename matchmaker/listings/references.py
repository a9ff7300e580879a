"""Patents, papers, standards and registered results by number, each in its one writing.

A line names one number and then what it shows: “ZL202010123456.2: recovery above 90 %”.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class ReferenceKind(StrEnum):
    PATENT = "patent"
    VARIETY = "variety"
    SOFTWARE = "software"
    RESULT = "result"
    PAPER = "paper"
    STANDARD = "standard"


# What belongs to its owners: papers and standards are named by many.
OWNED = (
    ReferenceKind.PATENT,
    ReferenceKind.VARIETY,
    ReferenceKind.SOFTWARE,
    ReferenceKind.RESULT,
)


class ReferenceFault(StrEnum):
    UNKNOWN = "unknown"  # no form that is known
    CHECK_DIGIT = "check_digit"


class NoReference(ValueError):
    """A line that names nothing; `expected`: the check digit that would fit."""

    def __init__(self, fault: ReferenceFault, expected: str = "") -> None:
        super().__init__(fault)
        self.fault, self.expected = fault, expected


@dataclass(frozen=True, slots=True)
class Reference:
    """A number in its one writing, and what it shows."""

    number: str
    shows: str = ""

    def __str__(self) -> str:
        return f"{self.number}: {self.shows}" if self.shows else self.number

    @property
    def kind(self) -> ReferenceKind:
        """What the number is one of, told by its form."""
        return next(form.kind for form in _FORMS if form.pattern.match(self.number))

    @property
    def spellings(self) -> tuple[str, ...]:
        """How else the same thing is numbered: a patent applied for (CN) and granted (ZL)."""
        if self.number.startswith(("ZL", "CN")) and "." in self.number:
            return (f"ZL{self.number[2:]}", f"CN{self.number[2:]}")
        return (self.number,)

    @classmethod
    def read(cls, line: str) -> Reference:
        """Read a line that begins with a number. Raises NoReference for any other."""
        plain = " ".join(unicodedata.normalize("NFKC", line).translate(_DASHES).split())
        for form in _FORMS:
            if found := form.pattern.match(plain):
                number = form.write(found)
                return cls(number, plain[found.end() :].strip(_BETWEEN))
        raise NoReference(ReferenceFault.UNKNOWN)


_DASHES = str.maketrans("‐‑‒–—―－", "-------")
_BETWEEN = " :;,.。、，；：-()"
TEN = 10  # a check digit that is written as X
_OFFICES = "US|EP|WO|JP|KR|DE|FR|GB|ES|RU|AU|CA|CL|AR|MX|BR|PE|IL|IN"


def _patent(found: re.Match[str]) -> str:
    """Write a Chinese patent. Raises NoReference where its check digit is wrong."""
    digits, check = found["digits"].replace(" ", ""), found["check"].upper()
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(digits)) % 11
    expected = "X" if total == TEN else str(total)
    if check != expected:
        raise NoReference(ReferenceFault.CHECK_DIGIT, expected)
    return f"{(found['sign'] or 'CN').upper()}{digits}.{check}"


def _publication(found: re.Match[str]) -> str:
    return f"CN {found['digits']} {found['letter'].upper()}"


def _foreign(found: re.Match[str]) -> str:
    letter = f" {found['letter'].upper()}" if found["letter"] else ""
    return f"{found['office'].upper()} {re.sub(r'[ ,]', '', found['digits'])}{letter}"


def _standard(found: re.Match[str]) -> str:
    sign = re.sub(r"\s", "", found["sign"]).upper()
    return f"{sign} {found['digits']}-{found['year']}"


def _international(found: re.Match[str]) -> str:
    year = f":{found['year']}" if found["year"] else ""
    return f"{found['sign'].upper()} {found['digits']}{year}"


def _as_written(found: re.Match[str]) -> str:
    return found[0].upper().replace(" ", "")


class _Form(NamedTuple):
    kind: ReferenceKind
    pattern: re.Pattern[str]
    write: Callable[[re.Match[str]], str]


def _form(kind: ReferenceKind, pattern: str, write: Callable[[re.Match[str]], str]) -> _Form:
    return _Form(kind, re.compile(pattern, re.I | re.A), write)


# A number ends where no letter or digit follows.
_FORMS = (
    _form(
        ReferenceKind.PATENT,
        r"(?P<sign>ZL|CN)? ?(?P<digits>(?:19|20)\d{2} ?[12389] ?\d{7}|\d{8})\."
        r"(?P<check>[\dX])(?!\w)",
        _patent,
    ),
    _form(
        ReferenceKind.PATENT,
        r"CN ?(?P<digits>\d{7,9}) ?(?P<letter>[ABCUSY]\d?)(?!\w)",
        _publication,
    ),
    _form(
        ReferenceKind.PATENT,
        rf"(?P<office>{_OFFICES}) ?(?P<digits>\d{{4}}/\d{{5,7}}|\d[\d,]{{5,12}})"
        r" ?(?P<letter>[A-Z]\d?)?(?!\w)",
        _foreign,
    ),
    _form(ReferenceKind.VARIETY, r"CNA ?\d{8,11}(?:\.\d)?E?(?!\w)", _as_written),
    _form(ReferenceKind.SOFTWARE, r"(?:19|20)\d{2} ?SR ?\d{6,7}(?!\w)", _as_written),
    _form(ReferenceKind.RESULT, r"9\d{2}\d?(?:19|20)\d{2}[JYR]\d{4}(?!\w)", _as_written),
    _form(
        ReferenceKind.PAPER,
        r"(?:https?://(?:dx\.)?doi\.org/|doi: ?)?(?P<doi>10\.\d{4,9}/[^\s:：，。；]*[a-z0-9)])",
        lambda found: found["doi"].lower(),
    ),
    _form(
        ReferenceKind.STANDARD,
        r"(?P<sign>ISO(?:/IEC|/TS|/TR)?|IEC) ?(?P<digits>\d{1,6}(?:-\d{1,3})?)"
        r"(?::(?P<year>(?:19|20)\d{2}))?(?!\w)",
        _international,
    ),
    _form(
        ReferenceKind.STANDARD,
        r"(?P<sign>T ?/ ?[A-Z]{2,12}|Q ?/ ?[A-Z0-9]{2,12}|(?:DB ?\d{2,4}|[A-Z]{2})(?: ?/ ?[TZ])?)"
        r" ?(?P<digits>\d{1,6}(?:\.\d{1,3})*) ?- ?(?P<year>(?:19|20)\d{2})(?!\w)",
        _standard,
    ),
)
