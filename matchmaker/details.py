"""Fields that a data file adds to a form: of one type of organisation, of one resource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Labels = Mapping[str, str]
LONGEST_TEXT, MOST_LINES, LONGEST_LINE = 200, 20, 120
NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")


class DetailKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    LINES = "lines"  # one thing a line
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Detail:
    """A field with its labels. `options`: the codes of a choice, with their labels."""

    code: str
    kind: DetailKind
    labels: Labels
    unit: Labels
    options: Mapping[str, Labels]

    def label(self, language: str) -> str:
        """The label in zh, en or es, with the unit."""
        label, unit = self.labels[language], self.unit.get(language)
        if not unit:
            return label
        return f"{label}（{unit}）" if language == "zh" else f"{label} ({unit})"

    def said(self, value: Any, language: str) -> str:
        """A value as a person reads it, with its unit; lines stay one below the other."""
        if self.kind == DetailKind.LINES:
            return "\n".join(value)
        if self.kind == DetailKind.CHOICE:
            return self.options[value][language] if value in self.options else ""
        space = "" if language == "zh" else " "
        return f"{value}{space}{self.unit.get(language, '')}".strip()


def details(fields: Mapping[str, Mapping[str, Any]]) -> tuple[Detail, ...]:
    """Return the fields that a part of a data file describes, in its order."""
    return tuple(
        Detail(
            code,
            DetailKind(entry["kind"]),
            {language: entry[language] for language in ("zh", "en", "es")},
            entry.get("unit", {}),
            entry.get("options", {}),
        )
        for code, entry in fields.items()
    )
