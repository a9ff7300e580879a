from __future__ import annotations

import re
from dataclasses import fields
from typing import get_type_hints

import pytest

from matchmaker.config import PREFIX, Settings, check_secret, from_environment
from matchmaker.errors import ConfigurationError
from matchmaker.paths import ROOT

GOOD = "k9vJw2Qx7LmZp4TsRb8NcYd3HfGa6EuW"


def test_the_readme_documents_every_setting_with_its_default() -> None:
    hints = get_type_hints(Settings, include_extras=True)
    expected = {}
    for field in fields(Settings):
        default = (
            {True: "yes", False: "no"}[field.default]
            if isinstance(field.default, bool)
            else str(field.default)
        )
        expected[PREFIX + field.name.upper()] = (default, hints[field.name].__metadata__[0])
    rows = re.findall(
        r"^\| `(MATCHMAKER_\w+)` \| (?:`(.*?)`)? ?\| (.*?) \|$",
        (ROOT / "README.md").read_text(),
        re.M,
    )
    assert {name: (default, about) for name, default, about in rows} == expected


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        ({"MATCHMAKER_COLOUR": "red"}, "MATCHMAKER_COLOUR is not a setting"),
        ({"MATCHMAKER_DEMO": "perhaps"}, "MATCHMAKER_DEMO must be yes or no"),
        ({"MATCHMAKER_MAIL_PORT": "25a"}, "MATCHMAKER_MAIL_PORT must be a whole number"),
        ({"MATCHMAKER_LOG_LEVEL": "LOUD"}, "MATCHMAKER_LOG_LEVEL must be one of"),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        from_environment(environ)


def test_settings_are_read_with_their_types() -> None:
    settings = from_environment(
        {"MATCHMAKER_DEMO": "Yes", "MATCHMAKER_MAIL_PORT": "2525", "HOME": "/elsewhere"}
    )
    assert (settings.demo, settings.mail_port) == (True, 2525)


@pytest.mark.parametrize("secret", ["", "short", "a" * 64, "abcabcabcabcabcabcabcabcabcabcabcabc"])
def test_a_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="MATCHMAKER_SECRET_KEY"):
        check_secret(secret)


def test_a_good_secret_passes() -> None:
    check_secret(GOOD)
