"""Matches at several stages and marks on suggestions, so that every page has something to show."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from matchmaker.codelists import codes
from matchmaker.cooperation import service as cooperation
from matchmaker.curation import queries as desk
from matchmaker.curation import service as curation
from matchmaker.demo import agreements, outcomes
from matchmaker.demo.cast import ENTRIES
from matchmaker.demo.lives import lives, silence
from matchmaker.demo.meetings import meet
from matchmaker.demo.stage import Stage, curator_of, owner_of, pairs
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations.queries import actor_of
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor
from matchmaker.recommendation import queries as suggestions

if TYPE_CHECKING:
    from matchmaker.listings.models import Listing
    from matchmaker.recommendation.models import Suggestion

HELLO = {
    "zh": "看到贵方的信息，和我们的情况很接近，希望先通一次电话。",
    "en": "This is close to what we do. Could we talk by phone first?",
    "es": "Esto se acerca mucho a lo nuestro. ¿Podemos hablar primero por teléfono?",
}
PROPOSAL = "双方条件互补，建议先安排一次线上对接，再确定样品试验。"

MEETING = 15  # pairs of the first ones, which are those of the cast


def tell(stage: Stage) -> None:
    """Walk over the good pairs and let their organisations act on them, in turn by plot."""
    good = (
        (n, c)
        for n, c, grade in pairs()
        if grade == 3 and is_published(stage, n) and is_published(stage, c)
    )
    chosen = sorted(islice(good, 70), key=lambda pair: not concerns_cast(stage, *pair))
    live = lives(owner_of, curator_in_charge)
    plots = (
        capability_asks,
        live,
        propose,
        need_asks,
        shortlist,
        hold_back,
        wait_in_vain,
        live,
        decline,
        leave,
    )
    for number, (need_id, capability_id) in enumerate(chosen):
        need, capability = stage.listings[need_id], stage.listings[capability_id]
        plots[number % len(plots)](stage, need, capability)
        if number < MEETING:
            meet(stage, owner_of(stage, need), owner_of(stage, capability), need, capability)
    agreements.tell(stage)
    outcomes.tell(stage, curator_in_charge)
    stage.session.flush()


def concerns_cast(stage: Stage, need_id: str, capability_id: str) -> bool:
    """Return whether an organisation that one click enters is a party: those pairs come first."""
    cast = {stage.organisations[entry.organisation].id for entry in ENTRIES if entry.organisation}
    return bool(
        cast
        & {stage.listings[need_id].organisation_id, stage.listings[capability_id].organisation_id}
    )


def is_published(stage: Stage, listing_id: str) -> bool:
    listing = stage.listings[listing_id]
    return (
        listing.status == ListingStatus.PUBLISHED
        and listing.organisation.status == OrganisationStatus.VERIFIED
    )


def leave(stage: Stage, need: Listing, capability: Listing) -> None:
    """Nothing has happened yet."""


def need_asks(stage: Stage, need: Listing, capability: Listing) -> None:
    cooperation.express_interest(
        stage.session, owner_of(stage, need), need, capability, HELLO[need.language]
    )


def capability_asks(stage: Stage, need: Listing, capability: Listing) -> None:
    asker = owner_of(stage, capability)
    cooperation.express_interest(stage.session, asker, need, capability, HELLO[capability.language])


def wait_in_vain(stage: Stage, need: Listing, capability: Listing) -> None:
    silence(stage, owner_of(stage, need), need, capability)


def decline(stage: Stage, need: Listing, capability: Listing) -> None:
    match = cooperation.express_interest(
        stage.session, owner_of(stage, need), need, capability, HELLO[need.language]
    )
    cooperation.decline(stage.session, owner_of(stage, capability), match, "no_capacity", "")


def shortlist(stage: Stage, need: Listing, capability: Listing) -> None:
    suggestion = suggestion_of(stage, need, capability)
    if suggestion is not None:
        curation.shortlist(
            stage.session, curator_in_charge(stage, need), suggestion, suggestion.version
        )


def suggestion_of(stage: Stage, need: Listing, capability: Listing) -> Suggestion | None:
    found = suggestions.of_pair(stage.session, need.id, capability.id)
    return desk.suggestion(stage.session, found.id) if found is not None else None


def hold_back(stage: Stage, need: Listing, capability: Listing) -> None:
    suggestion = suggestion_of(stage, need, capability)
    if suggestion is not None:
        actor = curator_in_charge(stage, need)
        curation.hold_back(
            stage.session, actor, suggestion, suggestion.version, reason=codes("hold_reason")[0]
        )


def propose(stage: Stage, need: Listing, capability: Listing) -> None:
    cooperation.propose(stage.session, curator_in_charge(stage, need), need, capability, PROPOSAL)


def curator_in_charge(stage: Stage, need: Listing) -> Actor:
    found = actor_of(stage.session, curator_of(stage, need.organisation.province).id)
    if found is None:
        raise RuntimeError("the demonstration has no curator")
    return found[0]
