"""Sizes of files as a reader's language writes them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.web.i18n import show_size


@pytest.mark.parametrize(
    ("size", "locale", "shown"),
    [
        (0, "en", "0 KiB"),
        (512 * 2**10, "en", "512 KiB"),
        (2**20 - 1, "en", "1 MiB"),  # not 1,024 KiB
        (2**30 - 5_000, "en", "1 GiB"),
        (5_300_000, "es", "5,1 MiB"),
        (5_300_000, "zh_Hans", "5.1 MB"),
    ],
)
def test_a_size_has_the_largest_unit_that_fits(
    app: Flask, size: int, locale: str, shown: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        assert show_size(size) == shown
