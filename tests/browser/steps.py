"""What a person does on a page of a match, by the words that stand there, in Chinese."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from matchmaker.db import today


def press(page: Page, name: str) -> None:
    """Press the button of this name, which may go on with what it is about."""
    button = page.locator("main").get_by_role("button", name=re.compile(f"^{name}( ?[:：]|$)"))
    with page.expect_navigation():
        button.first.click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=name).first.click()


def fill(page: Page, **values: str) -> None:
    """Fill in fields by their names, whatever kind of control each is."""
    for name, value in values.items():
        control = page.locator(f"main [name={name}]").first
        if control.evaluate("it => it.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def says(page: Page, *words: str) -> None:
    for one in words:
        expect(page.locator("main")).to_contain_text(one)


def stands(page: Page, stage: str) -> None:
    """The way of the match marks this stage as the present one."""
    expect(page.locator(".stages [aria-current=step]")).to_contain_text(stage)


def in_days(number: int) -> date:
    return today() + timedelta(days=number)


def tab(page: Page, match: str, name: str = "") -> None:
    """Open the match, and there one of its tabs."""
    page.goto(match)
    if name:
        page.locator("ul.tabs").get_by_role("link", name=name).click()


def begin_agreement(page: Page, match: str, kind: str) -> None:
    tab(page, match, "合作协议")
    follow(page, "起草协议")
    page.get_by_role("link", name=kind, exact=True).click()


def consent(page: Page, match: str, subject: str) -> None:
    tab(page, match, "合作协议")
    follow(page, subject)
    press(page, "同意")
    says(page, "已生效")
