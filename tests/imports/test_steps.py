"""From rows to drafts: what comes of a row, the same row again, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.audit import queries as audit
from matchmaker.db import now
from matchmaker.errors import Conflict, Refused
from matchmaker.imports import queries, service, steps
from matchmaker.imports.models import ImportedListing, ImportRow
from matchmaker.listings import service as listings
from matchmaker.listings.models import Listing, Requirement
from matchmaker.organisations.models import Membership
from matchmaker.permissions import Actor
from tests import factories
from tests.imports.conftest import HEADINGS, ROWS, Bring, drafts, faults, statuses, worked
from tests.listings.conftest import complete, loaded

CHANGED = (("001", "盐湖提锂", "收率低于六成", "中试", "80-150", "某厂"), ROWS[1])


@pytest.mark.both_databases
def test_good_rows_become_drafts_and_others_are_refused(bring: Bring) -> None:
    bad = ("003", "", "没有名称", "很高", "看情况", "某厂")
    held = bring((*ROWS, bad))
    assert (held.status, statuses(held)) == ("done", ["created", "created", "refused"])
    assert faults(held)[2] == ["no_title", "level", "amount"]
    first, second = drafts()
    assert (first.title, first.description, first.trl) == ("盐湖提锂", "收率低", 6)
    assert (first.budget_min, first.budget_max) == (800_000, 1_500_000)
    assert (second.status, second.language, second.province) == ("draft", "zh", "63")


def test_rows_are_taken_by_parts(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "AT_ONCE", 2)
    held = bring([(f"{n}", f"需求名称{n}", "描述", "6", "", "某厂") for n in range(5)])
    assert statuses(held) == ["created"] * 5
    assert len(drafts()) == 5


def test_the_same_table_again_makes_nothing(bring: Bring) -> None:
    bring()
    assert statuses(bring()) == ["same", "same"]
    assert len(drafts()) == 2


def test_rows_without_ids_are_known_by_their_titles(bring: Bring) -> None:
    rows, headings = [row[1:] for row in ROWS], HEADINGS[1:]
    bring(rows, headings)
    assert statuses(bring(rows, headings)) == ["same", "same"]
    twice = bring([*rows, rows[0]], headings)
    assert faults(twice) == [[], [], ["title_used"]]


def test_the_same_id_with_something_new_changes_its_draft(bring: Bring) -> None:
    bring()
    held = bring(CHANGED)
    assert statuses(held) == ["updated", "same"]
    assert drafts()[0].description == "收率低于六成"
    assert statuses(bring(CHANGED)) == ["same", "same"]


def _submitted(session: Session, actor: Actor, listing: Listing) -> None:
    _published(session, actor, listing)
    listing.status = "in_review"


def _published(session: Session, actor: Actor, listing: Listing) -> None:
    listing.status, listing.published_at = "published", now()


def _closed(session: Session, actor: Actor, listing: Listing) -> None:
    listing.status = "closed"


def _edited(session: Session, actor: Actor, listing: Listing) -> None:
    content = complete(title=listing.title, description="Our own words.")
    listings.revise(session, actor, listing, listing.version, content)


@pytest.mark.parametrize(
    ("happens", "fault"),
    [
        (_submitted, "under_review"),
        (_published, "published"),
        (_closed, "closed"),
        (_edited, "edited_here"),
    ],
)
def test_a_text_that_went_on_is_never_changed_silently(
    bring: Bring,
    session: Session,
    actor: Actor,
    happens: Callable[[Session, Actor, Listing], None],
    fault: str,
) -> None:
    bring()
    happens(session, actor, loaded(drafts()[0]))
    held = bring(CHANGED)
    assert faults(held) == [[fault], []]
    assert drafts()[0].description != "收率低于六成"


def test_of_two_rows_with_one_id_the_second_is_refused(bring: Bring) -> None:
    held = bring((*ROWS, ("001", "另一个", "描述", "6", "", "某厂")))
    assert faults(held) == [[], [], ["key_used"]]


@pytest.mark.both_databases
def test_what_was_made_is_taken_back(bring: Bring, session: Session, actor: Actor) -> None:
    bring()
    held = bring((*CHANGED, ("003", "新需求名称", "描述", "6", "", "某厂")))
    assert statuses(held) == ["updated", "same", "created"]
    service.undo(session, actor, held, held.version)
    held = worked(held)
    assert (held.status, statuses(held)) == ("undone", ["taken_back", "same", "taken_back"])
    assert [one.description for one in drafts()] == ["收率低", "裂果多"]
    assert session.scalar(select(func.count()).select_from(ImportedListing)) == 2
    assert statuses(bring(CHANGED)) == ["updated", "same"]


def test_a_draft_that_somebody_worked_on_stays(
    bring: Bring, session: Session, actor: Actor
) -> None:
    held = bring()
    _edited(session, actor, loaded(drafts()[0]))
    session.commit()
    held = queries.table(session, held.id) or held
    service.undo(session, actor, held, held.version)
    assert statuses(worked(held)) == ["kept", "taken_back"]
    assert [one.description for one in drafts()] == ["Our own words."]


def test_a_day_later_nothing_is_taken_back(bring: Bring, session: Session, actor: Actor) -> None:
    held = bring()
    later = now() + timedelta(days=1, minutes=1)
    with pytest.raises(Refused):
        service.undo(session, actor, held, held.version, at=later)


def test_who_comes_second_is_told(bring: Bring, session: Session, actor: Actor) -> None:
    held = bring(run=False)
    version = held.version
    service.run(session, actor, held, version)
    with pytest.raises(Conflict):
        service.run(session, actor, held, version)


def test_who_may_no_longer_write_makes_no_drafts(
    bring: Bring, session: Session, actor: Actor
) -> None:
    held = bring(run=False)
    service.run(session, actor, held, held.version)
    session.query(Membership).filter_by(user_id=actor.user_id).update({"role": "viewer"})
    held = worked(held)
    assert (held.status, statuses(held), drafts()) == ("done", ["new", "new"], [])


def test_a_form_is_remembered(bring: Bring, session: Session, actor: Actor) -> None:
    headings = ("需求编号", "技术需求名称", "内部备注")
    held = bring([("1", "盐湖提锂", "收率低")], headings, run=False)
    assert [name for _, _, name, _ in held.sheets[0]["columns"]] == ["id", "title", None]
    said = [{0: "id", 1: "title", 2: "summary"}]
    service.map_columns(session, actor, held, held.version, said)
    worked(held)
    again = bring([("2", "番茄", "裂果多")], headings)
    assert [name for _, _, name, _ in again.sheets[0]["columns"]] == ["id", "title", "summary"]
    assert drafts()[0].summary == "裂果多"


def test_a_table_put_away_leaves_nothing(bring: Bring, session: Session, actor: Actor) -> None:
    held = bring(run=False)
    service.discard(session, actor, held, held.version)
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_rows_are_forgotten_and_drafts_stay(bring: Bring, session: Session) -> None:
    bring()
    assert service.forget_old(session, at=now() + timedelta(days=29)) == 0
    assert service.forget_old(session, at=now() + timedelta(days=31)) == 1
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert len(drafts()) == 2


def test_every_move_is_recorded(bring: Bring, session: Session, actor: Actor) -> None:
    held = bring()
    service.undo(session, actor, held, held.version)
    number = worked(held).id
    actions = [one.action for one in audit.about(session, "import", number, limit=20)]
    assert sorted(actions) == [
        "import.begin",
        "import.finish",
        "import.finish",
        "import.map",
        "import.run",
        "import.undo",
    ]
    assert not session.scalar(select(func.count()).select_from(Requirement))


def test_an_organisation_brings_only_what_it_may_post(bring: Bring) -> None:
    factories.plan()
    with pytest.raises(Refused):
        bring(kind="capability")
