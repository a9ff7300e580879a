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
from matchmaker.engine.search import tier
from matchmaker.engine.search.index import ANY, Entry, SearchIndex
from matchmaker.engine.search.query import Form, Part, Query, read_query
from matchmaker.engine.search.tier import INCOMPLETE, SPANISH
from matchmaker.engine.search.vocabulary import Full, Vocabulary
from matchmaker.engine.search.weighing import COVER, WHOLE, Plan, look_for
from matchmaker.search.rules import FACETS, VERSION

WORDS = ("drip", "cotton", "brine", "锂电", "电池", "concept:battery", "gasket")
CODES = {
    "kind": ("need", "capability"),
    "language": ("zh", "en"),
    "province": ("63", "37"),
    "trl": ("1-3", ""),
}

weights = st.sampled_from([0.25, 0.5, 1.0, 1.5])
rows = st.dictionaries(st.sampled_from([*WORDS, SPANISH]), weights, max_size=6)
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
forms = st.builds(
    Form,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from([1.0, 0.9, 0.5]),
    st.sampled_from(["", "", "en", "es"]),
)
parts = st.builds(
    lambda own, meant, is_needed: Part("typed", 0, 5, own[:1], own, meant, (), is_needed),
    st.lists(forms, min_size=1, max_size=2).map(tuple),
    st.lists(forms, max_size=1).map(tuple),
    st.sampled_from([False, False, False, True]),
)
queries = st.builds(
    lambda wanted, without: Query("", tuple(wanted), tuple(without)),
    st.lists(parts, min_size=1, max_size=3),
    st.lists(parts, max_size=1),
)


class Oracle:
    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}

    def row(self, entry: Entry, tier: str) -> Mapping[str, float]:
        return entry.public if tier == "public" else {**entry.members, **entry.public}

    def rarity(self, word: str, tier: str) -> float:
        many = sum(word in self.row(entry, tier) for entry in self.entries.values())
        return math.log(1 + (len(self.entries) - many + 0.5) / (many + 0.5))

    def find(self, query: Query, tier: str) -> dict[int, float]:
        def frequency(word: str) -> int:
            return sum(word in self.row(entry, tier) for entry in self.entries.values())

        plan = look_for(query, frequency, len(self.entries))
        judged = {
            number: self.judged(plan, self.row(entry, tier))
            for number, entry in self.entries.items()
        }
        if not plan.is_possible:
            return {}
        for least in (COVER, ANY):
            found = {number: score for number, (score, cover) in judged.items() if cover >= least}
            if found:
                return found
        return {}

    def judged(self, plan: Plan, row: Mapping[str, float]) -> tuple[float, float]:
        """Return the score and the cover of a row, word by word."""

        def had(form: Form) -> bool:
            is_spanish = SPANISH in row
            share = sum(term in row for term in form.terms) / len(form.terms)
            return share >= WHOLE - 1e-9 and form.language != ("en" if is_spanish else "es")

        def value(form: Form) -> float:
            return sum(row.get(term, 0.0) for term in form.terms) / len(form.terms)

        score = cover = 0.0
        for part in plan.wanted:
            found = [form for form in part.forms if had(form)]
            score += part.rarity * max((value(form) * form.strength for form in found), default=0.0)
            cover += part.rarity * max(((1 + form.strength) / 2 for form in found), default=0.0)
            if part.needed and not any(map(had, part.needed)):
                return 0.0, 0.0
        if not plan.wanted or any(map(had, plan.without)):
            return 0.0, 0.0
        cover /= sum(part.rarity for part in plan.wanted)
        return score * (INCOMPLETE + (1 - INCOMPLETE) * cover), cover + 1e-9 * (cover > 0)

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


@settings(max_examples=60)
@given(st.lists(steps, max_size=8), queries, st.sampled_from(["need", "capability"]))
def test_it_finds_what_dictionaries_find(
    work: list[tuple[str, object]], asked: Query, kind: str
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


@pytest.mark.parametrize(
    ("query", "found", "instead", "unknown"),
    [
        ("batery", [1], [("batery", "battery")], ()),
        ("brine batery", [1, 2], [("batery", "battery")], ()),
        ("dianchi", [1], [("dianchi", "电池")], ()),
        ("电迟", [1], [("电迟", "电池")], ()),
        ("电弛", [1], [("电弛", "电池")], ()),
        ("brine zorblax", [2], [], ("zorblax",)),
        ("zorblax", [], [], ("zorblax",)),
        ("zebra", [], [], ("zebra",)),  # a word, no slip
        ("cotton", [], [], ("cotton",)),
    ],
)
def test_a_word_that_no_listing_has_gives_way_to_what_is_meant(
    query: str, found: list[int], instead: list[tuple[str, str]], unknown: tuple[str, ...]
) -> None:
    index = SearchIndex.build(FACETS, [entry(1, "concept:battery"), entry(2, "brine")])
    hits = index.find(read_query(query), "public")
    assert (sorted(hits.scores), [one[:2] for one in hits.swaps], hits.unknown) == (
        found,
        instead,
        unknown,
    )


def test_a_correction_is_not_made_by_what_members_alone_may_read() -> None:
    index = SearchIndex.build(FACETS, [entry(1, "drip", "concept:battery"), entry(2, "drip")])
    visitor, member = (index.find(read_query("batery"), one) for one in search_index.TIERS)
    assert (visitor.swaps, visitor.unknown) == ((), ("batery",))
    assert [one.used for one in member.swaps] == ["battery"]


def test_a_second_word_keeps_what_the_first_one_finds() -> None:
    listings = [entry(1, "brine"), entry(2, "lithium"), *(entry(n, "drip") for n in range(3, 9))]
    index = SearchIndex.build(FACETS, listings)
    both = index.find(read_query("lithium brine"), "public")
    assert (sorted(both.scores), both.has_all) == ([1, 2], False)


def test_what_has_all_words_comes_first() -> None:
    index = SearchIndex.build(
        FACETS, [entry(1, "brine"), entry(2, "lithium"), entry(3, "lithium brine")]
    )
    hits = index.find(read_query("lithium brine"), "public")
    assert (max(hits.scores, key=hits.scores.__getitem__), hits.has_all) == (3, True)


def test_any_word_will_do_where_no_listing_has_more() -> None:
    words = ("drip", "brine", "cotton", "gasket", "pump", "seal")
    index = SearchIndex.build(FACETS, [entry(n, word) for n, word in enumerate(words)])
    hits = index.find(read_query(" ".join(words)), "public")
    assert (sorted(hits.scores), hits.has_all) == ([0, 1, 2, 3, 4, 5], False)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("drip -brine", [1]),
        ("drip -卤水", [1]),
        ("drip -battery", [1, 2, 3]),
        ("drip -zorblax", [1, 2, 3]),
    ],
)
def test_words_are_left_out(query: str, found: list[int]) -> None:
    index = SearchIndex.build(
        FACETS,
        [entry(1, "drip"), entry(2, "drip brine concept:brine"), entry(3, "drip concept:brine")],
    )
    assert sorted(index.find(read_query(query), "public").scores) == found


def test_spanish_words_are_found_in_spanish_texts_alone() -> None:
    index = SearchIndex.build(FACETS, [entry(1, "set"), entry(2, "set label:language.es")])
    assert ids(index, "setas") == [2]


def entry(number: int, public: str = "", members: str = "", **codes: str) -> Entry:
    return Entry(
        number, dict.fromkeys(public.split(), 1.0), dict.fromkeys(members.split(), 1.0), codes
    )


def ids(
    index: SearchIndex, word: str, tier: str = "public", **chosen: tuple[str, ...]
) -> list[int]:
    return sorted(index.find(read_query(word), tier, chosen).scores)


def test_built_at_once_or_bit_by_bit_it_is_the_same() -> None:
    entries = [entry(n, f"drip word{n}", "brine") for n in range(1, 30)]
    whole, grown = SearchIndex.build(FACETS, entries), SearchIndex.build(FACETS, [])
    for one in entries:
        grown.put([one])
    for word in ("drip", "word7", "brine"):
        asked = read_query(word)
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
    asked = read_query("drip cotton")
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
    asked = read_query("drip")
    whole = index.find(asked, "public")
    narrowed = index.find(asked, "public", {"province": ("37",), "sector": ("solar",)})
    assert (len(whole.scores), whole.is_cut) == (3, True)
    assert ({8, 9, 10} <= narrowed.scores.keys(), narrowed.is_cut) == (True, False)
    assert index.find(asked, "public", {"province": ("63",)}).is_cut
    assert index.find(asked, "public", {"sector": ("solar",)}) == whole


def test_what_hardly_matches_does_not_count_as_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 3)
    monkeypatch.setattr(tier, "TAIL", 2)
    index = SearchIndex.build(
        FACETS, [entry(1, "drip brine cotton"), *(entry(n, "drip") for n in range(2, 9))]
    )
    found = index.find(read_query("drip brine cotton"), "public")
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
