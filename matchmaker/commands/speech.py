"""What commands say, in the reader's language, without the web framework."""

from __future__ import annotations

import gettext
import locale
from typing import Any

from matchmaker import phrasing
from matchmaker.engine import LANGUAGES
from matchmaker.paths import TRANSLATIONS

_LOCALES = {"zh": "zh_Hans"}
_BEGINNINGS = {"zh": ("zh", "chinese"), "es": ("es", "spanish")}


def lazy_gettext(text: str) -> str:
    """Mark a text that is translated when it is said."""
    return text


class Speech:
    """Says texts in one language.

    >>> Speech("en")("row %(row)s", row=3)
    'row 3'
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation(
            "messages", TRANSLATIONS, [_LOCALES.get(language, language)], fallback=True
        )

    def __call__(self, text: str, **data: Any) -> str:
        return self._catalogue.gettext(text) % data

    def ngettext(self, one: str, many: str, num: int) -> str:
        """Say how many there are; both texts hold ``%(num)s``."""
        return self._catalogue.ngettext(one, many, num) % {"num": f"{num:,}"}

    def about(self, subject: str, text: str) -> str:
        """Return what is said of something, after its name."""
        return f"{subject}：{text}" if self.language == "zh" else f"{subject}: {text}"

    def names(self, names: list[str]) -> str:
        """Return names one after another, as the language does it."""
        return phrasing.listed(names, self.language)


def system_language() -> str:
    """Return the language of the system if the product speaks it, else English."""
    name = (locale.getlocale()[0] or "").lower()
    told = [code for code, begin in _BEGINNINGS.items() if name.startswith(begin)]
    return told[0] if told else LANGUAGES[1]
