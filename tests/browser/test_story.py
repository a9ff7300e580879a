"""The main job with the real worker: from a western need to contacts on both sides."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

WORKER_SECONDS = 300
PARTNER = "Jingu Institute of Brine Engineering"
NEED = {
    "title": "晒池底板渗漏，卤水收支对不上账",
    "summary": "串联盐田底部渗漏点找不到，钾盐产量逐年下降。",
    "description": "我公司在察尔汗有12个串联晒池，三年来卤水平衡差额由6%增至19%。"
    "池底盐层有溶洞，仪器在高矿化度卤水里失灵。",
    "must_haves": "不放干晒池\n漏点定位误差小于20米",
}


def write_need(page: Page) -> str:
    """Fill in the form as a person does, and send it for review; the title it was given."""
    title = f"{NEED['title']}（{time.monotonic_ns() % 100_000}）"
    page.goto("/listings/new/need?step=whole")
    for name, words in {**NEED, "title": title}.items():
        page.locator(f"[name={name}]").fill(words)
    page.locator("select[name=language]").select_option("zh")
    page.locator("[name=sectors][value=salt_lake]").check()
    page.locator("details.group summary", has_text="Technology transfer").click()
    page.locator("[name=modes][value=results_transfer]").check()
    page.locator("[name=goal]").select_option("technology_transfer")
    page.get_by_role("button", name=re.compile("See what the text says")).click()
    proposed = page.locator("label", has_text="World-class salt-lake industrial base").first
    expect(proposed).to_be_visible()
    proposed.click()
    expect(page.locator("[name=title]")).to_have_value(title)  # nothing typed is lost on the way
    page.get_by_role("button", name="Send for review").click()
    expect(page.locator("main")).to_contain_text(title)
    return title


def wait_for_partner(page: Page, address: str) -> None:
    """The worker computes; the page shows it when it is asked for again."""
    until = time.monotonic() + WORKER_SECONDS
    while time.monotonic() < until:
        page.goto(address)
        if (
            page.locator(".card", has_text=PARTNER)
            .get_by_role("link", name="Express interest")
            .count()
        ):
            return
        time.sleep(1)
    raise AssertionError("the worker suggested no partner in time")


def close_need(page: Page, address: str) -> None:
    """A second need in the same words would be named to nobody beside the first."""
    page.goto(address)
    page.locator("details", has_text="Close permanently").locator("summary").click()
    page.get_by_label("Solved through this platform").check()
    page.get_by_role("button", name="Close the listing").click()
    expect(page.locator("main")).to_contain_text("Closed")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_a_need_to_contacts_on_both_sides(site: Site, javascript: bool) -> None:
    west = site.enter("west", java_script_enabled=javascript)
    title = write_need(west)
    west.goto("/our/listings")
    west.get_by_role("link", name=title).first.click()
    number = re.search(r"/listings/(\d+)", west.url)
    assert number is not None

    curator = site.enter("curator-west", java_script_enabled=javascript)
    curator.goto(f"/desk/listings/{number[1]}")
    curator.get_by_role("button", name="Publish").click()

    wait_for_partner(west, f"/listings/{number[1]}")
    west.locator(".card", has_text=PARTNER).get_by_role(
        "link", name="Express interest"
    ).first.click()
    west.locator("#interest, main").get_by_role("textbox").last.fill("希望先通一次电话。")
    west.get_by_role("button", name="Express interest").last.click()
    west.wait_for_url(re.compile(r"/matches/\d+"))
    expect(west.locator("main")).not_to_contain_text("tech@jingu-brine.example.org")

    east = site.enter("east", java_script_enabled=javascript)
    east.goto("/matches")
    east.locator("main").get_by_role("link", name=title).first.click()
    expect(east.locator("main")).to_contain_text("希望先通一次电话。")
    east.get_by_role("button", name="Agree to be put in contact").click()
    expect(east.locator("main")).to_contain_text("jishu@shuoli-lake.example.org")

    west.reload()
    expect(west.locator("main")).to_contain_text("tech@jingu-brine.example.org")

    close_need(west, f"/listings/{number[1]}")
