"""Who is told of a message. The words are mailed only to those who have chosen that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.conversations.models import Message
from matchmaker.cooperation.models import Match
from matchmaker.listings.models import Listing
from matchmaker.notices import service as notices
from matchmaker.organisations.acting import actor_of
from matchmaker.organisations.belonging import writers
from matchmaker.permissions import may

NEW, OF_CURATOR = "message.new", "message.of_curator"


def tell_posted(
    session: Session, match: Match, message: Message, guests: Iterable[User], *, at: datetime
) -> None:
    """Tell the other side, or both sides of a curator's message, and curators who take part."""
    for listing in (match.need, match.capability):
        if listing.organisation_id != message.organisation_id:
            people = writers(session, listing.organisation_id)
            _tell(session, match, message, people, listing, at=at)
    invited = [
        user
        for user in guests
        if user.id != message.author_id
        and (found := actor_of(session, user.id))
        and may(found[0], "thread.read", match)
    ]
    _tell(session, match, message, invited, match.need, at=at)


def _tell(
    session: Session,
    match: Match,
    message: Message,
    people: Iterable[User],
    listing: Listing,
    *,
    at: datetime,
) -> None:
    by = {
        listing.organisation_id: listing.organisation for listing in (match.need, match.capability)
    }.get(message.organisation_id or 0)
    for user in people:
        name = {"organisation": by.name_for(user.language)} if by else {}
        notices.quote(
            session,
            [user],
            NEW if by else OF_CURATOR,
            f"/matches/{match.id}/messages",
            {"words": message.text, "message": message.id},
            concerning=listing.organisation_id,
            at=at,
            title=listing.approved_title,
            **name,
        )


def take_back(session: Session, message: Message) -> None:
    """Let no mail that waits carry the words of a deleted message."""
    for kind in (NEW, OF_CURATOR):
        notices.take_words_out(session, kind, "message", message.id)
