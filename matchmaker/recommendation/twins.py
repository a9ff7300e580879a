"""What a text that is being written has in common with other listings: its words, its patents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.engine import Listing as EngineListing
from matchmaker.engine import Sketch
from matchmaker.engine.search import TIERS
from matchmaker.listings import ours, queries
from matchmaker.listings.models import Listing
from matchmaker.listings.references import OWNED, Reference
from matchmaker.listings.rules import Content
from matchmaker.recommendation.run import read
from matchmaker.search.live import Searching

MOST_OWN, MOST_FOUND, MOST_SHOWN = 40, 6, 3
MOST_ASKED = 160  # characters of a text that the search reads


@dataclass(frozen=True, slots=True)
class Twins:
    """Listings with nearly the same text, and (number, listing) of others that name its patents."""

    nearly_same: Sequence[Listing] = ()
    named: Sequence[tuple[str, Listing]] = ()


def twins_of(
    session: Session,
    organisation_id: int,
    kind: str,
    content: Content,
    searching: Searching,
    *,
    but: int,
) -> Twins:
    """Return the twins of a text that its author may see: their own, and what everybody sees.

    `but`: the listing itself.
    """
    likely = _found(session, kind, content, searching)
    likely.update(ours.own_of_kind(session, organisation_id, kind, MOST_OWN))
    likely -= {but}
    sketch = Sketch(_as_read(kind, content))
    texts = read.texts(session, likely)
    near = [number for number, text in texts.items() if sketch.is_near(Sketch(text))]
    named = named_elsewhere(session, organisation_id, content.references)
    return Twins(queries.titles_of(session, near[:MOST_SHOWN]), named[:MOST_SHOWN])


def named_elsewhere(
    session: Session, organisation_id: int, lines: Collection[str], province: str = ""
) -> Sequence[tuple[str, Listing]]:
    """Return (number, listing) of other organisations' listings that name the same patents.

    They are shown to everybody, or wait for the curators of the province.
    """
    numbers = [
        spelling
        for named in map(Reference.read, lines)
        if named.kind in OWNED
        for spelling in named.spellings
    ]
    return queries.naming(session, numbers, but=organisation_id, province=province)


def _found(session: Session, kind: str, content: Content, searching: Searching) -> set[int]:
    """The listings of the kind that a search for the text's own words finds first."""
    found: set[int] = set()
    asked = (f"{content.title} {content.summary}", content.description)
    for text in filter(str.strip, asked):
        scores: Mapping[int, float] = searching.find_prose(
            session, text[:MOST_ASKED], TIERS[0], {"kind": (kind,)}
        ).scores
        found.update(sorted(scores, key=lambda one: (-scores[one], one))[:MOST_FOUND])
    return found


def _as_read(kind: str, content: Content) -> EngineListing:
    return EngineListing(
        id="",
        kind=kind,
        title=content.title,
        summary=content.summary,
        description="\n\n".join(text for text in (content.description, content.evidence) if text),
        must_haves=content.must_haves,
    )
