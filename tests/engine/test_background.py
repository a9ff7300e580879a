"""The shipped background is that of its listings, read as the engine reads texts today."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from matchmaker.engine import Listing, Weights
from matchmaker.engine.lexicon.glossary import default_glossary
from matchmaker.engine.vectors.background import default_background
from matchmaker.engine.vectors.meanings import text_of, usual_texts
from matchmaker.engine.vectors.vectoriser import count_terms

FILES = sorted((Path(__file__).parents[2] / "benchmarks" / "background").glob("*.jsonl"))
EVERY = 40  # listings; reading all of them takes too long


def test_the_shipped_texts_are_those_of_its_listings() -> None:
    known = {
        text_of(Listing(row["id"], row["kind"], row["title"], row["summary"], row["description"]))
        for file in FILES
        for row in map(json.loads, file.read_text("utf-8").splitlines())
    }
    for language, texts in usual_texts().items():
        assert len(texts) == len(known.intersection(texts)) == 128, language


def test_the_shipped_background_is_that_of_its_listings() -> None:
    shipped = default_background()
    rows = [json.loads(line) for file in FILES for line in file.read_text("utf-8").splitlines()]
    assert shipped.size == len(rows)
    for place in range(0, len(rows), EVERY):
        row = rows[place]
        listing = Listing(
            row["id"], row["kind"], row["title"], row["summary"], row["description"], row["lang"]
        )
        said = count_terms(listing, row["lang"], Weights(), default_glossary()).said
        counted = {(channel, term): n for channel in said for term, n in said[channel].items()}
        stored = shipped.counts[place]
        found = {shipped.terms[column] for column in stored.indices}
        assert found == counted.keys(), f"{row['id']}: run python -m benchmarks.learn"
        amounts = [counted[shipped.terms[column]] for column in stored.indices]
        np.testing.assert_allclose(stored.data, amounts, rtol=1e-3)
