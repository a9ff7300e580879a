"""One suggestion at the desk: /desk/suggestions/<id>."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.db import now
from matchmaker.recommendation.models import SuggestionMark
from tests import factories
from tests.client import Page, PageClient
from tests.curation.conftest import pair


def path(suggestion: Any, verb: str = "") -> str:
    return f"/desk/suggestions/{suggestion.id}" + (f"/{verb}" if verb else "")


def test_both_texts_stand_side_by_side(desk: PageClient) -> None:
    page = desk.page(path(pair(need_title="Lithium from brine", capability_title="Membranes")))
    assert "Lithium from brine" in page.text
    assert "Membranes" in page.text


def test_the_annex_and_the_contacts_stay_with_their_owners(
    desk: PageClient, session: Session
) -> None:
    suggestion = pair()
    suggestion.need.annex = "Zirconfrost furnace"
    suggestion.capability.organisation.contact_phone = "0532-7654321"
    text = desk.page(path(suggestion)).text
    assert "Zirconfrost" not in text
    assert "0532-7654321" not in text


def test_a_side_that_was_taken_down_is_not_read_by_the_other_sides_curator(
    desk: PageClient, session: Session
) -> None:
    suggestion = pair(capability_title="Membranes")
    suggestion.capability.status = "paused"
    assert "Membranes" not in desk.page(path(suggestion)).text


@pytest.mark.parametrize("verb", ["", "shortlist", "release", "hold-back", "propose"])
def test_another_provinces_pair_is_not_there(desk: PageClient, verb: str) -> None:
    suggestion = pair("65", "11")
    response = (
        desk.submit(path(suggestion, verb), {"version": 1}) if verb else desk.get(path(suggestion))
    )
    assert response.status_code == 404


def test_a_party_does_not_curate(client: PageClient) -> None:
    suggestion = pair()
    client.sign_in(factories.member_of(suggestion.need.organisation))
    assert client.get(path(suggestion)).status_code == 404


def test_after_a_decision_comes_the_next_pair(desk: PageClient) -> None:
    first, second = pair(score=0.9), pair(score=0.8)
    sent = {"version": first.version}
    response = desk.submit(path(first, "shortlist"), sent, follow_redirects=True)
    assert (response.request.path, first.status) == (path(second), "shortlisted")
    assert "Shortlisted." in response.text


def test_after_the_last_pair_comes_one_that_was_passed_over(desk: PageClient) -> None:
    first, second = pair(score=0.9), pair(score=0.8)
    sent = {"version": second.version}
    response = desk.submit(path(second, "shortlist"), sent, follow_redirects=True)
    assert response.request.path == path(first)


def test_the_filters_of_the_queue_survive_the_last_decision(desk: PageClient) -> None:
    suggestion = pair()
    response = desk.submit(
        path(suggestion, "shortlist") + "?west=63&band=strong", {"version": suggestion.version}
    )
    assert response.location == "/desk/suggestions?west=63&band=strong#content"


@pytest.mark.parametrize(
    ("before", "verb", "undone"),
    [
        ("new", "shortlist", "release"),
        ("new", "hold-back", "release"),
        ("shortlisted", "release", "shortlist"),
        ("held_back", "release", "hold-back"),
    ],
)
def test_a_decision_can_be_taken_back(
    desk: PageClient, session: Session, before: str, verb: str, undone: str
) -> None:
    held = before == "held_back"
    suggestion = pair(status=before, status_reason="other" if held else "", status_note="Why.")
    told = (suggestion.status_reason, suggestion.status_note) if held else ("", "")
    sent = {"version": suggestion.version, "hold-reason": "sensitive"}
    html = desk.submit(path(suggestion, verb), sent, follow_redirects=True).text
    form = html[html.index(f'action="{path(suggestion, undone)}"') :]
    fields = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form[: form.index("</form>")]))
    back = desk.submit(path(suggestion, undone), fields)
    assert back.location == f"{path(suggestion)}#content"
    session.refresh(suggestion)
    assert suggestion.status == before
    assert (suggestion.status_reason, suggestion.status_note) == told


def test_a_proposal_offers_no_way_back(desk: PageClient) -> None:
    suggestion = pair()
    sent = {"version": suggestion.version, "propose-note": "Meet."}
    html = desk.submit(path(suggestion, "propose"), sent, follow_redirects=True).text
    assert "data-undo" not in html


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"hold-reason": ""}, "Reason: please choose."),
        ({"hold-reason": "other"}, "Explanation: please explain the reason."),
    ],
)
def test_holding_back_needs_a_reason(desk: PageClient, data: dict[str, str], sentence: str) -> None:
    suggestion = pair()
    response = desk.submit(path(suggestion, "hold-back"), {"version": suggestion.version, **data})
    assert response.status_code == 422
    assert sentence in Page(response.text).text
    assert suggestion.status == "new"


def test_what_was_typed_comes_back_with_the_error(desk: PageClient) -> None:
    suggestion = pair()
    data = {
        "version": suggestion.version,
        "hold-reason": "",
        "hold-words": "They told me on the phone.",
    }
    assert "They told me on the phone." in desk.submit(path(suggestion, "hold-back"), data).text


def test_a_correction_is_bound_to_what_was_first_shown(desk: PageClient) -> None:
    """Somebody decides meanwhile: the corrected form must not pass for a fresh one."""
    suggestion = pair()
    seen = suggestion.version
    desk.submit(path(suggestion, "shortlist"), {"version": seen})
    mended = desk.submit(path(suggestion, "hold-back"), {"version": seen, "hold-reason": ""})
    assert f'name="version" value="{seen}"' in mended.text


def test_the_second_curator_reads_what_the_first_did(
    desk: PageClient, elsewhere: PageClient
) -> None:
    suggestion = pair()
    seen = suggestion.version
    desk.submit(path(suggestion, "hold-back"), {"version": seen, "hold-reason": "sensitive"})
    response = elsewhere.submit(path(suggestion, "shortlist"), {"version": seen})
    assert response.status_code == 409
    assert "Li Na : held the pair back" in Page(response.text).text.replace("Li Na:", "Li Na :")
    assert suggestion.status == "held_back"


def test_the_history_tells_who_decided_what(desk: PageClient, elsewhere: PageClient) -> None:
    suggestion = pair()
    desk.submit(
        path(suggestion, "hold-back"), {"version": suggestion.version, "hold-reason": "sensitive"}
    )
    text = elsewhere.page(path(suggestion)).text
    assert "held the pair back (Sensitive subject)" in text


def test_the_words_are_for_curators_only(desk: PageClient, elsewhere: PageClient) -> None:
    suggestion = pair()
    data = {
        "version": suggestion.version,
        "hold-reason": "other",
        "hold-words": "Ask the ministry.",
    }
    desk.submit(path(suggestion, "hold-back"), data)
    assert "Ask the ministry." in elsewhere.page(path(suggestion)).text


def test_the_next_of_the_queue_is_one_link_away(desk: PageClient) -> None:
    first, second = pair(score=0.9), pair(score=0.8)
    assert path(second) in desk.page(path(first)).links


def test_a_side_that_declined_is_named_to_curators(desk: PageClient, session: Session) -> None:
    suggestion = pair()
    owner = factories.member_of(suggestion.need.organisation)
    session.add(
        SuggestionMark(
            suggestion_id=suggestion.id,
            organisation_id=suggestion.need.organisation_id,
            user_id=owner.id,
            mark="dismissed",
            reason="already_known",
            at=now(),
        )
    )
    assert (
        "The organisation of the need said “not for us”: Already in contact"
        in desk.page(path(suggestion)).text
    )
