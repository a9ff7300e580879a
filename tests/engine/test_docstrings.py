"""The engine can be used from its docstrings alone: each public name has an example that runs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import sys
from types import ModuleType

import pytest

import matchmaker.engine
import matchmaker.engine.index
import matchmaker.engine.search

DOORS = (matchmaker.engine, matchmaker.engine.index, matchmaker.engine.search)
PUBLIC = {
    f"{door.__name__}.{name}": getattr(door, name)
    for door in DOORS
    for name in door.__all__
    if inspect.isfunction(inspect.unwrap(getattr(door, name)))
    or inspect.isclass(getattr(door, name))
}
MODULES = sorted({inspect.unwrap(one).__module__ for one in PUBLIC.values()})
NEEDS_NONE = {"matchmaker.engine.search.vocabulary"}  # an exception


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name: str) -> None:
    done = doctest.testmod(importlib.import_module(name))
    assert done.attempted or name in NEEDS_NONE
    assert not done.failed


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_is_documented(name: str) -> None:
    one = PUBLIC[name]
    lines = sections(one)
    if inspect.isclass(one) and issubclass(one, Exception):
        return
    assert "Examples" in lines, "no example"
    parameters = set(inspect.signature(one).parameters) if not is_protocol(one) else set()
    assert parameters <= described(lines), "a parameter is not described"


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_the_public_methods_are_documented(name: str) -> None:
    one = PUBLIC[name]
    for method_name, found in vars(one).items() if inspect.isclass(one) else ():
        method = getattr(found, "__func__", found)
        if inspect.isfunction(method) and not method_name.startswith("_"):
            parameters = set(inspect.signature(method).parameters) - {"self", "cls"}
            lines = sections(method)
            assert len(parameters) < 2 or parameters <= described(lines), method_name


def test_only_the_doors_are_public() -> None:
    """No package of the engine beside the doors offers names of its own."""
    for found in pkgutil.walk_packages(matchmaker.engine.__path__, "matchmaker.engine."):
        if found.ispkg and sys.modules.get(found.name) not in DOORS:
            package: ModuleType = importlib.import_module(found.name)
            assert not hasattr(package, "__all__")


def is_protocol(one: object) -> bool:
    return bool(getattr(one, "_is_protocol", False))


def sections(one: object) -> list[str]:
    text = inspect.getdoc(one)
    assert text, "no docstring"
    return text.splitlines()


def described(lines: list[str]) -> set[str]:
    """Return the names in the section Parameters, which stand at the margin."""
    if "Parameters" not in lines:
        return set()
    names: set[str] = set()
    for line in lines[lines.index("Parameters") + 2 :]:
        if line.startswith("---"):
            break
        if line and not line.startswith(" "):
            names.update(name.strip() for name in line.split(" : ")[0].split(","))
    return names
