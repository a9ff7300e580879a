"""The search index against plain dictionaries, after puts, withdrawals, saves and openings."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.engine.search import index as search_index
from matchmaker.engine.search import query as search
from matchmaker.engine.search.index import Entry, SearchIndex
from matchmaker.engine.search.query import COVER, Reading, weigh
from matchmaker.engine.search.vocabulary import Full, Vocabulary
from matchmaker.search.rules import FACETS, VERSION

WORDS = ("drip", "cotton", "brine", "锂电", "电池", "concept:battery", "concept:water", "gasket")
CODES = {
    "kind": ("need", "capability"),
    "language": ("zh", "en"),
    "province": ("63", "37"),
    "trl": ("1-3", ""),
}

weights = st.sampled_from([0.25, 0.5, 1.0, 1.5])
rows = st.dictionaries(st.sampled_from(WORDS), weights, max_size=6)
entries = st.builds(
    lambda number, public, more, codes: Entry(
        number, public, {word: weight for word, weight in more.items() if word not in public}, codes
    ),
    st.integers(1, 12),
    rows,
    rows,
    st.fixed_dictionaries({facet: st.sampled_from(codes) for facet, codes in CODES.items()}),
)
batches = st.lists(entries, max_size=6, unique_by=lambda entry: entry.listing_id)
steps = st.one_of(
    st.tuples(st.just("put"), batches),
    st.tuples(st.just("withdraw"), st.sets(st.integers(1, 12), max_size=5)),
    st.tuples(st.just("reopen"), st.none()),
)
readings = st.lists(
    st.builds(
        Reading,
        st.lists(
            st.sampled_from([word for word in WORDS if ":" not in word]),
            min_size=1,
            max_size=3,
            unique=True,
        ).map(tuple),
        st.dictionaries(
            st.sampled_from(["concept:battery", "concept:water"]), st.just(("drip",)), max_size=1
        ),
    ),
    min_size=1,
    max_size=2,
)


class Oracle:
    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}

    def row(self, entry: Entry, tier: str) -> Mapping[str, float]:
        return entry.public if tier == "public" else {**entry.members, **entry.public}

    def rarity(self, word: str, tier: str) -> float:
        many = sum(word in self.row(entry, tier) for entry in self.entries.values())
        return math.log(1 + (len(self.entries) - many + 0.5) / (many + 0.5))

    def find(self, asked: list[Reading], tier: str) -> dict[int, float]:
        words = {word for reading in asked for word in reading.terms}
        frequencies = {
            word: sum(word in self.row(entry, tier) for entry in self.entries.values())
            for word in words
        }
        terms = weigh(asked, frequencies, len(self.entries))
        found = {}
        for number, entry in self.entries.items():
            row = self.row(entry, tier)
            had = [term for term in terms if term.term in row]
            shares = [sum(shares) for shares in zip(*(term.covers for term in had), strict=True)]
            if max(shares, default=0.0) >= COVER - 1e-9:
                found[number] = sum(term.weight * row[term.term] for term in had)
        return found

    def similar(self, number: int, tier: str, kind: str) -> dict[int, float]:
        if number not in self.entries:
            return {}
        weighted = {
            other: {
                word: weight * self.rarity(word, tier)
                for word, weight in self.row(entry, tier).items()
            }
            for other, entry in self.entries.items()
        }
        own, found = weighted[number], {}
        for other, row in weighted.items():
            dot = sum(weight * own.get(word, 0.0) for word, weight in row.items())
            if other != number and dot and self.entries[other].codes["kind"] == kind:
                found[other] = dot / math.hypot(*row.values()) / math.hypot(*own.values())
        return found


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=8), readings, st.sampled_from(["need", "capability"]))
def test_it_finds_what_dictionaries_find(
    work: list[tuple[str, object]], asked: list[Reading], kind: str
) -> None:
    index, oracle = SearchIndex.build(FACETS, []), Oracle()
    with tempfile.TemporaryDirectory() as folder:
        for number, (deed, what) in enumerate(work):
            if deed == "put":
                index.put(what)
                oracle.entries |= {entry.listing_id: entry for entry in what}
            elif deed == "withdraw":
                index.withdraw(what)
                oracle.entries = {
                    key: entry for key, entry in oracle.entries.items() if key not in what
                }
            else:
                index.save(Path(folder) / str(number), VERSION)
                index = SearchIndex.open(FACETS, Path(folder) / str(number), VERSION)
        for tier in search_index.TIERS:
            assert index.find(asked, tier).scores == pytest.approx(
                oracle.find(asked, tier), rel=1e-5
            )
            for listing_id in range(1, 13):
                assert index.similar(listing_id, tier, kind) == pytest.approx(
                    oracle.similar(listing_id, tier, kind), rel=1e-5
                )
        assert len(index) == len(oracle.entries)


def entry(number: int, public: str = "", members: str = "", **codes: str) -> Entry:
    return Entry(
        number, dict.fromkeys(public.split(), 1.0), dict.fromkeys(members.split(), 1.0), codes
    )


def ids(
    index: SearchIndex, word: str, tier: str = "public", **chosen: tuple[str, ...]
) -> list[int]:
    return sorted(index.find([Reading((word,), {})], tier, chosen).scores)


def test_built_at_once_or_bit_by_bit_it_is_the_same() -> None:
    entries = [entry(n, f"drip word{n}", "brine") for n in range(1, 30)]
    whole, grown = SearchIndex.build(FACETS, entries), SearchIndex.build(FACETS, [])
    for one in entries:
        grown.put([one])
    for word in ("drip", "word7", "brine"):
        asked = [Reading((word,), {})]
        assert whole.find(asked, "members") == grown.find(asked, "members")


@pytest.mark.parametrize(("tier", "found"), [("public", []), ("members", [1])])
def test_a_members_word_is_found_by_members(tier: str, found: list[int]) -> None:
    assert (
        ids(
            SearchIndex.build(FACETS, [entry(1, "drip", "zorblax"), entry(2, "drip")]),
            "zorblax",
            tier,
        )
        == found
    )


def test_members_words_do_not_move_a_visitors_scores() -> None:
    asked = [Reading(("drip", "cotton"), {})]
    quiet = SearchIndex.build(
        FACETS, [entry(1, "drip cotton"), entry(2, "drip"), entry(3, "brine")]
    )
    loud = SearchIndex.build(
        FACETS,
        [entry(1, "drip cotton"), entry(2, "drip", "cotton"), entry(3, "brine", "drip cotton")],
    )
    assert quiet.find(asked, "public") == loud.find(asked, "public")
    assert quiet.similar(1, "public", "need") == loud.similar(1, "public", "need")
    assert quiet.find(asked, "members") != loud.find(asked, "members")


def test_a_search_that_is_cut_is_complete_once_it_is_narrowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 3)
    many = [entry(n, "drip drip", province="63" if n < 8 else "37") for n in range(1, 11)]
    index = SearchIndex.build(FACETS, many)
    asked = [Reading(("drip",), {})]
    whole = index.find(asked, "public")
    narrowed = index.find(asked, "public", {"province": ("37",), "sector": ("solar",)})
    assert (len(whole.scores), whole.is_cut) == (3, True)
    assert ({8, 9, 10} <= narrowed.scores.keys(), narrowed.is_cut) == (True, False)
    assert index.find(asked, "public", {"province": ("63",)}).is_cut
    assert index.find(asked, "public", {"sector": ("solar",)}) == whole


def test_what_hardly_matches_does_not_count_as_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 3)
    monkeypatch.setattr(search_index, "TAIL", 2)
    index = SearchIndex.build(
        FACETS, [entry(1, "drip brine cotton"), *(entry(n, "drip") for n in range(2, 9))]
    )
    found = index.find([Reading(("drip", "brine", "cotton"), {})], "public")
    assert (list(found.scores), found.is_cut) == ([1], False)


def test_codes_that_no_facet_has_are_passed_over() -> None:
    index = SearchIndex.build(FACETS, [entry(1, "drip", province="99", goal="")])
    assert ids(index, "drip") == [1]


def test_new_words_need_columns() -> None:
    index = SearchIndex.build(FACETS, [entry(1, "drip")])
    index._vocabulary.size = len(index._vocabulary) + 2
    index.put([entry(2, "brine cotton")])
    with pytest.raises(Full):
        index.put([entry(3, "gasket"), entry(1, "another")])
    assert (ids(index, "drip"), ids(index, "gasket")) == ([1], [])


@given(st.lists(st.lists(st.text(max_size=6), unique=True), max_size=6))
def test_a_vocabulary_keeps_its_columns(batches: list[list[str]]) -> None:
    vocabulary, known = Vocabulary(size=1000), {}
    for batch in batches:
        known |= dict(zip(batch, vocabulary.add(batch), strict=True))
        vocabulary = Vocabulary(vocabulary.arrays())
    assert {word: vocabulary.find(word) for word in known} == known
    assert sorted(known.values()) == list(range(len(vocabulary)))
    assert vocabulary.find("no such word") is None
