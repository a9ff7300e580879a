"""The index beside its peers: ``python -m benchmarks.index --listings N [--real] --json FILE``.

Systems take turns query by query, and the least time of several rounds counts. Median and 99th
percentile are over queries. CPU time stands beside wall time where threads are used.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from benchmarks import index_corpus, index_peers
from benchmarks.index_real import descriptions, fast_counts
from matchmaker.engine.index import Facets, Index
from matchmaker.engine.index.compile import make_ready

ROUNDS = 4
QUERIES = 200
PATIENCE = 6.0  # seconds a round of one system may take
BATCH = 10_000
CHUNK = 100


class Corpus(NamedTuple):
    """Counts and TF-IDF rows of listings and queries, with times from text and from counts (s)."""

    name: str
    rows: sparse.csr_matrix
    queries: sparse.csr_matrix
    from_text: float
    from_counts: float


Record = dict[str, Any]


def synthetic(listings: int) -> Corpus:
    """Return listings and queries drawn from the same source."""
    counts = index_corpus.counts(listings)
    texts = index_corpus.texts(counts)
    start = time.perf_counter()
    same = fast_counts(texts).nnz == counts.nnz
    counted = time.perf_counter()
    assert same
    del texts
    idf = index_corpus.idf_of(counts)
    rows = index_corpus.tfidf(counts, idf)
    done = time.perf_counter()
    queries = index_corpus.tfidf(index_corpus.counts(BATCH, first=10**8), idf)
    return Corpus(f"synthetic {listings:,}", rows, queries, done - start, done - counted)


def real() -> Corpus | None:
    """Return Debian's long package descriptions; each tenth is a query."""
    texts = descriptions()
    if not texts:
        print("No package descriptions here: apt-get -o Acquire::Languages=en update brings them.")
        return None
    start = time.perf_counter()
    counts = fast_counts(texts)
    counted = time.perf_counter()
    idf = index_corpus.idf_of(counts)
    rows = index_corpus.tfidf(counts, idf)
    done = time.perf_counter()
    return Corpus("Debian descriptions", rows, rows[::10], done - start, done - counted)


def measure(corpus: Corpus) -> Iterator[Record]:
    """Yield one record per system and measure."""
    size = corpus.rows.shape[0]
    rng = np.random.default_rng(1)
    facets = Facets({"tenth": ("yes",), "thousandth": ("yes",)})
    flags = np.where(rng.random(size) < 0.1, 1, 0) | np.where(rng.random(size) < 0.001, 2, 0)
    index = Index(corpus.rows.shape[1])
    start = time.perf_counter()
    index.put(np.arange(size), corpus.rows, flags)
    built = time.perf_counter() - start
    yield _record("build from counts", corpus.from_counts + built, "s")
    yield _record(
        "build from text (words by a regular expression, two processes)",
        corpus.from_text + built,
        "s",
    )
    yield _record("bytes per listing", index.nbytes / size, "B")
    yield _record("entries per listing", corpus.rows.nnz / size, "")
    yield from _single(index, corpus, facets)
    yield from _changes(index, corpus)
    yield from _cold_start(index, corpus)
    yield from _batch(index, corpus)


def _record(measure: str, value: float, unit: str, system: str = "matchmaker") -> Record:
    return {"system": system, "measure": measure, "value": float(value), "unit": unit}


def _single(index: Index, corpus: Corpus, facets: Facets) -> Iterator[Record]:
    """Time single queries on one thread, everybody taking turns."""

    def ours(k: int, where: tuple[int, ...] = ()) -> Callable[[sparse.csr_matrix], Any]:
        return lambda query: index.top(query.indices, query.data, k, where)

    systems = {
        ("matchmaker", "query"): ours(10),
        ("matchmaker", "query, k = 50"): ours(50),
        ("matchmaker", "query, 10 % pass a filter"): ours(10, facets.where({"tenth": ["yes"]})),
        ("matchmaker", "query, 0.1 % pass a filter"): ours(
            10, facets.where({"thousandth": ["yes"]})
        ),
    }
    batches: dict[str, float] = {}
    for name, make in index_peers.installed():
        start = time.perf_counter()
        systems[name, "query"], size = make(corpus.rows, 10)
        yield _record("build from TF-IDF rows", time.perf_counter() - start, "s", name)
        yield _record("bytes per listing", size / corpus.rows.shape[0], "B", name)
    asked = [corpus.queries[at] for at in range(min(QUERIES, corpus.queries.shape[0]))]
    for search in systems.values():  # compiles what has to be
        search(asked[0])
    least = {system: np.full(len(asked), np.inf) for system in systems}
    spent = dict.fromkeys(systems, 0.0)
    for round_ in range(ROUNDS):
        for at, query in enumerate(asked):
            for system, search in systems.items():
                if spent[system] > PATIENCE * (round_ + 1):
                    continue
                start = time.perf_counter()
                search(query)
                took = time.perf_counter() - start
                spent[system] += took
                least[system][at] = min(least[system][at], took)
    for (name, what), times in least.items():
        known = times[np.isfinite(times)] * 1000
        yield _record(f"{what}, median", np.median(known), "ms", name)
        yield _record(f"{what}, p99", np.percentile(known, 99), "ms", name)
    for name in ("bm25s (numba)", "bm25q (numba)", "sparse_dot_topn"):
        if (name, "query") in systems:
            some = corpus.queries[:CHUNK]
            batches[name] = min(
                _timed(lambda name=name, some=some: systems[name, "query"](some))[0]
                for _ in range(3)
            )
            yield _record("batch rate, one thread", CHUNK / batches[name], "/s", name)


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Return wall and CPU seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _changes(index: Index, corpus: Corpus) -> Iterator[Record]:
    """Time from a change to an answer that knows it."""
    query = corpus.queries[0]
    added, withdrawn = [], []
    for at in range(50):
        added.append(_timed(lambda at=at: index.put([10**9 + at], corpus.queries[at]))[0])
        withdrawn.append(_timed(lambda at=at: index.withdraw([10**9 + at]))[0])
    index.top(query.indices, query.data, 10)
    yield _record("add, visible after", np.median(added) * 1000, "ms")
    yield _record("withdraw, visible after", np.median(withdrawn) * 1000, "ms")


_FRESH = """
import sys, time
start = time.perf_counter()
from pathlib import Path
import numpy as np
from matchmaker.engine.index import Index
from matchmaker.engine.index.compile import make_ready
make_ready()
index = Index.open(Path(sys.argv[1]), "benchmark", verify=sys.argv[2] == "verify")
query = np.load(Path(sys.argv[1]).parent / "query.npz")
index.top(query["columns"], query["values"], 10)
print(time.perf_counter() - start)
"""


def _cold_start(index: Index, corpus: Corpus) -> Iterator[Record]:
    """Time a fresh process from its first line to its first answer, imports included."""
    with tempfile.TemporaryDirectory(prefix="index-benchmark-") as folder:
        path = Path(folder)
        np.savez(
            path / "query.npz", columns=corpus.queries[0].indices, values=corpus.queries[0].data
        )
        index.save(path / "snapshot", "benchmark")
        for mode in ("verify", "trust"):
            command = [sys.executable, "-c", _FRESH, str(path / "snapshot"), mode]
            times = [
                float(subprocess.run(command, capture_output=True, check=True).stdout)
                for _ in range(4)
            ]
            yield _record(f"fresh process to first answer ({mode} the snapshot)", min(times), "s")


def _batch(index: Index, corpus: Corpus) -> Iterator[Record]:
    """Time all queries against all listings: cold, warm, and after 1 % of listings changed."""
    queries = corpus.queries
    count = queries.shape[0]
    scores = index.top_many(queries, 10, threads=2)[1]
    floor = scores[:, -1].copy()
    for what, start in (("cold", None), ("warm", floor)):
        timed = [
            _timed(lambda start=start: index.top_many(queries, 10, floor=start, threads=2))
            for _ in range(3)
        ]
        wall, cpu = min(timed)
        yield _record(f"all pairs, {what}", count / wall, "/s")
        yield _record(f"all pairs, {what}: CPU per query", cpu / count * 1000, "ms")
        if what == "cold":
            full = wall
    yield from _bandwidth(corpus, count / full)


def _bandwidth(corpus: Corpus, rate: float) -> Iterator[Record]:
    """Set the postings that a scan would have read beside what memory can stream."""
    block = np.ones(100_000_000, np.float32)
    best = max(block.nbytes / _timed(block.sum)[0] for _ in range(3))
    frequency = np.bincount(corpus.rows.indices, minlength=corpus.rows.shape[1])
    postings = frequency[corpus.queries.indices].sum() / corpus.queries.shape[0]
    yield _record("memory read by one thread", best / 1e9, "GB/s")
    yield _record("postings a scan would read, per query", postings, "")
    yield _record(
        "their 4 bytes each, against memory's speed", postings * 4 * rate / best * 100, "%"
    )


def _table(records: list[Record]) -> str:
    lines = ["| corpus | system | measure | value |", "| --- | --- | --- | ---: |"]
    for one in records:
        value = f"{one['value']:,.3f}" if one["value"] < 10 else f"{one['value']:,.0f}"
        lines.append(
            f"| {one['corpus']} | {one['system']} | {one['measure']} | {value} {one['unit']} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print a table and write the records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=10_000)
    parser.add_argument("--real", action="store_true", help="real texts in place of drawn ones")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    make_ready()
    corpus = real() if arguments.real else synthetic(arguments.listings)
    if corpus is None:
        return
    records = [{"corpus": corpus.name, **one} for one in measure(corpus)]
    print(_table(records))
    if arguments.json:
        arguments.json.write_text(json.dumps(records, indent=1) + "\n")


if __name__ == "__main__":
    main()
