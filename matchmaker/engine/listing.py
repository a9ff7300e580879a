"""What goes into the engine and what comes out of it: plain values, no behaviour beyond (de)serialising."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("zh", "en", "es")
PARTS = ("text", "plan", "mode", "readiness", "region")
BANDS = ("strong", "possible", "weak")


@dataclass(frozen=True, slots=True)
class Listing:
    """The engine's view of a need or a capability: only what may be indexed.

    ``language`` is "zh", "en", "es" or None (detected from the text). ``modes`` holds codes of cooperation modes or of
    their groups. ``province`` is a GB/T 2260 two-digit code. ``trl`` is a technology readiness level, 1 to 9.
    """

    id: str
    kind: str
    title: str
    summary: str = ""
    description: str = ""
    language: str | None = None
    tags: tuple[str, ...] = ()
    must_haves: tuple[str, ...] = ()
    goal: str | None = None
    modes: tuple[str, ...] = ()
    province: str | None = None
    org_type: str | None = None
    trl: int | None = None
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair has its score: one piece of a part, free of any language.

    ``share`` is in the unit of the score: the shares of one part's reasons add up to that part. ``need_terms`` and
    ``capability_terms`` are forms as written in either text, to be marked there. By part, the kinds and their codes:

    - text: *concept* (glossary id), *term* (a word, name, or the English stem two words stand for), *meaning* (what an
      encoder found beyond the terms), *other_terms*;
    - mode: *goal* (the need's goal; details need, capability), *mode* (details wanted, answered, shared: codes joined by
      commas), *role* (buys, reports, trades, generalist, market_only), *disclaims* (terms the capability says it does
      not do);
    - readiness: *readiness* (details need, capability: levels);
    - plan: *task* (task id);
    - region: *named_partner*, *partner_side* (details need, capability: provinces).
    """

    part: str
    kind: str
    code: str
    share: float
    need_terms: tuple[str, ...] = ()
    capability_terms: tuple[str, ...] = ()
    details: Mapping[str, str | int | None] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-able dictionary; empty fields are left out."""
        out: dict[str, Any] = {
            "part": self.part,
            "kind": self.kind,
            "code": self.code,
            "share": self.share,
        }
        if self.need_terms:
            out["need_terms"] = list(self.need_terms)
        if self.capability_terms:
            out["capability_terms"] = list(self.capability_terms)
        if self.details:
            out["details"] = dict(self.details)
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reason:
        """Return the reason that ``to_dict`` wrote."""
        return cls(
            part=data["part"],
            kind=data["kind"],
            code=data["code"],
            share=float(data["share"]),
            need_terms=tuple(data.get("need_terms", ())),
            capability_terms=tuple(data.get("capability_terms", ())),
            details=dict(data.get("details", {})),
        )


@dataclass(frozen=True, slots=True)
class Requirement:
    """One must-have of a need: ``status`` is *met*, *unmet* or *unknown*, ``sentence`` the capability's that says so."""

    text: str
    status: str
    sentence: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-able dictionary."""
        return {"text": self.text, "status": self.status, "sentence": self.sentence}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Requirement:
        """Return the requirement that ``to_dict`` wrote."""
        return cls(data["text"], data["status"], data.get("sentence", ""))


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change that would lift a pair into ``band``, to about ``score``.

    ``kind`` and ``code``: *goal* (the goal to share), *mode* (codes to offer, joined by commas), *readiness* (the level
    to reach), *concept* (what the capability would also have to cover).
    """

    kind: str
    code: str
    score: float
    band: str

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-able dictionary."""
        return {"kind": self.kind, "code": self.code, "score": self.score, "band": self.band}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Change:
        """Return the change that ``to_dict`` wrote."""
        return cls(data["kind"], data["code"], float(data["score"]), data["band"])


@dataclass(frozen=True, slots=True)
class Pair:
    """One need beside one capability: ``score`` in 0..1, its band, the parts that add up to it, and the reasons.

    The score estimates the probability that the two are worth a conversation. ``parts`` has exactly the keys of
    ``PARTS``; a part may be negative (a mode that does not fit lowers the score).
    """

    need_id: str
    capability_id: str
    score: float
    band: str
    parts: dict[str, float]
    reasons: tuple[Reason, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    lift: Change | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-able dictionary."""
        return {
            "need_id": self.need_id,
            "capability_id": self.capability_id,
            "score": self.score,
            "band": self.band,
            "parts": dict(self.parts),
            "reasons": [reason.to_dict() for reason in self.reasons],
            "requirements": [requirement.to_dict() for requirement in self.requirements],
            "lift": self.lift.to_dict() if self.lift else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Pair:
        """Return the pair that ``to_dict`` wrote."""
        return cls(
            need_id=data["need_id"],
            capability_id=data["capability_id"],
            score=float(data["score"]),
            band=data["band"],
            parts={part: float(data["parts"][part]) for part in PARTS},
            reasons=tuple(Reason.from_dict(reason) for reason in data.get("reasons", ())),
            requirements=tuple(Requirement.from_dict(one) for one in data.get("requirements", ())),
            lift=Change.from_dict(data["lift"]) if data.get("lift") else None,
        )
