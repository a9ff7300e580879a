"""Reasons for a pair: the concepts and words behind its text fit, and the other effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from scipy import sparse

from ..lexicon.glossary import Glossary
from ..listing import Listing, Reason
from ..scoring.effects import Effect
from ..scoring.modes import CODES, GROUPS, groups_of, likeness
from ..text.folding import fold_with_offsets
from ..vectors.features import CONCEPTS, SENSES, WORDS
from ..vectors.vectoriser import Terms, Vectoriser, field_occurrences, texts_of
from .requirements import Judge

Key = tuple[str, str]  # channel, term
Place = tuple[int, int]  # text of the listing, character of its folded form
Span = tuple[int, int, int]  # text of the listing, from and to a character of its folded form

_MOST = 8
_MOST_FORMS = 4
_KINDS = {CONCEPTS: "concept", WORDS: "term", SENSES: "term"}


class TermPlaces:
    """Places at which a listing names its terms."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.spans: dict[Key, list[Span]] = defaultdict(list)
        self._texts = texts
        self._offsets: dict[int, list[int]] = {}

    def forms(self, key: Key) -> tuple[str, ...]:
        """Return the first forms of a term as they are written."""
        forms: dict[str, None] = {}
        for number, start, end in self.spans.get(key, ()):
            if number not in self._offsets:
                self._offsets[number] = fold_with_offsets(self._texts[number])[1]
            offsets = self._offsets[number]
            forms[self._texts[number][offsets[start] : offsets[end]].rstrip()] = None
            if len(forms) == _MOST_FORMS:
                break
        return tuple(forms)

    def places(self, key: Key) -> Iterator[Place]:
        """Yield where a term begins."""
        return ((number, start) for number, start, _ in self.spans.get(key, ()))


class Explainer:
    """Write the reasons of pairs; keep the places of terms for the next pair.

    Parameters
    ----------
    vectoriser : Vectoriser
        The fitted vectoriser that made the pairs' vectors.
    glossary : Glossary
        Concepts to find in the texts.
    """

    def __init__(self, vectoriser: Vectoriser, glossary: Glossary) -> None:
        self.vectoriser = vectoriser
        self.glossary = glossary
        self.judge = Judge(vectoriser, self._read)
        self._places: dict[tuple[str, str, bool], TermPlaces] = {}

    def _read(self, text: str, language: str, kind: str) -> Terms:
        return field_occurrences(text, language, kind, self.glossary)

    def text(
        self,
        need: tuple[Listing, str, sparse.csr_matrix],
        capability: tuple[Listing, str, sparse.csr_matrix],
        part: float,
        meaning: float = 0.0,
    ) -> tuple[Reason, ...]:
        """Return the reasons of the text part; their shares add up to ``part``.

        Each side is a listing, its language and a row (1, columns): the need's compiled query or
        the capability's vector. ``meaning`` is an encoder's contribution to the text fit.
        """
        pulls = self._pulls(need[2], capability[2])
        total = sum(pulls.values()) + meaning
        if not total or not part:
            return ()
        asked, offered = self._find(need[0], need[1]), self._find(capability[0], capability[1])
        gathered = self._gather(pulls, offered)
        shown = sorted(gathered.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
        reasons = [
            Reason(
                "text",
                _KINDS[key[0]],
                _code(key),
                part * pull / total,
                *_both_forms(key, asked, offered),
            )
            for key, pull in shown
        ]
        if meaning:
            reasons.append(Reason("text", "meaning", "", part * meaning / total))
        rest = part - sum(reason.share for reason in reasons)
        return (
            (*reasons, Reason("text", "other_terms", "", rest))
            if abs(rest) > 1e-12
            else tuple(reasons)
        )

    def _pulls(self, query: sparse.csr_matrix, row: sparse.csr_matrix) -> dict[Key, float]:
        shared, left, right = np.intersect1d(
            query.indices, row.indices, assume_unique=True, return_indices=True
        )
        values = query.data[left] * row.data[right]
        terms = self.vectoriser.terms_
        return {
            terms[column]: float(value)
            for column, value in zip(shared, values, strict=True)
            if value > 0
        }

    def _find(self, listing: Listing, language: str, limits: bool = False) -> TermPlaces:
        memory = (listing.kind, listing.id, limits)
        if memory not in self._places:
            texts = [text for _, text in texts_of(listing)]
            found = self._places[memory] = TermPlaces(texts)
            for number, text in enumerate(texts):
                for (channel, term, start, end, _), denied in self._read(
                    text, language, listing.kind
                ):
                    if denied is limits:
                        found.spans[channel, term].append((number, start, end))
            self._add_broader(found.spans)
        return self._places[memory]

    def _add_broader(self, spans: dict[Key, list[Span]]) -> None:
        """Give broader concepts the places of their narrower ones."""
        for channel, concept in list(spans):
            if channel == CONCEPTS:
                for ancestor in self.glossary.ancestors(concept):
                    spans[CONCEPTS, ancestor].extend(spans[channel, concept])

    def _gather(self, pulls: dict[Key, float], offered: TermPlaces) -> dict[Key, float]:
        """Add up the pulls of terms that a reader sees as one.

        A broader concept joins a shared narrower one. A word, sense or character joins the concept
        (else the word, else the sense) at the same place of the capability.
        """
        gathered: dict[Key, float] = defaultdict(float)
        heads: dict[Place, Key] = {}
        for channel in (CONCEPTS, WORDS, SENSES):
            own = sorted(
                (key for key in pulls if key[0] == channel), key=lambda key: (-pulls[key], key)
            )
            for key in own:
                head = (
                    self._narrower(key, own)
                    if channel == CONCEPTS
                    else _head_at(key, offered, heads)
                )
                gathered[head] += pulls[key]
                for place in offered.places(head):
                    heads.setdefault(place, head)
        for key, pull in pulls.items():
            head = _head_at(key, offered, heads)
            if key[0] not in _KINDS and head != key:
                gathered[head] += pull
        return gathered

    def _narrower(self, key: Key, shared: Sequence[Key]) -> Key:
        """Return the strongest shared concept below one, or the concept itself."""
        below = (other for other in shared if key[1] in self.glossary.ancestors(other[1]))
        return next(below, key)

    def effects(
        self,
        need: tuple[Listing, str],
        capability: tuple[Listing, str],
        found: Sequence[Effect],
        shares: Sequence[float],
    ) -> tuple[Reason, ...]:
        """Return the reasons beyond shared words, without effects whose share is zero.

        Each side is a listing and its language. ``shares`` has one value for each effect.
        """
        reasons: list[Reason] = []
        for effect, share in zip(found, shares, strict=True):
            if share:
                forms = self._ruled_out(effect.kind, need, capability)
                details = _details(effect, need[0], capability[0])
                reasons.append(
                    Reason(effect.part, effect.kind, effect.code, float(share), *forms, details)
                )
        return tuple(reasons)

    def _ruled_out(
        self, kind: str, need: tuple[Listing, str], capability: tuple[Listing, str]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the terms that one side names and the other rules out, as each writes them."""
        if kind not in ("disclaims", "refused"):
            return (), ()
        asked = self._find(*need, limits=kind == "refused")
        offered = self._find(*capability, limits=kind == "disclaims")
        shared = [key for key in offered.spans if key in asked.spans and key[0] in _KINDS]
        sides = (
            dict.fromkeys(form for key in shared for form in side.forms(key))
            for side in (asked, offered)
        )
        left, right = (tuple(forms)[:_MOST_FORMS] for forms in sides)
        return left, right


def _head_at(key: Key, offered: TermPlaces, heads: Mapping[Place, Key]) -> Key:
    return next((heads[place] for place in offered.places(key) if place in heads), key)


def _both_forms(
    key: Key, asked: TermPlaces, offered: TermPlaces
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return asked.forms(key), offered.forms(key)


def _code(key: Key) -> str:
    """Return a term without the prefix of its language or kind."""
    if key[0] == SENSES:
        return key[1].removeprefix("#")
    return key[1][3:] if key[0] == WORDS and key[1][:3] in ("en:", "es:") else key[1]


def _details(effect: Effect, need: Listing, capability: Listing) -> dict[str, str | int | None]:
    if effect.kind == "readiness":
        return {"need": need.trl, "capability": capability.trl}
    if effect.kind == "goal":
        return {"need": need.goal, "capability": capability.goal}
    if effect.kind == "mode":
        wanted = [code for code in CODES if code in need.modes]
        answered = [code for code in wanted if _answers(code, capability)]
        shared = groups_of(answered)
        return {
            "wanted": ",".join(wanted),
            "answered": ",".join(answered),
            "shared": ",".join(group for group in GROUPS if group in shared),
        }
    if effect.part == "region":
        return {"need": need.province, "capability": capability.province}
    return {}


def _answers(wanted: str, capability: Listing) -> bool:
    return any(likeness(wanted, code) > 0 for code in capability.modes)
