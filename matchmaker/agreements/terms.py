"""What one version of an agreement says, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Party:
    """A party of an agreement of several. `organisation_id` None: it is not on this platform."""

    name: str
    role: str = ""
    share: float | None = None  # percent
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """A stage of the price: `amount` in yuan."""

    what: str
    amount: int | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What one version says. Values are by field: texts, numbers, codes, ISO dates."""

    values: Mapping[str, Any] = field(default_factory=dict)
    parties: tuple[Party, ...] = ()
    payments: tuple[Payment, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Terms:
        return cls(
            values=data.get("values", {}),
            parties=tuple(Party(**one) for one in data.get("parties", ())),
            payments=tuple(
                Payment(one["what"], one["amount"], day(one["due"]))
                for one in data.get("payments", ())
            ),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "values": dict(self.values),
            "parties": [
                {
                    "name": one.name,
                    "role": one.role,
                    "share": one.share,
                    "organisation_id": one.organisation_id,
                }
                for one in self.parties
            ],
            "payments": [
                {"what": one.what, "amount": one.amount, "due": one.due and one.due.isoformat()}
                for one in self.payments
            ],
        }

    @property
    def begins(self) -> date | None:
        """The first day of its period, if it has one."""
        period = self.values.get("period") or (None, None)
        return day(period[0])

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The parties that are organisations here."""
        return frozenset(
            one.organisation_id for one in self.parties if one.organisation_id is not None
        )


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
