"""The kinds of agreement, read from a data file: their fields, milestones and parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from matchmaker import codelists
from matchmaker.agreements import contracts
from matchmaker.codelists import LANGUAGES
from matchmaker.datafiles import read_yaml
from matchmaker.errors import UnusableFile
from matchmaker.paths import SEED_DATA

Labels = Mapping[str, str]
FILE = SEED_DATA / "instruments.yaml"


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    PERIOD = "period"
    CHOICE = "choice"
    CODES = "codes"
    YES_NO = "yes_no"


class Extra(StrEnum):
    """What an agreement may have beside its fields."""

    PEOPLE = "people"
    PARTIES = "parties"
    PAYMENTS = "payments"
    LOG = "log"
    SLOTS = "slots"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. `codelist` names the list of its codes, else `options` has them."""

    code: str
    type: FieldType
    labels: Labels
    required: bool
    hint: Labels | None = None
    unit: Labels | None = None
    low: float | None = None
    high: float | None = None
    options: Mapping[str, Labels] | None = None
    codelist: str = ""
    at_most: str = ""
    counts: tuple[str, ...] = ()  # measures of results that its amount is one of

    @property
    def codes(self) -> tuple[str, ...]:
        return codelists.codes(self.codelist) if self.codelist else tuple(self.options or ())

    def label_of(self, code: str, language: str) -> str:
        """The label of one of its codes. Raises KeyError for another."""
        if self.codelist:
            return codelists.label(self.codelist, code, language)
        return (self.options or {})[code][language]


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of the template; `after` days from the agreement's beginning it is due."""

    code: str
    by: str  # a code of milestone_by
    after: int
    what: Labels
    evidence: Labels


@dataclass(frozen=True, slots=True)
class Instrument:
    """A kind of agreement."""

    code: str
    group: str
    labels: Labels
    about: Labels
    modes: tuple[str, ...]
    fields: tuple[Field, ...]
    extras: frozenset[Extra]
    least_parties: int
    steps: tuple[Step, ...]
    contract: str  # a kind of technology contract, if it can be registered as one
    outcomes: tuple[str, ...]

    def field(self, code: str) -> Field | None:
        return next((one for one in self.fields if one.code == code), None)

    def step(self, code: str) -> Step | None:
        return next((one for one in self.steps if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    groups: Mapping[str, Labels]
    instruments: Mapping[str, Instrument]


@cache
def catalogue() -> Catalogue:
    """Return the kinds that ship. Raises UnusableFile when the file is wrong."""
    return read(read_yaml(FILE))


def instrument(code: str) -> Instrument:
    """One kind. Raises KeyError for an unknown one."""
    return catalogue().instruments[code]


def read(data: Any, source: str = FILE.name) -> Catalogue:
    """Check the data and make it into kinds. Raises UnusableFile that says all that is wrong."""
    reader = _Reader()
    found = reader.catalogue(data if isinstance(data, Mapping) else {})
    if reader.faults:
        raise UnusableFile("\n".join(f"{source}: {fault}" for fault in reader.faults))
    return found


TOP = {"groups", "common", "fields", "milestones", "instruments"}
OF_FIELD = {
    "type", "hint", "unit", "min", "max", "options", "list", "at_most", "counts",
    *LANGUAGES,
}  # fmt: skip
OF_INSTRUMENT = {
    "group", "about", "modes", "fields", "with", "least_parties", "milestones", "contract",
    "outcomes", *LANGUAGES,
}  # fmt: skip
PRESENCE = {"required": True, "optional": False}


@dataclass
class _Reader:
    """Collects every fault, each with the place where it is."""

    faults: list[str] = field(default_factory=list)
    groups: dict[str, Labels] = field(default_factory=dict)
    fields: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    steps: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def catalogue(self, data: Mapping[str, Any]) -> Catalogue:
        for name in sorted(TOP - set(data)):
            self.faults.append(f"“{name}” is missing")
        self._known("the file", data, TOP)
        for code, one in _items(data, "groups"):
            self.groups[code] = self._labels(f"groups.{code}", one)
        for code, one in _items(data, "fields"):
            self.fields[code] = self._mapping(f"fields.{code}", one)
            self._known(f"fields.{code}", self.fields[code], OF_FIELD)
        for code, one in _items(data, "milestones"):
            self.steps[code] = self._mapping(f"milestones.{code}", one)
        common = self._mapping("common", data.get("common", {}))
        first, last = (
            self._mapping(f"common.{part}", common.get(part, {})) for part in ("first", "last")
        )
        found = {}
        for code, one in _items(data, "instruments"):
            where = f"instruments.{code}"
            entry = self._mapping(where, one)
            own = self._mapping(f"{where}.fields", entry.get("fields", {}))
            found[code] = self._instrument(where, code, entry, {**first, **own, **last})
        return Catalogue(self.groups, found)

    def _instrument(
        self, where: str, code: str, entry: Mapping[str, Any], asked: Mapping[str, Any]
    ) -> Instrument:
        self._known(where, entry, OF_INSTRUMENT)
        if entry.get("group") not in self.groups:
            self.faults.append(f"{where}.group: “{entry.get('group')}” is no group")
        modes = self._codes(f"{where}.modes", entry.get("modes"), codelists.codes("mode"))
        extras = self._codes(f"{where}.with", entry.get("with", []), tuple(Extra))
        contract = str(entry.get("contract") or "")
        if contract and contract not in contracts.registration()["types"]:
            self.faults.append(f"{where}.contract: “{contract}” is no kind of contract")
        return Instrument(
            code=code,
            group=str(entry.get("group")),
            labels=self._labels(where, entry),
            about=self._labels(f"{where}.about", entry.get("about")),
            modes=modes,
            fields=tuple(self._fields(where, asked)),
            extras=frozenset(extra for extra in Extra if extra in extras),
            least_parties=entry.get("least_parties", 2),
            steps=tuple(self._steps(where, entry.get("milestones", {}))),
            contract=contract,
            outcomes=self._measures(f"{where}.outcomes", entry.get("outcomes", [])),
        )

    def _fields(self, where: str, asked: Mapping[str, Any]) -> Iterator[Field]:
        for code, presence in asked.items():
            if presence not in PRESENCE:
                self.faults.append(f"{where}.fields.{code}: write “required” or “optional”")
            elif code not in self.fields:
                self.faults.append(f"{where}.fields.{code}: no such field under “fields”")
            else:
                yield self._field(code, self.fields[code], PRESENCE[presence], asked)

    def _field(
        self, code: str, entry: Mapping[str, Any], required: bool, asked: Mapping[str, Any]
    ) -> Field:
        where, type_ = f"fields.{code}", entry.get("type")
        if type_ not in tuple(FieldType):
            self._once(f"{where}.type: “{type_}” is no type of field")
            type_ = FieldType.TEXT
        codelist, options = str(entry.get("list", "")), entry.get("options")
        if codelist:
            self._codelist(where, codelist)
        elif type_ == FieldType.CODES or (type_ == FieldType.CHOICE and not options):
            self._once(f"{where}: a field of codes needs “list” or “options”")
        if type_ == FieldType.NUMBER and "unit" not in entry:
            self._once(f"{where}.unit: a number needs a unit")
        at_most = str(entry.get("at_most", ""))
        if at_most and at_most not in asked:
            self._once(f"{where}.at_most: “{at_most}” is no field beside it")
        labels = {
            name: self._labels(f"{where}.{name}", entry[name])
            for name in ("hint", "unit")
            if name in entry
        }
        return Field(
            code=code,
            type=FieldType(type_),
            labels=self._labels(where, entry),
            required=required,
            hint=labels.get("hint"),
            unit=labels.get("unit"),
            low=entry.get("min"),
            high=entry.get("max"),
            options={
                option: self._labels(f"{where}.options.{option}", one)
                for option, one in (options or {}).items()
            }
            or None,
            codelist=codelist,
            at_most=at_most,
            counts=self._measures(f"{where}.counts", entry.get("counts", [])),
        )

    def _steps(self, where: str, chosen: Any) -> Iterator[Step]:
        for code, given in self._mapping(f"{where}.milestones", chosen).items():
            place = f"{where}.milestones.{code}"
            if code not in self.steps:
                self.faults.append(f"{place}: no such milestone under “milestones”")
                continue
            entry = self._mapping(place, given)
            by, after = entry.get("by"), entry.get("after")
            if by not in codelists.codes("milestone_by"):
                self.faults.append(f"{place}.by: “{by}” is not need, capability or both")
            elif not isinstance(after, int) or after < 0:
                self.faults.append(f"{place}.after: “{after}” is no number of days")
            else:
                what, evidence = (
                    self._labels(f"milestones.{code}.{part}", self.steps[code].get(part))
                    for part in ("what", "evidence")
                )
                yield Step(code, by, after, what, evidence)

    def _codelist(self, where: str, name: str) -> None:
        try:
            codelists.codes(name)
        except KeyError:
            self._once(f"{where}.list: there is no code list “{name}”")

    def _measures(self, where: str, value: Any) -> tuple[str, ...]:
        return self._codes(where, value, codelists.codes("outcome_measure"))

    def _codes(self, where: str, value: Any, allowed: Sequence[str]) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._once(f"{where}: a list is missing")
            return ()
        for code in value:
            if code not in allowed:
                self._once(f"{where}: “{code}” is not known")
        return tuple(value)

    def _labels(self, where: str, value: Any) -> Labels:
        labels = value if isinstance(value, Mapping) else {}
        missing = [name for name in LANGUAGES if not str(labels.get(name) or "").strip()]
        if missing:
            self._once(f"{where}: no label in {', '.join(missing)}")
        return {name: str(labels.get(name, "")) for name in LANGUAGES}

    def _mapping(self, where: str, value: Any) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self._once(f"{where}: names with values are missing")
        return {}

    def _known(self, where: str, entry: Mapping[str, Any], names: set[str]) -> None:
        for name in entry:
            if name not in names:
                self.faults.append(f"{where}: “{name}” is not known")

    def _once(self, fault: str) -> None:
        """A field is read for every kind that has it: say what is wrong with it once."""
        if fault not in self.faults:
            self.faults.append(fault)


def _items(data: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    part = data.get(name)
    return list(part.items()) if isinstance(part, Mapping) else []
