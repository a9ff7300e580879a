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

from matchmaker import codelists, regions
from matchmaker.engine import detect_language
from matchmaker.listings import concepts
from matchmaker.listings.rules import (
    CLOSE_REASONS,
    CONTENT_FIELDS,
    KINDS,
    LINES,
    MAX_MODES,
    MAX_SECTORS,
    MAX_TASKS,
    PLURAL,
    TRL_BANDS,
    Content,
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
    TasksField,
    YuanField,
    at_most_chosen,
    coming_day,
)
from matchmaker.plan.models import KeyTask
from matchmaker.search.browsing import FACETS, SORTS, Filters
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
    trimmed,
)
from matchmaker.web.i18n import AMOUNT_IN_HINTS, reader_language

# The form's sections, in order, each with its fields.
SECTIONS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "need": {
        "text": ("title", "summary", "description", "language"),
        "requirements": ("must_haves", "nice_to_haves"),
        "place": ("sectors", "tasks"),
        "cooperation": ("goal", "modes"),
        "talent": ("talent_kind", "talent_number", "talent_months"),
        "frame": ("province", "deadline", "trl", "budget_min", "budget_max", "fund_source"),
        "confidential": ("annex",),
    },
    "capability": {
        "text": ("title", "summary", "description", "language"),
        "proof": ("evidence", "deployments", "ip_status", "licences"),
        "place": ("sectors", "tasks"),
        "cooperation": ("goal", "modes"),
        "talent": ("talent_kind", "talent_number", "talent_months", "seats"),
        "frame": ("province", "deadline", "trl"),
        "confidential": ("annex",),
    },
}
# The same fields one thing at a time. The last two steps show what the others lead to.
STEPS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "need": {
        "words": ("title", "summary", "description"),
        "understood": ("must_haves", "goal", "modes", "sectors", "tasks", "language"),
        "details": (
            "province",
            "deadline",
            "trl",
            "nice_to_haves",
            "budget_min",
            "budget_max",
            "fund_source",
            "talent_kind",
            "talent_number",
            "talent_months",
            "annex",
        ),
        "partners": (),
        "check": (),
    },
    "capability": {
        "words": ("title", "summary", "description"),
        "understood": ("goal", "modes", "sectors", "tasks", "language"),
        "details": (
            "evidence",
            "ip_status",
            "licences",
            "province",
            "deadline",
            "trl",
            "deployments",
            "talent_kind",
            "talent_number",
            "talent_months",
            "seats",
            "annex",
        ),
        "partners": (),
        "check": (),
    },
}
DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d"]


MOST_READ = 40_000  # characters that are analysed before the fields are measured


class ListingForm(Form):
    """The fields that both kinds have."""

    kind = ""

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
        description=_l("At most three, of the plan. Choose none where none of these fits."),
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
            "1–3 research, 4 laboratory, 5 prototype, 6 pilot, 7 demonstration, 8–9 product."
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
        valid = super().validate(extra_validators)
        return self._check_together() and valid

    def _check_together(self) -> bool:
        """Check fields against each other, and add to the errors of single fields."""
        wrong = missing(self.kind, self.content()) if self.submitting else ()
        for name in wrong:
            text = self[name].label.text
            if not self[name].errors and name in PLURAL and name not in LINES:
                self.fault(name, gettext("%(field)s: choose at least one.", field=text))
            elif not self[name].errors:
                self.fault(name, left_empty(self[name]))
        return not wrong

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
        needed = missing(self.kind, Content(goal=self.goal.data or "", language="zh"))
        return frozenset(needed) | {"goal"}

    @property
    def faulty(self) -> list[str]:
        """The names of the fields whose texts the listing cannot hold, in the form's order."""
        return [name for name in self.names if self[name].errors]

    @property
    def names(self) -> list[str]:
        """The names of the fields, in the form's order."""
        return [name for fields in SECTIONS[self.kind].values() for name in fields]

    def draft(self) -> Content:
        """What a draft can hold: fields with errors stay empty, and it always has a title."""
        content = self.content()
        kept = replace(content, **{name: getattr(Content(), name) for name in self.faulty})
        said = content.title or content.summary or content.description or str(gettext("Draft"))
        title = kept.title or " ".join(said[:MOST_READ].split())[: LONGEST["title"]]
        return replace(kept, title=title, language=content.language)

    def content(self) -> Content:
        """The typed values. An open language is detected from the text."""
        values: dict[str, Any] = {}
        for name in CONTENT_FIELDS:
            if name not in self:
                continue
            data = self[name].lines if name in LINES else self[name].data
            values[name] = tuple(data or ()) if name in PLURAL else data
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
        _l("The problem"),
        hint=_l(
            "Describe the problem, its scale and what you have tried. You can use Markdown. "
            "Visible to members."
        ),
        rows=12,
    )
    must_haves = LinesField(
        _l("Must have"), description=_l("One requirement per line, up to twelve.")
    )
    nice_to_haves = LinesField(_l("Nice to have"), description=_l("One a line, at most twelve."))
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
        description=_l("Needed once a budget is given."),
    )
    talent_kind = CodeField(_l("People wanted"), "talent_kind", blank=_l("None"))

    def content(self) -> Content:
        """As of every kind; a range in one of the two boxes fills both."""
        content = super().content()
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
        _l("What it does"),
        hint=_l(
            "Explain how it works and what it requires. You can use Markdown. Visible to members."
        ),
        rows=12,
    )
    evidence = text_area(
        _l("Evidence"),
        hint=_l("Tests, trials, papers, figures. Members read it."),
        longest=LONGEST["evidence"],
        rows=4,
    )
    deployments = text_area(_l("Where it is in use"), longest=LONGEST["deployments"], rows=3)
    ip_status = CodeField(_l("Intellectual property"), "ip_status", blank=CHOOSE)
    licences = CodesField(_l("Licensing options"), "licence_type")
    talent_kind = CodeField(_l("People offered"), "talent_kind", blank=_l("None"))
    seats = NumberField(_l("Places for trainees"), [between(1, 10_000)])


FORMS: Mapping[str, type[ListingForm]] = {"need": NeedForm, "capability": CapabilityForm}


def listing_form(
    kind: str, tasks: Sequence[KeyTask], content: Content, typed: MultiDict[str, str] | None
) -> ListingForm:
    """The form of a kind, filled from what was typed or, where nothing was, from the listing."""
    form = FORMS[kind](typed, data={name: getattr(content, name) for name in CONTENT_FIELDS})
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
                gettext("%(field)s Choose one of the list.", field=field.label.text)
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
        hint=_l("The organisation reads it. Needed when you ask for changes."),
        longest=2000,
        rows=6,
    )


ALLOWED: Mapping[str, Any] = {
    "kind": lambda: KINDS,
    "sector": lambda: codelists.codes("sector"),
    "concept": lambda: concepts.labels(reader_language()),
    "province": lambda: tuple(regions.all_regions()),
    "mode": lambda: codelists.codes("mode"),
    "goal": lambda: codelists.codes("goal"),
    "language": lambda: codelists.LANGUAGES,
    "trl": lambda: tuple(TRL_BANDS),
}


def read_filters(args: MultiDict[str, str], task_codes: Sequence[str]) -> Filters:
    """Read the filters of an address; unknown values are left out."""
    chosen: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        allowed = set(task_codes if facet == "task" else ALLOWED[facet]())
        values = tuple(value for value in dict.fromkeys(args.getlist(facet)) if value in allowed)
        if values:
            chosen[facet] = values
    q = trimmed(args.get("q"))[:200]
    fallback = "relevance" if q else "newest"
    sort = args.get("sort", fallback)
    if sort not in SORTS or (sort == "relevance" and not q):
        sort = fallback
    return Filters(chosen, q, sort)
