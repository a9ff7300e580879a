"""Times as a reader's language writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.web.i18n import show_time_in


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("zh_Hans", "2026年12月8日（周二）10:00（北京时间）"),
        ("en", "Tue 8 Dec 2026 10:00 (Beijing time)"),
        ("es", "martes 8 dic 2026 10:00 (hora de Pekín)"),
    ],
)
def test_a_time_of_a_meeting_has_its_weekday_and_zone(app: Flask, locale: str, shown: str) -> None:
    with app.test_request_context(), force_locale(locale):
        assert show_time_in(datetime(2026, 12, 8, 2, tzinfo=UTC), "Asia/Shanghai") == shown
