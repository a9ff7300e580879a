"""Matches at several stages and what people said of suggestions, so that every page has something to show."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from matchmaker.cooperation import service as cooperation
from matchmaker.demo.loader import pairs
from matchmaker.organisations.queries import actor_of
from matchmaker.permissions import Actor

if TYPE_CHECKING:
    from matchmaker.demo.loader import Stage
    from matchmaker.listings.models import Listing

HELLO = {
    "zh": "看到贵方的信息，和我们的情况很接近，希望先通一次电话。",
    "en": "This is close to what we do. Could we talk by phone first?",
    "es": "Esto se acerca mucho a lo nuestro. ¿Podemos hablar primero por teléfono?",
}
PROPOSAL = "双方条件互补，建议先安排一次线上对接，再确定样品试验。"


def tell(stage: Stage) -> None:
    """Walk over the good pairs and let their organisations act on them, in turn by plot."""
    good = ((n, c) for n, c, grade in pairs() if grade == 3 and is_published(stage, n) and is_published(stage, c))
    plots = (agree, need_asks, capability_asks, propose, agree, leave, need_asks, decline, leave, leave)
    for number, (need_id, capability_id) in enumerate(islice(good, 60)):
        need, capability = stage.listings[need_id], stage.listings[capability_id]
        plots[number % len(plots)](stage, need, capability)
    stage.session.flush()


def is_published(stage: Stage, listing_id: str) -> bool:
    listing = stage.listings[listing_id]
    return listing.status == "published" and listing.organisation.status == "verified"


def owner_of(stage: Stage, listing: Listing) -> Actor:
    found = actor_of(stage.session, listing.author_id)
    if found is None:
        raise RuntimeError(f"listing {listing.id} has no owner")
    return found[0]


def leave(stage: Stage, need: Listing, capability: Listing) -> None:
    """Nothing has happened yet."""


def need_asks(stage: Stage, need: Listing, capability: Listing) -> None:
    cooperation.express_interest(stage.session, owner_of(stage, need), need, capability, HELLO[need.language])


def capability_asks(stage: Stage, need: Listing, capability: Listing) -> None:
    asker = owner_of(stage, capability)
    cooperation.express_interest(stage.session, asker, need, capability, HELLO[capability.language])


def agree(stage: Stage, need: Listing, capability: Listing) -> None:
    match = cooperation.express_interest(stage.session, owner_of(stage, need), need, capability, HELLO[need.language])
    cooperation.accept(stage.session, owner_of(stage, capability), match, HELLO[capability.language])


def decline(stage: Stage, need: Listing, capability: Listing) -> None:
    match = cooperation.express_interest(stage.session, owner_of(stage, need), need, capability, HELLO[need.language])
    cooperation.decline(stage.session, owner_of(stage, capability), match, "no_capacity", "")


def propose(stage: Stage, need: Listing, capability: Listing) -> None:
    from matchmaker.demo.loader import curator_of

    curator = actor_of(stage.session, curator_of(stage, need.organisation.province).id)
    if curator is not None:
        cooperation.propose(stage.session, curator[0], need, capability, PROPOSAL)
