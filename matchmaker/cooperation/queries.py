"""Matches as their two sides, and curators, see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    CompoundSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.cooperation import rules
from matchmaker.cooperation.models import ConfidentialityAcceptance, Interest, Match, Step
from matchmaker.cooperation.replies import Asked, Replies, Said, asked, replies
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import chunks, start_of
from matchmaker.listings import queries as listings
from matchmaker.listings.models import Listing
from matchmaker.listings.pairs import (
    asking,
    capability,
    join_sides,
    need,
    offering,
)
from matchmaker.permissions import Actor
from matchmaker.recommendation.models import Question, Suggestion

# Sections of an organisation's list, in this order.
SECTIONS = ("for_us", "for_them", "talks", "at_work", "done", "ended")


def match(session: Session, match_id: int) -> Match | None:
    """One match with both listings whole and all that was said."""
    return session.scalar(select(Match).where(Match.id == match_id).options(*whole()))


def match_of_pair(session: Session, need_id: int, capability_id: int) -> Match | None:
    """The pair's match, as it is in the database now and not as the session remembers it."""
    query = (
        select(Match)
        .where(Match.need_id == need_id, Match.capability_id == capability_id)
        .options(*whole())
    )
    return session.scalar(query.execution_options(populate_existing=True))


def whole() -> Iterable[ORMOption]:
    """Load both listings of a match whole, and all that was said."""
    for side in (Match.need, Match.capability):
        yield joinedload(side).options(*listings.whole())
    yield selectinload(Match.interests)
    yield selectinload(Match.acceptances)
    yield selectinload(Match.steps)
    yield selectinload(Match.curator_invitations)
    yield joinedload(Match.proposed_by)


def visible_to(actor: Actor) -> Select[tuple[Match]]:
    """The matches of the actor's organisation, with both listings and their organisations."""
    return (
        join_sides(select(Match), Match)
        .where(Match.id.in_(_own(actor)))
        .options(
            contains_eager(Match.need.of_type(need)).contains_eager(
                need.organisation.of_type(asking)
            ),
            contains_eager(Match.capability.of_type(capability)).contains_eager(
                capability.organisation.of_type(offering)
            ),
            selectinload(Match.interests),
        )
    )


def _own(actor: Actor) -> CompoundSelect[tuple[int]]:
    """Select the ids of the organisation's matches, side by side.

    An "or" over two joins would look through all matches.
    """
    of_side = (
        select(Match.id)
        .join(Listing, Listing.id == side)
        .where(Listing.organisation_id == actor.organisation_id)
        for side in (Match.need_id, Match.capability_id)
    )
    return union(*of_side)


def mine(actor: Actor) -> Select[tuple[Match]]:
    """Select matches by what they wait for, then by stage: of SECTIONS, in their order."""
    section = _section(actor)
    urgent = case((section <= 1, Match.expires_on), else_=None)
    return visible_to(actor).order_by(section, urgent, Match.updated_at.desc(), Match.id)


def waiting_for(actor: Actor) -> Select[tuple[Match]]:
    """Those that wait for an answer of the actor's organisation, the most urgent first."""
    return visible_to(actor).where(_section(actor) == 0).order_by(Match.expires_on, Match.id)


def with_ids(actor: Actor, ids: Collection[int]) -> Select[tuple[Match]]:
    """Some matches of the actor's organisation, the one that moved last first."""
    return visible_to(actor).where(Match.id.in_(ids)).order_by(Match.updated_at.desc(), Match.id)


def counts_of_mine(session: Session, actor: Actor) -> Mapping[str, int]:
    """Section → how many."""
    section = _section(actor)
    query = (
        visible_to(actor)
        .options()
        .order_by(None)
        .with_only_columns(section, func.count())
        .group_by(section)
    )
    found = {SECTIONS[place]: number for place, number in session.execute(query)}
    return {name: found.get(name, 0) for name in SECTIONS}


def _section(actor: Actor) -> ColumnElement[int]:
    """The place of a match's section, for one organisation."""
    own_listing = aliased(Listing)
    said = (
        exists()
        .where(Interest.match_id == Match.id)
        .where(
            own_listing.id
            == case((Interest.side == "need", Match.need_id), else_=Match.capability_id)
        )
        .where(own_listing.organisation_id == actor.organisation_id)
    )
    return case(
        (Match.is_open & ~said, 0),
        (Match.is_open, 1),
        (Match.status.in_(MatchStatus.TALKS), 2),
        (Match.status.in_(MatchStatus.UNDER_WAY), 3),
        (Match.status.in_(MatchStatus.TOGETHER), 4),
        else_=5,
    )


def of_pairs(session: Session, pairs: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], Match]:
    """(need, capability) → their match, of those pairs that have one."""
    wanted = set(pairs)
    needs, capabilities = {pair[0] for pair in wanted}, {pair[1] for pair in wanted}
    query = (
        select(Match)
        .where(Match.need_id.in_(needs), Match.capability_id.in_(capabilities))
        .options(selectinload(Match.interests))
    )
    found = {(one.need_id, one.capability_id): one for one in session.scalars(query)}
    return {pair: one for pair, one in found.items() if pair in wanted}


@dataclass(frozen=True, slots=True)
class TierFacts:
    """Agreements of two organisations over a listing: arguments of `listings.rules.tier_of`."""

    matched: bool = False
    accepted: bool = False


def opens_contacts() -> tuple[ColumnExpressionArgument[bool], ...]:
    """Keep matches, joined with their sides, whose sides see each other's contacts."""
    return Match.status.in_(MatchStatus.TOGETHER), asking.is_shown, offering.is_shown


def alive_over(session: Session, organisation_id: int, listing_id: int) -> int | None:
    """Return the newest match over the listing, open or agreed, that the organisation is in."""
    query = (
        join_sides(select(Match.id), Match)
        .where(Match.is_alive, or_(Match.need_id == listing_id, Match.capability_id == listing_id))
        .where(or_(asking.id == organisation_id, offering.id == organisation_id))
    )
    return session.scalar(query.order_by(Match.id.desc()).limit(1))


def questions_for(session: Session, actor: Actor) -> Mapping[int, int]:
    """Return match → how many questions about must-haves the actor's organisation should answer."""
    rows = session.execute(
        select(Match.id, func.count())
        .join(
            Suggestion,
            and_(
                Suggestion.need_id == Match.need_id,
                Suggestion.capability_id == Match.capability_id,
            ),
        )
        .join(Question, Question.suggestion_id == Suggestion.id)
        .join(Listing, Listing.id == Match.capability_id)
        .where(Question.asked_at.is_not(None), Question.verdict == "", Match.is_alive)
        .where(Listing.organisation_id == actor.organisation_id)
        .group_by(Match.id)
    )
    return dict(rows.tuples().all())


def partners_over(session: Session, listing_id: int, own: int) -> Sequence[int]:
    """Return the other organisations that are in a match over the listing, open or agreed."""
    query = join_sides(select(asking.id, offering.id).select_from(Match), Match).where(
        Match.is_alive, or_(Match.need_id == listing_id, Match.capability_id == listing_id)
    )
    return sorted({one for pair in session.execute(query) for one in pair} - {own})


def tier_facts(session: Session, actor: Actor, listing_id: int) -> TierFacts:
    """Find out whether the actor's organisation agreed over the listing, and promised silence."""
    if actor.organisation_id is None:
        return TierFacts()
    own = actor.organisation_id
    present = select(Listing.annex_version).where(Listing.id == listing_id).scalar_subquery()
    promised = exists().where(
        ConfidentialityAcceptance.match_id == Match.id,
        ConfidentialityAcceptance.organisation_id == own,
        ConfidentialityAcceptance.ended_at.is_(None),
        ConfidentialityAcceptance.annex_version == present,
    )
    query = (
        join_sides(select(promised).select_from(Match), Match)
        .where(
            *opens_contacts(), or_(Match.need_id == listing_id, Match.capability_id == listing_id)
        )
        .where(or_(asking.id == own, offering.id == own))
    )
    promises = session.scalars(query).all()
    return TierFacts(matched=bool(promises), accepted=any(promises))


def matched_organisation_ids(session: Session, organisation_id: int | None) -> frozenset[int]:
    """Return the organisations that agreed with this one: contacts are open to them."""
    if organisation_id is None:
        return frozenset()
    query = (
        join_sides(select(asking.id, offering.id).select_from(Match), Match)
        .where(*opens_contacts())
        .where(or_(asking.id == organisation_id, offering.id == organisation_id))
    )
    found = {own for pair in session.execute(query) for own in pair}
    return frozenset(found - {organisation_id})


def overdue(session: Session, today: date) -> Sequence[int]:
    """Matches whose last day to answer is over."""
    return session.scalars(
        select(Match.id)
        .where(Match.status.in_(MatchStatus.OPEN), Match.expires_on < today)
        .order_by(Match.id)
    ).all()


def under_clock(session: Session, today: date) -> Sequence[int]:
    """Matches that may be due for a reminder, or have stalled."""
    asked = today + rules.ANSWER_WITHIN - min(rules.REMIND_UNANSWERED)
    active = start_of(today + timedelta(days=1) - min(rules.REMIND_QUIET))
    unanswered = and_(Match.status.in_(MatchStatus.OPEN), Match.expires_on.between(today, asked))
    quiet = and_(
        Match.status.in_(MatchStatus.UNDER_WAY),
        Match.active_at < active,
        or_(Match.meets_at.is_(None), Match.meets_at < active),
    )
    return session.scalars(select(Match.id).where(or_(unanswered, quiet)).order_by(Match.id)).all()


def locked(session: Session, match_id: int) -> Match | None:
    """One match as it is now, held until the commit; None when another worker has it."""
    return session.scalar(
        select(Match)
        .where(Match.id == match_id)
        .options(*whole())
        .with_for_update(of=Match, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def replies_of(session: Session, organisation_id: int) -> Replies | None:
    """How the organisation answers when it is asked."""
    return replies_by_organisation(session, [organisation_id]).get(organisation_id)


def replies_by_organisation(session: Session, ids: Collection[int]) -> Mapping[int, Replies]:
    """Organisation → how it answers; without those that were asked too rarely to tell."""
    found: dict[int, Replies] = {}
    for chunk in chunks(list(ids)):
        times: defaultdict[int, list[Asked]] = defaultdict(list)
        for organisation_id, asked_times in _asked(session, chunk):
            times[organisation_id] += asked_times
        told = {one: replies(all_times) for one, all_times in times.items()}
        found |= {one: said for one, said in told.items() if said is not None}
    return found


def _asked(session: Session, ids: Collection[int]) -> Iterator[tuple[int, Sequence[Asked]]]:
    """Yield (organisation, the times that one match asked it)."""
    own = (
        select(Match.id, literal(side).label("side"), Listing.organisation_id)
        .join(Listing, Listing.id == column)
        .where(Listing.organisation_id.in_(ids))
        for side, column in (("need", Match.need_id), ("capability", Match.capability_id))
    )
    matches = union_all(*own).subquery()
    query = (
        select(*matches.c, Step.move, Step.side, Step.before, Step.at)
        .join(Step, Step.match_id == matches.c.id)
        .where(Step.taken_back_at.is_(None))
        .order_by(matches.c.id, Step.id)
    )
    moves = groupby(session.execute(query).tuples(), key=lambda row: row[:3])
    for (_, side, organisation_id), rows in moves:
        yield organisation_id, asked((Said(*row[3:]) for row in rows), side)


def hold(session: Session, match_id: int) -> None:
    """Hold a match until the commit, where nothing of it is read."""
    session.execute(select(Match.id).where(Match.id == match_id).with_for_update())


def held(session: Session, match_id: int) -> Match:
    """One match as it is now, held until the commit: who would change it waits."""
    return session.scalars(
        select(Match)
        .where(Match.id == match_id)
        .options(*whole())
        .with_for_update(of=Match)
        .execution_options(populate_existing=True)
    ).one()


def agreed_by_listing(session: Session, listing_ids: Iterable[int]) -> Mapping[int, int]:
    """Listing → how many matches over it are agreed."""
    ids = set(listing_ids)
    counts: dict[int, int] = {}
    columns: tuple[Any, ...] = (Match.need_id, Match.capability_id)
    for column in columns:
        query = (
            select(column, func.count())
            .where(Match.status.in_(MatchStatus.TOGETHER), column.in_(ids))
            .group_by(column)
        )
        for listing_id, number in session.execute(query):
            counts[listing_id] = counts.get(listing_id, 0) + number
    return counts
