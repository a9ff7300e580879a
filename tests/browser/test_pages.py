"""Every page in Chromium: accessible in light and dark and three languages, and fit for a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, locked

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
MAX_BYTES = 150 * 1024
# Pages are found by following links, one of each kind, for one role after the other.
ROLES = (
    "visitor",
    "west",
    "east",
    "west-viewer",
    "new",
    "curator-west",
    "national",
    "evaluator",
    "admin",
)
CLICKS = 4
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is left out of the answer takes axe most of its time.
BRIEF = {"resultTypes": ["violations"], "preload": False, "selectors": False}


def kind_of(address: str) -> str:
    """Addresses that differ in ids, tokens or filters are one kind of page."""
    path, _, query = address.partition("?")
    names = sorted({part.partition("=")[0] for part in query.split("&") if part} - {"back"})
    return re.sub(r"/\d+", "/0", path) + "?" + "&".join(names[:1])


def enter(site: Site, role: str, language: str, **options: Any) -> Page:
    if role == "visitor":
        page = site.visitor(language, **options).new_page()
        page.goto("/")
        return page
    return site.enter(role, language, **options)


@cache
def pages_of(site: Site) -> dict[str, list[str]]:
    """Role → one address for each kind of page that this role is the first to reach by links.

    The first process that asks finds them for all.
    """
    with locked(site.folder):
        kept = site.folder / "pages.json"
        if not kept.exists():
            kept.write_text(json.dumps(found_by_links(site)))
    pages: dict[str, list[str]] = json.loads(kept.read_text())
    return pages


def found_by_links(site: Site) -> dict[str, list[str]]:
    found: set[str] = set()
    pages: dict[str, list[str]] = {}
    for role in ROLES:
        context = enter(site, role, "en").context
        frontier = (
            ["/", "/home"]
            if role != "visitor"
            else ["/", "/sign-in", "/register", "/forgot-password", "/nowhere"]
        )
        pages[role] = []
        for click in range(CLICKS):
            links: list[str] = []
            for address in frontier:
                known = kind_of(address) in found
                if known and click:
                    continue
                found.add(kind_of(address))
                answer = context.request.get(address)
                assert answer.status < 500, f"{role}: {address} answers {answer.status}"
                if "text/html" not in answer.headers["content-type"]:
                    continue  # a file to keep
                if not known:
                    pages[role].append(address)
                hrefs = re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text())
                links += [unescape(href) for href in hrefs if not href.startswith("/static")]
            frontier = list(dict.fromkeys(links))
        context.close()
    return pages


def violations(page: Page, rules: list[str]) -> list[str]:
    """What axe, which the page has loaded, finds against the rules."""
    found = page.evaluate(
        "options => axe.run(options).then(results => results.violations)",
        {"runOnly": rules, **BRIEF},
    )
    return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"][:3]]


def visit(site: Site, role: str, language: str, **options: Any) -> Iterator[tuple[Page, str, int]]:
    """Open the pages of a role one after the other, with axe loaded; yield their address and bytes.

    No page may have a script that fails or that the security policy forbids.
    """
    page = enter(site, role, language, **options)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(f"script error: {error}"))
    page.on(
        "console",
        lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None,
    )
    for address in pages_of(site)[role]:
        answer = page.goto(address)
        assert answer is not None
        page.evaluate(AXE_SCRIPT)
        yield page, address, len(answer.body())
    page.context.close()
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    "language",
    ["zh", pytest.param("en", marks=pytest.mark.slow), pytest.param("es", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("role", ROLES)
def test_pages_are_accessible_and_fit(site: Site, role: str, language: str) -> None:
    faults: list[str] = []
    for page, address, size in visit(site, role, language):
        faults += [f"{address}: {fault}" for fault in violations(page, RULES)]
        page.set_viewport_size(PHONE)
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            faults.append(f"{address}: wider than a phone")
        page.set_viewport_size({"width": 1280, "height": 800})
        if size > MAX_BYTES:
            faults.append(f"{address}: weighs {size} bytes")
    assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_colours_contrast_in_the_dark(site: Site, role: str) -> None:
    faults = [
        f"{address}: {fault}"
        for page, address, _ in visit(site, role, "zh", color_scheme="dark")
        for fault in violations(page, ["color-contrast"])
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("queue", ["organisations", "unserved"])
def test_on_a_phone_tabs_are_one_row_with_the_open_one_in_sight(site: Site, queue: str) -> None:
    page = site.enter("curator-west", "es")
    page.set_viewport_size(PHONE)
    page.goto(f"/desk?queue={queue}")
    tops = page.locator(".tabs a").evaluate_all("tabs => tabs.map(tab => tab.offsetTop)")
    assert len(set(tops)) == 1
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)
    page.context.close()


def test_no_page_is_left_out(site: Site) -> None:
    """The roles together reach every page that has a link to it."""
    reached = {
        kind_of(address).partition("?")[0] for pages in pages_of(site).values() for address in pages
    }
    for path in (
        "/listings",
        "/listings/0",
        "/plan/tasks/0",
        "/organisations/0",
        "/partners",
        "/matches",
        "/desk",
    ):
        assert path in reached
