"""What pairs of the demonstration went through, as data: `seed_data/demo/stories`.

Days count from the day on which the demonstration is filled: -95 is 95 days before it.

A tale has
pair          the need and the capability, by their ids in the data files
begins        when the first of them spoke
thread        what they wrote: who (need or capability), day, words
delivering    when they began to carry it out; completed: when they were done
agreements    what they agreed on; results: what came of it

An agreement has
kind, values  of `seed_data/instruments.yaml`; a period is two days
by            who drafted it: need, unless it says otherwise
agreed        when everybody had consented, or had the draft
state         in_force, unless it says otherwise
parties, payments, people, log, slots, registration: what such a kind has
done          milestone → when it was reached; what was due earlier is late
change        new values that wait for consent: by whom, since when

A result has a measure, an amount as people write it, who reported it, and how far it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from matchmaker.agreements.instruments import Field, FieldType, instrument
from matchmaker.agreements.terms import Party, Payment, Terms
from matchmaker.datafiles import read_yaml
from matchmaker.demo.stage import FOLDER

Entry = Mapping[str, Any]
Day = Callable[[int], date]


def tales() -> Iterator[Entry]:
    for path in sorted(FOLDER.glob("stories/*.yaml")):
        yield from read_yaml(path)


def terms(entry: Entry, day: Day, parties: Mapping[str, Party]) -> Terms:
    """What an agreement says. `parties`: organisations by their ids in the data files.

    Raises KeyError for a field that its kind does not have.
    """
    kind = instrument(entry["kind"])
    values = {}
    for code, value in entry["values"].items():
        asked = kind.field(code)
        if asked is None:
            raise KeyError(f"{kind.code} has no field {code}")
        values[code] = _value(asked, value, day)
    return Terms(
        values=values,
        parties=tuple(_party(one, parties) for one in entry.get("parties", ())),
        payments=tuple(
            Payment(one["what"], one["amount"], day(one["due"]))
            for one in entry.get("payments", ())
        ),
    )


def contract_number(tale: Entry, day: Day) -> str:
    """The number under which its contract was registered, if one was."""
    for entry in tale["agreements"]:
        if told := entry.get("registration"):
            return registered_number(told, day)
    return ""


def registered_number(registration: Entry, day: Day) -> str:
    number: str = registration["number"]
    return number.format(year=day(registration["registered"]).year)


def _value(asked: Field, value: Any, day: Day) -> Any:
    if asked.type == FieldType.PERIOD:
        return [day(one).isoformat() for one in value]
    return day(value).isoformat() if asked.type == FieldType.DATE else value


def _party(entry: Entry, known: Mapping[str, Party]) -> Party:
    found = known[entry["organisation"]] if "organisation" in entry else Party(entry["name"])
    return Party(found.name, entry["role"], entry["share"], found.organisation_id)
