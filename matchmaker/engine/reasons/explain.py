"""Reasons for a pair: the concepts and words behind its text fit, and the other effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from ..lexicon.everyday import general_concepts
from ..lexicon.everyday import is_everyday as is_everyday_concept
from ..lexicon.glossary import Glossary
from ..listing import Listing, Reason
from ..scoring.effects import Effect
from ..scoring.modes import CODES, GROUPS, groups_of, likeness
from ..text.folding import fold
from ..vectors.features import CONCEPTS, SENSES, WORDS
from ..vectors.vectoriser import Terms, Vectoriser, field_occurrences, texts_of
from .naming import agree, is_empty, is_everyday, is_word, means
from .passages import Key, Text, best_passage
from .places import MOST_FORMS, Place, TermPlaces
from .requirements import Judge

_MOST = 8
_LEAST_SHARE = 0.035  # of the fit; what carries less is not worth a name
_UNTOLD = 0.3  # weight of a term that is not shown in the choice of a sentence
_NEW = -1
_KINDS = {CONCEPTS: "concept", WORDS: "term", SENSES: "term"}


@dataclass
class Shared:
    """A term to name: its pull, and the words that show it on either side."""

    key: Key
    pull: float
    need_terms: tuple[str, ...]
    capability_terms: tuple[str, ...]


_Forms = tuple[tuple[str, ...], tuple[str, ...]]  # of the need and of the capability
_Places = tuple[Listing, TermPlaces]
_Side = tuple[TermPlaces, str]  # a listing's terms, and its language


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
        self._labels = _chinese_labels(glossary)
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
        sides = (asked, need[1]), (offered, capability[1])
        shown = {key: forms for key in pulls if all(forms := self._shown(key, *sides))}
        named = self._named(self._gather(pulls, offered, shown), shown)
        reasons = [
            Reason(
                "text",
                _KINDS[one.key[0]],
                _code(one.key),
                part * one.pull / total,
                one.need_terms,
                one.capability_terms,
            )
            for one in named
        ]
        if meaning:
            reasons.append(Reason("text", "meaning", "", part * meaning / total))
        rest = part - sum(reason.share for reason in reasons)
        if abs(rest) > 1e-12:
            reasons.append(Reason("text", "other_terms", "", rest))
        telling = {key: pull * (1.0 if key in shown else _UNTOLD) for key, pull in pulls.items()}
        return *reasons, *_passages(telling, (need[0], asked), (capability[0], offered))

    def _named(self, gathered: Mapping[Key, float], shown: Mapping[Key, _Forms]) -> list[Shared]:
        """Return the weightiest of the terms that words of both sides show.

        A term of which a side has only words that are named already adds to the term with them.
        """
        named: list[Shared] = []
        said: tuple[dict[str, int], dict[str, int]] = {}, {}
        least = _LEAST_SHARE * sum(gathered.values())
        for key, pull in sorted(gathered.items(), key=lambda item: (-item[1], item[0])):
            if key not in shown:
                continue
            forms = shown[key]
            places = [
                max(known.get(form.casefold(), _NEW) for form in own)
                if all(form.casefold() in known for form in own)
                else _NEW
                for own, known in zip(forms, said, strict=True)
            ]
            if max(places) > _NEW:
                named[max(places)].pull += pull
            elif len(named) < _MOST and pull >= least:
                new = [
                    tuple(form for form in own if form.casefold() not in known)
                    for own, known in zip(forms, said, strict=True)
                ]
                for own, known in zip(new, said, strict=True):
                    known.update((form.casefold(), len(named)) for form in own)
                named.append(Shared(key, pull, new[0], new[1]))
        return sorted(named, key=lambda one: -one.pull)

    def _shown(self, key: Key, need: _Side, capability: _Side) -> _Forms:
        """Return the words of either side that show a term; nothing for one not to be named."""
        channel, term = key
        if channel not in _KINDS:
            return (), ()
        if channel == CONCEPTS and not self._is_topic(term):
            return (), ()
        if _is_denied(key, need[0]) or _is_denied(key, capability[0]):
            return (), ()
        asked = self._worth(key, *need)
        offered = self._worth(key, *capability) if asked else ()
        if channel != SENSES:
            return asked, offered
        pairs = [
            (one, other)
            for one in asked
            for other in offered
            if agree((one, need[1]), (other, capability[1]))
        ]
        left = tuple(dict.fromkeys(one for one, _ in pairs))
        right = tuple(dict.fromkeys(other for _, other in pairs))
        return left, right

    def _is_topic(self, concept: str) -> bool:
        known = self.glossary.concepts.get(concept)
        return (
            known is not None
            and concept not in general_concepts()
            and not is_everyday_concept(known)
        )

    def _worth(self, key: Key, places: TermPlaces, language: str) -> tuple[str, ...]:
        """Return the words of a side that show a term to a reader."""
        channel, term = key

        def is_kept(form: str) -> bool:
            if is_empty(form, language) or not is_word(form, self._is_label):
                return False
            if channel == CONCEPTS:
                return len(form) > 1 or not is_everyday(form, language)
            return (
                len(form) > 1
                and not is_everyday(form, language)
                and (channel == WORDS or means(form, language, term))
            )

        if key not in places.worth:
            places.worth[key] = places.forms(key, is_kept)
        return places.worth[key]

    def _is_label(self, word: str) -> bool:
        return word in self._labels

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
                    places = found.spans if denied is limits else found.denied
                    places[channel, term].append((number, start, end))
        return self._places[memory]

    def _gather(
        self, pulls: dict[Key, float], offered: TermPlaces, shown: Mapping[Key, _Forms]
    ) -> dict[Key, float]:
        """Add up the pulls of terms that a reader sees as one.

        A concept, word, sense or character joins the concept (else the word, else the sense) to
        be shown that covers its place in the capability.
        """
        gathered: dict[Key, float] = defaultdict(float)
        heads: dict[Place, Key] = {}
        for channel in (CONCEPTS, WORDS, SENSES):
            own = sorted(
                (key for key in pulls if key[0] == channel), key=lambda key: (-pulls[key], key)
            )
            for key in own:
                head = _head_at(key, offered, heads)
                gathered[head] += pulls[key]
                if head in shown:
                    for number, start, end in offered.spans[head]:
                        for place in range(start, end):
                            heads.setdefault((number, place), head)
        for key, pull in pulls.items():
            if key[0] not in _KINDS:
                gathered[_head_at(key, offered, heads)] += pull
        return gathered

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
        said = self._find(*(capability if kind == "disclaims" else need)).spans
        shared = [
            key
            for key in offered.spans
            if key in asked.spans and key not in said and key[0] in _KINDS
        ]
        left, right = (
            dict.fromkeys(form for key in shared for form in self._worth(key, side, language))
            for side, language in ((asked, need[1]), (offered, capability[1]))
        )
        return tuple(left)[:MOST_FORMS], tuple(right)[:MOST_FORMS]


@lru_cache(maxsize=2)
def _chinese_labels(glossary: Glossary) -> frozenset[str]:
    return frozenset(
        fold(label).replace(" ", "")
        for concept in glossary.concepts.values()
        for label in concept.labels.get("zh", ())
    )


def _is_denied(key: Key, places: TermPlaces) -> bool:
    """Tell whether a listing denies a term and does not lead with it."""
    return key in places.denied and not places.leads(key)


def _head_at(key: Key, offered: TermPlaces, heads: Mapping[Place, Key]) -> Key:
    return next((heads[place] for place in offered.places(key) if place in heads), key)


def _passages(pulls: Mapping[Key, float], need: _Places, capability: _Places) -> Iterator[Reason]:
    """Yield what is asked and what is claimed: the sentences that carry most of the fit."""
    asked = best_passage(_readable(*need), pulls, "need")
    claimed = best_passage(_readable(*capability), pulls, "capability") if asked else ""
    if asked and claimed:
        yield Reason("text", "passage", "", 0.0, (asked,), (claimed,))


def _readable(listing: Listing, places: TermPlaces) -> list[Text]:
    """Return the texts that the author of a listing wrote, with their terms."""
    if places.readable is None:
        starts, denied = places.starts(places.spans), places.starts(places.denied)
        places.readable = [
            Text(name, text, starts[number], [start for start, _ in denied[number]])
            for number, (name, text) in enumerate(texts_of(listing))
            if name != "tags"
        ]
    return places.readable


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
