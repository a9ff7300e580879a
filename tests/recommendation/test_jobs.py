"""A run of the engine after listings came, changed and went, and people said something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.db import db
from matchmaker.engine import ENGINE_VERSION, Change, Weights
from matchmaker.listings.models import Listing
from matchmaker.notices.models import Notice
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from matchmaker.recommendation.run import compute as matching
from matchmaker.recommendation.run import read as queries_engine
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.run.jobs import Summary, verify_suggestions
from matchmaker.recommendation.run.jobs import refresh_suggestions as refresh
from tests import factories
from tests.factories import capability, need

pytestmark = pytest.mark.usefixtures("engine", "worker")
stores: list[RecommenderStore] = []


@pytest.fixture
def worker(store: RecommenderStore) -> Iterator[RecommenderStore]:
    """All runs of a test are one worker's."""
    stores[:] = [store]
    yield store
    stores.clear()


def refresh_suggestions(session: Session, **options: Any) -> Summary:
    return refresh(session, stores[0], **options)


def due(listing: Listing) -> Listing:
    listing.matching_due = True
    db.session.commit()
    return listing


def pairs(session: Session, *, current: bool = True) -> dict[tuple[str, str], str]:
    """(need's title, capability's title) → band."""
    session.expire_all()
    found = session.scalars(select(Suggestion).where(Suggestion.is_current == current)).all()
    titles = dict(session.execute(select(Listing.id, Listing.title)).tuples().all())
    return {(titles[s.need_id], titles[s.capability_id]): s.band for s in found}


@pytest.mark.both_databases
def test_a_published_need_gets_its_partners(session: Session) -> None:
    due(need(title="salt lake"))
    capability(title="salt lake lithium")
    capability(title="salt")
    refresh_suggestions(session)
    assert pairs(session) == {
        ("salt lake", "salt lake lithium"): "strong",
        ("salt lake", "salt"): "possible",
    }


@pytest.mark.both_databases
def test_a_published_capability_gets_its_needs_and_joins_theirs(session: Session) -> None:
    need(title="salt lake")
    need(title="wind blade")
    due(capability(title="salt lake lithium"))
    refresh_suggestions(session)
    assert pairs(session)["salt lake", "salt lake lithium"] == "strong"


def test_parts_reasons_and_versions_are_stored(session: Session) -> None:
    due(need(title="salt lake"))
    capability(title="salt lake")
    refresh_suggestions(session)
    found = session.scalars(select(Suggestion)).one()
    assert sum(found.parts.values()) == pytest.approx(found.score)
    assert [reason["code"] for reason in found.reasons] == ["lake", "salt", ""]
    assert (found.origin, found.status, found.version) == ("engine", "new", 1)
    assert found.engine_version == ENGINE_VERSION
    assert found.weights_version.startswith(Weights().version)


def test_the_flag_is_cleared_without_raising_the_version(session: Session) -> None:
    listing = due(need(title="salt"))
    version = listing.version
    refresh_suggestions(session)
    session.expire_all()
    assert (listing.matching_due, listing.version) == (False, version)


@pytest.mark.both_databases
def test_a_second_run_changes_nothing(session: Session) -> None:
    listing = due(need(title="salt lake"))
    capability(title="salt lake")
    refresh_suggestions(session)
    first = session.scalars(select(Suggestion.id)).all()
    assert refresh_suggestions(session) == Summary()
    due(listing)
    assert refresh_suggestions(session) == Summary(due=1, written=1)
    assert session.scalars(select(Suggestion.id)).all() == first


@pytest.mark.both_databases
def test_a_changed_need_loses_and_gains_partners(session: Session) -> None:
    listing = due(need(title="salt lake lithium"))
    for title in ("salt lake", "wind blade", "wind", "blade repair", "blade steel", "blade"):
        capability(title=title)
    refresh_suggestions(session)
    assert ("salt lake lithium", "salt lake") in pairs(session)
    listing.title = "wind blade repair"
    due(listing)
    refresh_suggestions(session)
    assert ("wind blade repair", "salt lake") in pairs(session), (
        "the capability's own list still names its best"
    )
    assert pairs(session)["wind blade repair", "wind blade"] == "strong"


def test_weak_partners_fill_a_list_up_to_five(session: Session) -> None:
    due(need(title="salt"))
    for number in range(8):
        capability(title=f"other{number}")
    need_ids = session.scalars(select(Listing.id).where(Listing.kind == "need")).all()
    for number in range(6):  # so that the capabilities have enough partners of their own
        need(title=f"x other{number % 8}")
    refresh_suggestions(session)
    found = session.scalars(select(Suggestion).where(Suggestion.need_id.in_(need_ids))).all()
    assert len(found) >= 5
    assert {s.band for s in found} == {"weak"}


def test_nobody_is_suggested_to_themselves(session: Session) -> None:
    both = factories.OrganisationFactory(province="64")
    due(need(title="salt lake", organisation=both))
    capability(title="salt lake", organisation=both)
    refresh_suggestions(session)
    assert pairs(session) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"status": "paused"}, {}, id="paused"),
        pytest.param({"status": "closed"}, {}, id="closed"),
        pytest.param(
            {"status": "published"}, {("salt", "salt lake"): "possible"}, id="still published"
        ),
    ],
)
def test_a_withdrawn_listing_leaves_no_suggestion(
    session: Session, change: dict[str, str], expected: object
) -> None:
    listing = due(capability(title="salt lake"))
    need(title="salt")
    refresh_suggestions(session)
    listing.status = change["status"]
    due(listing)
    refresh_suggestions(session)
    assert pairs(session) == expected
    assert not session.scalars(select(Listing.id).where(Listing.matching_due)).all()


def test_the_gap_a_withdrawn_capability_leaves_is_filled(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.recommendation.run.compute.MOST_NAMED", 1)
    listing = due(need(title="salt lake"))
    best = due(capability(title="salt lake"))
    for title in ("salt mine", "wind"):
        due(capability(title=title))
    refresh_suggestions(session)
    best.status = "paused"
    due(best)
    refresh_suggestions(session)
    assert (listing.title, "salt mine") in pairs(session)


def test_a_suspended_organisation_is_suggested_to_nobody(session: Session) -> None:
    listing = due(capability(title="salt"))
    need(title="salt")
    listing.organisation.status = "suspended"
    session.commit()
    refresh_suggestions(session)
    assert pairs(session) == {}


def touched(session: Session, how: str) -> Suggestion:
    suggestion = session.scalars(select(Suggestion)).one()
    if how in ("shortlisted", "held_back"):
        suggestion.status = how
    elif how == "by hand":
        suggestion.origin = "curator"
    else:
        organisation_id = session.scalar(
            select(Listing.organisation_id).where(Listing.id == suggestion.need_id)
        )
        session.add(
            SuggestionMark(
                suggestion_id=suggestion.id,
                organisation_id=organisation_id,
                user_id=factories.UserFactory().id,
                mark=how,
                at=suggestion.created_at,
            )
        )
    session.commit()
    return suggestion


@pytest.mark.parametrize(
    "how", ["kept", "dismissed", "interested", "shortlisted", "held_back", "by hand"]
)
def test_what_people_touched_is_kept_when_a_listing_goes(session: Session, how: str) -> None:
    listing = due(capability(title="salt lake"))
    need(title="salt")
    refresh_suggestions(session)
    suggestion = touched(session, how)
    version = suggestion.version
    listing.status = "paused"
    due(listing)
    refresh_suggestions(session)
    session.expire_all()
    assert (suggestion.is_current, suggestion.version) == (False, version)


def test_what_people_touched_gets_fresh_scores_though_nobody_names_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = due(need(title="salt lake"))
    capability(title="salt")
    refresh_suggestions(session)
    suggestion = touched(session, "kept")
    monkeypatch.setattr("matchmaker.recommendation.rules.LEAST_SCORE", 0.5)
    listing.title = "wind"
    due(listing)
    refresh_suggestions(session)
    session.expire_all()
    assert (suggestion.is_current, suggestion.score) == (False, pytest.approx(0.05))


def test_a_pair_added_by_hand_is_scored_and_stays(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.recommendation.rules.LEAST_SCORE", 0.5)
    suggestion = factories.SuggestionFactory(
        need=need(title="salt"),
        capability=capability(title="wind"),
        origin="curator",
        engine_version="",
        score=0.0,
    )
    refresh_suggestions(session)
    session.expire_all()
    assert (suggestion.score, suggestion.origin, suggestion.is_current) == (
        pytest.approx(0.05),
        "curator",
        True,
    )
    assert refresh_suggestions(session) == Summary()


def test_suggestions_of_another_engine_are_computed_anew(session: Session) -> None:
    due(need(title="salt"))
    capability(title="salt")
    refresh_suggestions(session)
    session.execute(update(Suggestion).values(engine_version="older", score=0.9))
    session.commit()
    refresh_suggestions(session)
    session.expire_all()
    assert session.scalars(select(Suggestion.score)).one() == pytest.approx(0.35)


def several() -> list[Listing]:
    """Twenty capabilities and four needs, all due."""
    words = ("salt", "wind", "solar", "yak", "barley")
    offered = [
        capability(title=f"{word} {number}", matching_due=True)
        for number in range(4)
        for word in words
    ]
    return [*offered, *(need(title=word, matching_due=True) for word in words[:4])]


def test_what_changes_little_is_not_learned_anew(session: Session, engine) -> None:
    listings = several()
    assert refresh_suggestions(session).fitted
    due(need(title="barley"))
    assert not refresh_suggestions(session).fitted
    for number, fits_anew in ((0, False), (1, False), (2, True)):  # 5, 10, 15 per cent
        due(listings[number])
        listings[number].title += " more"
        session.commit()
        assert refresh_suggestions(session).fitted == fits_anew
    assert engine.fits == [20, 20]


@pytest.mark.parametrize("kind", ["need", "capability"])
def test_only_the_pairs_of_what_changed_are_scored(session: Session, engine, kind: str) -> None:
    several()
    refresh_suggestions(session)
    engine.asked.clear()
    due((need if kind == "need" else capability)(title="salt new"))
    refresh_suggestions(session)
    place = 0 if kind == "need" else 1
    assert {pair.split("/")[place] for pair in engine.asked} == {"salt new"}


@pytest.mark.parametrize("kind", ["need", "capability"])
def test_only_the_suggestions_of_whoever_may_be_its_partner_are_read(
    session: Session, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("matchmaker.recommendation.run.compute.MOST_NAMED", 1)
    monkeypatch.setattr("matchmaker.recommendation.run.compute.MOST_OFFERED", 2)
    listings = several()
    refresh_suggestions(session)
    new = due((need if kind == "need" else capability)(title="salt lake"))
    read: list[set[int]] = []
    stored = queries_engine.stored
    monkeypatch.setattr(
        queries_engine,
        "stored",
        lambda s, ids, *rest: read.append(set(ids)) or stored(s, ids, *rest),
    )
    refresh_suggestions(session)
    (ids,) = read
    assert new.id in ids
    assert len(ids) < len(listings) / 2


def test_a_new_capability_enters_the_lists_of_needs_that_are_not_its_best(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.recommendation.run.compute.MOST_NAMED", 1)
    several()
    better = [need(title=f"salt lake {letter}", matching_due=True) for letter in "abcde"]
    refresh_suggestions(session)
    due(capability(title="salt lake yak"))
    refresh_suggestions(session)
    assert {(one.title, "salt lake yak") for one in better} <= pairs(session).keys()
    assert ("yak", "salt lake yak") not in pairs(session), "which has others as good"


def test_after_a_new_fit_partners_are_found_for_everybody(session: Session, engine) -> None:
    several()
    refresh_suggestions(session)
    engine.asked.clear()
    for number in range(3):
        due(capability(title=f"yak new {number}"))
    summary = refresh_suggestions(session)
    assert (summary.fitted, len(engine.asked) >= 4 * 23) == (True, True)


def test_a_nightly_run_writes_only_what_differs(session: Session, worker: RecommenderStore) -> None:
    several()
    refresh_suggestions(session)
    before = pairs(session)
    assert verify_suggestions(session, worker) == Summary()
    wrong, missing, *_ = session.scalars(
        select(Suggestion).where(Suggestion.band == "possible")
    ).all()
    wrong.score = 0.9
    session.delete(missing)
    session.commit()
    assert verify_suggestions(session, worker) == Summary(written=2)
    assert pairs(session) == before
    assert wrong.score == pytest.approx(0.35)


@pytest.mark.both_databases
@pytest.mark.parametrize("change", ["published", "changed"])
def test_a_nightly_run_leaves_alone_what_was_settled_meanwhile(
    session: Session, worker: RecommenderStore, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    listings = several()
    refresh_suggestions(session)
    explain = matching.explain

    def settle_meanwhile(*args: Any) -> matching.Findings:
        found = explain(*args)
        monkeypatch.setattr(matching, "explain", explain)
        listing = (
            due(capability(title="wind"))
            if change == "published"
            else session.get_one(Listing, listings[0].id)
        )
        listing.title = "wind power"
        due(listing)
        refresh_suggestions(session)
        return found

    monkeypatch.setattr(matching, "explain", settle_meanwhile)
    verify_suggestions(session, worker)
    assert pairs(session)["wind", "wind power"] == "possible"
    before = pairs(session)
    verify_suggestions(session, worker)
    assert pairs(session) == before


def test_at_night_less_has_to_change_for_a_new_fit(
    session: Session, engine, worker: RecommenderStore
) -> None:
    several()
    refresh_suggestions(session)
    due(capability(title="yak new"))
    assert not refresh_suggestions(session).fitted
    assert verify_suggestions(session, worker).fitted
    assert engine.fits == [20, 21]


@pytest.mark.parametrize(
    "dies_in", ["compute.score", "compute.explain", "write.store", "write.clear_due"]
)
def test_a_killed_run_loses_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch, dies_in: str
) -> None:
    due(need(title="salt"))
    capability(title="salt")

    def die(*args: object, **kwargs: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(f"matchmaker.recommendation.run.{dies_in}", die)
        with pytest.raises(RuntimeError):
            refresh_suggestions(session)
    session.rollback()
    assert pairs(session) == {}
    assert refresh_suggestions(session).fitted
    assert pairs(session) == {("salt", "salt"): "possible"}


@pytest.mark.both_databases
def test_a_listing_that_changes_meanwhile_stays_due(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = due(need(title="salt"))
    capability(title="salt")
    explain = matching.explain

    def change_meanwhile(*args: object, **kwargs: object) -> object:
        found = explain(*args, **kwargs)
        with Session(db.engine) as other:
            changed = other.get_one(Listing, listing.id)
            changed.title = "wind"
            other.commit()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(matching, "explain", change_meanwhile)
        summary = refresh_suggestions(session)
    session.expire_all()
    assert (summary.left, listing.matching_due, pairs(session)) == (1, True, {})
    refresh_suggestions(session)
    assert pairs(session) == {("wind", "salt"): "weak"}


def test_no_transaction_is_open_while_the_engine_computes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(need(title="salt"))
    seen: list[bool] = []

    def watched(work: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **named: (
            seen.append(session.in_transaction()) or work(*given, **named)
        )

    for name in ("score", "explain"):
        monkeypatch.setattr(matching, name, watched(getattr(matching, name)))
    refresh_suggestions(session)
    assert seen == [False, False]


def test_progress_ends_at_its_total(session: Session) -> None:
    for number in range(3):
        due(need(title=f"salt {number}"))
    capability(title="salt")
    steps: list[tuple[int, int]] = []
    refresh_suggestions(session, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (6, 6)
    assert steps == sorted(steps)


def test_owners_and_editors_hear_of_strong_new_partners(session: Session) -> None:
    listing = due(need(title="salt lake"))
    better, _ = capability(title="salt lake lake"), capability(title="salt lake")
    told = {factories.member_of(listing.organisation, role).id for role in ("owner", "editor")}
    factories.member_of(listing.organisation, "viewer")
    refresh_suggestions(session)
    notices = session.scalars(select(Notice)).all()
    assert {notice.user_id for notice in notices} == told
    assert len(notices) == 2
    assert notices[0].params["partner"] in (better.title, "salt lake")


def test_nobody_is_told_twice_nor_of_the_first_load(session: Session) -> None:
    listing = due(need(title="salt lake"))
    capability(title="salt lake")
    factories.member_of(listing.organisation)
    refresh_suggestions(session, announce=False)
    due(listing)
    refresh_suggestions(session)
    assert session.scalars(select(Notice)).all() == []


def test_the_annex_is_never_given_to_the_engine(session: Session) -> None:
    listing = need(annex="zirconium", description="open", must_haves=("dry",))
    texts = queries_engine.texts(session, [listing.id])
    assert "zirconium" not in repr(texts)
    assert "dry" in repr(texts)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("before", "coming", "kinds"),
    [
        ([], "salt", ["suggestion.first"]),
        ([], "salt lake", ["suggestion.first", "suggestion.new"]),
        (["salt"], "salt", []),
        (["salt"], "salt lake", ["suggestion.new", "suggestion.new"]),
        ([], "wind", []),
    ],
)
def test_the_owner_of_a_need_that_nobody_fitted_is_told_of_the_first_partner(
    session: Session, before: list[str], coming: str, kinds: list[str]
) -> None:
    asked = due(need(title="salt lake"))
    factories.member_of(asked.organisation)
    for title in before:
        due(capability(title=title))
    refresh_suggestions(session)
    offered = due(capability(title=coming))
    factories.member_of(offered.organisation)
    refresh_suggestions(session)
    assert sorted(session.scalars(select(Notice.kind))) == kinds


def test_a_new_need_is_not_told_of_its_possible_partners(session: Session) -> None:
    capability(title="salt")
    factories.member_of(due(need(title="salt lake")).organisation)
    refresh_suggestions(session)
    assert session.scalars(select(Notice)).all() == []


def test_what_would_lift_a_pair_is_stored(session: Session, engine: Any) -> None:
    engine.lift = Change("readiness", "7", 0.8, "strong")
    due(need(title="salt lake"))
    capability(title="salt")
    refresh_suggestions(session)
    assert session.scalars(select(Suggestion.lift)).one() == engine.lift.to_dict()


COPIED = (
    "takes lithium out of the cold brine of the old ponds in winter and keeps its capacity"
    " over a hundred cycles"
)


@pytest.mark.both_databases
def test_the_third_of_one_owner_takes_the_place_of_the_weakest_at_once(session: Session) -> None:
    due(need(title="salt lake lithium"))
    owner = factories.OrganisationFactory(eastern=True)
    due(capability(title="salt", organisation=owner))
    due(capability(title="salt lake", organisation=owner))
    refresh_suggestions(session)
    assert {offered for _, offered in pairs(session)} == {"salt", "salt lake"}
    due(capability(title="salt lake lithium", organisation=owner))
    refresh_suggestions(session)
    assert {offered for _, offered in pairs(session)} == {"salt lake", "salt lake lithium"}


def test_a_later_copy_by_another_takes_no_place(session: Session) -> None:
    due(need(title="salt lake lithium"))
    due(capability(title="salt lake", description=COPIED))
    refresh_suggestions(session)
    due(capability(title="salt lake lithium", description=COPIED))
    refresh_suggestions(session)
    assert {offered for _, offered in pairs(session)} == {"salt lake"}


@pytest.mark.parametrize("kind", ["need", "capability"])
def test_a_copy_of_a_need_is_named_to_nobody_nor_to_later_needs(
    session: Session, kind: str
) -> None:
    due(need(title="salt lake", description=COPIED))
    due(capability(title="salt lake copy", description=COPIED))
    refresh_suggestions(session)
    assert pairs(session) == {}
    due((need if kind == "need" else capability)(title="salt lake later"))
    refresh_suggestions(session)
    assert "salt lake copy" not in {offered for _, offered in pairs(session)}
