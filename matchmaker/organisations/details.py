"""What organisations of one type say of themselves, read from a data file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from matchmaker.datafiles import read_yaml
from matchmaker.details import Detail, details
from matchmaker.paths import SEED_DATA

FILE = SEED_DATA / "organisation_fields.yaml"


@cache
def _fields() -> Mapping[str, tuple[Detail, ...]]:
    return {type_: details(fields) for type_, fields in read_yaml(FILE).items()}


def fields_of(type_: str) -> tuple[Detail, ...]:
    """The fields of a type of organisation, in the order of the form; none for other types.

    >>> [one.code for one in fields_of("park")]
    ['area', 'operator', 'platforms', 'tenants']
    """
    return _fields().get(type_, ())
