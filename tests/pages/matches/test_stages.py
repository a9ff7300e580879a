"""Where a match stands, and the moves of one click, on its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.cooperation import clocks, righting, service
from matchmaker.cooperation.models import Match, Step
from matchmaker.pages.matches.stages import stages
from matchmaker.permissions import SYSTEM
from tests import factories
from tests.client import PageClient
from tests.cooperation.conftest import Stage, actor


def shown(match: Match) -> list[tuple[str, str]]:
    return [(stage.status, stage.place.value) for stage in stages(match)]


def test_the_way_of_a_match_that_goes_well(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    for move in ("note_contact", "agree"):
        service.advance(session, stage.asker, match, move)
    assert shown(match) == [
        ("one_side_interested", "done"),
        ("mutual", "done"),
        ("in_contact", "done"),
        ("negotiating", "skipped"),
        ("agreed", "now"),
        ("contract_registered", "next"),
        ("delivering", "later"),
        ("completed", "later"),
        ("verified", "later"),
    ]


def test_the_way_of_a_match_that_was_left(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    service.advance(session, stage.asker, match, "negotiate")
    service.end(session, stage.asker, match, "terms")
    assert shown(match) == [
        ("one_side_interested", "done"),
        ("mutual", "done"),
        ("in_contact", "skipped"),
        ("negotiating", "done"),
        ("withdrawn", "left"),
    ]


def test_what_was_taken_back_was_never_a_stage(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    service.advance(session, stage.asker, match, "negotiate")
    righting.take_back(session, stage.asker, match)
    service.advance(session, stage.asker, match, "agree")
    assert ("negotiating", "skipped") in shown(match)


def test_a_match_that_begins_again_begins_its_way_again(session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    service.advance(session, stage.asker, match, "negotiate")
    service.end(session, stage.asker, match, "terms")
    service.express_interest(session, stage.asker, stage.need, stage.capability)
    assert shown(match)[:3] == [
        ("one_side_interested", "now"),
        ("mutual", "next"),
        ("in_contact", "later"),
    ]
    assert stages(match)[1].since is None


def test_a_proposal_has_its_own_first_stage(session: Session, stage: Stage) -> None:
    assert shown(stage.propose(session))[:2] == [("proposed", "now"), ("mutual", "next")]


def test_screen_readers_are_told_where_it_stands(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    service.advance(session, stage.asker, match, "negotiate")
    session.commit()
    text = client.sign_in(stage.west).page(f"/matches/{match.id}").text
    for words in ("Mutual interest (done)", "In contact (skipped)", "Negotiating (now)"):
        assert words in text


@pytest.mark.parametrize(
    ("moves", "offered", "not_offered"),
    [
        ([], ["We are negotiating"], ["The work has begun", "The work is completed"]),
        (["agree"], ["The work has begun", "The work is completed"], ["We are negotiating"]),
        (["agree", "complete"], [], ["The work is completed", "End this match"]),
    ],
)
def test_the_page_offers_the_moves_that_are_open(
    client: PageClient,
    session: Session,
    stage: Stage,
    moves: list[str],
    offered: list[str],
    not_offered: list[str],
) -> None:
    match = stage.agree(session)
    for move in moves:
        service.advance(session, stage.asker, match, move)
    session.commit()
    text = client.sign_in(stage.west).page(f"/matches/{match.id}").text
    assert all(one in text for one in offered)
    assert not any(one in text for one in not_offered)


def test_a_step_by_one_click(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    client.sign_in(stage.west)
    sent = {"version": match.version, "move": "negotiate"}
    page = client.submit(f"/matches/{match.id}/advance", sent, follow_redirects=True)
    assert "recorded that both sides are negotiating" in page.text
    assert "Undo it" in page.text
    assert client.submit(f"/matches/{match.id}/advance", sent).status_code == 409


@pytest.mark.parametrize("move", ["", "agree", "register", "verify", "stall", "nonsense"])
def test_what_is_recorded_elsewhere_is_no_click(
    client: PageClient, session: Session, stage: Stage, move: str
) -> None:
    match = stage.agree(session)
    client.sign_in(stage.west)
    sent = {"version": match.version, "move": move}
    assert client.submit(f"/matches/{match.id}/advance", sent).status_code == 400


def test_a_misclick_is_taken_back(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    client.sign_in(stage.east)
    client.submit(f"/matches/{match.id}/decline", {"version": match.version, "reason": "terms"})
    session.refresh(match, ["version"])
    sent = {"version": match.version}
    page = client.submit(f"/matches/{match.id}/take-back", sent, follow_redirects=True)
    assert "Your answer" in page.text
    assert "Terms do not suit" not in page.text.split('id="history"')[0].split("<select")[0]


def test_only_its_author_is_offered_to_take_it_back(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.ask(session)
    service.decline(session, stage.answerer, match, "terms")
    session.commit()
    path = f"/matches/{match.id}"
    assert "Undo it" not in client.sign_in(stage.west).page(path).text
    assert "Undo it" in client.sign_in(stage.east).page(path).text
    day_ago = match.updated_at - timedelta(days=1)
    session.execute(update(Step).where(Step.match_id == match.id).values(at=day_ago))
    session.commit()
    session.expire_all()
    assert "Undo it" not in client.page(path).text


def test_a_day_later_the_answer_is_a_sentence(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.ask(session)
    service.decline(session, stage.answerer, match, "terms")
    day_ago = match.updated_at - timedelta(days=1)
    session.execute(update(Step).where(Step.match_id == match.id).values(at=day_ago))
    session.commit()
    client.sign_in(stage.east)
    answer = client.submit(f"/matches/{match.id}/take-back", {"version": match.version})
    assert (answer.status_code, "That day has passed" in answer.text) == (422, True)


def test_a_stalled_match_is_taken_up_again(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    service.advance(session, SYSTEM, match, "stall")
    session.commit()
    path = f"/matches/{match.id}"
    text = client.sign_in(stage.east).page(path).text
    assert "contacts are closed" in text
    assert "Begin again" not in text
    client.submit(f"{path}/advance", {"version": match.version, "move": "resume"})
    session.refresh(match, ["status"])
    assert match.status == "mutual"


def test_both_sides_see_the_clock(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    for user in (stage.west, stage.east):
        text = client.sign_in(user).page(f"/matches/{match.id}").text
        assert "Without an answer the match ends" in text
    service.accept(session, stage.answerer, match)
    session.commit()
    assert "the match stalls on" in client.page(f"/matches/{match.id}").text


def test_a_curators_words_stand_in_the_history(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    curator = actor(stage.curator)
    righting.put_right(
        session, curator, match, "agreed", reason="happened_elsewhere", words="Signed in May."
    )
    session.commit()
    text = client.sign_in(stage.west).page(f"/matches/{match.id}").text
    for words in ("corrected where the match stands", "It happened outside", "Signed in May."):
        assert words in text


def test_the_list_says_for_how_long(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    service.advance(session, stage.asker, match, "agree", at=match.updated_at - timedelta(days=12))
    session.commit()
    text = client.sign_in(stage.west).page("/matches").text
    assert "Agreed and at work" in text
    assert "for 12 days" in text


@pytest.mark.parametrize(
    ("state", "named"),
    [("open", True), ("held_back", False), ("match", False), ("weak", False)],
)
def test_the_next_partner_is_named_after_silence(
    client: PageClient, session: Session, stage: Stage, state: str, named: bool
) -> None:
    match = stage.ask(session)
    clocks.expire(session, match)
    other = factories.capability(title="Membrane stack")
    fields = {"held_back": {"status": "held_back"}, "weak": {"band": "weak"}}.get(state, {})
    factories.SuggestionFactory(need=stage.need, capability=other, **fields)
    if state == "match":
        factories.MatchFactory(need=stage.need, capability=other)
    session.commit()
    path = f"/matches/{match.id}"
    for reader in (stage.west, stage.curator):
        text = client.sign_in(reader).page(path).text
        assert ("The next partner" in text and "Membrane stack" in text) is named
    assert "Membrane stack" not in client.sign_in(stage.east).page(path).text


@pytest.mark.parametrize("section", ["", "/messages", "/meetings", "/agreements", "/outcomes"])
def test_every_page_about_a_match_names_the_pair(
    client: PageClient, session: Session, stage: Stage, section: str
) -> None:
    match = stage.agree(session)
    session.commit()
    text = client.sign_in(stage.west).page(f"/matches/{match.id}{section}").text
    for listing in (match.need, match.capability):
        assert listing.approved_title in text
