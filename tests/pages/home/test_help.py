"""/help: the manual in three languages."""

from __future__ import annotations

import re

import pytest

from matchmaker.paths import MANUAL
from tests.client import PageClient


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "一条好的技术需求"), ("en", "A good need"), ("es", "Una buena demanda")],
)
def test_everybody_reads_the_manual_in_the_own_language(
    client: PageClient, language: str, words: str
) -> None:
    page = client.speak(language).page("/help")
    assert words in page.text
    assert "/help" in page.links, "the foot of every page leads there"


def test_the_manuals_have_the_same_parts() -> None:
    def shape(language: str) -> list[str]:
        text = (MANUAL / f"{language}.md").read_text("utf-8")
        return re.findall(r"^(#+ |\d\. |> \S|\*\*.)", text, re.MULTILINE)

    kinds = [[part[0] for part in shape(language)] for language in ("zh", "en", "es")]
    assert kinds[0].count("#") == kinds[1].count("#") == kinds[2].count("#") == 8
    assert kinds[0].count("*") == kinds[1].count("*") == kinds[2].count("*") == 7
