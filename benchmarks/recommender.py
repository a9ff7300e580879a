"""The recommender on a large collection.

    python -m benchmarks.recommender [--listings N] [--json FILE]

The collection is mixed from the judged ones. A listing has the title and summary of one capability
and sentences of two others in the same language. Beyond ``ANALYSED`` listings, analysis (5 ms each)
is replaced by mixing the vectors of two analysed listings.

Prints the time of one need (from its text to its twenty best with reasons), of a change and of a
start, and its parts. Times are the least of several rounds, median over needs, wall and CPU.
"""

from __future__ import annotations

import json
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy import sparse

from matchmaker.commands.match import code_names
from matchmaker.commands.tables import read_listings
from matchmaker.engine import LANGUAGES, Listing, Recommender, retrieval
from matchmaker.engine.catalogue import Catalogue
from matchmaker.engine.index.compile import make_ready
from matchmaker.engine.saving import load, save
from matchmaker.engine.spans import spans
from matchmaker.engine.vectors.vectoriser import count_terms, language_of

JUDGED = Path(__file__).parent / "judged"
ANALYSED = 20_000
KEPT_NEEDS = 20_000
ROUNDS = 3


def collection(size: int, seed: int = 7) -> tuple[list[Listing], list[Listing]]:
    """Return the judged needs, and ``size`` capabilities mixed from the judged ones."""
    names = code_names()
    folders = sorted(path for path in JUDGED.iterdir() if path.is_dir())
    needs = [
        need for folder in folders for need in read_listings(folder / "needs.jsonl", "need", names)
    ]
    known = [
        one
        for folder in folders
        for one in read_listings(folder / "capabilities.jsonl", "capability", names)
    ]
    draw = random.Random(seed)
    by_language = {code: [one for one in known if one.language == code] for code in LANGUAGES}
    made = []
    for number in range(size):
        own = draw.choice(known)
        others = draw.choices(by_language[own.language or "zh"], k=2)
        sentences = [
            part for one in others for part in re.split(r"(?<=[。.])\s*", one.description) if part
        ]
        text = " ".join(draw.sample(sentences, min(4, len(sentences))))
        made.append(replace(own, id=f"m{number:07}", description=text))
    return needs, made


def grown(recommender: Recommender, size: int, seed: int = 8) -> Recommender:
    """Return the recommender with more capabilities, mixed from two analysed ones each."""
    side = recommender.capabilities_
    extra = size - len(side.listings)
    if extra <= 0:
        return recommender
    draw = np.random.default_rng(seed)
    one = draw.integers(len(side.listings), size=extra)
    other = np.empty(extra, dtype=np.intp)
    for language, rows in side.rows.items():
        of_language = side.codes[one] == language
        other[of_language] = draw.choice(rows, of_language.sum())
    more = Catalogue(
        listings=tuple(
            replace(side.listings[row], id=f"x{number:07}") for number, row in enumerate(one)
        ),
        languages=tuple(side.languages[row] for row in one),
        matrix=_mixed(side.matrix, one, other, draw),
        limits=side.limits[one],
        traits=side.traits.take(one),
        serials=np.arange(extra) + int(side.serials[-1]) + 1,
    )
    larger = copy(recommender)
    larger.capabilities_ = side.joined(more)
    larger.indexes_ = retrieval.build_indexes(larger.capabilities_)
    make_ready()
    return larger


def _mixed(
    matrix: sparse.csr_matrix, one: np.ndarray, other: np.ndarray, draw: np.random.Generator
) -> sparse.csr_matrix:
    parts = []
    for chosen in spans(len(one), ANALYSED):
        first, second = matrix[one[chosen]], matrix[other[chosen]]
        side = draw.random(matrix.shape[1]) < 0.5
        first.data *= side[first.indices]
        second.data *= ~side[second.indices]
        both = first + second
        both.eliminate_zeros()
        parts.append(both)
    return sparse.vstack(parts, format="csr")


def measured(work: Callable[[Any], object], asked: Sequence[Any]) -> tuple[float, float]:
    """Return median wall and CPU time over what is asked (ms), each the least of several rounds."""
    wall, cpu = [], []
    for one in asked:
        times = []
        for _ in range(ROUNDS):
            start, used = time.perf_counter(), time.process_time()
            work(one)
            times.append((time.perf_counter() - start, time.process_time() - used))
        wall.append(min(times)[0] * 1e3)
        cpu.append(min(one[1] for one in times) * 1e3)
    return statistics.median(wall), statistics.median(cpu)


def steps(
    plain: Recommender, needs: Sequence[Listing], changed: Sequence[Listing], folder: Path
) -> dict[str, Any]:
    """Return the measurements: name → work and its inputs."""
    told = copy(plain)
    told.explain = True
    ready = {need.id: plain.prepare([need]) for need in needs}
    kept = plain.prepare(needs)
    kept = kept.take(np.resize(np.arange(len(kept)), KEPT_NEEDS))
    floors = np.full(KEPT_NEEDS, plain.weights_.strong)

    def nearest(need: Listing) -> None:
        for language, index in plain.indexes_.items():
            index.top_many(ready[need.id].compiled[language].queries, 300)

    def by_scipy(need: Listing) -> None:
        for language in plain.capabilities_.rows:
            scores = (
                (ready[need.id].compiled[language].queries @ by_term[language]).toarray().ravel()
            )
            np.argpartition(-scores, min(300, len(scores) - 1))

    by_term = {
        language: plain.capabilities_.by_term(language)[0] for language in plain.capabilities_.rows
    }
    return {
        "one need from its text": (lambda need: plain.prepare([need]), needs),
        **(
            {"its nearest in the index, three languages": (nearest, needs)}
            if plain.indexes_
            else {}
        ),
        "its nearest by scipy and argpartition": (by_scipy, needs[::5]),
        "twenty best, scored": (lambda need: plain.rank([need], 20), needs),
        "twenty best, with parts and reasons": (lambda need: told.rank([need], 20), needs),
        "a capability changed": (lambda one: plain.updated([one]), changed[:3]),
        f"its needs among {KEPT_NEEDS:,} kept": (
            lambda one: plain.rank_needs(one, kept, 40, floors),
            changed[:3],
        ),
        "save": (lambda version: save(plain, folder, version), ["v"]),
        "open in the next process": (lambda version: load(folder, version), ["v"]),
    }


def vectorising(plain: Recommender, needs: Sequence[Listing]) -> dict[str, Any]:
    """Return times for one text's counts: our vectoriser, and scikit-learn's."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415  # a peer alone
    from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415  # a peer alone

    vectoriser = plain.vectoriser_
    columns = DictVectorizer()
    columns.feature_names_, columns.vocabulary_ = vectoriser.terms_, vectoriser.vocabulary_
    transformer = TfidfTransformer()
    transformer.idf_ = vectoriser.idf_
    counted = [
        count_terms(need, language_of(need), plain.weights_, plain.glossary_).said
        for need in needs
        if need.language
    ]
    pairs = [
        (one, {(c, t): n for c, terms in one.items() for t, n in terms.items()}) for one in counted
    ]
    return {
        "one text's counts to its vector": (lambda pair: vectoriser.row(pair[0]), pairs),
        "the same by scikit-learn": (
            lambda pair: transformer.transform(columns.transform([pair[1]])),
            pairs,
        ),
    }


@click.command()
@click.option("--listings", default=20_000, show_default=True, type=click.IntRange(100))
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path))
def main(listings: int, file: Path | None) -> None:
    """Print the table."""
    needs, offered = collection(min(listings, ANALYSED))
    start = time.perf_counter()
    plain = Recommender(explain=False).fit(offered)
    click.echo(f"fitting {len(offered):,} texts: {time.perf_counter() - start:.0f} s")
    start = time.perf_counter()
    plain = grown(plain, listings)
    click.echo(
        f"growing to {listings:,} listings, with their indexes: {time.perf_counter() - start:.0f} s"
    )
    bytes_each = sum(index.nbytes for index in plain.indexes_.values()) / listings
    entries = plain.capabilities_.matrix.nnz / listings
    click.echo(
        f"index: {bytes_each:,.0f} bytes a listing of {entries:.0f} entries (0: it has none)"
    )
    records = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (work, asked) in {
            **vectorising(plain, needs[::4]),
            **steps(plain, needs[::4], offered, Path(folder)),
        }.items():
            wall, cpu = measured(work, asked)
            records.append({"listings": listings, "measure": name, "wall_ms": wall, "cpu_ms": cpu})
            click.echo(f"{name:<46} {wall:11.2f} ms   CPU {cpu:11.2f} ms")
    click.echo(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")
    if file:
        file.write_text(json.dumps(records, indent=1))


if __name__ == "__main__":
    main()
