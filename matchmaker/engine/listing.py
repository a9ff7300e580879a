"""The engine's input and output: plain values that can be written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("zh", "en", "es")
PARTS = ("text", "plan", "mode", "readiness", "region")
BANDS = ("strong", "possible", "weak")


@dataclass(frozen=True, slots=True)
class Listing:
    """A need or a capability, with the texts and facts that may be indexed.

    Parameters
    ----------
    id : str
        A name, unique among listings of one kind.
    kind : str
        "need" or "capability".
    title : str
        The title.
    summary : str
        The summary.
    description : str
        The full text.
    language : str | None
        "zh", "en" or "es"; detected from the text if None.
    tags : tuple[str, ...]
        Free keywords.
    must_haves : tuple[str, ...]
        A need's requirements, one sentence each.
    goal : str | None
        "talent", "technology_transfer" or "both", if known.
    modes : tuple[str, ...]
        Codes of cooperation modes, or of their groups.
    province : str | None
        A GB/T 2260 two-digit code.
    org_type : str | None
        The organisation's type.
    trl : int | None
        A technology readiness level, 1 to 9.
    tasks : tuple[str, ...]
        Ids of the plan's tasks that the listing names.

    Examples
    --------
    >>> Listing("n1", "need", "Extraction of lithium from brine", province="63", trl=6).trl
    6
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
    """One reason for a pair's score, as codes in no language.

    Parameters
    ----------
    part : str
        The part of the score, one of ``PARTS``.
    kind : str
        The kind of reason, see the notes.
    code : str
        Its code, see the notes.
    share : float
        Its share of the score; the shares of a part's reasons add up to the part.
    need_terms : tuple[str, ...]
        Terms as the need writes them, to highlight there.
    capability_terms : tuple[str, ...]
        Terms as the capability writes them, to highlight there.
    details : Mapping[str, str | int | None]
        Further facts, see the notes.

    Notes
    -----
    Kinds by part, with their codes and details:

    - text: *concept* (glossary id), *term* (a word, a name or an English stem), *meaning* (found by
      an encoder), *other_terms*.
    - mode: *goal* (the need's goal; details need, capability), *mode* (details wanted, answered,
      shared: codes joined by commas), *role* (buys, reports, trades, generalist, market_only),
      *disclaims* (terms that the capability denies), *refused* (terms that the need does not want).
    - readiness: *readiness* (details need, capability: levels).
    - plan: *task* (task id).
    - region: *named_partner* (the tasks name the province), *partner_region* (a partner of
      theirs is there), *partner_side* (details need, capability: provinces).

    Examples
    --------
    >>> reason = Reason("plan", "task", "QH-2", 0.1)
    >>> Reason.from_dict(reason.to_dict()) == reason
    True
    """

    part: str
    kind: str
    code: str
    share: float
    need_terms: tuple[str, ...] = ()
    capability_terms: tuple[str, ...] = ()
    details: Mapping[str, str | int | None] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-able dictionary without empty fields."""
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
        """Return the reason of a dictionary from ``to_dict``."""
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
    """A verdict on one must-have of a need.

    Parameters
    ----------
    text : str
        The must-have.
    status : str
        "met", "unmet" or "unknown".
    sentence : str
        The capability's sentence that decides it.

    Examples
    --------
    >>> Requirement("at least 90 %", "met", "Recovery reaches 92 %.").status
    'met'
    """

    text: str
    status: str
    sentence: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-able dictionary."""
        return {"text": self.text, "status": self.status, "sentence": self.sentence}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Requirement:
        """Return the requirement of a dictionary from ``to_dict``."""
        return cls(data["text"], data["status"], data.get("sentence", ""))


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change that would lift a pair into a better band.

    Parameters
    ----------
    kind : str
        "goal", "mode", "readiness" or "concept".
    code : str
        The goal to share, the modes to offer (joined by commas), the level to reach, or the concept
        to cover.
    score : float
        The pair's score after the change, about.
    band : str
        Its band after the change.

    Examples
    --------
    >>> Change("readiness", "7", 0.62, "strong").to_dict()["band"]
    'strong'
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
        """Return the change of a dictionary from ``to_dict``."""
        return cls(data["kind"], data["code"], float(data["score"]), data["band"])


@dataclass(frozen=True, slots=True)
class Pair:
    """One need with one capability, scored.

    Parameters
    ----------
    need_id : str
        The need's id.
    capability_id : str
        The capability's id.
    score : float
        Estimated probability, 0..1, that the two are worth a conversation.
    band : str
        "strong", "possible" or "weak".
    parts : dict[str, float]
        Name of ``PARTS`` -> its share of the score; negative where a fact lowers it.
    reasons : tuple[Reason, ...]
        The reasons; empty without ``explain``.
    requirements : tuple[Requirement, ...]
        Verdicts on the need's must-haves.
    lift : Change | None
        The smallest change that would lift the pair into a better band, if there is one.

    Examples
    --------
    >>> parts = {"text": 0.5, "plan": 0.1, "mode": 0.0, "readiness": 0.0, "region": 0.0}
    >>> pair = Pair("n1", "c1", 0.6, "strong", parts)
    >>> Pair.from_dict(pair.to_dict()) == pair
    True
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
        """Return the pair of a dictionary from ``to_dict``."""
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
