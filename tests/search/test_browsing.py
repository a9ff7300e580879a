"""The list behind /listings: search in three languages, facets, order, pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.db import now, today
from matchmaker.listings import indexing
from matchmaker.permissions import VISITOR, Actor
from matchmaker.search.browsing import FACETS, Filters, ListingPage
from tests import factories
from tests.conftest import Scene
from tests.listings.conftest import browse, move, published

both = pytest.mark.both_databases
MEMBER = Actor(
    user_id=9, organisation_id=10_000, organisation_role="viewer", organisation_verified=True
)
RECYCLING, BATTERIES, RIEGO, GASKET = (
    "锂电池回收",
    "Batteries that freeze",
    "Riego por goteo que se obstruye",
    "A gasket",
)


@pytest.fixture
def three_languages(scene: Scene) -> None:
    scene(build)


def build() -> None:
    published(
        title=RECYCLING,
        summary="退役电池。",
        description="",
        language="zh",
        sector_codes=("environment",),
    )
    published(
        title=BATTERIES,
        summary="In winter.",
        description="Our zorblax fails.",
        sector_codes=("storage_hydrogen",),
    )
    published(
        factories.capability, title=RIEGO, summary="En el desierto.", description="", language="es"
    )
    published(title=GASKET, summary="It leaks.", description="", goal="talent", trl=2)


def search(
    session: Session, q: str = "", actor: Actor = VISITOR, **chosen: tuple[str, ...]
) -> ListingPage:
    return browse(session, actor, Filters(chosen, q, "relevance" if q else "newest"), 1)


def titles(found: ListingPage) -> list[str]:
    return [listing.title for listing in found.items]


@both
@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("电池", RECYCLING),
        ("锂电池回收", RECYCLING),
        ("回收", RECYCLING),
        ("battery recycling", RECYCLING),
        ("reciclaje de baterías", RECYCLING),
        ("battery", BATTERIES),
        ("freezing batteries", BATTERIES),
        ("gaskets", GASKET),
        ("goteo", RIEGO),
        ("obstruyen", RIEGO),
        ("drip irrigation", RIEGO),
        ("滴灌", RIEGO),
    ],
)
def test_a_query_in_any_language_finds(
    session: Session, three_languages: None, q: str, first: str
) -> None:
    assert titles(search(session, q))[0] == first


def test_a_word_in_one_language_finds_the_concept_in_all(
    session: Session, three_languages: None
) -> None:
    for q in ("电池", "battery", "batería"):
        assert set(titles(search(session, q))) == {RECYCLING, BATTERIES}


@pytest.mark.parametrize("q", ["zzz", "的", "!", "😀", "x" * 500, "%", "'; --", "水" * 300])
def test_a_query_that_means_nothing_here_finds_nothing(
    session: Session, three_languages: None, q: str
) -> None:
    found = search(session, q)
    assert (titles(found), found.total) == ([], 0)


@both
def test_a_word_of_a_members_text_is_found_by_members_only(
    session: Session, three_languages: None
) -> None:
    assert titles(search(session, "zorblax", MEMBER)) == [BATTERIES]
    hidden = search(session, "zorblax")
    assert (hidden.total, any(hidden.counts[facet] for facet in FACETS)) == (0, False)


@both
def test_words_in_quotation_marks_stand_side_by_side(session: Session) -> None:
    published(title="Glacier lakes rise", summary="Every year.", description="")
    published(title="A glacier and two lakes", summary="Every year.", description="")
    found = search(session, '"glacier lakes"')
    assert (titles(found), found.loosened) == (["Glacier lakes rise"], ())


@both
def test_a_phrase_of_a_members_text_is_found_by_members_only(session: Session) -> None:
    published(title="Lakes", summary="A glacier.", description="The glacier lakes rise.")
    q = '"glacier lakes"'
    member, visitor = search(session, q, MEMBER), search(session, q)
    assert (titles(member), member.loosened) == (["Lakes"], ())
    assert (titles(visitor), visitor.loosened) == (["Lakes"], ("glacier lakes",))


@both
@pytest.mark.parametrize("q", ["关键技术攻关", "Key-technology project", "QH-1", "qh1", "Qinghai"])
def test_what_a_listing_is_marked_with_finds_it(
    session: Session, three_languages: None, q: str
) -> None:
    assert search(session, q).total > 0


def test_a_correction_never_tells_what_members_alone_may_read(
    session: Session, three_languages: None
) -> None:
    published(title="A pump", summary="It leaks.", description="It serves drip irrigation of hops.")
    for q in ("zorblx", "irigation"):
        found = search(session, f"gasket {q}")
        assert found.hits is not None
        used = [one.used for one in found.hits.swaps]
        assert used == (["irrigation"] if q == "irigation" else [])


def test_a_hidden_word_beside_a_known_one_changes_nothing(
    session: Session, three_languages: None
) -> None:
    known, both = search(session, "gasket"), search(session, "gasket zorblax")
    assert (titles(known), known.counts) == (titles(both), both.counts)


@pytest.mark.parametrize(
    ("facet", "counts"),
    [
        ("kind", {"need": 3, "capability": 1}),
        ("task", {"QH-1": 4}),
        ("sector", {"environment": 1, "storage_hydrogen": 1, "salt_lake": 2}),
        ("province", {"63": 3, "37": 1}),
        ("mode", {"key_technology_project": 4}),
        ("goal", {"technology_transfer": 3, "talent": 1}),
        ("language", {"zh": 1, "en": 2, "es": 1}),
        ("trl", {"1-3": 1, "4-6": 3}),
    ],
)
def test_facets_count_what_is_there(
    session: Session, three_languages: None, facet: str, counts: dict[str, int]
) -> None:
    assert search(session).counts[facet] == counts


def test_facets_count_within_a_search(session: Session, three_languages: None) -> None:
    assert search(session, "电池").counts["language"] == {"zh": 1, "en": 1}


def test_a_facet_counts_under_the_filters_of_the_others(
    session: Session, three_languages: None
) -> None:
    found = search(session, kind=("need",), language=("en",))
    assert found.total == 2
    assert found.counts["kind"] == {"need": 2}
    assert found.counts["language"] == {"zh": 1, "en": 2}
    assert found.counts["goal"] == {"technology_transfer": 1, "talent": 1}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"kind": ("capability",)}, {RIEGO}),
        ({"task": ("QH-1",)}, {RECYCLING, BATTERIES, RIEGO, GASKET}),
        ({"task": ("XJ-1",)}, set()),
        ({"sector": ("environment", "storage_hydrogen")}, {RECYCLING, BATTERIES}),
        ({"province": ("37",)}, {RIEGO}),
        ({"mode": ("training",)}, set()),
        ({"goal": ("talent",)}, {GASKET}),
        ({"language": ("es", "zh")}, {RIEGO, RECYCLING}),
        ({"trl": ("1-3",)}, {GASKET}),
        ({"trl": ("1-3", "4-6"), "kind": ("need",)}, {RECYCLING, BATTERIES, GASKET}),
    ],
)
def test_filters(
    session: Session, three_languages: None, chosen: dict[str, tuple[str, ...]], expected: set[str]
) -> None:
    assert set(titles(search(session, **chosen))) == expected


@both
def test_every_count_is_what_choosing_the_value_would_show(
    session: Session, three_languages: None
) -> None:
    before = search(session, kind=("need",))
    for facet in FACETS:
        for value, number in before.counts[facet].items():
            chosen = {"kind": ("need",), facet: (value,)}
            assert search(session, **chosen).total == number, (facet, value)


@both
def test_a_concept_of_a_members_text_is_a_facet_for_members_only(session: Session) -> None:
    published(title="A pump", summary="It leaks.", description="It serves drip irrigation.")
    chosen = {"concept": ("drip_irrigation",)}
    assert search(session, "", MEMBER).counts["concept"]["drip_irrigation"] == 1
    assert search(session, "", MEMBER, **chosen).total == 1
    hidden, narrowed = search(session), search(session, **chosen)
    assert "drip_irrigation" not in hidden.counts["concept"]
    assert (narrowed.total, narrowed.counts["concept"]) == (0, hidden.counts["concept"])


@both
def test_a_chosen_concept_is_counted_however_rare(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.search.browsing.MOST_CONCEPTS", 1)
    for title in ("Cotton", "Cotton", "Drip irrigation"):
        published(title=title, summary="Why?", description="")
    assert search(session).counts["concept"] == {"cotton": 2}
    narrowed = search(session, concept=("drip_irrigation",))
    assert narrowed.counts["concept"] == {"drip_irrigation": 1, "cotton": 2}


@both
def test_concepts_count_within_a_search_and_under_other_facets(
    session: Session, three_languages: None
) -> None:
    assert search(session).counts["concept"]["battery"] == 2
    counts = search(session, "电池", language=("en",)).counts["concept"]
    assert (counts["battery"], "drip_irrigation" in counts, "battery_recycling" in counts) == (
        1,
        False,
        False,
    )
    assert titles(search(session, "battery", concept=("battery_recycling",))) == [RECYCLING]


@pytest.mark.parametrize(
    "status", ["draft", "in_review", "changes_requested", "paused", "expired", "closed"]
)
def test_what_is_not_published_is_neither_shown_nor_counted(session: Session, status: str) -> None:
    published(title="Hidden quoxel", status=status)
    for found in (search(session), search(session, "quoxel", MEMBER)):
        assert (found.items, found.total, any(found.counts[facet] for facet in FACETS)) == (
            (),
            0,
            False,
        )


@both
@pytest.mark.parametrize(("status", "shown"), [("verified", 1), ("lapsed", 1), ("suspended", 0)])
def test_a_suspended_organisations_listings_are_gone(
    session: Session, status: str, shown: int
) -> None:
    published(title="A quoxel", organisation=factories.OrganisationFactory(status=status))
    assert (search(session).total, search(session, "quoxel").total) == (shown, shown)


@both
def test_newest_first(session: Session) -> None:
    for days in (3, 1, 2):
        published(title=f"{days} days", published_at=now() - timedelta(days=days))
    assert titles(search(session)) == ["1 days", "2 days", "3 days"]


@both
def test_nearest_deadline_first_and_none_last(session: Session) -> None:
    for days in (30, None, 10):
        published(title=str(days), deadline=today() + timedelta(days=days) if days else None)
    assert titles(browse(session, VISITOR, Filters(sort="deadline"), 1)) == ["10", "30", "None"]


@both
def test_a_title_counts_more_than_a_summary(session: Session) -> None:
    published(title="Other", summary="A gasket.")
    published(title="A gasket", summary="Other.")
    assert titles(search(session, "gasket")) == ["A gasket", "Other"]


def test_pages_and_one_past_the_end(session: Session) -> None:
    for _ in range(22):
        factories.need()
    sizes = [len(browse(session, VISITOR, Filters(), number).items) for number in (1, 2, 3, 99)]
    assert sizes == [20, 2, 2, 2]


def test_the_organisations_name_finds_its_listings(session: Session) -> None:
    published(
        title="Pumps",
        organisation=factories.OrganisationFactory(name_zh="朔砾湖盐化", name_other="Xolotl Brine"),
    )
    for q in ("xolotl", "朔砾湖"):
        assert titles(search(session, q)) == ["Pumps"]


@both
def test_the_whole_index_can_be_written_anew(session: Session, three_languages: None) -> None:
    factories.need(title="Never indexed quoxel")
    factories.need(title="Draft quoxel", draft=True)
    session.expire_all()
    assert indexing.reindex(session) == 5
    assert titles(search(session, "quoxel")) == ["Never indexed quoxel"]
    assert titles(search(session, "电池"))[0] == RECYCLING


@both
def test_a_suspended_organisations_words_do_not_show_in_what_others_find(session: Session) -> None:
    for number in range(4):
        published(title=f"Pump number {number}", summary="It leaks.", description="")
    hidden = published(title="Zorblax", summary="Zorblax.", description="")
    move(hidden.organisation, "suspended")
    assert search(session, "pump zorblax").total == search(session, "pump quxfrobnic").total == 4


@both
@pytest.mark.parametrize("sort", ["relevance", "newest", "deadline"])
def test_a_search_that_finds_too_much_says_so_and_is_complete_once_narrowed(
    session: Session, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr("matchmaker.engine.search.query.MOST_FOUND", 2)
    for number in range(4):
        published(
            title=f"Quoxel {number}", language="es" if number == 3 else "en", summary="It leaks."
        )
    whole = browse(session, VISITOR, Filters({}, "quoxel", sort))
    narrowed = browse(session, VISITOR, Filters({"language": ("es",)}, "quoxel", sort))
    assert (whole.total, whole.closest, whole.counted) == (2, 2, 2)
    assert (titles(narrowed), narrowed.closest, narrowed.counted) == (["Quoxel 3"], None, 2)


def test_what_is_equally_close_comes_newest_first(session: Session) -> None:
    for days in (3, 1, 2):
        published(title="A gasket", summary="It leaks.", published_at=now() - timedelta(days=days))
    found = search(session, "gasket")
    assert [listing.published_at for listing in found.items] == sorted(
        (listing.published_at for listing in found.items), reverse=True
    )


def test_a_search_has_pages(session: Session) -> None:
    for number in range(23):
        published(title="A gasket" + " gasket" * (number % 3), summary="It leaks.")
    seen = [
        browse(session, VISITOR, Filters({}, "gasket", "relevance"), page).items
        for page in (1, 2, 9)
    ]
    assert ([len(items) for items in seen], seen[1]) == ([20, 3, 3], seen[2])
    assert len({listing.id for items in seen for listing in items}) == 23
