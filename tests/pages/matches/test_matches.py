"""An organisation's matches and the page of one: who sees what, and what the buttons do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.cooperation import promises, service
from matchmaker.cooperation.models import ConfidentialityAcceptance, Match
from matchmaker.db import now, today
from matchmaker.meetings import service as meetings
from matchmaker.meetings.rules import Proposal
from matchmaker.outcomes import service as outcomes
from tests import factories
from tests.client import PageClient
from tests.cooperation.conftest import Stage
from tests.counting import statements
from tests.factories import capability, need

CONTACT = "contact-of-east@example.org"


@pytest.fixture
def stage(stage: Stage, session: Session) -> Stage:
    stage.capability.organisation.contact_email = CONTACT
    session.commit()
    return stage


def fresh(session: Session, match: Match) -> Match:
    return session.scalars(
        select(Match).where(Match.id == match.id).execution_options(populate_existing=True)
    ).one()


def at(match: Match) -> str:
    return f"/matches/{match.id}"


# who sees what


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("asker", 200),
        ("answerer", 200),
        ("viewer", 200),
        ("curator", 200),
        ("far curator", 404),
        ("stranger", 404),
    ],
)
def test_who_may_read_a_match(
    client: PageClient, session: Session, stage: Stage, who: str, status: int
) -> None:
    match = stage.ask(session)
    users = {
        "asker": lambda: stage.west,
        "answerer": lambda: stage.east,
        "viewer": lambda: factories.member_of(stage.need.organisation, "viewer"),
        "curator": lambda: stage.curator,
        "far curator": lambda: factories.provincial_curator("65"),
        "stranger": lambda: factories.member_of(factories.OrganisationFactory()),
    }
    client.sign_in(users[who]()).page(at(match), status=status)


@pytest.mark.parametrize("state", ["asked", "declined", "agreed"])
def test_contacts_appear_when_both_have_agreed(
    client: PageClient, session: Session, stage: Stage, state: str
) -> None:
    match = stage.agree(session) if state == "agreed" else stage.ask(session)
    if state == "declined":
        service.decline(session, stage.answerer, match, "terms")
        session.commit()
    client.sign_in(stage.west)
    organisation_page = f"/organisations/{stage.capability.organisation_id}"
    listing_page = f"/listings/{stage.capability.id}"
    for path in (at(match), organisation_page, listing_page):
        assert (CONTACT in client.page(path).text) is (state == "agreed"), path


def test_a_curator_reads_neither_contacts_nor_messages(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.ask(session, "our secret plan")
    service.accept(session, stage.answerer, match, "gladly, privately")
    session.commit()
    text = client.sign_in(stage.curator).page(at(match)).text
    assert not [word for word in (CONTACT, "our secret plan", "gladly, privately") if word in text]
    assert "Mutual interest" in text


def test_both_sides_read_the_messages(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.ask(session, "Could we talk?")
    assert "Could we talk?" in client.sign_in(stage.east).page(at(match)).text


def test_reasons_that_the_platform_alone_gives_are_not_offered(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.ask(session)
    client.sign_in(stage.east)
    assert "organisation_closed" not in client.get(at(match)).text
    sent = {"reason": "organisation_closed", "words": "Kept", "version": match.version}
    answer = client.submit(f"{at(match)}/decline", sent)
    assert answer.status_code == 422
    assert "Reason: choose one from the list." in answer.text
    assert "Kept" in answer.text


def test_meetings_stand_in_the_history_for_the_two_sides(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match, tomorrow = stage.agree(session), now() + timedelta(days=1)
    proposal = Proposal(topic="Zibelin", minutes=60, times=(tomorrow,), place="Room 1")
    meeting = meetings.propose(session, stage.asker, match, proposal)
    session.commit()
    page = client.sign_in(stage.east).page(at(match))
    assert f"{stage.need.organisation.name_other}: proposed a meeting" in page.text
    assert f"/meetings/{meeting.id}" in page.links
    assert "proposed a meeting" not in client.sign_in(stage.curator).page(at(match)).text


def test_history_names_organisations_not_persons(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    text = client.sign_in(stage.east).page(at(match)).text
    history = text.split("History", 1)[1]
    assert f"{stage.need.organisation.name_other}: expressed interest" in history
    assert f"{stage.capability.organisation.name_other}: agreed to meet" in history
    assert stage.west.name not in text


def test_the_platform_asks_how_it_goes_and_no_curator(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    outcomes.ask(session, match, now(), 30, at=now())
    session.commit()
    history = client.sign_in(stage.east).page(at(match)).text.split("History", 1)[1]
    assert "The platform: asked both sides about progress" in history


def test_a_listing_withdrawn_meanwhile_is_named_but_not_linked(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.ask(session)
    stage.need.status = "paused"
    session.commit()
    page = client.sign_in(stage.east).page(at(match))
    assert "not published any more" in page.text
    assert f"/listings/{stage.need.id}" not in page.links


# answers


def test_accepting(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    client.sign_in(stage.east)
    response = client.submit(f"{at(match)}/accept", {"version": match.version, "message": "Yes."})
    assert response.status_code == 303
    assert fresh(session, match).status == "mutual"
    assert "You now see each other's contacts" in client.page(at(match)).text


def test_declining_with_words(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    client.sign_in(stage.east)
    client.submit(
        f"{at(match)}/decline",
        {"version": match.version, "reason": "no_capacity", "words": "Next year."},
    )
    assert fresh(session, match).status == "declined"
    text = client.sign_in(stage.west).page(at(match)).text
    assert "No capacity now" in text
    assert "Next year." in text


def test_declining_without_a_reason_keeps_the_words(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.ask(session)
    client.sign_in(stage.east)
    response = client.submit(
        f"{at(match)}/decline", {"version": match.version, "reason": "", "words": "Next year."}
    )
    assert response.status_code == 422
    assert "Next year." in response.text
    assert fresh(session, match).status == "one_side_interested"


def test_withdrawing(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    client.sign_in(stage.west)
    client.submit(f"{at(match)}/cancel", {"version": match.version, "cancel_reason": "mistake"})
    assert fresh(session, match).status == "cancelled"


def test_beginning_again(client: PageClient, session: Session, stage: Stage) -> None:
    match = service.decline(session, stage.answerer, stage.ask(session), "terms")
    session.commit()
    client.sign_in(stage.east)
    assert "Begin again" in client.page(at(match)).text
    client.submit(f"{at(match)}/again")
    assert fresh(session, match).status == "one_side_interested"


@pytest.mark.parametrize("move", ["accept", "decline", "cancel"])
def test_who_comes_second_sees_what_was_done(
    client: PageClient, session: Session, stage: Stage, move: str
) -> None:
    match = stage.ask(session)
    version = match.version
    service.cancel(session, stage.asker, match, "mistake")
    session.commit()
    client.sign_in(stage.west if move == "cancel" else stage.east)
    sent = {"version": version, "reason": "terms", "cancel_reason": "mistake"}
    response = client.submit(f"{at(match)}/{move}", sent)
    assert response.status_code == 409
    assert "withdrew the interest" in response.text
    assert move == "cancel" or stage.west.name not in response.text, "a person's name is a contact"


@pytest.mark.parametrize(
    "move", ["accept", "decline", "cancel", "again", "promise", "revoke", "end"]
)
@pytest.mark.parametrize("who", ["viewer", "curator", "stranger"])
def test_only_owners_and_editors_of_the_two_sides_act(
    client: PageClient, session: Session, stage: Stage, move: str, who: str
) -> None:
    match = stage.ask(session)
    users = {
        "viewer": lambda: factories.member_of(stage.capability.organisation, "viewer"),
        "curator": lambda: stage.curator,
        "stranger": lambda: factories.member_of(factories.OrganisationFactory()),
    }
    client.sign_in(users[who]())
    assert (
        client.submit(
            f"{at(match)}/{move}", {"version": match.version, "reason": "terms"}
        ).status_code
        == 404
    )


# the annex


def test_the_promise_opens_the_annex(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    client.sign_in(stage.west)
    paths = (at(match), f"/listings/{stage.capability.id}")
    assert not [path for path in paths if "hafnium" in client.page(path).text]
    client.submit(f"{at(match)}/promise")
    assert session.scalars(select(ConfidentialityAcceptance.organisation_id)).all() == [
        stage.need.organisation_id
    ]
    assert [path for path in paths if "hafnium" in client.page(path).text] == list(paths)


def test_each_side_promises_for_itself(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.agree(session)
    client.sign_in(stage.west).submit(f"{at(match)}/promise")
    assert "zirconium" not in client.sign_in(stage.east).page(at(match)).text


@pytest.mark.parametrize("who", ["curator", "visitor", "stranger"])
def test_the_promise_opens_it_to_nobody_else(
    client: PageClient, session: Session, stage: Stage, who: str
) -> None:
    promises.promise_confidentiality(session, stage.asker, stage.agree(session))
    session.commit()
    if who == "curator":
        client.sign_in(factories.provincial_curator("37"))
    elif who == "stranger":
        client.sign_in(factories.member_of(factories.OrganisationFactory()))
    assert "hafnium" not in client.page(f"/listings/{stage.capability.id}").text


# the list


def test_what_waits_for_us_comes_first(client: PageClient, session: Session, stage: Stage) -> None:
    stage.ask(session)
    for status in ("mutual", "declined"):
        factories.MatchFactory(
            need=need(title=f"{status} one"), capability=stage.capability, status=status
        )
    asked = need(title="we asked")
    service.express_interest(session, stage.answerer, asked, stage.capability)
    session.commit()
    text = client.sign_in(stage.east).page("/matches").text
    expected = [
        "Waiting for your answer 1",
        stage.need.title,
        "Waiting for the other side 1",
        "we asked",
    ]
    expected += ["In talks 1", "mutual one", "Ended 1", "declined one"]
    places = [text.index(piece) for piece in expected]
    assert places == sorted(places)


def test_an_empty_list_offers_the_next_step(client: PageClient, stage: Stage) -> None:
    assert "/partners" in client.sign_in(stage.east).page("/matches").links


def test_other_peoples_matches_are_not_listed(
    client: PageClient, session: Session, stage: Stage
) -> None:
    stage.ask(session)
    stranger = factories.member_of(factories.OrganisationFactory())
    assert stage.need.title not in client.sign_in(stranger).page("/matches").text


def test_as_many_queries_for_200_matches_as_for_20(
    client: PageClient, session: Session, stage: Stage
) -> None:
    client.sign_in(stage.west)

    def add(number: int) -> None:
        with factories.together():
            offering = factories.OrganisationFactory(eastern=True)
            for place in range(number):
                status = ("proposed", "one_side_interested", "mutual", "expired")[place % 4]
                offered = capability(organisation=offering)
                factories.MatchFactory(
                    need=stage.need, capability=offered, status=status, expires_on=today()
                )

    add(20)
    few = statements(lambda: client.page("/matches"))
    add(180)
    assert statements(lambda: client.page("/matches")) == few


def test_the_page_says_why_they_may_fit(client: PageClient, session: Session, stage: Stage) -> None:
    match = stage.ask(session)
    client.sign_in(stage.east)
    assert "Why they may fit" not in client.page(at(match)).text
    suggestion = factories.SuggestionFactory(need=stage.need, capability=stage.capability)
    assert f"/suggestions/{suggestion.id}" in client.page(at(match)).links
    suggestion.status = "held_back"
    session.commit()
    assert "Why they may fit" not in client.page(at(match)).text


# a curator's hold, the end, drafts


def test_a_held_pair_does_not_begin_again(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = service.decline(session, stage.answerer, stage.ask(session), "terms")
    factories.SuggestionFactory(need=stage.need, capability=stage.capability, status="held_back")
    session.commit()
    client.sign_in(stage.east)
    assert "Begin again" not in client.page(at(match)).text
    answer = client.submit(f"{at(match)}/again")
    assert answer.status_code == 422
    assert "cannot go on at present" in answer.text
    assert fresh(session, match).status == "declined"


def test_ending_closes_contacts_and_says_why(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    client.sign_in(stage.west)
    assert CONTACT in client.page(at(match)).text
    sent = {"version": match.version, "end_reason": "no_progress", "end_words": "Another time."}
    assert client.submit(f"{at(match)}/end", sent).status_code == 303
    pages = (at(match), f"/organisations/{stage.capability.organisation_id}")
    assert not [path for path in pages if CONTACT in client.page(path).text]
    text = client.sign_in(stage.east).page(at(match)).text
    assert "Talks led nowhere" in text
    assert "Another time." in text


def test_ending_without_a_reason_keeps_the_words(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    sent = {"version": match.version, "end_reason": "", "end_words": "Another time."}
    answer = client.sign_in(stage.west).submit(f"{at(match)}/end", sent)
    assert answer.status_code == 422
    assert "Another time." in answer.text
    assert 'href="#end_reason"' in answer.text


def test_a_promise_taken_back_closes_the_annex(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    client.sign_in(stage.west).submit(f"{at(match)}/promise")
    assert "hafnium" in client.page(at(match)).text
    client.submit(f"{at(match)}/revoke")
    assert "hafnium" not in client.page(at(match)).text


def test_a_changed_annex_asks_for_another_promise(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    client.sign_in(stage.west).submit(f"{at(match)}/promise")
    stage.capability.annex, stage.capability.annex_version = "yttrium", 2
    session.commit()
    text = client.page(at(match)).text
    assert "They have changed the annex since you promised" in text
    assert "yttrium" not in text


def test_a_suspension_hides_contacts_on_every_page(
    client: PageClient, session: Session, stage: Stage
) -> None:
    match = stage.agree(session)
    stage.capability.organisation.status = "suspended"
    session.commit()
    text = client.sign_in(stage.west).page(at(match)).text
    assert CONTACT not in text
    assert "cannot take part at present" in text


@pytest.mark.parametrize("status", ["in_review", "draft", "changes_requested", "published"])
@pytest.mark.parametrize("who", ["west", "curator"])
def test_titles_of_drafts_never_show_in_a_match(
    client: PageClient, session: Session, stage: Stage, status: str, who: str
) -> None:
    match = stage.ask(session)
    stage.capability.title = "Zirconfrost draft"
    stage.capability.status = status
    if status == "published":
        stage.capability.approved_title = stage.capability.title
    factories.SuggestionFactory(need=stage.need, capability=stage.capability)
    session.commit()
    client.sign_in(getattr(stage, who))
    paths = [at(match), "/home"] + (["/matches"] if who == "west" else ["/desk?queue=matches"])
    shown = [path for path in paths if "Zirconfrost" in client.get(path).text]
    assert bool(shown) is (status == "published")


@pytest.mark.parametrize(("days", "section"), [(0, "Waiting for your answer"), (-1, "Ended")])
def test_an_overdue_match_is_ended_before_any_job(
    client: PageClient, session: Session, stage: Stage, days: int, section: str
) -> None:
    match = stage.ask(session)
    match.expires_on = today() + timedelta(days=days)
    session.commit()
    client.sign_in(stage.east)
    assert f"{section} 1" in client.page("/matches").text
    assert ("Your answer" in client.page(at(match)).text) is (days == 0)
