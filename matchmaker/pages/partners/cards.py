"""A suggestion as one reader sees it. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from markupsafe import Markup

from matchmaker import codelists
from matchmaker.cooperation.models import Match
from matchmaker.engine import Change, Reason, Requirement
from matchmaker.listings import concepts
from matchmaker.listings.concepts import Tag
from matchmaker.listings.models import Listing
from matchmaker.listings.tiers import ReadableListing
from matchmaker.permissions import Actor, may
from matchmaker.recommendation import rules
from matchmaker.recommendation import wording as messages
from matchmaker.recommendation.highlight import mark, mark_numbered
from matchmaker.recommendation.models import Question, Suggestion
from matchmaker.recommendation.rules import BarPiece
from matchmaker.recommendation.wording import Line, Words
from matchmaker.web import markdown


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a listing of `kind`, in its own language; `text` has shared terms marked."""

    kind: str
    language: str
    plain: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Card:
    """A suggestion as a partner for a listing: `other` is suggested for `own`."""

    suggestion: Suggestion
    own: Listing
    other: Listing
    reasons: Sequence[Reason]
    words: Words
    points: int
    parts: Mapping[str, int]
    bar: Sequence[BarPiece]
    mark: str
    mark_reason: str
    requirements: Sequence[Requirement]
    may_answer: bool
    named: Sequence[str] = ()
    match: Match | None = None

    @property
    def is_scored(self) -> bool:
        return bool(self.suggestion.parts)

    @property
    def why(self) -> Markup:
        return messages.sentence(self.reasons, self.words)

    @property
    def evidence(self) -> list[Quote]:
        """What the need asks and what the capability claims, as far as the reader may know."""
        return quotes(self.reasons, self.words)

    @property
    def answering(self) -> list[Answering]:
        """Words of both texts that say the same."""
        return answering(self.reasons)

    @property
    def concepts(self) -> list[Tag]:
        """Topics of the partner's listing, in the reader's language; shared ones come first."""
        return concepts.tags(
            self.named, self.words.language, messages.shared_concepts(self.reasons)
        )

    @property
    def against(self) -> list[Markup]:
        """What speaks against the pair."""
        return messages.against(self.reasons, self.words)

    @property
    def lines(self) -> list[Line]:
        return messages.lines(self.reasons, self.words)


Named = Mapping[int, Sequence[tuple[str, str]]]  # listing → (concept, the tier that a reader needs)


def card(
    actor: Actor,
    suggestion: Suggestion,
    language: str,
    *,
    own_id: int,
    named: Named = MappingProxyType({}),
    match: Match | None = None,
    questions: Sequence[Question] = (),
) -> Card:
    """Make the card of a suggestion, whose listings and marks are loaded.

    `own_id`: the listing for which the other one is a partner.
    `named`: the concepts of the listings, from `listings.queries.named_concepts`.
    """
    need, capability = suggestion.need, suggestion.capability
    own, other = (need, capability) if own_id == need.id else (capability, need)
    reads_all = readable_text(actor, other) is None
    given = next((m for m in suggestion.marks if m.organisation_id == actor.organisation_id), None)
    return Card(
        suggestion=suggestion,
        own=own,
        other=other,
        reasons=reasons_for(actor, suggestion),
        words=Words(
            language,
            need.language,
            capability.language,
            {task.code: task.title for task in need.tasks},
        ),
        points=rules.whole(suggestion.score),
        parts=rules.points(suggestion.parts, suggestion.score),
        bar=rules.bar(suggestion.parts),
        mark=given.mark if given else "",
        mark_reason=given.reason if given else "",
        requirements=requirements_for(actor, suggestion, questions),
        may_answer=may(actor, "suggestion.answer", suggestion),
        named=[
            concept for concept, tier in named.get(other.id, ()) if tier == "public" or reads_all
        ],
        match=match,
    )


def own_listing_id(actor: Actor, suggestion: Suggestion) -> int:
    """The listing of the reader's organisation; for any other reader the need."""
    if (
        actor.organisation_id is not None
        and suggestion.capability.organisation_id == actor.organisation_id
    ):
        return suggestion.capability_id
    return suggestion.need_id


def reasons_for(actor: Actor, suggestion: Suggestion) -> list[Reason]:
    """The reasons, without terms that stand only in texts closed to the reader."""
    reasons = [Reason.from_dict(reason) for reason in suggestion.reasons]
    need, capability = (
        readable_text(actor, listing) for listing in (suggestion.need, suggestion.capability)
    )
    return rules.readable(reasons, need, capability)


def requirements_for(
    actor: Actor, suggestion: Suggestion, questions: Sequence[Question] = ()
) -> list[Requirement]:
    """The must-haves with what the capability, or its side, says to each; for members only."""
    if not actor.is_member:
        return []
    read = suggestion.requirements
    known = rules.must_haves([one["text"] for one in read], read, questions)
    return [Requirement(one.text, one.status, one.words) for one in known]


def lift_for(actor: Actor, suggestion: Suggestion, language: str) -> str:
    """What would lift the pair, for those who can bring it about; empty for others.

    All changes are the capability's to make, so the need's side is not told.
    """
    concerned = actor.organisation_id == suggestion.capability.organisation_id
    if suggestion.lift is None or not (concerned or may(actor, "suggestion.curate", suggestion)):
        return ""
    change = Change.from_dict(suggestion.lift)
    if not rules.is_worth_telling(change, suggestion.band):
        return ""
    return messages.lift(change, suggestion.capability.trl, language)


def readable_text(actor: Actor, listing: Listing) -> str | None:
    """The part of the text that the reader may know; None for all of it."""
    if actor.is_member or (
        actor.organisation_id is not None and actor.organisation_id == listing.organisation_id
    ):
        return None
    sectors = (codelists.label("sector", entry.code, listing.language) for entry in listing.sectors)
    return "\n".join((listing.title, listing.summary, *sectors))


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The texts of a listing as HTML, shared terms marked; closed texts are empty."""

    listing: ReadableListing
    title: Markup
    summary: Markup
    description: Markup
    must_haves: Sequence[Markup]
    nice_to_haves: Sequence[Markup]
    evidence: Markup


def marked(listing: ReadableListing, numbers: Mapping[str, int]) -> MarkedText:
    """Mark the terms in a listing's texts, each with its number."""
    marker: Callable[[str], Markup] = partial(mark_numbered, numbers=numbers)
    of = listing.members
    return MarkedText(
        listing=listing,
        title=marker(listing.title),
        summary=marker(listing.summary),
        description=markdown.render(of.description, marker) if of else Markup(""),
        must_haves=[marker(line) for line in of.must_haves] if of else [],
        nice_to_haves=[marker(line) for line in of.nice_to_haves] if of else [],
        evidence=marker(of.evidence) if of else Markup(""),
    )


@dataclass(frozen=True, slots=True)
class Answering:
    """Words of the need and of the capability that say the same; `number` stands behind both."""

    number: int
    need_terms: Sequence[str]
    capability_terms: Sequence[str]

    @property
    def are_alike(self) -> bool:
        """Return whether both texts write the same word."""
        return self.need_terms[0].casefold() == self.capability_terms[0].casefold()


def answering(reasons: Sequence[Reason]) -> list[Answering]:
    """The words that answer each other, those that weigh most first."""
    both = [r for r in reasons if messages.is_textual(r) and r.need_terms and r.capability_terms]
    both.sort(key=lambda reason: -reason.share)
    return [
        Answering(number, reason.need_terms, reason.capability_terms)
        for number, reason in enumerate(both, start=1)
    ]


def numbers(pairs: Sequence[Answering]) -> tuple[dict[str, int], dict[str, int]]:
    """The terms to mark in the need's and in the capability's text, with their numbers."""
    of_need: dict[str, int] = {}
    of_capability: dict[str, int] = {}
    for pair in pairs:
        for term in pair.need_terms:
            of_need.setdefault(term, pair.number)
        for term in pair.capability_terms:
            of_capability.setdefault(term, pair.number)
    return of_need, of_capability


def quotes(reasons: Sequence[Reason], words: Words) -> list[Quote]:
    """The sentence of the need and that of the capability which carry most of the pair's fit."""
    of_need, of_capability = numbers(answering(reasons))
    for reason in reasons:
        if reason.kind == "passage" and reason.need_terms and reason.capability_terms:
            asked, claimed = reason.need_terms[0], reason.capability_terms[0]
            return [
                Quote("need", words.need_language, asked, mark(asked, of_need)),
                Quote(
                    "capability", words.capability_language, claimed, mark(claimed, of_capability)
                ),
            ]
    return []


def by_owner(cards: Iterable[Card]) -> list[list[Card]]:
    """Gather the cards of each organisation where its first one stands."""
    owners: dict[int, list[Card]] = {}
    for one in cards:
        owners.setdefault(one.other.organisation_id, []).append(one)
    return list(owners.values())


@dataclass(frozen=True, slots=True)
class Partners:
    """The partners of a listing, as shown below it, by organisation."""

    listing_id: int
    kind: str
    is_own: bool
    is_published: bool
    is_due: bool
    sure: Sequence[Sequence[Card]]
    unsure: Sequence[Sequence[Card]]
