"""A file read in a process of its own that may use little time and memory, for files of strangers.

The process has no settings and no database.
"""

from __future__ import annotations

import json
import math
import subprocess  # nosec B404
import sys
from typing import Any

from matchmaker.paths import PACKAGE
from matchmaker.tables.finding import Column, Row, Table
from matchmaker.tables.headings import Field
from matchmaker.tables.reading import Passed, PassedSheet, Reading
from matchmaker.tables.sheets import Cell, Fault, UnreadableTable, text_of

SECONDS = 60  # of the clock; of the processor it has less


def read(name: str, data: bytes, kind: str) -> Reading:
    """Return what `reading.read` finds; raises UnreadableTable also for what needs too much."""
    try:
        found = answer("matchmaker.tables", name, kind, data=data, seconds=SECONDS)
    except (subprocess.SubprocessError, ValueError) as error:
        raise UnreadableTable(Fault.SWELLS) from error
    if "fault" in found:
        raise UnreadableTable(Fault(found["fault"]), **found["data"])
    return from_plain(found)


def answer(module: str, *words: str, data: bytes, seconds: float) -> Any:
    """Return the JSON that a module prints when it runs in a process of its own and reads `data`.

    Raises SubprocessError when it fails or takes longer, ValueError when it prints something else.
    """
    done = subprocess.run(  # noqa: S603  # nosec B603
        [sys.executable, "-m", module, *words],
        input=data,
        cwd=PACKAGE.parent,
        env={},
        capture_output=True,
        timeout=seconds,
        check=True,
    )
    return json.loads(done.stdout)


def to_plain(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON has it; dates become texts."""
    return {
        "tables": [
            {
                "sheet": table.sheet,
                "heading_row": table.heading_row,
                "columns": [list(column) for column in table.columns],
                "rows": [
                    [row.number, [_plain(cell) for cell in row.cells], sorted(row.repeats)]
                    for row in table.rows
                ],
                "left_out": list(table.left_out),
                "replaced": table.replaced,
            }
            for table in reading.tables
        ],
        "passed": [list(one) for one in reading.passed],
    }


def from_plain(found: dict[str, Any]) -> Reading:
    """Return the reading that was written by `to_plain`."""
    tables = [
        Table(
            one["sheet"],
            one["heading_row"],
            [
                Column(place, heading, Field(name) if name else None, by_content)
                for place, heading, name, by_content in one["columns"]
            ],
            [Row(number, cells, frozenset(repeats)) for number, cells, repeats in one["rows"]],
            one["left_out"],
            one["replaced"],
        )
        for one in found["tables"]
    ]
    return Reading(tables, [PassedSheet(name, Passed(why)) for name, why in found["passed"]])


def _plain(cell: Cell) -> Any:
    """Return a cell that JSON can hold and that reads the same."""
    if cell is None or isinstance(cell, (str, bool, int)):
        return cell
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else str(cell)
    if isinstance(cell, list):
        return [_plain(part) for part in cell]
    return str(cell) if isinstance(cell, dict) else text_of(cell)
