"""First steps of the demonstration: questions, an approach with words alone, and what one keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from matchmaker.accounts import queries as accounts
from matchmaker.cooperation import first_steps
from matchmaker.cooperation import queries as matches
from matchmaker.cooperation.first_steps import Draft
from matchmaker.cooperation.models import Match
from matchmaker.demo.cast import ENTRIES
from matchmaker.demo.stage import actor_for, owner_of
from matchmaker.listings import bookmarks
from matchmaker.listings import queries as listings
from matchmaker.listings.states import ListingStatus
from matchmaker.recommendation.states import Verdict
from matchmaker.search import saved
from matchmaker.search.browsing import Filters

if TYPE_CHECKING:
    from matchmaker.demo.stage import Stage
    from matchmaker.listings.models import Listing
    from matchmaker.permissions import Actor

MATCHES = 4
ANSWER = {
    "zh": "现有装置已部分达到，试验数据可在对接时提供。",
    "en": "Our present unit meets it in part; we can show the test data when we meet.",
    "es": "Nuestra instalación actual lo cumple en parte; mostraremos los ensayos al reunirnos.",
}
TITLE = "相近装置的运行经验与技术服务"
MESSAGE = "我们有相近的装置在运行，虽未单独发布成果，希望先与贵方技术人员通一次电话。"


def take_first_steps(stage: Stage) -> None:
    """Ask about must-haves in a few open matches and answer every other; approach, and keep."""
    open_ones = select(Match.id).where(Match.is_open).order_by(Match.id)
    for number, match_id in enumerate(stage.session.scalars(open_ones.limit(MATCHES)).all()):
        match = matches.match(stage.session, match_id)
        if match is not None:
            ask(stage, match, answers=number % 2 == 1)
    west, east = (cast_member(stage, key) for key in ("west", "east"))
    need = open_to(stage, "need", east)
    if need is not None:
        first_steps.approach(stage.session, east, need, Draft("zh", TITLE), MESSAGE)
    keep(stage, west)
    stage.session.flush()


def ask(stage: Stage, match: Match, *, answers: bool) -> None:
    """The need's side asks about what nobody knows; the other side answers the first, or waits."""
    open_ones = [
        one.text for one in first_steps.must_haves_of(stage.session, match) if one.may_be_asked
    ][:2]
    asker, teller = (owner_of(stage, side) for side in (match.need, match.capability))
    if not open_ones:
        return
    first_steps.ask(stage.session, asker, match, open_ones)
    if answers:
        first_steps.answer(
            stage.session,
            teller,
            match,
            open_ones[0],
            verdict=Verdict.PARTLY,
            words=ANSWER[match.capability.language],
        )


def keep(stage: Stage, actor: Actor) -> None:
    """Somebody watches a capability, bookmarks another, and saves a search."""
    shown = [
        one
        for one in published(stage, "capability")
        if one.organisation_id != actor.organisation_id
    ]
    for place, listing in enumerate(shown[:2]):
        bookmarks.keep(stage.session, actor, listing, watch=place == 0)
    filters = Filters({"kind": ("capability",)}, "提锂", "newest")
    saved.save(stage.session, actor, filters, "提锂 · 科技成果")


def published(stage: Stage, kind: str) -> list[Listing]:
    return [
        one
        for one in stage.listings.values()
        if one.kind == kind and one.status == ListingStatus.PUBLISHED
    ]


def open_to(stage: Stage, kind: str, actor: Actor) -> Listing | None:
    """The first published listing that the actor may approach."""
    for one in published(stage, kind):
        subject = listings.subject(stage.session, one.id)
        if subject and first_steps.hindrance(stage.session, actor, subject.listing) is None:
            return subject.listing
    return None


def cast_member(stage: Stage, key: str) -> Actor:
    """The actor whom one click enters."""
    email = next(entry.email for entry in ENTRIES if entry.key == key)
    user = accounts.user_by_email(stage.session, email)
    if user is None:
        raise RuntimeError(f"{email} has no account")
    return actor_for(stage, user.id)
