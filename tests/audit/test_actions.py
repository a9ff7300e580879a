"""Every action that is recorded has words for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.audit.messages import ACTIONS, DETAILS, SUBJECTS, action_label, details_told
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


# Functions that hand their further arguments on to a record or a security event.
RECORDING = {"record", "_record", "_finish", "note"}
NO_DETAILS = {"at", "account"}


def details_recorded() -> Iterator[str]:
    """Return the names of details, given as arguments or in a dictionary called `detail`."""
    for path in sorted(Path(PACKAGE).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in RECORDING:
                yield from (named.arg for named in node.keywords if named.arg)
            elif isinstance(node, ast.Assign) and _name(node.targets[0]) == "detail":
                dictionaries = [d for d in ast.walk(node.value) if isinstance(d, ast.Dict)]
                yield from (
                    k for d in dictionaries for key in d.keys if key and (k := literal(key))
                )


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


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


@pytest.mark.parametrize("detail", sorted({*details_recorded()} - NO_DETAILS))
def test_every_detail_has_a_label(detail: str) -> None:
    assert detail in DETAILS


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en", "Reason: No capacity now; Side of the pair: Need; "
               "Until: 1 Jan 2027; Our side came: Yes"),
        ("es", "Motivo: Sin capacidad por ahora; Parte: Demanda tecnológica; "
               "Hasta: 1 ene 2027; Asistió nuestra parte: Sí"),
        ("zh_Hans", "原因：暂无精力或名额；所属方：技术需求；截止日期：2027年1月1日；我方到会：是"),
    ],
)  # fmt: skip
def test_details_are_told_in_the_language_of_the_reader(app: Flask, locale: str, told: str) -> None:
    details = {"reason": "no_capacity", "side": "need", "until": "2027-01-01", "we_came": True}
    with app.test_request_context(), force_locale(locale):
        assert details_told(details, locale[:2]) == told


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"match": 59, "listing": 308}, "Match: 59; Listing: 308"),
        ({"by": "need"}, "To be done by: Side of the need"),
        ({"by": "curator"}, "Seen by: A curator"),
        (
            {"choices": {"match": [True, "weekly"], "message": [False, "off", "with_words"]}},
            "Choices: Expressions of interest, matches and results: Yes, Weekly digest; "
            "Messages in matches: No, No mail, with the text of messages",
        ),
    ],
)
def test_a_detail_is_told_for_what_it_is(app: Flask, details: dict[str, Any], told: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert details_told(details, "en") == told


def test_an_unknown_action_keeps_its_code() -> None:
    assert action_label("thing.done") == "thing.done"
