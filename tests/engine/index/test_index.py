"""The index agrees with scipy, however it is changed, sealed, merged and filtered."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from scipy import sparse

from matchmaker.engine.index import Facets, Index, compiled, plain
from matchmaker.engine.index import segment as segment_module
from tests.engine.index.oracle import COLUMNS, check, matrix

VALUES = st.one_of(
    st.floats(2**-10, 1.0, width=32),
    st.sampled_from([0.25, 0.5, 1.0]),
    st.integers(1, 5000).map(float),
)
ROWS = st.dictionaries(st.integers(0, COLUMNS - 1), VALUES, max_size=12)
IDS = st.integers(0, 30)
FLAGS = st.integers(0, 7)
WHERE = st.lists(st.integers(1, 7), max_size=2).map(tuple)
LISTINGS = st.dictionaries(IDS, st.tuples(ROWS, FLAGS), min_size=1, max_size=20)


class Living(RuleBasedStateMachine):
    """Any sequence of changes."""

    @initialize()
    def begin(self) -> None:
        self.index = Index(COLUMNS)
        self.listings: dict[int, tuple[dict[int, float], int]] = {}

    @rule(listings=LISTINGS)
    def put(self, listings: dict[int, tuple[dict[int, float], int]]) -> None:
        rows = matrix([row for row, _ in listings.values()])
        self.index.put(list(listings), rows, [flags for _, flags in listings.values()])
        self.listings |= listings

    @rule(ids=st.lists(IDS, max_size=5))
    def withdraw(self, ids: list[int]) -> None:
        self.index.withdraw(ids)
        for name in ids:
            self.listings.pop(name, None)

    @rule()
    def seal(self) -> None:
        self.index.seal()

    @rule()
    def compact(self) -> None:
        self.index.compact()

    @rule(query=ROWS, k=st.integers(1, 40), where=WHERE, floor=st.floats(0, 3, width=32))
    def search(self, query: dict[int, float], k: int, where: tuple[int, ...], floor: float) -> None:
        assert len(self.index) == len(self.listings)
        check(self.index, self.listings, query, k, where, np.array([floor], np.float32))

    @precondition(lambda self: self.listings)
    @rule(data=st.data())
    def rows(self, data: st.DataObject) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.listings)), max_size=5, unique=True))
        expected = matrix([self.listings[name][0] for name in ids]).toarray()
        np.testing.assert_array_equal(self.index.rows(ids).toarray(), expected)


Living.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestLiving = Living.TestCase


def drawn(rng: np.random.Generator, size: int, columns: int, most: int) -> sparse.csr_matrix:
    """Rows with a few frequent and many rare columns, of length one."""
    counts = rng.integers(0, most, size)
    indptr = np.concatenate([[0], np.cumsum(counts)])
    indices = np.minimum(rng.zipf(1.3, indptr[-1]), columns) - 1
    data = (1 + np.log(rng.integers(1, 3000, indptr[-1]))).astype(np.float32)
    rows = sparse.csr_matrix((data, indices, indptr), shape=(size, columns))
    rows.sum_duplicates()
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(rows.indptr)).astype(np.float32)
    return rows


@pytest.mark.parametrize("long", [128, 5], ids=["short rows", "long rows"])
@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32),
    k=st.sampled_from([1, 10, 50, 300, 5000]),
    where=st.sampled_from([(), (1,), (64,), (3, 6)]),
    asked=st.sampled_from([60, 900]),  # so many words that every listing is looked at
)
def test_large_segments_agree_with_scipy(
    monkeypatch: pytest.MonkeyPatch,
    long: int,
    seed: int,
    k: int,
    where: tuple[int, ...],
    asked: int,
) -> None:
    monkeypatch.setattr(segment_module, "_LONG", long)
    rng = np.random.default_rng(seed)
    size, columns = 3000, 500
    rows, queries = drawn(rng, size, columns, 60), drawn(rng, 12, columns, asked)
    ids = rng.permutation(10 * size)[:size]
    flags = rng.integers(0, 63, size).astype(np.uint64) | np.where(
        rng.random(size) < 0.004, 64, 0
    ).astype(np.uint64)
    index = Index(columns)
    index.put(ids[:2500], rows[:2500], flags[:2500])
    index.put(ids[2400:], rows[2400:], flags[2400:])
    index.withdraw(ids[:40])
    passing = np.arange(size) >= 40
    for bits in where:
        passing &= (flags & np.uint64(bits)) > 0
    expected = (queries.astype(np.float64) @ rows.astype(np.float64).T).toarray().astype(np.float32)
    found, scores = index.top_many(queries, k, where, threads=2)
    for query in range(queries.shape[0]):
        given_ids = found[query][found[query] >= 0]
        likeness = np.where(passing, expected[query], 0)
        best = np.lexsort((ids, -likeness))[: np.count_nonzero(likeness)][:k]
        np.testing.assert_allclose(scores[query][: len(best)], likeness[best], rtol=0, atol=1e-6)
        assert len(given_ids) == len(best)
        at = {name: place for place, name in enumerate(ids.tolist())}
        np.testing.assert_allclose(
            likeness[[at[name] for name in given_ids.tolist()]],
            scores[query][: len(best)],
            rtol=0,
            atol=1e-6,
        )


def test_more_terms_than_two_bytes_can_name() -> None:
    rng = np.random.default_rng(4)
    size, columns, length = 2000, 120_000, 100
    indices = np.where(
        rng.random(size * length) < 0.3,
        rng.integers(0, 300, size * length),
        rng.integers(0, columns, size * length),
    )
    data = rng.random(size * length).astype(np.float32) + np.float32(0.1)
    rows = sparse.csr_matrix(
        (data, indices, np.arange(0, size * length + 1, length)), shape=(size, columns)
    )
    rows.sum_duplicates()
    index = Index(columns)
    index.put(np.arange(size), rows)
    assert len(index._state.segments[0].segment.terms) > 1 << 16
    some = rng.permutation(size)[:100]
    assert (index.rows(some) != rows[some]).nnz == 0
    expected = (rows[some].astype(np.float64) @ rows.astype(np.float64).T).toarray()
    found, scores = index.top_many(rows[some], 10)
    best = np.argsort(-expected, axis=1, kind="stable")[:, :10]
    np.testing.assert_array_equal(found, best)
    np.testing.assert_allclose(scores, np.take_along_axis(expected, best, 1), rtol=1e-6)


def test_a_very_long_query_finds_the_listing_it_is_equal_to() -> None:
    rng = np.random.default_rng(9)
    long = dict.fromkeys(range(16386), 0.3)  # each rounded up, a sum of 16 bits would begin anew
    others = [
        {20_000 + int(column): 0.5 for column in rng.integers(0, 50, 10)} | {3: 0.01}
        for _ in range(600)
    ]
    index = Index(20_050)
    index.put(range(601), matrix([*others[:300], long, *others[300:]], 20_050))
    index.seal()
    ids, scores = index.top_many(matrix([long | {20_007: 2.0}], 20_050), 3)
    assert ids[0, 0] == 300
    assert scores[0, 0] == pytest.approx(16_386 * 0.3**2)


def test_equal_listings_are_ordered_by_id_wherever_they_stand() -> None:
    index = Index(COLUMNS)
    row = {1: 0.1, 2: 0.7, 5: 0.3}
    index.put([9, 4], matrix([row, row]))
    index.seal()
    index.put([7, 1], matrix([row, row]))
    index.seal()
    index.put([3], matrix([row]))
    assert index.top(np.array([1, 5], np.int32), np.array([0.3, 0.9], np.float32), 4)[
        0
    ].tolist() == [1, 3, 4, 7]


def test_a_filter_by_facets() -> None:
    facets = Facets(
        {"side": ("need", "capability"), "province": ("AH", "JX"), "mode": ("licence", "training")}
    )
    index = Index(COLUMNS)
    kinds = [
        {"side": ["need"], "province": ["AH"], "mode": ["licence", "training"]},
        {"side": ["capability"]},
    ]
    index.put([1, 2], matrix([{0: 1.0}, {0: 1.0}]), [facets.flags(kind) for kind in kinds])
    query = np.array([0], np.int32), np.array([1.0], np.float32)
    assert index.top(*query, 5)[0].tolist() == [1, 2]
    assert index.top(*query, 5, facets.where({"side": ["capability"]}))[0].tolist() == [2]
    assert index.top(*query, 5, facets.where({"mode": ["training"], "province": ["AH", "JX"]}))[
        0
    ].tolist() == [1]
    assert index.top(*query, 5, facets.where({"province": ["JX"]}))[0].tolist() == []


def test_facets_fit_into_64_bits() -> None:
    with pytest.raises(ValueError, match="64"):
        Facets({"number": map(str, range(65))})


@pytest.mark.parametrize(
    ("ids", "row", "message"),
    [
        ([1, 1], {0: 1.0}, "same id"),
        ([1, 2], {0: -1.0}, "negative"),
        ([1, 2], {0: float("inf")}, "finite"),
    ],
)
def test_what_cannot_be_indexed_is_refused(
    ids: list[int], row: dict[int, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Index(COLUMNS).put(ids, matrix([row, {}]))


def test_rows_of_unknown_listings() -> None:
    with pytest.raises(KeyError):
        Index(COLUMNS).rows([3])


EXACT = st.one_of(
    st.floats(2**-20, 2.0**20, width=32),
    st.integers(1, 10**7).map(float),
    st.sampled_from([0.1, 0.3, 1 / 3]),
)


@settings(max_examples=200)
@given(
    rows=st.lists(
        st.dictionaries(st.integers(0, COLUMNS - 1), EXACT, max_size=COLUMNS),
        min_size=1,
        max_size=20,
    ),
    query=st.dictionaries(st.integers(0, COLUMNS - 1), EXACT, max_size=COLUMNS),
    sealed=st.booleans(),
)
def test_a_score_is_the_exact_product_rounded_once(
    rows: list[dict[int, float]], query: dict[int, float], sealed: bool
) -> None:
    index = Index(COLUMNS)
    index.put(range(len(rows)), matrix(rows))
    if sealed:
        index.seal()
    asked, state = matrix([query]), index._state
    exact = [rounded(exact_product(row, query)) for row in rows]
    best = sorted((-score, name) for name, score in enumerate(exact) if score > 0)
    for search in (compiled.search, plain.search):
        queries = asked.indptr, asked.indices, asked.data
        ids, scores = search(
            state.segments, state.delta, queries, COLUMNS, len(rows), (), np.zeros(1, np.float32), 1
        )
        found = [
            (-score, name)
            for score, name in zip(scores[0].tolist(), ids[0].tolist(), strict=True)
            if name >= 0
        ]
        assert found == best


def exact_product(row: dict[int, float], query: dict[int, float]) -> Fraction:
    shared = row.keys() & query.keys()
    return sum(
        (
            Fraction(float(np.float32(row[c]))) * Fraction(float(np.float32(query[c])))
            for c in shared
        ),
        Fraction(),
    )


def rounded(exact: Fraction) -> float:
    """The nearest float32, the even one of two equally near."""
    if not exact:
        return 0.0
    exponent = exact.numerator.bit_length() - exact.denominator.bit_length()
    step = Fraction(2) ** (exponent - 24)
    if exact / step >= 2**24:
        step *= 2
    return float(round(exact / step) * step)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32),
    k=st.sampled_from([1, 10, 300, 5000]),
    where=st.sampled_from([(), (1,), (64,), (3, 6)]),
    asked=st.sampled_from([5, 60, 900]),
    whole=st.booleans(),  # values of which many sums lie in the middle of two neighbours
)
def test_scipy_finds_the_same_to_the_last_bit(
    seed: int, k: int, where: tuple[int, ...], asked: int, whole: bool
) -> None:
    rng = np.random.default_rng(seed)
    rows, queries = drawn(rng, 3000, 300, 40), drawn(rng, 10, 300, asked)
    if whole:
        rows.data, queries.data = np.ceil(rows.data * 4000), np.ceil(queries.data * 4000)
    ids, flags = rng.permutation(10_000)[:3000], rng.integers(0, 127, 3000).astype(np.uint64)
    index = Index(300)
    index.put(ids[:2500], rows[:2500], flags[:2500])
    index.put(ids[2400:], rows[2400:], flags[2400:])
    index.withdraw(ids[:40])
    state, checked = index._state, index._checked(queries)
    floors = np.where(rng.random(10) < 0.5, rng.random(10), 0).astype(np.float32)
    asked_for = (
        state.segments,
        state.delta,
        (checked.indptr, checked.indices, checked.data),
        300,
        k,
        where,
        floors,
        1,
    )
    for ours, theirs in zip(plain.search(*asked_for), compiled.search(*asked_for), strict=True):
        np.testing.assert_array_equal(ours, theirs)
