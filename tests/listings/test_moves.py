"""Every service that moves a listing: what it changes, what it refuses, who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit.models import AuditRecord
from matchmaker.db import now, today
from matchmaker.errors import Conflict, Refused
from matchmaker.listings import indexing, service
from matchmaker.listings.models import Listing, Review, SearchRow
from matchmaker.listings.rules import MOVES
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import SYSTEM, Actor
from matchmaker.plan import service as plans
from tests import factories
from tests.listings.conftest import as_actor, complete, loaded

STATUSES = ("draft", "in_review", "changes_requested", "published", "paused", "expired", "closed")
SOON = timedelta(days=30)
LATER = timedelta(days=100)  # than the deadline that a complete one has
Move = Callable[[Session, Actor, Listing, int], object]
DO: dict[str, Move] = {
    "submit": service.submit,
    "request_changes": lambda s, a, x, v: service.request_changes(s, a, x, v, "Please say more."),
    "publish": service.publish,
    "pause": service.pause,
    "resume": service.resume,
    "confirm": service.confirm,
    "renew": lambda s, a, x, v: service.renew(s, a, x, v, today() + LATER),
    "close": lambda s, a, x, v: service.close(s, a, x, v, "no_longer_needed"),
    "revise": lambda s, a, x, v: service.revise(s, a, x, v, complete(title="Changed")),
}
AFTER = {
    "submit": "in_review",
    "request_changes": "changes_requested",
    "publish": "published",
    "pause": "paused",
    "resume": "published",
    "confirm": "published",
    "renew": "published",
    "close": "closed",
}
REVISED = {"draft": "draft", "changes_requested": "changes_requested", "in_review": "draft"}


@pytest.fixture
def make(session: Session, organisation: Organisation, author: Actor) -> Callable[..., Listing]:
    """A complete need of the organisation, in a status."""

    def made(status: str, **fields: object) -> Listing:
        factories.task()
        draft = service.create(
            session,
            author,
            organisation,
            factories.plan(),
            complete(**fields),
            kind="need",  # type: ignore[arg-type]
        )
        draft.status = status
        listing = loaded(draft)
        if status == "published":
            indexing.index(session, listing)
            session.commit()
        return listing

    return made


def terms_of(session: Session, listing: Listing) -> int:
    return len(session.scalars(select(SearchRow).where(SearchRow.listing_id == listing.id)).all())


def told(session: Session, kind: str) -> set[int]:
    """The people who got a notice of the kind."""
    return set(session.scalars(select(Notice.user_id).where(Notice.kind == kind)))


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("status", STATUSES)
def test_every_move_from_every_status(
    session: Session, make: Callable[..., Listing], author: Actor, move: str, status: str
) -> None:
    listing = make(status)
    if status in MOVES[move] and (move, status) != ("revise", "published"):  # see test_changes
        DO[move](session, author, listing, listing.version)
        assert listing.status == AFTER.get(move, REVISED.get(status, "in_review"))
    else:
        with pytest.raises(Refused):
            DO[move](session, author, listing, listing.version)
        assert listing.status == status


@pytest.mark.parametrize("move", MOVES)
def test_whoever_saw_an_older_version_conflicts(
    session: Session, make: Callable[..., Listing], author: Actor, move: str
) -> None:
    listing = make(min(MOVES[move]))
    with pytest.raises(Conflict):
        DO[move](session, author, listing, listing.version - 1)


@pytest.mark.both_databases
@pytest.mark.parametrize("move", MOVES)
def test_every_move_is_recorded_without_words(
    session: Session, make: Callable[..., Listing], author: Actor, move: str
) -> None:
    listing = make(min(MOVES[move]))
    DO[move](session, author, listing, listing.version)
    session.commit()
    newest = session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert newest is not None
    assert (newest.action, newest.subject_id) == (f"listing.{move}", listing.id)
    assert "Please say more" not in str(newest.detail)


@pytest.mark.parametrize(
    ("move", "status", "due"),
    [
        ("publish", "in_review", True),
        ("pause", "published", True),
        ("resume", "paused", True),
        ("renew", "expired", True),
        ("close", "published", True),
        ("close", "draft", False),
        ("revise", "draft", False),
        ("submit", "draft", False),
        ("request_changes", "in_review", False),
    ],
)
def test_suggestions_are_due_when_the_listing_appears_or_goes(
    session: Session, make: Callable[..., Listing], author: Actor, move: str, status: str, due: bool
) -> None:
    listing = make(status)
    DO[move](session, author, listing, listing.version)
    assert listing.matching_due is due


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("move", "status", "found"),
    [
        ("publish", "in_review", True),
        ("resume", "paused", True),
        ("renew", "expired", True),
        ("pause", "published", False),
        ("close", "published", False),
    ],
)
def test_the_index_follows_in_the_same_transaction(
    session: Session,
    make: Callable[..., Listing],
    author: Actor,
    move: str,
    status: str,
    found: bool,
) -> None:
    listing = make(status)
    DO[move](session, author, listing, listing.version)
    assert bool(terms_of(session, listing)) is found


@pytest.mark.parametrize("move", ["submit", "publish", "resume", "renew"])
@pytest.mark.parametrize("status", ["registered", "lapsed", "suspended"])
def test_only_a_verified_organisation_is_shown_anew(
    session: Session, make: Callable[..., Listing], author: Actor, move: str, status: str
) -> None:
    listing = make(min(MOVES[move]))
    listing.organisation.status = status
    session.flush()
    with pytest.raises(Refused, match="verified"):
        DO[move](session, author, listing, listing.version)


@pytest.mark.parametrize(
    ("move", "status"), [("submit", "draft"), ("publish", "in_review"), ("resume", "paused")]
)
def test_nothing_is_shown_past_its_deadline(
    session: Session, make: Callable[..., Listing], author: Actor, move: str, status: str
) -> None:
    listing = make(status, deadline=today() - timedelta(days=1))
    with pytest.raises(Refused, match="deadline"):
        DO[move](session, author, listing, listing.version)


def test_an_incomplete_draft_is_not_submitted(
    session: Session, make: Callable[..., Listing], author: Actor
) -> None:
    listing = make("draft", must_haves=())
    with pytest.raises(Refused, match="complete"):
        service.submit(session, author, listing, listing.version)


def test_a_refused_revision_leaves_the_listing_as_it_was(
    session: Session, make: Callable[..., Listing], author: Actor
) -> None:
    listing = make("published")
    with pytest.raises(Refused):
        service.revise(session, author, listing, listing.version, complete(title="New", summary=""))
    assert (listing.title, listing.status, list(session.dirty)) == (
        "Lithium from old brine",
        "published",
        [],
    )


def test_an_organisation_posts_only_what_it_may(
    session: Session, organisation: Organisation, author: Actor
) -> None:
    assert not author.may_post_capabilities
    with pytest.raises(Refused):
        service.create(
            session,
            author,
            organisation,
            factories.plan(),
            complete("capability"),
            kind="capability",
        )


def test_submitting_tells_the_curators_of_the_organisations_province(
    session: Session, make: Callable[..., Listing], author: Actor, curator: User
) -> None:
    national = factories.staff("national_curator")
    elsewhere = factories.provincial_curator("65")
    retired = factories.provincial_curator("63", suspended=True)
    listing = make("draft", province="65")
    service.submit(session, author, listing, listing.version)
    session.flush()
    assert told(session, "listing.submitted") == {curator.id, national.id}
    assert not {elsewhere.id, retired.id} & told(session, "listing.submitted")
    notice = session.scalars(select(Notice)).first()
    assert notice is not None
    assert notice.path == f"/desk/listings/{listing.id}"
    assert session.scalars(select(OutboxMail.recipient)).all() == [curator.email, national.email]


@pytest.mark.parametrize(
    ("move", "kind"),
    [("publish", "listing.published"), ("request_changes", "listing.changes_requested")],
)
def test_the_answer_reaches_who_can_write(
    session: Session,
    make: Callable[..., Listing],
    curator: User,
    owner: User,
    organisation: Organisation,
    move: str,
    kind: str,
) -> None:
    editor = factories.member_of(organisation, "editor")
    factories.member_of(organisation, "viewer")
    listing = make("in_review")
    DO[move](session, as_actor(curator), listing, listing.version)
    session.flush()
    assert told(session, kind) == {owner.id, editor.id}


def test_a_review_keeps_what_was_decided_on_but_the_annex(
    session: Session, make: Callable[..., Listing], curator: User
) -> None:
    listing = make("in_review", annex="secret")
    service.publish(session, as_actor(curator), listing, listing.version)
    session.flush()
    review = session.scalars(select(Review)).one()
    assert (review.decision, review.curator_id) == ("published", curator.id)
    assert review.snapshot["title"] == listing.title
    assert "secret" not in str(review.snapshot)


def test_a_reason_to_close_must_fit_the_kind(
    session: Session, make: Callable[..., Listing], author: Actor
) -> None:
    listing = make("published")
    with pytest.raises(Refused):
        service.close(session, author, listing, listing.version, "no_longer_offered")


def test_a_listing_keeps_its_first_day_when_it_is_reviewed_again(
    session: Session, make: Callable[..., Listing], author: Actor
) -> None:
    listing = make("in_review")
    listing.published_at = first = now() - SOON
    session.commit()
    service.publish(session, author, listing, listing.version)
    assert listing.published_at == first


@pytest.mark.both_databases
def test_rewriting_keeps_rows_that_stay(
    session: Session, make: Callable[..., Listing], author: Actor
) -> None:
    listing = make("draft", sectors=("solar", "wind"), must_haves=("a", "b"))
    kept = listing.requirements[0].id
    service.revise(
        session,
        author,
        listing,
        listing.version,
        complete(sectors=("wind", "grid"), must_haves=("a", "b")),
    )
    session.commit()
    again = loaded(listing)
    assert {entry.code for entry in again.sectors} == {"wind", "grid"}
    assert again.requirements[0].id == kept


def test_new_listings_take_the_current_plan_and_old_ones_keep_theirs(
    session: Session, make: Callable[..., Listing], author: Actor
) -> None:
    old, content = make("draft"), complete()
    successor, _ = plans.load(session, SYSTEM, {**factories.PLAN, "id": "successor"})
    new = service.create(
        session, author, old.organisation, successor, replace(content, tasks=()), kind="need"
    )
    service.revise(session, author, old, old.version, content)
    session.commit()
    assert (old.plan_id, new.plan_id) == (1, successor.id)
    assert [task.code for task in loaded(old).tasks] == ["QH-1"]


def test_a_task_of_another_plan_is_not_taken(
    session: Session, organisation: Organisation, author: Actor
) -> None:
    content = complete()
    successor, _ = plans.load(session, SYSTEM, {**factories.PLAN, "id": "successor"})
    listing = service.create(session, author, organisation, successor, content, kind="need")
    assert listing.tasks == []


@pytest.mark.parametrize("move", ["submit", "publish", "resume", "renew"])
def test_may_not_post_stops_every_way_to_publication(
    session: Session,
    make: Callable[..., Listing],
    organisation: Organisation,
    author: Actor,
    curator: User,
    move: str,
) -> None:
    start = {"submit": "draft", "publish": "in_review", "resume": "paused", "renew": "expired"}
    listing = make(start[move])
    listing.organisation.needs_grant = False
    session.commit()
    actor = as_actor(curator) if move == "publish" else author
    with pytest.raises(Refused) as refused:
        DO[move](session, actor, listing, listing.version)
    assert refused.value.refusal == "kind_not_open"
    assert listing.status == start[move]


@pytest.mark.parametrize(
    ("move", "days", "open_"),
    [("pause", 0, True), ("pause", -1, False), ("renew", 0, True), ("renew", -1, True)],
)
def test_a_deadline_passes_by_its_date_before_any_job(
    session: Session, make: Callable[..., Listing], author: Actor, move: str, days: int, open_: bool
) -> None:
    listing = make("published")
    listing.deadline = today() + timedelta(days=days)
    session.commit()
    if open_:
        DO[move](session, author, listing, listing.version)
        return
    with pytest.raises(Refused):
        DO[move](session, author, listing, listing.version)


def test_a_verification_that_ran_out_stops_publication_before_any_job(
    session: Session, make: Callable[..., Listing], author: Actor
) -> None:
    listing = make("paused")
    listing.organisation.verified_until = today() - timedelta(days=1)
    session.commit()
    with pytest.raises(Refused):
        service.resume(session, author, listing, listing.version)


@pytest.mark.parametrize(("annex", "version"), [("", 1), ("New secret", 2)])
def test_an_annex_has_a_version(
    session: Session, make: Callable[..., Listing], author: Actor, annex: str, version: int
) -> None:
    listing = make("draft")
    service.revise(session, author, listing, listing.version, complete(annex=annex))
    assert listing.annex_version == version
