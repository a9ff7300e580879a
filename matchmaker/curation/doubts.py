"""What a reviewing curator should know of a listing: texts that it copies, words that it stuffs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker import engine
from matchmaker.curation import queries
from matchmaker.engine import Sketch, repeats
from matchmaker.listings import concepts, rules
from matchmaker.listings.models import Listing
from matchmaker.recommendation.service import to_engine_listing
from matchmaker.recommendation.twins import named_elsewhere
from matchmaker.search.live import Searching

TIER = "members"  # what curators read
MOST_SHOWN, MOST_WORDS = 5, 12
MOST_PASSAGES, MOST_FOUND, LEAST_PASSAGE = 24, 8, 8
_PASSAGE_END = re.compile(r"[\n。！？!?;；]+|\.\s")


@dataclass(frozen=True, slots=True)
class Doubts:
    """Evidence against a listing; all of it empty for an honest one.

    `nearly_same` are listings of its kind with nearly its text, `repeated` needs whose words a
    capability repeats. `stuffed` are words that it repeats to be found. `subjects` are some of its
    many unrelated ones, in the curator's language. `named` are (number, listing) of patents that
    listings of other organisations name too.
    """

    nearly_same: Sequence[Listing]
    repeated: Sequence[Listing]
    stuffed: Sequence[str]
    subjects: Sequence[str]
    named: Sequence[tuple[str, Listing]] = ()

    def __bool__(self) -> bool:
        return any((self.nearly_same, self.repeated, self.stuffed, self.subjects, self.named))


def doubts_about(session: Session, listing: Listing, language: str, searching: Searching) -> Doubts:
    """Return what speaks against a loaded listing, as the suggestions count it."""
    own = to_engine_listing(listing)
    sketch = Sketch(own)
    others = {
        other: to_engine_listing(other)
        for other in queries.comparable(session, listing, _likely(session, listing, searching))
    }
    offers = listing.kind == "capability"
    return Doubts(
        [
            other
            for other, text in others.items()
            if other.kind == listing.kind and sketch.is_near(Sketch(text))
        ][:MOST_SHOWN],
        [
            other
            for other, text in others.items()
            if offers and other.kind == "need" and repeats(own, text)
        ][:MOST_SHOWN],
        engine.stuffed_words(own)[:MOST_WORDS],
        _labels(engine.unrelated_subjects(own), language)[:MOST_WORDS] if offers else (),
        named_elsewhere(
            session,
            listing.organisation_id,
            rules.content_of(listing).references,
            listing.organisation.province,
        ),
    )


def _likely(session: Session, listing: Listing, searching: Searching) -> set[int]:
    """Return shown listings that a search for the listing's own passages finds first."""
    found: set[int] = set()
    for passage in _passages(listing):
        scores: Mapping[int, float] = searching.find(session, passage, TIER).scores
        found.update(sorted(scores, key=lambda number: (-scores[number], number))[:MOST_FOUND])
    return found - {listing.id}


def _passages(listing: Listing) -> Iterator[str]:
    """Yield title and summary, then sentences or lines from all over the description."""
    yield from (text for text in (listing.title, listing.summary) if text)
    passages = [
        text
        for part in _PASSAGE_END.split(listing.description)
        if len(text := part.strip()) >= LEAST_PASSAGE
    ]
    step = -(-len(passages) // MOST_PASSAGES) or 1
    yield from passages[::step]


def _labels(codes: Sequence[str], language: str) -> list[str]:
    known = concepts.labels(language)
    return [known[code] for code in codes if code in known]
