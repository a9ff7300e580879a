"""Code lists: codes are stored, labels are shown in the reader's language."""

from __future__ import annotations

from functools import cache

from matchmaker.datafiles import read_yaml
from matchmaker.paths import SEED_DATA

LANGUAGES = ("zh", "en", "es")


@cache
def _lists() -> dict[str, dict[str, dict[str, str]]]:
    lists: dict[str, dict[str, dict[str, str]]] = read_yaml(SEED_DATA / "codelists.yaml")
    return lists | {"outcome_measure": read_yaml(SEED_DATA / "outcome_measures.yaml")}


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list, in its own order. Raises KeyError for an unknown list."""
    return tuple(_lists()[name])


def offered(name: str) -> tuple[str, ...]:
    """The codes that people may choose: all but those that the platform alone gives."""
    return tuple(code for code, entry in _lists()[name].items() if entry.get("by") != "system")


def label(name: str, code: str, language: str) -> str:
    """The label of a code in zh, en or es. Raises KeyError for an unknown list or code."""
    return _lists()[name][code][language]


def modes_by_group() -> dict[str, tuple[str, ...]]:
    """Cooperation modes under their group, both in the list's order."""
    groups: dict[str, list[str]] = {group: [] for group in codes("mode_group")}
    for code, entry in _lists()["mode"].items():
        groups[entry["group"]].append(code)
    return {group: tuple(members) for group, members in groups.items()}


@cache
def by_label(*names: str) -> dict[str, str]:
    """Return the codes of lists by their labels in every language, in lower case."""
    return {
        label(name, code, language).lower(): code
        for name in names
        for code in codes(name)
        for language in LANGUAGES
    }
