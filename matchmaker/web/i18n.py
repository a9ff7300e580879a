"""The reader's language: chosen in this session, else the account's, else the browser's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, has_request_context, request, session
from flask_babel import Babel, format_date, format_datetime, format_decimal, get_locale, gettext
from flask_babel.speaklater import LazyString

from matchmaker import codelists, phrasing
from matchmaker.codelists import LANGUAGES
from matchmaker.paths import TRANSLATIONS
from matchmaker.web.session import current_actor

LOCALES = {"zh": "zh_Hans", "en": "en", "es": "es"}
# As official Chinese texts name them, where the locale's data differ.
COUNTRIES = {"zh": {"FK": "马尔维纳斯群岛（福克兰群岛）", "PS": "巴勒斯坦"}}
HTML_LANG = {"zh": "zh-Hans", "en": "en", "es": "es"}


@contextmanager
def texts_only() -> Iterator[None]:
    """Put texts into words on the command line, with nothing else of the application."""
    app = Flask("matchmaker")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, default_locale="en")
    with app.app_context():
        yield


def select_locale() -> str:
    if not has_request_context():
        return "en"
    return LOCALES[_chosen()]


def _chosen() -> str:
    for language in (session.get("language"), current_actor().language):
        if language in LANGUAGES:
            return str(language)
    # Negotiated on plain codes: "zh-CN" would not match "zh_Hans".
    return request.accept_languages.best_match(["en", "zh", "es"], default="zh") or "zh"


def reader_language() -> str:
    """zh, en or es."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else "en"


def country_name(code: str) -> str:
    """The name of a country in the reader's language; its own code when it has none."""
    locale = get_locale()
    named = COUNTRIES.get(locale.language, {}).get(code) or locale.territories.get(code, code)
    return str(named)


def show_size(number: int) -> str:
    """A number of bytes: 5.1 MiB, 5,1 MiB in Spanish, 5.1 MB as Chinese programs write it."""
    value, unit = number / 1024, "K"
    for larger in "MGT":
        if round(value, 1) < 1024:  # else it would be shown as 1,024 of the smaller unit
            break
        value, unit = value / 1024, larger
    return f"{format_decimal(value, '#,##0.#')} {unit}{'B' if reader_language() == 'zh' else 'iB'}"


def show_date(value: date | None) -> str:
    """2026年11月23日, 23 Nov 2026, 23 nov 2026."""
    return "" if value is None else format_date(value, _pattern())


def show_month(value: date) -> str:
    """2026年11月, Nov 2026, nov 2026."""
    return str(format_date(value, "y年M月" if reader_language() == "zh" else "MMM y"))


def show_time(value: datetime | None) -> str:
    return "" if value is None else format_datetime(value, f"{_pattern()} HH:mm")


# In Spanish a short weekday is another word: mar is the sea.
_WITH_WEEKDAY = {"zh": "{}（EEE）HH:mm", "en": "EEE {} HH:mm", "es": "EEEE {} HH:mm"}


def show_time_in(value: datetime, zone: str) -> str:
    """Thu 3 Dec 2026 14:00 (Beijing time): as the clocks of a zone show it, with its name."""
    language = reader_language()
    pattern = _WITH_WEEKDAY[language].format(_pattern())
    shown = format_datetime(value.astimezone(ZoneInfo(zone)), pattern, rebase=False)
    name = codelists.label("time_zone", zone, language)
    return str(gettext("%(time)s (%(zone)s)", time=shown, zone=name))


def _pattern() -> str:
    return "y年M月d日" if reader_language() == "zh" else "d MMM y"


def show_period(first: date | None, last: date | None) -> str:
    """1 Jan 2026 to 31 Mar 2026."""
    return str(gettext("%(begin)s to %(end)s", begin=show_date(first), end=show_date(last)))


def show_money(yuan: int | None) -> str:
    """CNY 1,200,000; 120万元; 1.200.000 yuanes."""
    return "" if yuan is None else phrasing.money(yuan, reader_language())


# What forms give as an example, written as this reader writes amounts.
AMOUNT_IN_HINTS = LazyString(lambda: format_decimal(1_200_000))
