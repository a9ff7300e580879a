"""Decisions about suggestions: which pairs are named, which reasons a reader may learn."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from matchmaker.engine import PARTS, Change, Reason, Requirement
from matchmaker.recommendation.highlight import names
from matchmaker.recommendation.states import Band, Origin, SuggestionStatus

if TYPE_CHECKING:
    from matchmaker.recommendation.models import Question

MOST_NAMED = 20  # partners named for a listing
MOST_OF_ONE_OWNER = 2  # of them
FEW = 5  # weak partners are named only until a listing has so many
LEAST_SCORE = 0.01
MOST_MODES_TO_ADD = 3
UNKNOWN = "unknown"  # whether a must-have is met
TEXTUAL = ("concept", "term")  # kinds of reasons that rest on words of both texts

PairIds = tuple[int, int]  # ids of a need and a capability


@dataclass(frozen=True, slots=True)
class Known:
    """A listing that readers can see, as it was read; each of its texts has its own `stamp`.

    `contact` is the mail address of its organisation: those that share one count as one owner.
    """

    kind: str
    version: int
    organisation_id: int
    stamp: str
    contact: str = field(default="", compare=False)

    def has_owner_of(self, other: Known) -> bool:
        """Return whether one organisation, or two with one contact, own both."""
        return self.organisation_id == other.organisation_id or (
            self.contact != "" and self.contact == other.contact
        )


class _Partner(NamedTuple):
    """An entry of a list, in the order of the list."""

    score: float
    minus_id: int
    pair: PairIds

    @property
    def id(self) -> int:
        return -self.minus_id


class BestPartners:
    """The best partners of every listing on either side, from pairs offered in any order.

    A list has at most `MOST_OF_ONE_OWNER` partners of one owner, and one of near copies. Among near
    owners the earliest organisation goes first, and of copies by several owners the first listing:
    a later one takes nobody's place. Only a confident pair goes before a better one.

    Ties are broken by the partner's id, the smaller first.
    """

    def __init__(
        self,
        most: int,
        least: float,
        listings: Mapping[int, Known],
        are_copies: Callable[[int, int], bool],
    ) -> None:
        self.most = most
        self.least = least  # score of a confident pair
        self._listings = listings
        self._are_copies = are_copies
        self._best: defaultdict[int, list[_Partner]] = defaultdict(list)
        self._left_out: set[PairIds] = set()
        self._barred: set[int] = set()

    def offer(self, pair: PairIds, score: float) -> None:
        if score < LEAST_SCORE or pair[1] in self._barred:
            return
        need_id, capability_id = pair
        if self._push(need_id, _Partner(score, -capability_id, pair)):
            self._push(capability_id, _Partner(score, -need_id, pair))

    def bar(self, capability_id: int) -> None:
        """Name a capability to nobody."""
        self._barred.add(capability_id)

    @property
    def barred(self) -> Set[int]:
        """Capabilities that are named to nobody."""
        return self._barred

    def is_left_out(self, pair: PairIds) -> bool:
        """Return whether a pair gave way to others of one owner or one text, or is barred."""
        return pair in self._left_out or pair[1] in self._barred

    def named(self) -> dict[PairIds, float]:
        """Return pairs that either listing names, with scores; weak ones while it has few."""
        return {
            pair: score for listing_id in self._best for pair, score in self.partners_of(listing_id)
        }

    def partners_of(self, listing_id: int) -> list[tuple[PairIds, float]]:
        may_be = (one for one in self._best[listing_id] if one.pair[1] not in self._barred)
        best = sorted(may_be, reverse=True)
        return [
            (entry.pair, entry.score)
            for place, entry in enumerate(best)
            if place < FEW or entry.score >= self.least
        ]

    @property
    def listings(self) -> Set[int]:
        """Those that a pair was offered to."""
        return self._best.keys()

    def _push(self, listing_id: int, entry: _Partner) -> bool:
        """Put an entry in its place; False when it gives way to a copy or to its owner's others."""
        partners = self._best[listing_id]
        if len(partners) >= self.most and entry < partners[0]:
            return True
        for are_rivals, rank, most in (
            (self._are_copies, self._rank_of_copies, 1),
            (self._have_one_owner, self._rank_of_owners, MOST_OF_ONE_OWNER),
        ):
            rivals = [other for other in partners if are_rivals(entry.id, other.id)]
            if len(rivals) < most:
                continue
            for weakest in rank([*rivals, entry])[most:]:
                self._leave_out(weakest.pair)
                if weakest is entry:
                    return False
            partners = self._best[listing_id]
        heapq.heappush(partners, entry)
        if len(partners) > self.most:
            heapq.heappop(partners)
        return True

    def _leave_out(self, pair: PairIds) -> None:
        self._left_out.add(pair)
        for listing_id in pair:
            self._best[listing_id] = [one for one in self._best[listing_id] if one.pair != pair]
            heapq.heapify(self._best[listing_id])

    def _have_one_owner(self, first: int, second: int) -> bool:
        return self._listings[first].has_owner_of(self._listings[second])

    def _rank_of_owners(self, rivals: Sequence[_Partner]) -> list[_Partner]:
        """The earliest organisation first, then the best."""
        return sorted(
            rivals,
            key=lambda one: (
                one.score < self.least,
                self._listings[one.id].organisation_id,
                -one.score,
                one.id,
            ),
        )

    def _rank_of_copies(self, rivals: Sequence[_Partner]) -> list[_Partner]:
        """The organisation with the first listing first, then the best."""
        first: dict[int, int] = {}
        for one in sorted(rivals, key=lambda one: one.id):
            first.setdefault(self._listings[one.id].organisation_id, one.id)
        return sorted(
            rivals,
            key=lambda one: (
                one.score < self.least,
                first[self._listings[one.id].organisation_id],
                -one.score,
                one.id,
            ),
        )


def is_touched(origin: str, status: str, has_mark: bool) -> bool:
    """Return whether people have said something of a suggestion: the engine must keep it."""
    return origin in Origin.BY_HAND or status != SuggestionStatus.NEW or has_mark


def is_worth_telling(lift: Change, band: str) -> bool:
    """Return whether people can act on what would lift a pair, and gain by it.

    A weak pair needs another subject rather than another way to cooperate. A topic is no advice:
    it would put words into a text that does not mean them. And nobody offers many ways at once.
    """
    return (
        band == Band.POSSIBLE
        and lift.kind in ("goal", "mode", "readiness")
        and lift.code.count(",") < MOST_MODES_TO_ADD
    )


@dataclass(frozen=True, slots=True)
class BarPiece:
    """A piece of a score's bar, in points of 100; `taken` ones lie over the end of those before."""

    part: str
    start: float
    width: float
    taken: bool


def points(parts: Mapping[str, float], score: float) -> dict[str, int]:
    """The parts in whole points of 100, rounded so that they add up to the rounded score."""
    exact = {part: 100.0 * float(parts.get(part, 0.0)) for part in PARTS}
    rounded = {part: floor(value) for part, value in exact.items()}
    left = whole(score) - sum(rounded.values())
    by_fraction = sorted(PARTS, key=lambda part: (rounded[part] - exact[part], PARTS.index(part)))
    for part in by_fraction[: max(left, 0)]:
        rounded[part] += 1
    return rounded


def whole(score: float) -> int:
    """A score in points of 100."""
    return round(100.0 * score)


def bar(parts: Mapping[str, float]) -> list[BarPiece]:
    """Return a score's bar: what adds side by side, what takes away laid back over the end."""
    exact = [(part, 100.0 * float(parts.get(part, 0.0))) for part in PARTS]
    segments: list[BarPiece] = []
    end = 0.0
    for part, value in exact:
        if value > 0:
            segments.append(BarPiece(part, round(end, 2), round(value, 2), taken=False))
            end += value
    for part, value in exact:
        if value < 0:
            end += value
            segments.append(BarPiece(part, round(max(end, 0.0), 2), round(-value, 2), taken=True))
    return segments


# What a reason of this kind says can be told from the public fields of both listings.
PUBLIC_KINDS = frozenset(
    {
        "other_terms",
        "goal",
        "mode",
        "readiness",
        "task",
        "named_partner",
        "partner_region",
        "partner_side",
    }
)


def readable(
    reasons: Sequence[Reason], need_text: str | None, capability_text: str | None
) -> list[Reason]:
    """Return the reasons as readers of these two texts may see them; None means everything.

    Terms that do not occur in a readable text are left out. A reason that would lose all terms of
    one side is folded into "other terms" of its part: the shares still add up.
    """
    if need_text is None and capability_text is None:
        return list(reasons)
    kept: list[Reason] = []
    folded: defaultdict[str, float] = defaultdict(float)
    for reason in reasons:
        seen = _seen(reason, need_text, capability_text)
        if seen is None or seen.kind == "other_terms":
            folded[reason.part] += reason.share
        else:
            kept.append(seen)
    return kept + [Reason(part, "other_terms", "", share) for part, share in folded.items()]


def _seen(reason: Reason, need_text: str | None, capability_text: str | None) -> Reason | None:
    of_need, of_capability = (
        _found(reason.need_terms, need_text),
        _found(reason.capability_terms, capability_text),
    )
    if (reason.need_terms and not of_need) or (reason.capability_terms and not of_capability):
        return None
    if not (of_need or of_capability) and reason.kind not in PUBLIC_KINDS:
        return None
    return replace(reason, need_terms=of_need, capability_terms=of_capability)


def _found(terms: Sequence[str], text: str | None) -> tuple[str, ...]:
    return tuple(terms) if text is None else tuple(term for term in terms if names(text, term))


@dataclass(frozen=True, slots=True)
class MustHave:
    """A must-have with what is known. `words` decide it: the capability's text, or an answer."""

    text: str
    status: str  # met, partly, unmet or unknown
    words: str
    question: Question | None

    @property
    def may_be_asked(self) -> bool:
        return self.status == UNKNOWN and self.question is None

    @property
    def may_be_answered(self) -> bool:
        return self.status == UNKNOWN


def must_haves(
    texts: Sequence[str], requirements: Sequence[Mapping[str, Any]], questions: Sequence[Question]
) -> list[MustHave]:
    """Return a need's must-haves, in its order; an answer counts before what the engine read.

    `requirements`: the suggestion's. A must-have that was rewritten since is unknown again.
    """
    read = {one["text"]: Requirement.from_dict(one) for one in requirements}
    asked = {one.must_have: one for one in questions}
    found = []
    for text in texts:
        question = asked.get(text)
        known = read.get(text, Requirement(text, UNKNOWN))
        if question is not None and question.verdict:
            found.append(MustHave(text, question.verdict, question.words, question))
        else:
            found.append(MustHave(text, known.status, known.sentence, question))
    return found


def strongest(reasons: Sequence[Reason], most: int = 2) -> list[tuple[Reason, ...]]:
    """Return the grounds worth a sentence: the weightiest, one that speaks for the pair first.

    What both texts speak of is one ground with the weight of the whole part, told by its two best
    terms. Every other reason is a ground of its own. Good words do not hide a weighty objection.
    """
    grounds: list[tuple[float, tuple[Reason, ...]]] = [
        (reason.share, (reason,)) for reason in reasons if reason.part != "text" and reason.share
    ]
    shared = tuple(
        _distinct([reason for reason in reasons if reason.kind in TEXTUAL and reason.share > 0])
    )[:most]
    if shared:
        grounds.append((sum(reason.share for reason in reasons if reason.part == "text"), shared))
    grounds.sort(key=lambda ground: -abs(ground[0]))
    speaking = [
        ground for ground in grounds if ground[0] > 0 and ground[1][0].kind != "other_terms"
    ][:most]
    against = [ground for ground in grounds if ground[0] < 0][:1]
    if against and (len(speaking) < most or -against[0][0] > speaking[-1][0]):
        speaking = [*speaking[: most - 1], against[0]]
    return [told for _, told in speaking]


def _distinct(reasons: Sequence[Reason]) -> Iterator[Reason]:
    """The weightiest first; what points at the same words, or at pieces of them, counts once."""
    said: set[str] = set()
    for reason in sorted(reasons, key=lambda reason: -reason.share):
        words = {term.casefold() for term in (*reason.need_terms, *reason.capability_terms)}
        if words and all(any(word in known for known in said) for word in words):
            continue
        said |= words
        yield reason
