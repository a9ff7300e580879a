"""A seeded corpus like listings: 20 sectors of 50 topics, Zipf–Mandelbrot words, 60–120 tokens."""

from __future__ import annotations

import itertools

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse

VOCABULARY = 200_000
SECTORS = 20
TOPICS = 50
_FEWEST, _MOST = 60, 120
_SECTOR_WORDS, _TOPIC_WORDS = 4_000, 200
_GENERAL, _SECTOR = 0.66, 0.10  # the rest is of the topic


def _table(words: NDArray[np.int32], shift: float, power: float, size: int) -> NDArray[np.int32]:
    """Return words in proportion to 1 / (rank + shift) ** power, to draw by one look-up."""
    weight = (np.arange(len(words)) + shift) ** -power
    places = (np.arange(size) + 0.5) / size
    return words[
        np.minimum(np.searchsorted(np.cumsum(weight) / weight.sum(), places), len(words) - 1)
    ].astype(np.int32)


def _tables() -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return tables of the general words, of every sector's and of every topic's."""
    rng = np.random.default_rng(20260701)
    general = _table(rng.permutation(VOCABULARY).astype(np.int32), 120.0, 1.8, 1 << 20)
    sectors = [
        rng.choice(VOCABULARY, _SECTOR_WORDS, replace=False).astype(np.int32)
        for _ in range(SECTORS)
    ]
    topics = [
        rng.choice(VOCABULARY, _TOPIC_WORDS, replace=False).astype(np.int32)
        for _ in range(SECTORS * TOPICS)
    ]
    sector = np.stack([_table(words, 10.0, 1.1, 1 << 16) for words in sectors])
    topic = np.stack([_table(words, 2.0, 1.2, 1 << 13) for words in topics])
    return general, sector, topic


@njit(cache=True)
def _random(state):
    """Return the next of the splitmix64 sequence, in [0, 1), and its state."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed >> np.uint64(11)) / 9007199254740992.0, state


@njit(cache=True)
def _draw(first, count, general, sector, topic, columns, counts, indptr):
    tokens = np.empty(_MOST, np.int32)
    filled = 0
    for row in range(count):
        state = np.uint64(first + row) * np.uint64(0xD1342543DE82EF95) + np.uint64(7)
        value, state = _random(state)
        theme = int(value * len(topic))
        value, state = _random(state)
        length = _FEWEST + int(value * (_MOST - _FEWEST + 1))
        for place in range(length):
            kind, state = _random(state)
            value, state = _random(state)
            if kind < _GENERAL:
                tokens[place] = general[int(value * len(general))]
            elif kind < _GENERAL + _SECTOR:
                tokens[place] = sector[theme // TOPICS, int(value * sector.shape[1])]
            else:
                tokens[place] = topic[theme, int(value * topic.shape[1])]
        drawn = np.sort(tokens[:length])
        for place in range(length):
            if place and drawn[place] == drawn[place - 1]:
                counts[filled - 1] += 1
            else:
                columns[filled] = drawn[place]
                counts[filled] = 1
                filled += 1
        indptr[row + 1] = filled
    return filled


def counts(listings: int, first: int = 0) -> sparse.csr_matrix:
    """Return word counts (listings, VOCABULARY) from listing ``first``, seeded by number."""
    columns = np.empty(listings * _MOST, np.int32)
    data = np.empty(listings * _MOST, np.float32)
    indptr = np.zeros(listings + 1, np.int64)
    filled = _draw(first, listings, *_tables(), columns, data, indptr)
    return sparse.csr_matrix(
        (data[:filled].copy(), columns[:filled].copy(), indptr), shape=(listings, VOCABULARY)
    )


def texts(matrix: sparse.csr_matrix) -> list[str]:
    """Return a text of made-up words for each row of counts."""
    names = np.array([f"w{column}" for column in range(matrix.shape[1])], object)
    words = np.repeat(matrix.indices, matrix.data.astype(np.int64))
    ends = np.concatenate([[0], np.cumsum(matrix.data, dtype=np.int64)])[matrix.indptr]
    return [" ".join(names[words[start:end]]) for start, end in itertools.pairwise(ends)]


def tfidf(matrix: sparse.csr_matrix, idf: NDArray[np.float64]) -> sparse.csr_matrix:
    """Return sublinear TF-IDF rows of length one, float32."""
    data = (1.0 + np.log(matrix.data)) * idf[matrix.indices]
    starts = np.minimum(matrix.indptr[:-1], max(len(data) - 1, 0))
    lengths = np.sqrt(np.add.reduceat(data**2, starts)) if len(data) else np.ones(matrix.shape[0])
    data /= np.repeat(lengths, np.diff(matrix.indptr))
    return sparse.csr_matrix(
        (data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape
    )


def idf_of(matrix: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return the smooth inverse document frequency of every column, as scikit-learn's."""
    found = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return np.log((1.0 + matrix.shape[0]) / (1.0 + found)) + 1.0
