"""Ranking over machines that share a saved recommender; needs the extra ``[scale]``.

Free workers take batches of needs. A batch's result depends on the saved recommender and the needs
alone, so another worker can repeat it. Workers keep the recommender open between batches.
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
from .spans import spans
from .vectors.encoder import load_encoder

if TYPE_CHECKING:
    from distributed import Client

_AT_ONCE = 64  # needs in a batch
_AHEAD = 4  # batches by which a thread of the cluster may run ahead of the reader


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved recommender that all machines can read.

    Parameters
    ----------
    folder : Path
        The folder that ``save`` wrote to.
    version : str
        The version that ``save`` was given.
    plan : PlanFacts | None
        Facts of the cooperation plan, which are not saved.
    encoder : str
        The name of an encoder (see ``load_encoder``), or "".

    Examples
    --------
    >>> Saved(Path("/shared/recommender"), "1").encoder
    ''
    """

    folder: Path
    version: str
    plan: PlanFacts | None = None
    encoder: str = ""


class Cluster:
    """Rank with a saved recommender on the workers of a Dask cluster.

    Parameters
    ----------
    client : Client
        A client of the cluster.
    saved : Saved
        The recommender, in a folder that all workers can read.

    Examples
    --------
    ``distributed`` is installed with the extra ``[scale]``.

    >>> from distributed import Client  # doctest: +SKIP
    >>> cluster = Cluster(Client("tcp://scheduler:8786"), Saved(folder, "1"))  # doctest: +SKIP
    >>> for pairs in cluster.rank(needs, k=20): ...  # doctest: +SKIP
    """

    def __init__(self, client: Client, saved: Saved) -> None:
        self.client = client
        self.saved = saved

    def rank(self, needs: Sequence[Listing], k: int) -> Iterator[list[Pair]]:
        """Rank the capabilities for each need.

        Parameters
        ----------
        needs : Sequence[Listing]
            Listings of kind "need".
        k : int
            The most pairs for each need; 0 for all capabilities.

        Yields
        ------
        Iterator[list[Pair]]
            Pairs of each need, best first, without reasons.
        """
        return self._spread(_rank, needs, k)

    def between(self, wanted: Sequence[tuple[Listing, Sequence[str]]]) -> Iterator[list[Pair]]:
        """Score each need with chosen capabilities.

        Parameters
        ----------
        wanted : Sequence[tuple[Listing, Sequence[str]]]
            Needs, each with ids of capabilities.

        Yields
        ------
        Iterator[list[Pair]]
            Pairs of each need in the order of its ids, with reasons.
        """
        return self._spread(_between, wanted)

    def _spread(self, work: Any, items: Sequence[Any], *arguments: Any) -> Iterator[list[Pair]]:
        written = (self.saved.folder / FILE).stat().st_mtime_ns
        most = _AHEAD * max(1, sum(self.client.nthreads().values()))  # type: ignore[no-untyped-call]
        running: deque[Any] = deque()
        for span in spans(len(items), _AT_ONCE):
            batch = list(items[span])
            running.append(
                self.client.submit(work, self.saved, written, batch, *arguments, pure=False)
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
def _loaded(folder: Path, version: str, written: int, encoder: str) -> Recommender:
    """Open a recommender once for all batches; ``written`` tells a newer one apart."""
    return load(folder, version, encoder=load_encoder(encoder) if encoder else None)[0]
