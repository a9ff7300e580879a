"""What a row says of its resource: which one it is, and the fields that this one alone has."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from matchmaker.details import LONGEST_LINE, LONGEST_TEXT, MOST_LINES, NUMBER, Detail, DetailKind
from matchmaker.imports.states import RowFault
from matchmaker.listings.resources import codes, resource
from matchmaker.tables import rows, values
from matchmaker.tables.headings import Field
from matchmaker.tables.rows import Cells

PREFIX = "details."  # before the code of such a field, as columns and rows name it
# The fields of each resource, in the order of templates and exports.
OF_RESOURCE: Mapping[str, Mapping[Field, Detail]] = {
    code: {Field(f"{PREFIX}{one.code}"): one for one in resource(code).details} for code in codes()
}
DETAILS: Mapping[Field, Detail] = {
    name: one for fields in OF_RESOURCE.values() for name, one in fields.items()
}
OWNER: Mapping[Field, str] = {name: code for code, of in OF_RESOURCE.items() for name in of}
_IN_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]\s*$")


class Unfit(Exception):
    """A cell does not fit its field."""

    def __init__(self, fault: RowFault, **data: Any) -> None:
        super().__init__(fault)
        self.fault = fault
        self.data = data


def settled(said: str | None, filled: Collection[str]) -> str | None:
    """Return which resource a row is of, or None where it does not say.

    `said`: what the row calls it. `filled`: the resources whose own fields it fills.
    """
    if said:
        return said
    return next(iter(filled)) if len(filled) == 1 else None


def value_of(cells: Cells, name: Field) -> Any:
    """Return what a row says in a field of a resource, "" or an empty list for nothing.

    A choice that is not known is None. Raises Unfit, and CellFault.
    """
    detail = DETAILS[name]
    if detail.kind == DetailKind.LINES:
        return _lines(cells, name)
    text = cells.text(name)
    if values.says_nothing(text):
        return ""
    if detail.kind == DetailKind.CHOICE:
        return values.choice(detail.code, text, _labels(detail))
    if detail.kind == DetailKind.NUMBER:
        return _number(cells, name, text)
    text = " ".join(text.split())
    if len(text) > LONGEST_TEXT:
        raise Unfit(RowFault.TOO_LONG, most=LONGEST_TEXT, length=len(text))
    return text


def _labels(detail: Detail) -> dict[str, str]:
    return {label.lower(): code for code, of in detail.options.items() for label in of.values()}


def _lines(cells: Cells, name: Field) -> list[str]:
    found = [line for line in rows.lines(cells, name) if not values.says_nothing(line)]
    longest = max(map(len, found), default=0)
    if len(found) > MOST_LINES:
        raise Unfit(RowFault.TOO_MANY, most=MOST_LINES, number=len(found))
    if longest > LONGEST_LINE:
        raise Unfit(RowFault.LONG_LINE, most=LONGEST_LINE, length=longest)
    return found


def _number(cells: Cells, name: Field, text: str) -> str:
    in_heading = _IN_BRACKETS.search(cells.heading(name))
    try:
        number = values.measure(DETAILS[name].code, text, in_heading[1] if in_heading else "")
    except ValueError as error:
        raise Unfit(RowFault.MEASURE, value=text) from error
    if not NUMBER.fullmatch(number):
        raise Unfit(RowFault.MEASURE, value=text)
    return number
