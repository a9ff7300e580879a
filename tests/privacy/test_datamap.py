"""Every column that names an account is known to the data map."""

from __future__ import annotations

import re

from matchmaker import schema
from matchmaker.privacy.datamap import HOLDINGS

# Proof of who somebody is. It is of no use to its owner, and of much to a thief.
SECRET = re.compile(r"hash|secret|token|password")


def test_the_data_map_knows_every_column_that_names_an_account() -> None:
    naming = {
        f"{table.name}.{key.parent.name}"
        for table in schema.metadata().tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "users"
    }
    known = {f"{one.owner.class_.__tablename__}.{one.owner.key}" for one in HOLDINGS}
    assert known == naming


def test_no_secret_is_exported() -> None:
    exported = {str(column) for one in HOLDINGS for column in one.exported}
    assert {name for name in exported if SECRET.search(name)} == set()
