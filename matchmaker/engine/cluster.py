"""Ranking over machines: a saved recommender that all can read, chunks of needs to whoever is free. Needs ``[scale]``.

A chunk is a pure function of what was saved and of its needs, so one that a worker takes down with it is simply done by
another. Workers keep the recommender open, its arrays mapped, between chunks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .listing import Listing, Pair
from .recommender import Recommender
from .saving import FILE, load
from .scoring.plan_facts import PlanFacts
from .vectors.encoder import load_encoder

if TYPE_CHECKING:
    from distributed import Client

_CHUNK = 64
_AHEAD = 4  # chunks a thread of the cluster may be ahead of whoever takes the results


@dataclass(frozen=True, slots=True)
class Saved:
    """Where all machines find the recommender, and what is not saved with it; ``encoder`` is a folder too."""

    folder: Path
    version: str
    plan: PlanFacts | None = None
    encoder: Path | None = None


class Cluster:
    """Ranks as the saved recommender does, on the workers of a Dask cluster."""

    def __init__(self, client: Client, saved: Saved) -> None:
        self.client = client
        self.saved = saved

    def rank(self, needs: Sequence[Listing], k: int) -> Iterator[list[Pair]]:
        """Yield the ``k`` best of each need, without reasons."""
        return self._spread(_rank, needs, k)

    def between(self, wanted: Sequence[tuple[Listing, Sequence[str]]]) -> Iterator[list[Pair]]:
        """Yield each need's pairs with some capabilities, with reasons."""
        return self._spread(_between, wanted)

    def _spread(self, work: Any, items: Sequence[Any], *arguments: Any) -> Iterator[list[Pair]]:
        written = (self.saved.folder / FILE).stat().st_mtime_ns
        most = _AHEAD * max(1, sum(self.client.nthreads().values()))  # type: ignore[no-untyped-call]
        running: deque[Any] = deque()
        for start in range(0, len(items), _CHUNK):
            chunk = list(items[start : start + _CHUNK])
            running.append(
                self.client.submit(work, self.saved, written, chunk, *arguments, pure=False)
            )
            if len(running) >= most:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()


def _rank(saved: Saved, written: int, needs: Sequence[Listing], k: int) -> list[list[Pair]]:
    return _opened(saved, written, explain=False).rank(needs, k)


def _between(
    saved: Saved, written: int, wanted: Sequence[tuple[Listing, Sequence[str]]]
) -> list[list[Pair]]:
    return _opened(saved, written, explain=True).between(wanted)


def _opened(saved: Saved, written: int, *, explain: bool) -> Recommender:
    recommender = copy(_loaded(saved.folder, saved.version, written, saved.encoder))
    recommender.plan, recommender.explain = saved.plan, explain
    return recommender


@lru_cache(maxsize=1)
def _loaded(folder: Path, version: str, written: int, encoder: Path | None) -> Recommender:
    """Open a recommender once for all chunks; ``written`` tells a newer one from it."""
    return load(folder, version, encoder=load_encoder(encoder) if encoder else None)[0]
