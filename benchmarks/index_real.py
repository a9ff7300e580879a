"""Real texts: the long descriptions of Debian's packages, where apt keeps them."""

from __future__ import annotations

import re
import subprocess
from itertools import chain
from pathlib import Path

import numpy as np
from scipy import sparse

_LISTS = Path("/var/lib/apt/lists")
_WORD = re.compile(r"\w\w+")


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


def fast_counts(texts: list[str]) -> sparse.csr_matrix:
    """Return word counts (texts, words)."""
    words = [_WORD.findall(text) for text in texts]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(words)))}
    indptr = np.cumsum([0, *map(len, words)])
    indices = np.fromiter(map(numbers.__getitem__, chain.from_iterable(words)), np.int32, indptr[-1])
    ones = np.ones(len(indices), np.float32)
    counts = sparse.csr_matrix((ones, indices, indptr), shape=(len(texts), len(numbers)))
    counts.sum_duplicates()
    return counts
