"""Real texts: long descriptions of Debian's packages, if apt has them, and their word counts."""

from __future__ import annotations

import re
import subprocess
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_LISTS = Path("/var/lib/apt/lists")
_WORD = re.compile(r"\w\w+")
_CHUNK = 20_000
_shared: list[str] = []  # the texts, for processes that are forked from this one


def descriptions() -> list[str]:
    """Return every different description, none where apt has no English ones."""
    found: dict[str, None] = {}
    for path in sorted(_LISTS.glob("*i18n_Translation-en*")):
        command = ["/usr/lib/apt/apt-helper", "cat-file", str(path)]
        text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        for paragraph in text.split("\n\n"):
            _, marker, description = paragraph.partition("Description-en:")
            if marker:
                found[description.strip().lower()] = None
    return list(found)


def fast_counts(texts: list[str], processes: int = 2) -> sparse.csr_matrix:
    """Return word counts (texts, words) of words of two or more letters or digits, unstemmed."""
    _shared[:] = texts
    spans = [(start, start + _CHUNK) for start in range(0, len(texts), _CHUNK)]
    numbers: dict[str, int] = {}
    parts = []
    with get_context("fork").Pool(processes) as pool:
        for words, indptr, indices, data in pool.imap(_count, spans):
            places = np.array([numbers.setdefault(word, len(numbers)) for word in words], np.int32)
            parts.append((data, places[indices], indptr))
    _shared.clear()
    sizes = np.concatenate([np.diff(indptr) for _, _, indptr in parts])
    return sparse.csr_matrix(
        (
            np.concatenate([data for data, _, _ in parts]),
            np.concatenate([indices for _, indices, _ in parts]),
            np.concatenate([[0], np.cumsum(sizes)]),
        ),
        shape=(len(texts), len(numbers)),
    )


def _count(
    span: tuple[int, int],
) -> tuple[list[str], NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    words = [_WORD.findall(text) for text in _shared[slice(*span)]]
    numbers = {
        word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(words)))
    }
    indptr = np.cumsum([0, *map(len, words)])
    indices = np.fromiter(
        map(numbers.__getitem__, chain.from_iterable(words)), np.int32, indptr[-1]
    )
    ones = np.ones(len(indices), np.float32)
    counts = sparse.csr_matrix((ones, indices, indptr), shape=(len(words), len(numbers)))
    counts.sum_duplicates()
    return list(numbers), counts.indptr, counts.indices, counts.data
