"""What organisations of one type say of themselves, read from a data file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from matchmaker.datafiles import read_yaml
from matchmaker.paths import SEED_DATA

Labels = Mapping[str, str]
FILE = SEED_DATA / "organisation_fields.yaml"


class DetailKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    LINES = "lines"  # one thing a line
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Detail:
    """A field of one type of organisation. `options`: the codes of a choice, with their labels."""

    code: str
    kind: DetailKind
    labels: Labels
    unit: Labels
    options: Mapping[str, Labels]


@cache
def _fields() -> Mapping[str, tuple[Detail, ...]]:
    return {
        type_: tuple(
            Detail(
                code,
                DetailKind(entry["kind"]),
                {language: entry[language] for language in ("zh", "en", "es")},
                entry.get("unit", {}),
                entry.get("options", {}),
            )
            for code, entry in fields.items()
        )
        for type_, fields in read_yaml(FILE).items()
    }


def fields_of(type_: str) -> tuple[Detail, ...]:
    """The fields of a type of organisation, in the order of the form; none for other types.

    >>> [one.code for one in fields_of("park")]
    ['area', 'operator', 'platforms', 'tenants']
    """
    return _fields().get(type_, ())
