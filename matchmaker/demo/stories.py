"""Matches at several stages and marks on suggestions, so that every page has something to show."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from matchmaker.codelists import codes
from matchmaker.cooperation import service as cooperation
from matchmaker.curation import queries as desk
from matchmaker.curation import service as curation
from matchmaker.demo.lives import BEGAN, live, silence, talks
from matchmaker.demo.stage import Stage, actor_for, curator_of, owner_of, pairs
from matchmaker.demo.tales import tales
from matchmaker.listings.states import ListingStatus
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import Actor
from matchmaker.quality import service as quality
from matchmaker.recommendation import queries as suggestions

if TYPE_CHECKING:
    from matchmaker.listings.models import Listing
    from matchmaker.recommendation.models import Suggestion

    Plot = Callable[[Stage, Listing, Listing], None]

HELLO = "看到贵方的信息，和我们的情况很接近，希望先通一次电话。"
PROPOSAL = "双方条件互补，建议先安排一次线上对接，再确定样品试验。"

PAIRS = 42  # of those that have no tale, spread over all initiatives
# Pairs of the two who are entered first: each waits for an answer of the other, and they talk.
ASKED = (("qh-n06", "qh-c13", "capability"), ("qh-n11", "qh-c18", "need"))
TALKING = ("qh-n07", "qh-c13")
JUDGED = ("qh-n0", "qh-n1")  # the needs whose pairs a curator has judged: enough to measure


def tell(stage: Stage) -> None:
    """Let pairs go as far as their tales go; let other good pairs act in turn, by plot."""
    told = list(tales())
    for tale in told:
        curator = curator_in_charge(stage, stage.listings[tale["pair"][0]])
        live(stage, tale, curator)
    for need_id, capability_id, side in ASKED:
        ask = need_asks if side == "need" else capability_asks
        ask(stage, stage.listings[need_id], stage.listings[capability_id])
    talking = talks(curator_in_charge)
    talking(stage, *(stage.listings[one] for one in TALKING))
    take_turns(stage, talking, {tuple(tale["pair"]) for tale in told})
    judge(stage)
    stage.session.flush()


def take_turns(stage: Stage, talking: Plot, told: Collection[tuple[str, ...]]) -> None:
    """Walk over the good pairs that have no tale."""
    good = [
        (n, c)
        for n, c, grade in pairs()
        if grade == 3 and (n, c) not in told and may_have_met(stage, n) and may_have_met(stage, c)
    ]
    plots = (
        capability_asks,
        talking,
        propose,
        need_asks,
        shortlist,
        talking,
        hold_back,
        wait_in_vain,
        decline,
        leave,
    )
    for number, pair in enumerate(good[:: len(good) // PAIRS][:PAIRS]):
        need, capability = (stage.listings[one] for one in pair)
        plots[number % len(plots)](stage, need, capability)


def may_have_met(stage: Stage, listing_id: str) -> bool:
    """Whether a listing is shown, and was when the first of these pairs spoke."""
    listing = stage.listings[listing_id]
    return (
        listing.status == ListingStatus.PUBLISHED
        and listing.organisation.status == OrganisationStatus.VERIFIED
        and listing.published_at is not None
        and listing.published_at < stage.days_ago(BEGAN)
    )


def leave(stage: Stage, need: Listing, capability: Listing) -> None:
    """Nothing has happened yet."""


def need_asks(stage: Stage, need: Listing, capability: Listing) -> None:
    cooperation.express_interest(stage.session, owner_of(stage, need), need, capability, HELLO)


def capability_asks(stage: Stage, need: Listing, capability: Listing) -> None:
    asker = owner_of(stage, capability)
    cooperation.express_interest(stage.session, asker, need, capability, HELLO)


def wait_in_vain(stage: Stage, need: Listing, capability: Listing) -> None:
    silence(stage, owner_of(stage, need), need, capability)


def decline(stage: Stage, need: Listing, capability: Listing) -> None:
    match = cooperation.express_interest(
        stage.session, owner_of(stage, need), need, capability, HELLO
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
    return actor_for(stage, curator_of(stage, need.organisation.province).id)


def judge(stage: Stage) -> None:
    """Let a curator judge some pairs as the authors of the data did, and have them measured."""
    for need_id, capability_id, grade in pairs():
        if need_id.startswith(JUDGED):
            need, capability = stage.listings[need_id], stage.listings[capability_id]
            suggestion = suggestion_of(stage, need, capability)
            if suggestion is not None:
                curator = curator_in_charge(stage, need)
                curation.judge(stage.session, curator, suggestion, 0, grade=grade)
    quality.request_measures(stage.session, actor_for(stage, stage.curators[""].id))
