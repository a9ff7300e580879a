"""The full recommender on a large collection: ``python -m benchmarks.recommender [--listings N]``.

The collection is made of the judged ones: each listing takes its title and summary from one capability and sentences of its
description from two others of the same language. Prints the time of one need, from its text to its twenty best with parts
and reasons, and where that time goes; the least of several rounds, median over needs, CPU time beside wall time.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from matchmaker.engine import LANGUAGES, Listing, Recommender
from matchmaker.match_command import code_names
from matchmaker.matchfiles import read_listings

JUDGED = Path(__file__).parent / "judged"
ROUNDS = 3


def collection(size: int, seed: int = 7) -> tuple[list[Listing], list[Listing]]:
    """Return the judged needs, and ``size`` capabilities mixed from the judged ones."""
    names = code_names()
    folders = sorted(path for path in JUDGED.iterdir() if path.is_dir())
    needs = [need for folder in folders for need in read_listings(folder / "needs.jsonl", "need", names)]
    known = [one for folder in folders for one in read_listings(folder / "capabilities.jsonl", "capability", names)]
    draw = random.Random(seed)
    by_language = {code: [one for one in known if one.language == code] for code in LANGUAGES}
    made = []
    for number in range(size):
        own = draw.choice(known)
        others = draw.choices(by_language[own.language or "zh"], k=2)
        sentences = [part for one in others for part in re.split(r"(?<=[。.])\s*", one.description) if part]
        text = " ".join(draw.sample(sentences, min(4, len(sentences))))
        made.append(replace(own, id=f"m{number:07}", description=text))
    return needs, made


def measured(work: Callable[[Listing], object], needs: list[Listing]) -> tuple[float, float]:
    """Return median wall and CPU time over needs (ms), each the least of several rounds."""
    wall, cpu = [], []
    for need in needs:
        times = []
        for _ in range(ROUNDS):
            start, used = time.perf_counter(), time.process_time()
            work(need)
            times.append((time.perf_counter() - start, time.process_time() - used))
        wall.append(min(times)[0] * 1e3)
        cpu.append(min(one[1] for one in times) * 1e3)
    return statistics.median(wall), statistics.median(cpu)


@click.command()
@click.option("--listings", default=20_000, show_default=True, type=click.IntRange(100))
def main(listings: int) -> None:
    """Print the table."""
    needs, offered = collection(listings)
    start = time.perf_counter()
    plain = Recommender(explain=False).fit(offered)
    click.echo(f"fitting {listings:,} listings: {time.perf_counter() - start:.0f} s")
    told = Recommender()
    told.__dict__.update({**vars(plain), "explain": True})
    ready = {need.id: plain.prepare([need]) for need in needs}
    bytes_each = sum(index.nbytes for index in plain.indexes_.values()) / listings
    entries = plain.capabilities_.matrix.nnz / listings
    click.echo(f"index: {bytes_each:,.0f} bytes a listing of {entries:.0f} entries")
    rows: dict[str, Callable[[Listing], object]] = {
        "one need from its text": lambda need: plain.prepare([need]),
        "its nearest in the index, three languages": lambda need: [
            index.top_many(ready[need.id].compiled[language].queries, 300) for language, index in plain.indexes_.items()
        ],
        "its nearest by scipy": lambda need: [
            (ready[need.id].compiled[language].queries @ plain.capabilities_.matrix[rows].T).toarray()
            for language, rows in plain.capabilities_.rows.items()
        ],
        "twenty best, scored": lambda need: plain.rank([need], 20),
        "twenty best, with parts and reasons": lambda need: told.rank([need], 20),
    }
    for name, work in rows.items():
        wall, cpu = measured(work, needs[::4])
        click.echo(f"{name:<46} {wall:9.2f} ms   CPU {cpu:9.2f} ms")


if __name__ == "__main__":
    main()
