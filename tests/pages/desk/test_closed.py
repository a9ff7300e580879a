"""Why listings were closed, counted where the quality of suggestions stands."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests import factories
from tests.client import PageClient


@pytest.mark.parametrize(("province", "expected"), [("63", ["2 1"]), ("65", ["1 0"])])
def test_the_reasons_are_counted_within_the_scope(
    app: Flask, client: PageClient, province: str, expected: list[str]
) -> None:
    closed = {"status": "closed", "close_reason": "solved_here"}
    west = factories.OrganisationFactory(province="63")
    for _ in range(2):
        factories.need(organisation=west, **closed)
    factories.capability(organisation=west, **closed)
    factories.need(organisation=west, **closed, published_at=None)  # nobody had read it
    factories.need(organisation=factories.OrganisationFactory(province="65"), **closed)
    page = client.sign_in(factories.provincial_curator(province)).page("/desk/quality")
    assert re.findall(r"Solved through this platform (\d+ \d+)", page.text) == expected
