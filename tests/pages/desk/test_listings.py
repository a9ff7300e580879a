"""A curator reads a listing and decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.engine import default_glossary
from matchmaker.listings import changes, indexing, service
from matchmaker.listings.models import Listing
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from tests import factories
from tests.client import Page, PageClient
from tests.listings.conftest import as_actor, complete, loaded


@pytest.fixture
def waiting(session: Session, organisation: Organisation, author: Actor) -> Listing:
    """A need of the organisation that was sent for review; the work is in another province."""
    listing = service.create(
        session,
        author,
        organisation,
        factories.plan(),
        complete(province="65", annex="annexword"),
        kind="need",
        submit=True,
    )
    return loaded(listing)


def desk_of(listing: Listing) -> str:
    return f"/desk/listings/{listing.id}"


def test_the_curator_reads_what_members_read_and_not_the_annex(
    desk: PageClient, waiting: Listing
) -> None:
    text = desk.page(desk_of(waiting)).text
    assert "loses a third" in text
    assert "90 % yield" in text
    assert "annexword" not in text


@pytest.mark.parametrize(
    ("decision", "note", "then"),
    [
        ("publish", "", "published"),
        ("publish", "Good.", "published"),
        ("request_changes", "How many tonnes?", "changes_requested"),
    ],
)
def test_a_decision(
    desk: PageClient, waiting: Listing, decision: str, note: str, then: str
) -> None:
    sent = {"decision": decision, "note": note, "version": waiting.version}
    assert desk.submit(desk_of(waiting), sent).status_code == 303
    decided = loaded(waiting)
    assert (decided.status, decided.reviews[0].note) == (then, note)


@pytest.mark.parametrize("decision", ["request_changes", "", "nonsense"])
def test_changes_are_asked_for_in_words(desk: PageClient, waiting: Listing, decision: str) -> None:
    response = desk.submit(
        desk_of(waiting), {"decision": decision, "note": " ", "version": waiting.version}
    )
    assert response.status_code == 422
    assert "What should be changed: please describe it." in Page(response.text).text
    assert loaded(waiting).status == "in_review"


def test_a_note_that_is_too_long_is_kept(desk: PageClient, waiting: Listing) -> None:
    response = desk.submit(
        desk_of(waiting),
        {"decision": "request_changes", "note": "n" * 2001, "version": waiting.version},
    )
    assert response.status_code == 422
    assert "n" * 2001 in response.text


def test_the_second_curator_gets_a_conflict_that_shows_what_the_first_did(
    app: Flask, desk: PageClient, waiting: Listing
) -> None:
    second = app.test_client().sign_in(factories.staff("national_curator"))  # type: ignore[attr-defined]
    seen = waiting.version
    desk.submit(desk_of(waiting), {"decision": "publish", "version": seen})
    response = second.submit(
        desk_of(waiting), {"decision": "request_changes", "note": "No.", "version": seen}
    )
    assert response.status_code == 409
    assert "Li Na" in response.text
    assert "published the listing" in response.text
    assert loaded(waiting).status == "published"


def test_a_text_that_moved_under_the_curator_is_a_conflict(
    desk: PageClient, waiting: Listing, author: Actor, session: Session
) -> None:
    seen = waiting.version
    service.revise(session, author, waiting, seen, complete(title="Changed"), submit=True)
    session.commit()
    assert (
        desk.submit(desk_of(waiting), {"decision": "publish", "version": seen}).status_code == 409
    )


def test_what_was_decided_is_not_decided_again(desk: PageClient, waiting: Listing) -> None:
    desk.submit(desk_of(waiting), {"decision": "publish", "version": waiting.version})
    page = desk.page(desk_of(waiting))
    assert "There is nothing to decide now." in page.text
    response = desk.submit(
        desk_of(waiting), {"decision": "publish", "version": loaded(waiting).version}
    )
    assert response.status_code == 422


def test_an_unverified_organisations_listing_is_not_published(
    desk: PageClient, waiting: Listing, organisation: Organisation, session: Session
) -> None:
    organisation.status = "lapsed"
    session.commit()
    html = desk.get(desk_of(waiting)).text
    assert "must be verified before" in html
    assert 'value="publish"' not in html
    response = desk.submit(
        desk_of(waiting), {"decision": "publish", "version": loaded(waiting).version}
    )
    assert response.status_code == 422
    assert loaded(waiting).status == "in_review"


def test_after_a_review_comes_the_next_listing_of_the_same_filter(
    desk: PageClient, waiting: Listing, organisation: Organisation
) -> None:
    factories.ListingFactory(in_review=True, organisation=organisation, kind="capability")
    need = factories.ListingFactory(in_review=True, organisation=organisation)
    sent = {"decision": "publish", "version": waiting.version}
    response = desk.submit(f"{desk_of(waiting)}?kind=need", sent)
    assert response.location == f"{desk_of(need)}?kind=need#content"


def test_after_the_last_review_comes_the_queue(desk: PageClient, waiting: Listing) -> None:
    sent = {"decision": "publish", "version": waiting.version}
    assert desk.submit(desk_of(waiting), sent).location == "/desk?queue=listings#content"


def test_the_second_review_shows_what_changed_since_the_first(
    desk: PageClient, waiting: Listing, author: Actor, curator: User, session: Session
) -> None:
    service.publish(session, as_actor(curator), waiting, waiting.version, "Fine.")
    changed = complete(
        province="65", annex="other annexword", title="Lithium from new brine", trl=7
    )
    session.flush()
    changes.submit(session, author, waiting, waiting.version, changed)
    session.commit()
    text = desk.page(desk_of(waiting)).text
    assert "What has changed since the last review" in text
    assert "Lithium from old new brine" in text
    assert "Fine." in text
    html = desk.get(desk_of(waiting)).text
    assert "Lithium from <del>old</del><ins>new</ins> brine" in html
    assert "annexword" not in text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (lambda organisation: None, 303),
        (factories.member_of, 404),
        (lambda organisation: factories.provincial_curator("65"), 404),
        (lambda organisation: factories.staff("administrator"), 404),
        (lambda organisation: factories.staff("evaluator"), 404),
        (lambda organisation: factories.staff("national_curator"), 200),
    ],
    ids=[
        "visitor",
        "its owner",
        "curator of the place of work",
        "administrator",
        "evaluator",
        "national curator",
    ],
)
def test_who_may_review(
    client: PageClient,
    waiting: Listing,
    organisation: Organisation,
    who: Callable[[Organisation], User],
    status: int,
) -> None:
    user = who(organisation)
    if user:
        client.sign_in(user)
    assert client.get(desk_of(waiting)).status_code == status


def test_nobody_reviews_their_own_organisations_listing(
    client: PageClient, waiting: Listing, organisation: Organisation
) -> None:
    both = factories.provincial_curator("63")
    factories.MembershipFactory(organisation=organisation, user=both, role="viewer")
    assert client.sign_in(both).get(desk_of(waiting)).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_the_review_opens_in_every_language(
    desk: PageClient, waiting: Listing, language: str
) -> None:
    desk.speak(language).page(desk_of(waiting))


FIELDS: defaultdict[str, list[str]] = defaultdict(list)
for one in default_glossary().concepts.values():
    FIELDS[one.source.partition(".")[0]].append(one.label("en"))
EVERYTHING = ". ".join(label for labels in FIELDS.values() for label in labels[:6])
ASKED = "A selective adsorbent that takes lithium out of cold brine from the old ponds of the lake"


@pytest.mark.parametrize(
    ("kind", "title", "description", "expected"),
    [
        ("need", "Another title", ASKED, "nearly the same as that of another listing"),
        ("capability", f"We offer: {ASKED}", "All of it.", "repeats the words of these needs"),
        ("capability", "Pumps", "brine pump " * 30, "repeats words in order to be found"),
        ("capability", "Pumps", EVERYTHING, "subjects from many fields"),
        ("capability", "Pumps for brine", "They keep their pressure in winter.", None),
    ],
)
def test_the_curator_is_told_what_is_odd_with_the_evidence(
    session: Session,
    desk: PageClient,
    organisation: Organisation,
    kind: str,
    title: str,
    description: str,
    expected: str | None,
) -> None:
    known = factories.need(title=ASKED, summary="", description="")
    indexing.index(session, loaded(known))
    listing = factories.ListingFactory(
        in_review=True,
        kind=kind,
        organisation=organisation,
        title=title,
        summary="",
        description=description,
    )
    session.commit()
    page = desk.page(desk_of(listing))
    assert ("Please take a closer look" in page.text) == (expected is not None)
    if expected:
        assert expected in page.text
        evidence = {"brine pump " * 30: "brine, pump", EVERYTHING: FIELDS["energy"][0]}
        assert evidence.get(description, ASKED).lower() in page.text.lower()


@pytest.mark.parametrize(
    ("decision", "title", "kept"),
    [
        ("publish", "Lithium from new brine", False),
        ("request_changes", "Lithium from old brine", True),
    ],
)
def test_a_change_of_a_published_listing_is_decided(
    desk: PageClient,
    waiting: Listing,
    author: Actor,
    curator: User,
    session: Session,
    *,
    decision: str,
    title: str,
    kept: bool,
) -> None:
    service.publish(session, as_actor(curator), waiting, waiting.version)
    changes.submit(
        session, author, waiting, waiting.version, complete(title="Lithium from new brine")
    )
    session.commit()
    page = desk.page(desk_of(waiting))
    assert "A change to a published listing." in page.text
    assert waiting.title in desk.page("/desk?queue=listings").text
    sent = {"decision": decision, "note": "Why new?", "version": waiting.version, "text": 1}
    assert desk.submit(desk_of(waiting), sent).status_code == 303
    decided = loaded(waiting)
    assert (decided.status, decided.title) == ("published", title)
    assert (decided.working_text is not None) is kept
