"""The curator's desk by keyboard. Every page works without it; here it is about the keys alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def queue(site: Site) -> Iterator[Page]:
    """The queue of suggestions, as the national curator sees it."""
    page = site.enter("national")
    page.locator(".top .languages button[value=en]").click()
    page.goto("/desk/suggestions")
    yield page
    page.context.close()


@pytest.fixture
def item(queue: Page) -> Page:
    """The first of the queue, opened by keys."""
    queue.keyboard.press("j")
    queue.keyboard.press("Enter")
    queue.wait_for_url("**/desk/suggestions/*")
    return queue


def test_j_and_k_move_and_stop_at_the_ends(queue: Page) -> None:
    links = queue.locator("[data-queue] [data-item]")
    for key, place in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        queue.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()


def test_x_ticks_the_row_one_is_at(queue: Page) -> None:
    queue.keyboard.press("j")
    queue.keyboard.press("x")
    expect(queue.locator("input[name=chosen]").first).to_be_checked()


def test_one_box_ticks_the_page(queue: Page) -> None:
    queue.locator("[data-tick-all]").check()
    ticked = queue.locator("input[name=chosen]:checked").count()
    assert ticked == queue.locator("input[name=chosen]").count() > 1


def test_in_an_item_j_goes_to_the_next_of_the_queue(item: Page) -> None:
    item.keyboard.press("j")
    expect(item.locator("[data-queue] [data-item]").nth(1)).to_be_focused()


@pytest.mark.parametrize(
    ("key", "reached"),
    [
        ("1", "button:text-is('Shortlist')"),
        ("2", "select[name=hold-reason]"),
        ("3", "textarea[name=propose-note]"),
    ],
)
def test_a_number_reaches_a_decision_without_making_it(item: Page, key: str, reached: str) -> None:
    address = item.url
    item.keyboard.press(key)
    expect(item.locator(reached)).to_be_focused()
    assert item.url == address
    expect(item.locator(".desk-decision")).to_contain_text("New")


def test_a_decision_leads_to_the_next_pair_and_u_takes_it_back(item: Page) -> None:
    first = item.url
    with item.expect_navigation():
        item.keyboard.press("1")
        item.keyboard.press("Enter")
    assert item.url != first
    expect(item.locator("#content")).to_be_focused()
    with item.expect_navigation():
        item.keyboard.press("u")
    assert item.url.split("#")[0] == first
    expect(item.locator(".desk-decision")).to_contain_text("New")


def test_keys_are_text_while_somebody_types(item: Page) -> None:
    item.keyboard.press("3")
    note = item.locator("textarea[name=propose-note]")
    note.click()
    item.keyboard.type("just 1 ? k")
    expect(note).to_have_value("just 1 ? k")
    expect(note).to_be_focused()


def test_a_question_mark_lists_the_keys(queue: Page) -> None:
    queue.keyboard.press("?")
    expect(queue.get_by_role("dialog", name="Keys at the desk")).to_be_visible()
    queue.keyboard.press("Escape")
    expect(queue.get_by_role("dialog")).to_have_count(0)


def test_the_keys_can_be_switched_off_and_stay_off(queue: Page) -> None:
    queue.get_by_role("button", name="Keys").click()
    queue.get_by_label("Use these keys in this browser").uncheck()
    queue.get_by_role("button", name="Close").click()
    queue.reload()
    queue.keyboard.press("j")
    expect(queue.locator("[data-queue] [data-item]:focus")).to_have_count(0)


def test_a_modifier_leaves_the_key_to_the_browser(queue: Page) -> None:
    queue.keyboard.press("Control+j")
    expect(queue.locator("[data-queue] [data-item]:focus")).to_have_count(0)


def test_without_script_no_keys_are_promised(site: Site) -> None:
    context = site.visitor(java_script_enabled=False)
    page = context.new_page()
    page.goto("/demo")
    page.locator("button[name=role][value=national]").click()
    page.goto("/desk/suggestions")
    expect(page.locator("[data-keys-hint]")).to_be_hidden()
    expect(page.locator("input[name=chosen]").first).to_be_visible()
    context.close()
