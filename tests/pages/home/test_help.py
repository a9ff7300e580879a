"""/help: the manual in three languages."""

from __future__ import annotations

import re

import pytest

from matchmaker.paths import MANUAL
from tests.client import PageClient

MOST_BYTES = 60_000


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
    assert kinds[0].count("#") == kinds[1].count("#") == kinds[2].count("#") == 10
    assert kinds[0].count("*") == kinds[1].count("*") == kinds[2].count("*") == 7


@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_every_picture_is_served_small_and_has_words(client: PageClient, language: str) -> None:
    html = client.speak(language).get("/help").text
    shown = re.findall(r'<img src="/help/([^"]+)" alt="([^"]+)"', html)
    there = {str(path.relative_to(MANUAL)) for path in (MANUAL / "images" / language).iterdir()}
    assert {path for path, _ in shown} == there
    assert all((MANUAL / path).stat().st_size <= MOST_BYTES for path in there)
    assert client.get(f"/help/{min(there)}").mimetype == "image/png"


@pytest.mark.parametrize("path", ["en.md", "images/en/absent.png", "../STATUS.md"])
def test_nothing_but_pictures_is_served(client: PageClient, path: str) -> None:
    assert client.get(f"/help/{path}").status_code == 404
