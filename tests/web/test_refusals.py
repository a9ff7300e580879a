"""Every rule that may refuse has a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.accounts.rules import PASSWORD_LIMITS
from matchmaker.errors import Refusal
from matchmaker.pages.shared.refusals import SENTENCES, sentence
from matchmaker.paths import PACKAGE


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Refusal)


def test_every_refusal_is_somebodys() -> None:
    files = [path for path in Path(PACKAGE).rglob("*.py") if path.name != "refusals.py"]
    used = {name for path in files for name in re.findall(r"Refusal\.([A-Z_]+)", path.read_text())}
    assert set(Refusal.__members__) <= used


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "Password: at least 10 characters."),
        ("zh_Hans", "10"),
        ("es", "10"),
    ],
)
def test_data_fill_the_sentence(app: Flask, locale: str, said: str) -> None:
    with force_locale(locale):
        assert said in sentence(Refusal.TOO_SHORT, **PASSWORD_LIMITS[Refusal.TOO_SHORT])
