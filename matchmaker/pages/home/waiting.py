"""The home page of a signed-in reader: what waits, what is new, how listings stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.accounts.queries import Reachable
from matchmaker.agreements import queries as agreements
from matchmaker.agreements.models import Agreement, Milestone
from matchmaker.conversations import queries as conversations
from matchmaker.cooperation import queries as cooperation
from matchmaker.curation import queues
from matchmaker.db import now, today
from matchmaker.listings import ours
from matchmaker.listings.models import Listing
from matchmaker.listings.reminding import STALE_AFTER, WARNINGS
from matchmaker.listings.states import ListingStatus
from matchmaker.meetings import queries as meetings
from matchmaker.meetings.models import Meeting
from matchmaker.notices import messages
from matchmaker.notices import queries as notices
from matchmaker.notices.models import Notice
from matchmaker.organisations import belonging
from matchmaker.organisations import queries as organisations
from matchmaker.organisations.claims import queries as claims
from matchmaker.organisations.claims.models import Claim
from matchmaker.organisations.models import JoinRequest, Organisation
from matchmaker.organisations.rules import may_appeal, open_question
from matchmaker.organisations.states import MessageKind, OrganisationStatus
from matchmaker.outcomes import queries as outcomes
from matchmaker.outcomes.models import Outcome
from matchmaker.pages.agreements.page import title_of
from matchmaker.pages.agreements.wording import milestone_words, payment_text
from matchmaker.pages.listings.writing import Unfinished, unfinished
from matchmaker.pages.matches.views import Row, row
from matchmaker.pages.partners.cards import Card
from matchmaker.pages.partners.views import cards_of
from matchmaker.pages.shared.curators import own_contacts
from matchmaker.permissions import Actor, may
from matchmaker.recommendation import queries as recommendation

SHOWN = 5
LISTINGS_SHOWN = 8
NEW_FOR = timedelta(days=14)
RENEW_BEFORE = timedelta(days=45)
STAYS_TO_DO = timedelta(days=30)  # after its deadline, a listing is still offered for renewal


@dataclass(frozen=True, slots=True)
class ListingLine:
    """One of our listings, with its number of partners and matches."""

    listing: Listing
    partners: int
    matches: int


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement that waits for our consent, or one of its milestones that is overdue."""

    agreement: Agreement
    title: str
    milestone: Milestone | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment that is overdue, in words."""

    agreement: Agreement
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A match, and how many questions of the other side wait for our answer."""

    row: Row
    number: int


@dataclass(frozen=True, slots=True)
class RenewalLine:
    """A listing to renew, and how it stands: it ends, has ended, or was long not confirmed."""

    listing: Listing
    is_silent: bool


@dataclass(frozen=True, slots=True)
class VerificationLine:
    """What the verification waits for from us: papers, a reply to a question, or an appeal."""

    kind: MessageKind
    text: str  # the curator's, to be answered


@dataclass(frozen=True, slots=True)
class OrganisationHome:
    organisation: Organisation
    renew_by: date | None  # the verification runs out soon
    verification: VerificationLine | None
    requests: Sequence[JoinRequest]  # of people who want to join
    claims: Sequence[Claim]  # of people who want to manage the account
    to_answer: Sequence[Row]
    to_answer_count: int
    to_change: Sequence[Listing]
    to_send: Sequence[Listing]  # changes of published listings: given back, or not sent yet
    to_renew: Sequence[RenewalLine]
    questions: Sequence[QuestionLine]
    to_finish: Sequence[tuple[Listing, Unfinished]]  # drafts, with what keeps them from being sent
    meetings_to_answer: Sequence[Meeting]
    meetings_to_write_up: Sequence[Meeting]
    to_consent: Sequence[AgreementLine]
    overdue: Sequence[AgreementLine]
    unpaid: Sequence[PaymentLine]
    to_read: Sequence[Row]  # matches with new messages
    results: Sequence[Outcome]  # to confirm, or to correct
    new_partners: Sequence[Card]
    new_partners_count: int
    listings: Sequence[ListingLine]
    by_status: Mapping[str, int]
    curators: Sequence[Reachable]  # whom to ask, where the page says that it is for them to decide

    @property
    def has_nothing_waiting(self) -> bool:
        meetings = self.meetings_to_answer or self.meetings_to_write_up
        agreements = self.to_consent or self.overdue or self.unpaid
        answers = self.to_answer or self.questions or self.to_read or self.results
        own = self.to_change or self.to_finish or self.to_send or self.to_renew
        about_us = self.verification or self.requests or self.claims
        return not (answers or own or about_us or meetings or agreements)


@dataclass(frozen=True, slots=True)
class Home:
    """The home page: of a member's organisation, a curator's desk, or one that nobody works for."""

    organisation: OrganisationHome | None
    desk: Mapping[str, int] | None
    former: Organisation | None  # suspended or closed
    notices: Sequence[tuple[Notice, str]]


def home(session: Session, actor: Actor, language: str) -> Home:
    unread = session.scalars(
        notices.of_user(actor.user_id).where(Notice.read_at.is_(None)).limit(SHOWN)
    ).all()
    belongs = actor.organisation_id is not None
    former = None if belongs or actor.roles else belonging.of_user(session, actor.user_id)
    return Home(
        organisation=of_organisation(session, actor) if belongs else None,
        desk=queues.counts(session, actor, today()) if may(actor, "desk.read") else None,
        former=former if former and former.status in OrganisationStatus.OUT else None,
        notices=[
            (notice, messages.subject(notice.kind, notice.params, language)) for notice in unread
        ],
    )


def of_organisation(session: Session, actor: Actor) -> OrganisationHome | None:
    organisation = organisations.organisation(session, actor.organisation_id)
    if organisation is None:
        return None
    waiting = cooperation.waiting_for(actor)
    new = recommendation.new_since(actor, now() - NEW_FOR)
    changes = ours.mine(actor, ListingStatus.CHANGES_REQUESTED)
    times, held = meetings.to_answer(actor, now()), meetings.to_write_up(actor, now())
    return OrganisationHome(
        organisation=organisation,
        renew_by=renew_by(organisation, today()),
        verification=verification_line(session, actor, organisation),
        requests=(
            belonging.join_requests(session, organisation.id)
            if may(actor, "organisation.manage_members", organisation)
            else ()
        ),
        claims=(
            claims.open_for(session, organisation.id)
            if may(actor, "organisation.manage_members", organisation)
            else ()
        ),
        to_answer=[row(actor, match) for match in session.scalars(waiting.limit(SHOWN)).unique()],
        to_answer_count=cooperation.counts_of_mine(session, actor)["for_us"],
        to_change=session.scalars(changes.limit(SHOWN)).unique().all(),
        to_send=ours.changes_to_finish(session, actor)[:SHOWN],
        to_renew=to_renew(session, actor),
        questions=questions(session, actor),
        to_finish=[(one, unfinished(one)) for one in ours.unfinished(session, actor, SHOWN)],
        meetings_to_answer=session.scalars(times.limit(SHOWN)).all(),
        meetings_to_write_up=session.scalars(held.limit(SHOWN)).all(),
        to_consent=to_consent(session, organisation.id),
        overdue=overdue(session, organisation.id),
        unpaid=[
            PaymentLine(one, title_of(one), payment_text(payment))
            for one, payment in agreements.unpaid_of(session, organisation.id, today())[:SHOWN]
        ],
        to_read=to_read(session, actor),
        results=session.scalars(outcomes.waiting_for(actor).limit(SHOWN)).unique().all(),
        new_partners=cards_of(actor, session.scalars(new.limit(SHOWN)).unique().all()),
        new_partners_count=_number(session, new),
        listings=lines(session, actor),
        by_status=ours.count_mine(session, actor),
        curators=own_contacts() if _needs_curators(actor, organisation) else (),
    )


def _needs_curators(actor: Actor, organisation: Organisation) -> bool:
    may_post = actor.may_post_needs or actor.may_post_capabilities
    expires = renew_by(organisation, today()) is not None
    return expires or not (organisation.is_verified and may_post)


def verification_line(
    session: Session, actor: Actor, organisation: Organisation
) -> VerificationLine | None:
    """What an owner has to send to the curators, if anything."""
    if not may(actor, "organisation.converse", organisation):
        return None
    messages = organisations.messages(session, organisation.id)
    if question := open_question(messages):
        return VerificationLine(MessageKind.REPLY, question.text)
    if organisation.status == OrganisationStatus.REFUSED and may_appeal(messages):
        refusal = next(one for one in reversed(messages) if one.kind == MessageKind.REFUSAL)
        return VerificationLine(MessageKind.APPEAL, refusal.text)
    if organisation.status == OrganisationStatus.REGISTERED and not messages:
        return VerificationLine(MessageKind.PAPERS, "")
    return None


def to_consent(session: Session, organisation_id: int) -> list[AgreementLine]:
    found = agreements.awaiting(session, organisation_id)[:SHOWN]
    return [AgreementLine(one, title_of(one)) for one in found]


def overdue(session: Session, organisation_id: int) -> list[AgreementLine]:
    found = agreements.overdue_of(session, organisation_id, today())[:SHOWN]
    return [
        AgreementLine(
            one.agreement,
            title_of(one.agreement),
            one,
            milestone_words(one.agreement.instrument, one)[0],
        )
        for one in found
    ]


def to_renew(session: Session, actor: Actor) -> list[RenewalLine]:
    """Our listings that end soon or have ended, and those that nobody spoke of for long."""
    silent = now() - STALE_AFTER
    near, ended = today() + timedelta(days=max(WARNINGS)), today() - STAYS_TO_DO
    found = ours.to_renew(session, actor, ended, near, silent)[:SHOWN]
    return [RenewalLine(one, one.deadline is None or one.deadline > near) for one in found]


def questions(session: Session, actor: Actor) -> list[QuestionLine]:
    """The matches in which the other side waits for our word on must-haves."""
    asked = cooperation.questions_for(session, actor)
    found = session.scalars(cooperation.with_ids(actor, sorted(asked)[-SHOWN:])).unique()
    return [QuestionLine(row(actor, match), asked[match.id]) for match in found]


def to_read(session: Session, actor: Actor) -> list[Row]:
    """The matches with messages that nobody of the organisation has read."""
    unread = conversations.unread_by_match(session, actor)
    found = session.scalars(cooperation.with_ids(actor, sorted(unread)[-SHOWN:])).unique()
    return [row(actor, match, unread[match.id]) for match in found]


def renew_by(organisation: Organisation, today: date) -> date | None:
    """The last day of a verification that should be renewed now."""
    until = organisation.verified_until
    if until is None or not today <= until <= today + RENEW_BEFORE:
        return None
    return until


def lines(session: Session, actor: Actor) -> list[ListingLine]:
    """The listings that were touched last, with their partners and matches."""
    found = session.scalars(ours.mine(actor).limit(LISTINGS_SHOWN)).unique().all()
    partners = recommendation.open_by_listing(session, actor)
    matches = cooperation.agreed_by_listing(session, (listing.id for listing in found))
    return [
        ListingLine(listing, partners.get(listing.id, 0), matches.get(listing.id, 0))
        for listing in found
    ]


def _number(session: Session, query: Any) -> int:
    counted = query.options().order_by(None).with_only_columns(func.count())
    return session.scalar(select(counted.scalar_subquery())) or 0
