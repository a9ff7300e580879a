from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField
from wtforms.validators import ValidationError

from matchmaker import codelists, regions
from matchmaker.agreements.instruments import catalogue
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation.matches import MatchFilters, MatchOrder
from matchmaker.curation.queues import QueueFilters
from matchmaker.curation.states import PairQueue
from matchmaker.pages.shared.requests import whole_number
from matchmaker.permissions import Actor
from matchmaker.web.forms import CHOOSE, CodeField, Form, required, text_area
from matchmaker.web.i18n import reader_language

BANDS = (*codelists.codes("band"), "all")
GRADES = codelists.codes("pair_grade")
LONGEST_BULK = 100


def words_for_other(form: Any, field: Field) -> None:
    """Ask for words when the reason is "other"."""
    if form.reason.data == "other" and not field.data:
        raise ValidationError(
            gettext("%(field)s: please explain the reason.", field=field.label.text)
        )


class HoldForm(Form):
    reason = CodeField(_l("Reason"), "hold_reason", [required], blank=CHOOSE)
    words = text_area(
        _l("Explanation"),
        words_for_other,
        hint=_l("Only curators read this."),
        longest=1000,
        rows=3,
    )


class ProposeForm(Form):
    note = text_area(
        _l("Note to both sides"),
        required,
        hint=_l("Why you think they should meet. Both organisations receive it, with your name."),
        longest=1000,
        rows=4,
    )


class JudgeForm(Form):
    grade = RadioField(_l("How well do they fit?"), [required], validate_choice=False)
    note = text_area(_l("Remark"), hint=_l("Only curators read this."), longest=1000, rows=2)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        language = reader_language()
        self.grade.choices = [
            (code, codelists.label("pair_grade", code, language)) for code in GRADES
        ]

    def validate_grade(self, field: Field) -> None:
        if field.data not in GRADES:
            raise ValidationError(
                gettext("%(field)s: choose one from the list.", field=field.label.text)
            )


class PairForm(Form):
    reason = text_area(
        _l("Why these two fit"),
        required,
        hint=_l("Both organisations see this in place of the computed reasons."),
        longest=500,
        rows=3,
    )
    propose = BooleanField(_l("Propose it to both sides at once"))
    note = text_area(
        _l("Note to both sides"),
        hint=_l("Required when you propose at once."),
        longest=1000,
        rows=3,
    )

    def validate_note(self, field: Field) -> None:
        if self.propose.data and not field.data:
            raise ValidationError(
                gettext("%(field)s: please fill this in.", field=field.label.text)
            )


class PutRightForm(Form):
    """Where a match really stands; `states`: those that it can be put to."""

    state: Any = RadioField(_l("Where it really stands"), [required], validate_choice=False)
    reason = CodeField(_l("Reason"), "put_right_reason", [required], blank=CHOOSE)
    words: Any = text_area(
        _l("Message to both sides"),
        required,
        hint=_l("Both organisations receive it, with the new state."),
        longest=1000,
        rows=3,
    )

    def __init__(self, states: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        language = reader_language()
        self.state.choices = [
            (state, codelists.label("match_status", state, language)) for state in states
        ]

    def validate_state(self, field: Field) -> None:
        if field.data not in {value for value, _ in self.state.choices}:
            raise ValidationError(
                gettext("%(field)s: choose one from the list.", field=field.label.text)
            )


def match_filters(args: Mapping[str, str]) -> MatchFilters:
    """Read the filters of an address; an unknown value counts as none."""
    known = regions.all_regions()
    province, west, east = (
        code if (code := args.get(name, "")) in known else ""
        for name in ("province", "west", "east")
    )
    stage, order = args.get("stage", ""), args.get("order", "")
    return MatchFilters(
        stage=stage if stage in tuple(MatchStatus) else "",
        province=province,
        west=west,
        east=east,
        task_id=whole_number(args.get("task")) or None,
        instrument=code if (code := args.get("instrument", "")) in catalogue().instruments else "",
        order=MatchOrder(order) if order in tuple(MatchOrder) else MatchOrder.LONGEST,
    )


def as_match_query(filters: MatchFilters) -> dict[str, str | int]:
    """The filters as parameters of an address, without empty ones."""
    given = {
        "stage": filters.stage,
        "province": filters.province,
        "west": filters.west,
        "east": filters.east,
        "task": filters.task_id,
        "instrument": filters.instrument,
        "order": "" if filters.order == MatchOrder.LONGEST else filters.order,
    }
    return {name: value for name, value in given.items() if value}


def pair_filters(args: Mapping[str, str]) -> QueueFilters:
    """Read the filters of an address; an unknown value counts as none."""
    known = regions.all_regions()
    west, east, band, status = (args.get(name, "") for name in ("west", "east", "band", "status"))
    return QueueFilters(
        task_id=whole_number(args.get("task")) or None,
        west=west if west in known else "",
        east=east if east in known else "",
        band=band if band in BANDS else "",
        status=PairQueue(status) if status in tuple(PairQueue) else PairQueue.NEW,
    )


def as_query(filters: QueueFilters, page: int = 1) -> dict[str, str | int]:
    """The filters as parameters of an address, without empty ones."""
    given = {
        "task": filters.task_id,
        "west": filters.west,
        "east": filters.east,
        "band": filters.band,
        "status": "" if filters.status == PairQueue.NEW else filters.status,
        "page": page if page > 1 else None,
    }
    return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """Filters of the listings to review; "" leaves one open."""

    province: str = ""
    kind: str = ""
    task_id: int | None = None

    def as_query(self) -> dict[str, Any]:
        """The filters as parameters of an address, without empty ones."""
        given = {"province": self.province, "kind": self.kind, "task": self.task_id}
        return {name: value for name, value in given.items() if value}


def review_filters(args: Mapping[str, str], actor: Actor) -> ReviewFilters:
    """Read the filters of an address; an unknown value counts as none."""
    province, kind = args.get("province", ""), args.get("kind", "")
    return ReviewFilters(
        province=province if actor.curates(province) and province in regions.all_regions() else "",
        kind=kind if kind in ("need", "capability") else "",
        task_id=whole_number(args.get("task")) or None,
    )


def chosen(values: list[str]) -> dict[int, int]:
    """The ticked suggestions of a form, each with the version that was shown."""
    pairs = [value.partition(":") for value in values[:LONGEST_BULK]]
    numbers = ((whole_number(id_), whole_number(version)) for id_, _, version in pairs)
    return {id_: version for id_, version in numbers if id_ and version}
