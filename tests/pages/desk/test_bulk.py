"""The same decision on several suggestions at once: /desk/suggestions/decide."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.recommendation.models import Suggestion
from tests import factories
from tests.client import Page, PageClient
from tests.curation.conftest import pair

DECIDE = "/desk/suggestions/decide"


def ticks(*suggestions: Suggestion) -> list[str]:
    return [f"{suggestion.id}:{suggestion.version}" for suggestion in suggestions]


def decide(browser: PageClient, chosen: list[str], move: str = "shortlist", **data: Any) -> Any:
    return browser.submit(DECIDE, {"chosen": chosen, "move": move, **data}, follow_redirects=True)


def test_all_that_are_ticked_are_shortlisted(desk: PageClient) -> None:
    first, second, third = pair(), pair(), pair()
    response = decide(desk, ticks(first, second))
    assert "2 pairs shortlisted." in response.text
    assert [s.status for s in (first, second, third)] == ["shortlisted", "shortlisted", "new"]


def test_holding_back_takes_one_reason_for_all(desk: PageClient) -> None:
    first, second = pair(), pair(status="shortlisted")
    decide(desk, ticks(first, second), "hold_back", reason="too_far_apart")
    assert [(s.status, s.status_reason) for s in (first, second)] == [
        ("held_back", "too_far_apart")
    ] * 2


def test_without_a_reason_nothing_is_held_back_and_the_ticks_stay(desk: PageClient) -> None:
    first, second = pair(), pair()
    response = desk.submit(
        DECIDE, {"chosen": ticks(first), "move": "hold_back", "words": "Not now."}
    )
    assert (response.status_code, first.status) == (422, "new")
    html = " ".join(response.text.split())
    assert f'value="{first.id}:{first.version}" aria-label="Tick: A need" checked' in html
    assert "Not now." in response.text
    assert second.status == "new"


def test_what_somebody_decided_first_is_named_and_the_rest_is_done(
    desk: PageClient, elsewhere: PageClient
) -> None:
    taken, free = pair(need_title="Taken need"), pair(need_title="Free need")
    shown = ticks(taken, free)
    elsewhere.submit(
        f"/desk/suggestions/{taken.id}/hold-back",
        {"version": taken.version, "hold-reason": "sensitive"},
    )
    response = decide(desk, shown)
    text = Page(response.text).text
    assert response.status_code == 409
    assert "1 pair shortlisted." in text
    assert "Taken need" in text
    assert "Wang Wei : held the pair back" in text
    assert "Free need" not in text
    assert (taken.status, free.status) == ("held_back", "shortlisted")


def test_a_pair_that_became_a_match_is_named(desk: PageClient) -> None:
    matched, free = pair(need_title="Matched need"), pair()
    shown = ticks(matched, free)
    factories.MatchFactory(need=matched.need, capability=matched.capability)
    response = decide(desk, shown)
    assert "A match by now, and left as they are" in response.text
    assert (matched.status, free.status) == ("new", "shortlisted")


def test_another_provinces_pair_counts_as_absent(desk: PageClient) -> None:
    foreign, own = pair("65", "11", need_title="Foreign need"), pair()
    response = decide(desk, [*ticks(foreign, own), "999999:1"])
    assert "2 of those ticked are no longer there." in response.text
    assert "Foreign need" not in response.text
    assert (foreign.status, own.status) == ("new", "shortlisted")


def undo_fields(html: str) -> dict[str, list[str]]:
    """The fields of the form that takes a decision back."""
    form = html[html.index('name="undo"') : html.index("data-undo")]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(value)
    return fields


@pytest.mark.parametrize(("move", "reason"), [("shortlist", ""), ("hold_back", "sensitive")])
def test_what_was_decided_on_several_can_be_taken_back(
    desk: PageClient, session: Session, move: str, reason: str
) -> None:
    first, second = pair(), pair()
    fields = undo_fields(decide(desk, ticks(first, second), move, reason=reason).text)
    assert "2 pairs moved back" in desk.submit(DECIDE, fields, follow_redirects=True).text
    session.expire_all()
    assert [(s.status, s.status_reason) for s in (first, second)] == [("new", "")] * 2


def test_pairs_of_several_states_are_not_taken_back_together(desk: PageClient) -> None:
    html = decide(desk, ticks(pair(), pair(status="shortlisted")), "hold_back", reason="sensitive")
    assert "data-undo" not in html.text


def test_several_are_released_at_once(desk: PageClient, session: Session) -> None:
    first, second = pair(status="held_back"), pair(status="held_back")
    page = desk.get("/desk/suggestions?status=held_back").text
    assert 'value="release"' in page
    decide(desk, ticks(first, second), "release")
    session.expire_all()
    assert [s.status for s in (first, second)] == ["new", "new"]


def test_nothing_ticked_changes_nothing(desk: PageClient) -> None:
    suggestion = pair()
    assert "Nothing selected" in decide(desk, []).text
    assert suggestion.status == "new"


def test_an_unknown_decision_changes_nothing(desk: PageClient, session: Session) -> None:
    suggestion = pair()
    decide(desk, ticks(suggestion), "propose")
    assert suggestion.status == "new"
