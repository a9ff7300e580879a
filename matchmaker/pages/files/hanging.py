"""What files hang on: that decides who may open them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.agreements.queries import agreements_of_files
from matchmaker.conversations.queries import matches_of_files
from matchmaker.cooperation.queries import tier_facts
from matchmaker.files.models import StoredFile
from matchmaker.files.states import Purpose
from matchmaker.listings.models import Listing
from matchmaker.listings.queries import subjects_of_files
from matchmaker.listings.tiers import tier_of
from matchmaker.organisations.claims import queries as claims
from matchmaker.organisations.queries import of_papers
from matchmaker.outcomes.queries import outcomes_of_files
from matchmaker.web.session import current_actor


@dataclass(frozen=True, slots=True)
class Annex:
    """The confidential annex of a listing. `tier`: of the listing, that the reader may read."""

    listing: Listing
    organisation_id: int
    tier: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file, and the thing that it hangs on with the action that opens both."""

    file: StoredFile
    action: str
    subject: Any


def attached(session: Session, files: Sequence[StoredFile]) -> list[Attached]:
    """Find what each file hangs on, in as many queries for one file as for a page of them."""
    ids = defaultdict[str, list[int]](list)
    for file in files:
        ids[file.purpose].append(file.id)
    things = {purpose: HANGS_ON[purpose][1](session, some) for purpose, some in ids.items()}
    return [
        Attached(file, HANGS_ON[file.purpose][0], things[file.purpose].get(file.id))
        for file in files
    ]


def _annexes(session: Session, file_ids: Collection[int]) -> Mapping[int, Annex]:
    actor, found, tiers = current_actor(), subjects_of_files(session, file_ids), dict[int, str]()
    for subject in found.values():
        if subject.listing.id not in tiers:
            facts = tier_facts(session, actor, subject.listing.id)
            tiers[subject.listing.id] = tier_of(
                actor, subject, matched=facts.matched, accepted=facts.accepted
            )
    return {
        file_id: Annex(one.listing, one.organisation_id, tiers[one.listing.id])
        for file_id, one in found.items()
    }


# What a file of each purpose hangs on: the action that opens it, and how the things are found.
HANGS_ON: Mapping[str, tuple[str, Callable[[Session, Collection[int]], Mapping[int, Any]]]] = {
    Purpose.MESSAGE: ("thread.read", matches_of_files),
    Purpose.ANNEX: ("annex.read", _annexes),
    Purpose.MILESTONE: ("agreement.read", agreements_of_files),
    Purpose.RESULT: ("outcome.read", outcomes_of_files),
    Purpose.VERIFICATION: ("organisation.papers", of_papers),
    Purpose.CLAIM: ("claim.papers", claims.of_papers),
}
