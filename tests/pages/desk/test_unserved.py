"""The queue of needs that nobody fits: /desk?queue=unserved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.db import now
from tests import factories
from tests.client import PageClient
from tests.counting import statements

QUEUE = "/desk?queue=unserved"


def test_a_row_says_whose_need_it_is_and_how_long_it_waits(desk: PageClient) -> None:
    need = factories.need(
        title="盐湖卤水提锂", language="zh", published_at=now() - timedelta(days=12)
    )
    page = desk.page(QUEUE)
    assert f"{need.title} Word by word: brine · lithium extraction" in page.text
    assert need.organisation.name_other in page.text
    assert " 12 Add by hand" in page.text
    assert {f"/listings/{need.id}", f"/desk/pairs/new?need={need.id}"} <= set(page.links)
    assert "Needs without a partner 1" in page.text


@pytest.mark.parametrize("query", ["", "&task=99999999999999999999&province=99"])
def test_an_empty_queue_says_so(desk: PageClient, query: str) -> None:
    assert "Every published need has a suggested partner." in desk.page(QUEUE + query).text


def test_as_many_queries_for_20_rows_as_for_one(desk: PageClient) -> None:
    need = factories.need()
    one = statements(lambda: desk.page(QUEUE))
    factories.listings_like(need, 19)
    assert statements(lambda: desk.page(QUEUE)) == one
