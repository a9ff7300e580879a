"""From the row of a table to the fields of a listing, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from matchmaker import codelists
from matchmaker.imports import resources
from matchmaker.imports.resources import Unfit
from matchmaker.imports.states import RowFault, RowRemark
from matchmaker.listings import values as typed
from matchmaker.listings.references import NoReference, Reference
from matchmaker.listings.rules import MAX_LINES, MAX_MODES, MAX_SECTORS, MAX_TASKS
from matchmaker.tables import rows, values
from matchmaker.tables.finding import Row, Table
from matchmaker.tables.headings import Field, plain
from matchmaker.tables.rows import LIST_BREAK, Cells
from matchmaker.tables.sheets import CellFault, Fault

_SHOWN = 80  # characters of a cell that are shown again
_TEXTS = (Field.TITLE, Field.SUMMARY, Field.EVIDENCE, Field.DEPLOYMENTS)
# Fields that are one code of a list, and the list.
_CODED = {
    Field.FUND_SOURCE: "fund_source",
    Field.IP_STATUS: "ip_status",
    Field.TALENT_KIND: "talent_kind",
}
# Fields that are whole numbers, with the least and the most.
NUMBERS = {
    Field.TALENT_NUMBER: (1, 1000),
    Field.TALENT_MONTHS: (1, 120),
    Field.SEATS: (1, 10_000),
}
_BOTH = (
    Field.TITLE,
    Field.SUMMARY,
    Field.DESCRIPTION,
    Field.LANGUAGE,
    Field.TAGS,
    Field.TASKS,
    Field.GOAL,
    Field.MODES,
    Field.PROVINCE,
    Field.DEADLINE,
    Field.TRL,
    Field.TRL_HIGH,
    Field.TALENT_KIND,
    Field.TALENT_NUMBER,
    Field.TALENT_MONTHS,
)
# What a column may fill, by the kind of listing, in the order of templates and exports.
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "need": (
        Field.ID,
        Field.RESOURCE,
        *_BOTH[:3],
        Field.REQUIREMENTS,
        Field.WISHES,
        *_BOTH[3:],
        Field.BUDGET_MIN,
        Field.BUDGET_MAX,
        Field.BUDGET,
        Field.FUND_SOURCE,
        *resources.DETAILS,
    ),
    "capability": (
        Field.ID,
        Field.RESOURCE,
        *_BOTH[:3],
        Field.REQUIREMENTS,
        Field.EVIDENCE,
        Field.REFERENCES,
        Field.DEPLOYMENTS,
        Field.IP_STATUS,
        Field.LICENCES,
        *_BOTH[3:],
        Field.SEATS,
        *resources.DETAILS,
    ),
}
# The field of a listing's content that a column fills, where the two have other names.
CONTENT = {
    Field.REQUIREMENTS: "must_haves",
    Field.TAGS: "sectors",
}


class Problem(NamedTuple):
    """What is wrong with a cell, or was not used of it."""

    field: str
    column: str
    code: str
    data: Mapping[str, Any]


@dataclass(slots=True)
class ReadRow:
    """The fields of a listing's content that a row fills, and what is wrong with it."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows for listings of a kind; `tasks` has the plan's tasks by code and by title."""

    kind: str
    tasks: Mapping[str, int]
    today: date

    def read(self, table: Table, row: Row) -> ReadRow:
        return _Reading(self, table, row).read()


def key_of(own_id: str, title: str) -> str:
    """Return by what a row is known again: its id, or else its title."""
    return f"#{own_id}" if own_id else f"={plain(title)}"


class _Reading:
    def __init__(self, reader: RowReader, table: Table, row: Row) -> None:
        self._reader = reader
        self._has = table.fields
        self._cells = Cells(table, row)
        self._repeats_id = table.repeats(row, Field.ID)
        self._row = ReadRow("")

    def read(self) -> ReadRow:
        for name in _TEXTS:
            self._fill(name, partial(self._text, name))
        self._fill(Field.DESCRIPTION, self._description)
        self._fill(Field.LANGUAGE, partial(rows.read, self._cells, Field.LANGUAGE, values.language))
        self._fill(Field.GOAL, partial(rows.read, self._cells, Field.GOAL, _goal))
        self._fill(Field.PROVINCE, partial(self._first, Field.PROVINCE, values.province))
        self._fill(Field.TRL, self._levels)
        self._fill(Field.TRL_HIGH, self._upper_level)
        self._fill(Field.DEADLINE, self._deadline)
        self._fill(Field.TAGS, partial(self._codes, Field.TAGS, values.sector, MAX_SECTORS))
        self._fill(Field.MODES, self._modes)
        self._fill(Field.TASKS, self._tasks)
        for name, codelist in _CODED.items():
            self._fill(name, partial(self._code, name, codelist))
        for name in NUMBERS:
            self._fill(name, partial(self._number, name))
        if self._reader.kind == "need":
            self._fill(Field.REQUIREMENTS, partial(self._lines, Field.REQUIREMENTS))
            self._fill(Field.WISHES, partial(self._lines, Field.WISHES))
            self._budget()
        else:
            most = len(codelists.codes("licence_type"))
            self._fill(Field.LICENCES, partial(self._codes, Field.LICENCES, _licence, most))
            self._fill(Field.REFERENCES, self._references)
        self._resource()
        self._row.key = key_of(self._id(), self._row.values.get("title", ""))
        return self._row

    def _fill(self, name: Field, read: Callable[[], Any]) -> None:
        """Note what a field is filled with; a cell that says nothing leaves the field alone."""
        if name not in self._has or name not in FIELDS[self._reader.kind]:
            return
        try:
            value = read()
        except CellFault as fault:
            self._fault(name, fault)
            return
        except Unfit as unfit:
            self._refuse(name, unfit.fault, **unfit.data)
            return
        if value not in (None, "", (), []):
            self._row.values[CONTENT.get(name, name.value)] = value

    def _fault(self, name: Field, fault: CellFault) -> None:
        data = {key: _short(value) for key, value in fault.data.items() if key != "column"}
        code = fault.fault
        self._row.faults.append(Problem(name, self._cells.heading(name), code, data))

    def _refuse(self, name: Field, code: RowFault, **data: Any) -> None:
        shortened = {key: _short(value) for key, value in data.items()}
        self._row.faults.append(Problem(name, self._cells.heading(name), code, shortened))

    def _remark(self, code: str, **data: Any) -> None:
        name = Field(data.pop("column", Field.MODES))
        shortened = {key: _short(value) for key, value in data.items()}
        self._row.remarks.append(Problem(name, self._cells.heading(name), code, shortened))

    def _id(self) -> str:
        try:
            own = self._cells.text(Field.ID)
        except CellFault as fault:
            self._fault(Field.ID, fault)
            return ""
        if len(own) > _SHOWN:
            self._refuse(Field.ID, RowFault.TOO_LONG, most=_SHOWN, length=len(own))
        return "" if self._repeats_id else own[:_SHOWN]

    def _text(self, name: Field) -> str:
        text = self._cells.text(name)
        if name is Field.TITLE:
            text = " ".join(text.split())
            if not text:
                raise CellFault(Fault.NO_TITLE)
        return self._bounded(name, text)

    def _bounded(self, name: Field, text: str) -> str:
        most = typed.LONGEST[name.value]
        if len(text) > most:
            self._refuse(name, RowFault.TOO_LONG, most=most, length=len(text))
        return text[:most]

    def _description(self) -> str:
        told = self._cells.texts(Field.DESCRIPTION)
        if self._reader.kind != "need":
            told += self._cells.texts(Field.REQUIREMENTS)
        return self._bounded(Field.DESCRIPTION, "\n\n".join(dict.fromkeys(told)))

    def _first(self, name: Field, reader: Callable[[str], Any]) -> Any:
        return rows.first(self._cells, name, reader, self._remark)

    def _levels(self) -> int | None:
        """Return the lower end of a range of readiness; the upper one goes beside it."""
        found = self._first(Field.TRL, _told_levels)
        low, high = found or (None, None)
        if low is not None:
            self._row.values["trl_high"] = high if high != low else None
        return low

    def _upper_level(self) -> int | None:
        """Return the upper end of a range, where it stands in a column of its own."""
        low, found = self._row.values.get("trl"), self._first(Field.TRL_HIGH, _told_levels)
        return None if found is None or low is None or found[1] <= low else found[1]

    def _resource(self) -> None:
        """Read which resource a row is of, and what this one alone says."""
        self._fill(Field.RESOURCE, partial(self._word, Field.RESOURCE, values.resource))
        for name in resources.DETAILS:
            self._fill(name, partial(self._detail, name))
        filled = [name for name in resources.DETAILS if name in self._row.values]
        said = self._row.values.get("resource")
        chosen = resources.settled(said, {resources.OWNER[name] for name in filled})
        if chosen and not said:
            self._row.values["resource"] = chosen
            self._remark(RowRemark.RESOURCE_TOLD, column=filled[0], resource=chosen)
        for name in filled:
            if resources.OWNER[name] != chosen:
                del self._row.values[name]
                owner = resources.OWNER[name]
                self._remark(RowRemark.OTHER_RESOURCE, column=name, resource=owner)

    def _detail(self, name: Field) -> Any:
        value = resources.value_of(self._cells, name)
        if value is None:
            self._remark(RowRemark.UNKNOWN_WORD, column=name, value=self._cells.text(name))
        return value

    def _references(self) -> tuple[str, ...]:
        """Return numbers of patents, papers and standards; what is none is told."""
        found: dict[str, None] = {}
        for text in self._cells.parts(Field.REFERENCES, LIST_BREAK):
            try:
                found[str(Reference.read(text))] = None
            except NoReference:
                if not values.says_nothing(text):
                    self._remark(RowRemark.UNKNOWN_NUMBER, column=Field.REFERENCES, value=text)
        return self._at_most(Field.REFERENCES, tuple(found), MAX_LINES)

    def _deadline(self) -> date | None:
        text = self._cells.text(Field.DEADLINE)
        if values.says_nothing(text):
            return None
        try:
            day = typed.day(text)
        except ValueError:
            self._refuse(Field.DEADLINE, RowFault.DAY, value=text)
            return None
        today = self._reader.today
        if day < today:
            self._refuse(Field.DEADLINE, RowFault.DAY_OVER, value=text)
        elif day > today + timedelta(days=366 * typed.YEARS_AHEAD):
            self._refuse(Field.DEADLINE, RowFault.DAY_FAR, value=text, most=typed.YEARS_AHEAD)
        return day

    def _codes(
        self, name: Field, reader: Callable[[str], str | None], most: int
    ) -> tuple[str, ...]:
        """Return the codes that the words of a cell stand for; words without one are told."""
        codes: dict[str, None] = {}
        for text in self._cells.parts(name, LIST_BREAK, reader):
            code = reader(text)
            if code:
                codes[code] = None
            elif not values.says_nothing(text):
                self._remark(RowRemark.UNKNOWN_WORD, column=name, value=text)
        return self._at_most(name, tuple(codes), most)

    def _at_most(self, name: Field, codes: tuple[Any, ...], most: int) -> tuple[Any, ...]:
        if len(codes) > most:
            self._remark(RowRemark.MORE_THAN_FIT, column=name, most=most)
        return codes[:most]

    def _modes(self) -> tuple[str, ...]:
        """Return ways to cooperate; a word for several is told with what it is read as."""
        known, labels = frozenset(codelists.codes("mode")), codelists.by_label("mode")
        is_one = partial(values.coded, labels=labels)
        codes: dict[str, None] = {}
        for text in self._cells.parts(Field.MODES, rows.WAY_BREAK, is_one):
            named = [code for code in values.ways(text, labels) if code in known]
            codes.update(dict.fromkeys(named))
            if not named and not values.says_nothing(text):
                self._remark(RowRemark.UNKNOWN_WORD, column=Field.MODES, value=text)
            elif named and values.mode(text, labels) not in known:
                taken = ",".join(named)
                self._remark(RowRemark.READ_AS, column=Field.MODES, value=text, taken=taken)
        return self._at_most(Field.MODES, tuple(codes), MAX_MODES)

    def _tasks(self) -> tuple[int, ...]:
        ids: dict[int, None] = {}
        for text in self._cells.parts(Field.TASKS, LIST_BREAK):
            task = self._reader.tasks.get(plain(text))
            if task:
                ids[task] = None
            elif not values.says_nothing(text):
                self._remark(RowRemark.UNKNOWN_TASK, column=Field.TASKS, value=text)
        return self._at_most(Field.TASKS, tuple(ids), MAX_TASKS)

    def _code(self, name: Field, codelist: str) -> str | None:
        labels = codelists.by_label(codelist)
        return self._word(name, partial(values.coded, labels=labels))

    def _word(self, name: Field, reader: Callable[[str], str | None]) -> str | None:
        """Return the code that a cell stands for; a word without one is told."""
        text = self._cells.text(name)
        code = reader(text)
        if code is None and not values.says_nothing(text):
            self._remark(RowRemark.UNKNOWN_WORD, column=name, value=text)
        return code

    def _number(self, name: Field) -> int | None:
        text = self._cells.text(name)
        if values.says_nothing(text):
            return None
        least, most = NUMBERS[name]
        digits = text.rstrip("人名个月 ")
        if not (digits.isdecimal() and len(digits) < 10 and least <= int(digits) <= most):
            self._refuse(name, RowFault.NUMBER, value=text, least=least, most=most)
            return None
        return int(digits)

    def _lines(self, name: Field) -> tuple[str, ...]:
        found = rows.lines(self._cells, name)
        longest = max(map(len, found), default=0)
        if len(found) > MAX_LINES:
            self._refuse(name, RowFault.TOO_MANY, most=MAX_LINES, number=len(found))
        elif longest > typed.LONGEST_LINE:
            self._refuse(name, RowFault.LONG_LINE, most=typed.LONGEST_LINE, length=longest)
        return found[:MAX_LINES]

    def _budget(self) -> None:
        low, high = self._amounts(Field.BUDGET)
        low = self._amounts(Field.BUDGET_MIN)[0] if low is None else low
        high = self._amounts(Field.BUDGET_MAX)[1] if high is None else high
        if low is not None and high is not None and low > high:
            self._refuse(Field.BUDGET_MAX, RowFault.BACKWARDS)
        for name, amount in (("budget_min", low), ("budget_max", high)):
            if amount is not None:
                self._row.values[name] = amount

    def _amounts(self, name: Field) -> tuple[int | None, int | None]:
        text = self._cells.shown(name)
        if values.says_nothing(text):
            return None, None
        try:
            found = typed.budget(text, typed.unit_of(self._cells.heading(name)))
        except ValueError:
            self._refuse(name, RowFault.AMOUNT, value=text)
            return None, None
        if max(amount or 0 for amount in found) > typed.MOST_YUAN:
            self._refuse(name, RowFault.TOO_MUCH, value=text, most=typed.MOST_YUAN)
            return None, None
        return found


def _goal(text: str) -> str | None:
    return values.goal(text, codelists.by_label("goal"))


def _told_levels(text: str) -> values.Told:
    low, high = values.levels(text)
    return values.Told(None if low is None else (low, high))


def _licence(text: str) -> str | None:
    return values.coded(text, codelists.by_label("licence_type"))


def _short(value: Any) -> Any:
    return f"{value[:_SHOWN]}…" if isinstance(value, str) and len(value) > _SHOWN else value
