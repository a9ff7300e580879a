"""The form of a listing. A draft may be incomplete; a review needs all that the kind requires."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from matchmaker import codelists
from matchmaker.engine import detect_language
from matchmaker.listings.resources import TECHNOLOGY, all_details, codes, goal_of
from matchmaker.listings.rules import (
    CLOSE_REASONS,
    CONTENT_FIELDS,
    LINES,
    MAX_MODES,
    MAX_SECTORS,
    MAX_TASKS,
    PLURAL,
    Content,
    fitting,
    missing,
)
from matchmaker.listings.values import LONGEST, MOST_YUAN
from matchmaker.pages.account.forms import LANGUAGE_NAMES
from matchmaker.pages.listings.fields import (
    DayField,
    LevelField,
    LinesField,
    NumberField,
    ProvinceField,
    ReferencesField,
    ResourceField,
    TasksField,
    YuanField,
    at_most_chosen,
    coming_day,
)
from matchmaker.pages.listings.layout import SECTIONS, STEPS, of_resource
from matchmaker.pages.shared.detail_fields import DETAIL, detail_field
from matchmaker.plan.models import KeyTask
from matchmaker.web.forms import (
    CHOOSE,
    CodeField,
    CodesField,
    Form,
    between,
    left_empty,
    required,
    text_area,
    text_field,
)
from matchmaker.web.i18n import AMOUNT_IN_HINTS, reader_language

DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d"]


MOST_READ = 40_000  # characters that are analysed before the fields are measured


class ListingForm(Form):
    """The fields that both kinds have, and those of every resource: see `layout`."""

    kind = ""

    resource = ResourceField(_l("What it is"), validate_choice=False)

    title = text_field(
        _l("Title"),
        required,
        hint=_l("One line that an outsider can understand, 160 characters at most."),
        longest=LONGEST["title"],
    )
    summary = text_area(
        _l("Summary"),
        hint=_l("Two or three sentences, 600 characters at most. Everyone can read them."),
        longest=LONGEST["summary"],
        rows=3,
    )
    language = SelectField(
        _l("Language of the text"),
        choices=lambda: {"": gettext("Detect from the text"), **LANGUAGE_NAMES},
        validate_choice=False,
        description=_l("The listing is shown in its own language."),
    )
    sectors = CodesField(
        _l("Sectors"), "sector", [at_most_chosen(MAX_SECTORS)], description=_l("One to five.")
    )
    tasks = TasksField(
        _l("Key tasks"),
        [at_most_chosen(MAX_TASKS)],
        description=_l("At most three tasks of the plan. Choose none if none of them fits."),
    )
    goal = CodeField(_l("Goal"), "goal", blank=CHOOSE)
    modes = CodesField(
        _l("Ways to cooperate"), "mode", [at_most_chosen(MAX_MODES)], description=_l("One to six.")
    )
    province = ProvinceField(
        _l("Province"), description=_l("Where the project will be carried out.")
    )
    deadline = DayField(
        _l("Deadline"),
        [coming_day],
        format=DATE_FORMATS,
        description=_l(
            "Last day the listing is shown, such as 2027-12-31 or 2027年12月. "
            "Leave empty for no deadline."
        ),
    )
    trl = LevelField(
        _l("Readiness level (TRL)"),
        [between(1, 9)],
        description=_l(
            "1–3 research, 4 laboratory, 5 prototype, 6 pilot, 7 demonstration, 8–9 product. You "
            "can give a range, such as 4–6."
        ),
    )
    talent_number = NumberField(_l("How many people"), [between(1, 1000)])
    talent_months = NumberField(_l("For how many months"), [between(1, 120)])
    annex = text_area(
        _l("Confidential annex"),
        hint=_l(
            "Visible to your organisation and to a matched partner who has promised "
            "confidentiality. Not included in search. Enter no state secrets."
        ),
        rows=5,
    )

    submitting = False
    is_corrected = False  # readers see at once what was sent
    step = ""
    shown: Sequence[str] | None = None  # the fields of one step; all of them on one page

    def validate(self, extra_validators: Any = None) -> bool:
        """Tell whether the fields of the resource are right, and say at each what is not."""
        super().validate(extra_validators)
        return self._check_together() and not any(self[name].errors for name in self.names)

    def _check_together(self) -> bool:
        """Check fields against each other, and add to the errors of single fields."""
        wrong = missing(self.kind, self.content()) if self.submitting else ()
        for name in map(self.field_of, wrong):
            text = self[name].label.text
            if not self[name].errors and name in PLURAL and name not in LINES:
                self.fault(name, gettext("%(field)s: choose at least one.", field=text))
            elif not self[name].errors:
                self.fault(name, left_empty(self[name]))
        return not wrong

    def field_of(self, name: str) -> str:
        """The name of the form's field for a field of the content or of the resource."""
        return name if name in self else DETAIL + name

    def fault(self, name: str, sentence: str) -> None:
        self[name].errors = [*self[name].errors, sentence]

    @property
    def error_list(self) -> list[tuple[str, str]]:
        """Errors of the whole form first, then those of fields in the order of the sections."""
        found = [("save", str(sentence)) for sentence in self.form_errors]
        return found + [
            (self[name].id, str(sentence))
            for name in (self.names if self.shown is None else self.shown)
            for sentence in self[name].errors
        ]

    @property
    def required(self) -> frozenset[str]:
        """The names of the fields that a review needs, for the goal that is chosen."""
        return self._required_of(self.resource.code) | {"goal"}

    @property
    def required_of_technology(self) -> frozenset[str]:
        """The names of the fields that a review needs of a technology alone."""
        others = (self._required_of(code) for code in codes() if code != TECHNOLOGY)
        return self._required_of(TECHNOLOGY).difference(*others)

    def _required_of(self, code: str) -> frozenset[str]:
        empty = Content(resource=code, goal=self.goal.data or "", language="zh")
        return frozenset(map(self.field_of, missing(self.kind, empty)))

    @property
    def faulty(self) -> list[str]:
        """The names of the fields whose texts the listing cannot hold, in the form's order."""
        return [name for name in self.all_names if self[name].errors]

    @property
    def sections(self) -> dict[str, list[str]]:
        """The sections of the page with the fields that the resource has."""
        return of_resource(SECTIONS[self.kind], self.resource.code)

    @property
    def steps(self) -> dict[str, list[str]]:
        """The same fields one thing at a time."""
        return of_resource(STEPS[self.kind], self.resource.code)

    @property
    def names(self) -> list[str]:
        """The names of the resource's fields, in the form's order."""
        return [name for fields in self.sections.values() for name in fields]

    @property
    def own_names(self) -> list[str]:
        """The names of the fields that the resource alone has."""
        return [name for name in self.names if name.startswith(DETAIL)]

    @property
    def all_names(self) -> list[str]:
        """The names of all fields: another resource may have been chosen after they were filled."""
        return [*self.names, *(name for name in self._fields if name not in self.names)]

    def draft(self) -> Content:
        """What a draft can hold: fields with errors stay empty, and it always has a title."""
        content, empty = self._typed(), Content()
        faulty = [name for name in self.faulty if not name.startswith(DETAIL)]
        kept = replace(content, **{name: getattr(empty, name) for name in faulty})
        if "trl" in faulty:
            kept = replace(kept, trl_high=None)
        said = content.title or content.summary or content.description or str(gettext("Draft"))
        title = kept.title or " ".join(said[:MOST_READ].split())[: LONGEST["title"]]
        goal = goal_of(kept.resource, kept.goal)
        return replace(kept, title=title, language=content.language, goal=goal)

    def content(self) -> Content:
        """The typed values of the resource's fields. An open language is told by the text."""
        return fitting(self._typed())

    def _typed(self) -> Content:
        """The typed values of all fields."""
        values: dict[str, Any] = {}
        for name in CONTENT_FIELDS:
            if name not in self:
                continue
            data = self[name].written if name in LINES else self[name].data
            values[name] = tuple(data or ()) if name in PLURAL else data
        values["resource"] = self.resource.code
        values["trl_high"] = self.trl.high
        values["details"] = {
            one.code: entry.data
            for one in all_details()
            if (entry := self[DETAIL + one.code]).data and not entry.errors
        }
        values["title"] = " ".join((values["title"] or "").split())
        if values["language"] not in codelists.LANGUAGES:
            names = ("title", "summary", "description")
            typed = " ".join(self[name].data or "" for name in names)
            values["language"] = detect_language(typed[:MOST_READ])
        return Content(**values)

    @property
    def text(self) -> str:
        """The text that key tasks are proposed from; the annex is no part of it."""
        names = ("title", "summary", "description", "must_haves", "evidence")
        typed = "\n".join(str(self[name].data or "") for name in names if name in self)
        return typed[:MOST_READ]


class NeedForm(ListingForm):
    kind = "need"

    description = text_area(
        _l("Description of the need"),
        hint=_l(
            "For a technology: the problem, its scale and what you have tried. For anything else: "
            "what it is for. You can use Markdown. Visible to members."
        ),
        rows=12,
    )
    must_haves = LinesField(
        _l("Must have"), description=_l("One requirement per line, up to twelve.")
    )
    nice_to_haves = LinesField(_l("Nice to have"), description=_l("One per line, at most twelve."))
    budget_min = YuanField(
        _l("Budget from"),
        [between(0, MOST_YUAN)],
        description=_l("In yuan, for example %(amount)s", amount=AMOUNT_IN_HINTS),
    )
    budget_max = YuanField(_l("Budget up to"), [between(0, MOST_YUAN)])
    fund_source = CodeField(
        _l("Source of funds"),
        "fund_source",
        blank=CHOOSE,
        description=_l("Required once a budget is given."),
    )
    talent_kind = CodeField(_l("People wanted"), "talent_kind", blank=_l("None"))

    def _typed(self) -> Content:
        """As of every kind; a range in one of the two boxes fills both."""
        content = super()._typed()
        low, high = self.budget_min, self.budget_max
        lowest = low.data if low.data is not None or high.high == high.data else high.data
        highest = high.high
        if highest is None and low.high is not None and low.high != low.data:
            highest = low.high
        return replace(content, budget_min=lowest, budget_max=highest)

    def _check_together(self) -> bool:
        together = super()._check_together()
        low, high = self.budget_min.data, self.budget_max.high
        if low is not None and high is not None and low > high:
            self.fault(
                "budget_max", gettext("Budget up to: must not be lower than the minimum budget.")
            )
            return False
        return together


class CapabilityForm(ListingForm):
    kind = "capability"

    description = text_area(
        _l("Description of the offer"),
        hint=_l(
            "For a technology: how it works and what it requires. For anything else: what it "
            "includes. You can use Markdown. Visible to members."
        ),
        rows=12,
    )
    evidence = text_area(
        _l("Evidence"),
        hint=_l("Tests, trials, papers, figures. Members read it."),
        longest=LONGEST["evidence"],
        rows=4,
    )
    references = ReferencesField(
        _l("Patents, papers and standards"),
        description=_l(
            "One per line: the number, then what it shows, such as %(example)s.",
            example="ZL202010123456.2, 10.1016/j.hydromet.2020.105432, GB/T 1234-2020",
        ),
    )
    deployments = text_area(_l("Where it is in use"), longest=LONGEST["deployments"], rows=3)
    ip_status = CodeField(_l("Intellectual property"), "ip_status", blank=CHOOSE)
    licences = CodesField(_l("Licensing options"), "licence_type")
    talent_kind = CodeField(_l("People offered"), "talent_kind", blank=_l("None"))
    seats = NumberField(_l("Places for trainees"), [between(1, 10_000)])


for one in all_details():
    setattr(ListingForm, DETAIL + one.code, detail_field(one))
FORMS: Mapping[str, type[ListingForm]] = {"need": NeedForm, "capability": CapabilityForm}


def listing_form(
    kind: str, tasks: Sequence[KeyTask], content: Content, typed: MultiDict[str, str] | None
) -> ListingForm:
    """The form of a kind, filled from what was typed or, where nothing was, from the listing."""
    values = {name: getattr(content, name) for name in CONTENT_FIELDS}
    values["trl"] = (content.trl, content.trl_high)
    values |= {DETAIL + code: said for code, said in content.details.items()}
    form = FORMS[kind](typed, data=values)
    language = reader_language()
    form.tasks.choices = {str(task.id): task.title[language] for task in tasks}
    return form


class RenewForm(Form):
    deadline = DayField(_l("New deadline"), [required, coming_day], format=DATE_FORMATS)


class CloseForm(Form):
    reason = RadioField(_l("Why is it closed?"), [required], validate_choice=False)

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        language = reader_language()
        self.reason.choices = {
            code: codelists.label("close_reason", code, language) for code in CLOSE_REASONS[kind]
        }


DRAFT, NOTHING = "draft", "none"  # to approach with, where no listing of one's own fits
LONGEST_MESSAGE = 2000


class ApproachForm(Form):
    """What one approaches a listing with: one's own (by number), a draft, or words alone."""

    offer = RadioField(_l("What do you approach them with?"), validate_choice=False)
    title = text_field(_l("Title"), hint=_l("At most 160 characters."), longest=LONGEST["title"])
    summary = text_area(
        _l("Summary"),
        hint=_l("Two or three sentences, at most 600 characters."),
        longest=LONGEST["summary"],
        rows=3,
    )
    message = text_area(
        _l("Your message to them"),
        hint=_l("Why you ask, and how you would begin. Only the other organisation reads it."),
        longest=LONGEST_MESSAGE,
        rows=5,
    )

    def __init__(self, own: Collection[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.own = own
        self.offer.choices = [(code, code) for code in (*own, DRAFT, NOTHING)]

    def validate_offer(self, field: RadioField) -> None:
        if field.data not in (*self.own, DRAFT, NOTHING):
            raise ValidationError(
                gettext("%(field)s Choose one from the list.", field=field.label.text)
            )

    def validate_title(self, field: StringField) -> None:
        if self.offer.data == DRAFT and not field.data:
            raise ValidationError(
                gettext("%(field)s: please fill this in.", field=field.label.text)
            )

    def validate_message(self, field: TextAreaField) -> None:
        if self.offer.data == NOTHING and not field.data:
            raise ValidationError(
                gettext("%(field)s: without a listing, say what you offer.", field=field.label.text)
            )

    @property
    def error_list(self) -> list[tuple[str, str]]:
        """What forbids the whole step first, then the fields."""
        return [("approach", str(sentence)) for sentence in self.form_errors] + super().error_list

    @property
    def language(self) -> str:
        """The language of the draft, told by its text, or by the message where that is all."""
        texts = (self.title, self.summary) if self.offer.data == DRAFT else (self.message,)
        return detect_language(" ".join(one.data or "" for one in texts))


class ReviewForm(Form):
    note = text_area(
        _l("What should be changed"),
        hint=_l("The organisation reads it. Required when you ask for changes."),
        longest=2000,
        rows=6,
    )


class TakeBackForm(Form):
    reason = text_area(
        _l("Why you undo it"),
        required,
        hint=_l("The organisation reads it."),
        longest=500,
        rows=3,
    )
