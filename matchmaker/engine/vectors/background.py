"""Background: rarity of terms and usual likeness, learned once from listings of many fields.

It ships with the engine, so what a term or a likeness is worth does not depend on the catalogue
at hand. ``python -m benchmarks.learn`` makes it from the judged and the demonstration's listings.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..listing import LANGUAGES
from ..paths import DATA
from .features import CHANNELS

Floats = NDArray[np.float64]
Counts = Mapping[str, Mapping[str, float]]  # channel -> term -> weighted count
FILE = DATA / "background" / "background.npz"
_OUTLIERS = 0.03


@dataclass(frozen=True, slots=True)
class Background:
    """Term counts of many listings, which never change with a catalogue.

    Attributes
    ----------
    terms : tuple[tuple[str, str], ...]
        (channel, term) of every column.
    counts : sparse.csr_matrix
        Weighted counts (listings, columns).
    languages : NDArray[np.str_]
        (listings,) "zh", "en" or "es".
    name : str
        A fingerprint of the content.
    idf : Floats
        (columns,) ln((1 + n) / (1 + df)) + 1.
    channel : NDArray[np.int8]
        (columns,) index into ``features.CHANNELS``.
    columns : dict[str, dict[str, int]]
        Channel -> term -> column.

    Examples
    --------
    >>> background = Background.of([{"words": {"en:brine": 2.0}}, {"words": {}}], ["en", "en"])
    >>> background.terms, background.idf.round(2).tolist(), round(background.unseen, 2)
    ((('words', 'en:brine'),), [1.41], 2.1)
    """

    terms: tuple[tuple[str, str], ...]
    counts: sparse.csr_matrix
    languages: NDArray[np.str_]
    name: str = ""
    idf: Floats = field(init=False)
    channel: NDArray[np.int8] = field(init=False)
    columns: dict[str, dict[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        shares = self.counts.copy()
        shares.data = np.minimum(shares.data, 1.0)  # a hinted-at sense is less than a mention
        frequency = np.asarray(shares.sum(axis=0)).ravel()
        object.__setattr__(self, "idf", np.log((1.0 + self.size) / (1.0 + frequency)) + 1.0)
        channel = np.array([CHANNELS.index(name) for name, _ in self.terms], dtype=np.int8)
        columns: dict[str, dict[str, int]] = {name: {} for name in CHANNELS}
        for place, (name, term) in enumerate(self.terms):
            columns[name][term] = place
        object.__setattr__(self, "channel", channel)
        object.__setattr__(self, "columns", columns)

    @property
    def size(self) -> int:
        """The number of listings."""
        return int(self.counts.shape[0])

    @property
    def unseen(self) -> float:
        """The rarity of a term that no listing here has."""
        return float(np.log(1.0 + self.size) + 1.0)

    @classmethod
    def of(cls, counts: Sequence[Counts], languages: Sequence[str]) -> Background:
        """Return the background of listings, given their term counts and languages."""
        terms = sorted(
            {(channel, term) for one in counts for channel in one for term in one[channel]}
        )
        column = {key: place for place, key in enumerate(terms)}
        entries = [
            (row, column[channel, term], amount)
            for row, one in enumerate(counts)
            for channel in one
            for term, amount in one[channel].items()
        ]
        rows, columns, amounts = map(np.array, zip(*entries, strict=True)) if entries else ([],) * 3
        matrix = sparse.csr_matrix(
            (np.asarray(amounts, np.float32), (rows, columns)), (len(counts), len(terms))
        )
        return cls(tuple(terms), matrix, np.array(languages, dtype=np.str_))

    def packed(self) -> bytes:
        """Return the background as the bytes of a file, for ``read``."""
        text = "\n".join(f"{CHANNELS.index(channel)}{term}" for channel, term in self.terms)
        languages = np.array([LANGUAGES.index(code) for code in self.languages], np.uint8)
        out = io.BytesIO()
        np.savez_compressed(
            out,
            terms=np.frombuffer(text.encode(), np.uint8),
            languages=languages,
            data=self.counts.data.astype(np.float16),
            indices=self.counts.indices.astype(np.uint32),
            indptr=self.counts.indptr.astype(np.uint32),
        )
        return out.getvalue()

    @classmethod
    def read(cls, content: bytes) -> Background:
        """Return the background that ``packed`` made bytes of."""
        with np.load(io.BytesIO(content)) as arrays:
            lines = arrays["terms"].tobytes().decode().split("\n")
            terms = tuple((CHANNELS[int(line[0])], line[1:]) for line in lines)
            languages = np.array([LANGUAGES[code] for code in arrays["languages"]], dtype=np.str_)
            parts = (
                arrays["data"].astype(np.float64),
                arrays["indices"].astype(np.int32),
                arrays["indptr"].astype(np.int32),
            )
        matrix = sparse.csr_matrix(parts, shape=(len(languages), len(terms)))
        return cls(terms, matrix, languages, hashlib.blake2b(content, digest_size=8).hexdigest())


def usual(likeness: Floats, least: float) -> Floats:
    """Return mean and spread (n, 2) of likeness (n, references); spread is ``least`` at least.

    The likest few count as the next below: a listing's own partners may stand among them.

    Examples
    --------
    >>> usual(np.array([[1.0, 3.0]]), 0.1).tolist()
    [[2.0, 1.0]]
    """
    last = likeness.shape[1] - 1 - int(_OUTLIERS * likeness.shape[1])
    highest = np.partition(likeness, last, axis=1)[:, last]
    likeness = np.minimum(likeness, highest[:, None])
    spread = np.maximum(likeness.std(axis=1), least)
    return np.stack([likeness.mean(axis=1), spread], axis=1)


@lru_cache(maxsize=1)
def default_background() -> Background:
    """Return the background that ships with the engine."""
    return Background.read(FILE.read_bytes())
