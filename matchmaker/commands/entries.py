"""What was read of a file of listings: its rows, and all that is to be told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from matchmaker.engine import Listing
from matchmaker.tables.reading import Reading


class Problem(NamedTuple):
    """What is wrong with a row, or what of it was read otherwise than written."""

    sheet: str
    row: int
    fault: str
    data: Mapping[str, Any]


class Entry(NamedTuple):
    """A listing with its place in the file, and whose it is."""

    listing: Listing
    sheet: str
    row: int
    organisation: str
    contact: str


@dataclass(slots=True)
class Entries:
    """What was read of a file: its listings, the rows refused, and what is to be told."""

    path: Path
    reading: Reading
    listings: list[Entry] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
