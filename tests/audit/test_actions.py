"""Every action that is recorded has words for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from matchmaker.audit.messages import ACTIONS, SUBJECTS, action_label
from matchmaker.notices.messages import CATALOGUE
from matchmaker.paths import PACKAGE
from matchmaker.permissions import RULES

CODE = re.compile(r"(account|organisation|listing|suggestion|match|plan|demo)\.[a-z_]+")


def recorded() -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """(where, action, subject type) of every call of audit.record in the code base."""
    for path in sorted(Path(PACKAGE).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_record(node.func) and len(node.args) >= 5:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.args[2], node.args[3]


def _is_record(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "record"
        and ast.unparse(function.value) == "audit"
    )


def literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def mentioned() -> Iterator[str]:
    """Codes in services that reach `audit.record` by a variable."""
    for path in sorted(Path(PACKAGE).rglob("service.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = literal(node)
            if text and CODE.fullmatch(text) and text not in RULES and text not in CATALOGUE:
                yield text


ACTIONS_RECORDED = sorted({action for _, node, _ in recorded() if (action := literal(node))})
SUBJECTS_RECORDED = sorted({subject for _, _, node in recorded() if (subject := literal(node))})


def test_the_calls_are_found() -> None:
    assert {"organisation.verify", "account.suspend", "plan.load"} <= set(ACTIONS_RECORDED)


@pytest.mark.parametrize("action", sorted({*ACTIONS_RECORDED, *mentioned()}))
def test_every_action_has_words(action: str) -> None:
    assert action in ACTIONS


@pytest.mark.parametrize("subject", SUBJECTS_RECORDED)
def test_every_kind_of_subject_has_a_word(subject: str) -> None:
    assert subject in SUBJECTS


def test_an_unknown_action_keeps_its_code() -> None:
    assert action_label("thing.done") == "thing.done"
