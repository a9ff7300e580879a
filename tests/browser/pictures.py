"""Pictures of the manual and of the README, taken from a running demonstration.

`matchmaker demo` in one window, `python -m tests.browser.pictures ADDRESS` in another. A picture
has at most 60 KB. Look at them before you commit them: they show what the demonstration shows.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from matchmaker.paths import MANUAL, ROOT
from tests.browser.conftest import FLAGS, Site, chromium

LANGUAGES = ("zh", "en", "es")
SIZE = {"width": 1080, "height": 680}
MOST_BYTES = 60_000
README = ROOT / "docs" / "images" / "partners.png"


class Picture(NamedTuple):
    """What a picture shows: as whom, where, and where to from there, by the address of a link."""

    name: str
    role: str
    path: str
    link: str = ""
    at: str = ""  # what is scrolled to


PICTURES = (
    Picture("home", "west", "/home"),
    Picture("need", "west", "/listings/new/need"),
    Picture("partners", "west", "/partners", at=".card"),
    Picture("side-by-side", "west", "/partners", "/suggestions/"),
    Picture("capability", "east", "/our/imports/record"),
    Picture("matches", "east", "/matches"),
    Picture("match", "east", "/matches", "/matches/"),
    Picture("desk", "curator-west", "/desk?queue=listings"),
    Picture("review", "curator-west", "/desk?queue=listings", "/desk/listings/"),
    Picture("tables", "curator-west", "/desk/imports"),
    Picture("quality", "evaluator", "/desk/quality"),
    Picture("operations", "admin", "/admin/operations"),
)


def take(site: Site, language: str) -> None:
    """Take the manual's pictures in a language."""
    pages: dict[str, Page] = {}
    folder = MANUAL / "images" / language
    folder.mkdir(parents=True, exist_ok=True)
    for one in PICTURES:
        if one.role not in pages:
            pages[one.role] = site.enter(one.role, language, viewport=SIZE)
        _go(pages[one.role], one)
        _keep(pages[one.role].screenshot(), folder / f"{one.name}.png")
    for page in pages.values():
        page.context.close()


def _go(page: Page, one: Picture) -> None:
    answer = page.goto(one.path)
    assert answer, one.path
    assert answer.ok, f"{one.path}: {answer.status}"
    if one.link:
        address = page.locator(f"main a[href^='{one.link}']").first.get_attribute("href")
        page.goto(address or one.path)
    if one.at:
        page.locator(one.at).first.scroll_into_view_if_needed()
        page.evaluate("at => document.querySelector(at).scrollIntoView()", one.at)


def _score(card: Locator) -> int:
    found = re.search(r"(\d+)\s*/\s*100", card.inner_text())
    return int(found[1]) if found else 0


def _keep(data: bytes, path: Path) -> None:
    """Store a picture with as many colours as it may have."""
    picture = Image.open(BytesIO(data)).convert("RGB")
    for colours in (128, 64, 32, 16, 8):
        file = BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.tell() <= MOST_BYTES:
            break
    path.write_bytes(file.getvalue())
    print(f"{path.relative_to(ROOT)}: {file.tell():,} bytes, {colours} colours")


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        site = Site(address, browser, ROOT)
        for language in LANGUAGES:
            take(site, language)
        page = site.enter("west", "en", viewport={"width": 1280, "height": 860})
        page.goto("/partners")
        cards = page.locator("main .card").all()
        _keep(max(cards, key=_score).screenshot(), README)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
