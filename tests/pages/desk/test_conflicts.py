"""Whoever comes second reads what the first did, whatever is decided on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from matchmaker.db import today
from tests import factories
from tests.client import Page, PageClient
from tests.curation.conftest import pair


def organisation() -> tuple[Any, str, dict[str, Any], str]:
    waiting = factories.OrganisationFactory(unverified=True)
    day = today()
    data = {
        "evidence": "Licence seen.",
        "checks": ["licence"],
        "verified_on": day,
        "expires_on": day + timedelta(days=365),
    }
    return waiting, f"/desk/organisations/{waiting.id}", data, "verified the organisation"


def listing() -> tuple[Any, str, dict[str, Any], str]:
    owner = factories.OrganisationFactory()
    factories.VerificationFactory(organisation=owner, curator=factories.staff("national_curator"))
    waiting = factories.need(organisation=owner, in_review=True)
    return (
        waiting,
        f"/desk/listings/{waiting.id}",
        {"decision": "publish", "note": ""},
        "published the listing",
    )


def suggestion() -> tuple[Any, str, dict[str, Any], str]:
    waiting = pair()
    return waiting, f"/desk/suggestions/{waiting.id}/shortlist", {}, "shortlisted the pair"


@pytest.mark.parametrize("waiting", [organisation, listing, suggestion])
def test_the_second_of_two_curators_is_told_of_the_first(
    app: Flask, desk: PageClient, waiting: Any
) -> None:
    thing, path, data, done = waiting()
    colleague: PageClient = app.test_client()  # type: ignore[assignment]
    colleague.sign_in(factories.provincial_curator("63", name="Zhao Lei"))
    seen = {"version": thing.version, **data}
    assert desk.submit(path, seen).status_code == 303
    second = colleague.submit(path, seen)
    assert second.status_code == 409
    assert f"Li Na : {done}" in Page(second.text).text
