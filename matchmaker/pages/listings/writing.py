"""What is typed into the form of a listing, as texts: sent, kept beside a listing, compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from matchmaker.listings import rules
from matchmaker.listings.models import Listing
from matchmaker.listings.proposals import Proposal
from matchmaker.listings.rules import CONTENT_FIELDS, LINES, PLURAL, Content
from matchmaker.listings.values import level_text
from matchmaker.pages.listings.forms import FORMS, ListingForm
from matchmaker.pages.shared.detail_fields import DETAIL
from matchmaker.web.i18n import show_date, show_money

Typed = dict[str, list[str]]  # field → its texts, as a browser sends them
THEIRS = "theirs"  # whose text stays, where two people have written


def texts_of(content: Content) -> Typed:
    """The content as a browser would send it; fields that say nothing are left out."""
    texts: Typed = {}
    for name in CONTENT_FIELDS:
        value = getattr(content, name)
        if value in (None, "", ()) or name in ("trl_high", "details"):
            continue
        many = name in PLURAL and name not in LINES
        texts[name] = list(map(str, value)) if many else [_text(value)]
    if content.trl:
        texts["trl"] = [level_text(content.trl, content.trl_high)]
    return texts | {DETAIL + code: [_text(said)] for code, said in content.details.items() if said}


def _text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, tuple | list) else str(value)


def newest(listing: Listing, content: Content | None = None) -> Typed:
    """What the listing's writers see of it: the working text where there is one."""
    kept = listing.working_text.typed if listing.working_text else {}
    return texts_of(content or rules.writers_content(listing)) | kept


def sent_over(base: Typed, sent: MultiDict[str, str], names: Iterable[str]) -> Typed:
    """Put the sent fields of these names over a base, but where the base's word was chosen."""
    typed = dict(base)
    for name in names:
        if sent.get(f"take.{name}") != THEIRS:
            typed[name] = [_storable(text) for text in sent.getlist(name)]
    return typed


def accepted(typed: Typed, taken: Iterable[str]) -> Typed:
    """Add the values of proposals that were taken, each as ``field=value``."""
    after = dict(typed)
    for proposal in taken:
        name, _, value = proposal.partition("=")
        if name in LINES:
            lines = [line for text in after.get(name, ()) for line in text.splitlines()]
            after[name] = ["\n".join(dict.fromkeys([*filter(None, lines), value]))]
        elif name in PLURAL:
            after[name] = list(dict.fromkeys([*after.get(name, ()), value]))
        elif name in CONTENT_FIELDS:
            after[name] = [value]
    return after


def _storable(text: str) -> str:
    """The text as databases take it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def kept_of(form: ListingForm, names: Iterable[str]) -> Typed:
    """The texts of some fields, as they were sent; of other resources, those that say something."""
    texts = {name: list(map(str, form[name].raw_data or ())) for name in names}
    return {name: said for name, said in texts.items() if name in form.names or any(said)}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What keeps a draft from being sent: the names of fields, as its form calls them.

    `is_kept`: there is text that was kept and is not saved.
    """

    missing: Sequence[str]
    faulty: Sequence[str]
    is_kept: bool
    change: str  # how a change of a published listing stands


def unfinished(listing: Listing) -> Unfinished:
    """What the writers of a loaded listing have yet to do."""
    saved = texts_of(rules.writers_content(listing))
    kept = listing.working_text.typed if listing.working_text else {}
    form = FORMS[listing.kind](MultiDict(saved | kept))
    form.tasks.choices = {task: task for task in form.tasks.raw_data or ()}
    form.validate()
    faulty = [name for name in form.faulty if name in kept and name in form.names]
    missing = rules.missing(listing.kind, form.draft() if faulty else form.content())
    return Unfinished(
        [form[name].label.text for name in map(form.field_of, missing) if name not in faulty],
        [form[name].label.text for name in faulty],
        is_kept=any(texts != saved.get(name, []) for name, texts in kept.items() if any(texts)),
        change=rules.change_status(listing),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people have written differently, in words."""

    name: str
    label: str
    mine: str
    theirs: str


def differences(form: ListingForm, theirs: Typed) -> list[Difference]:
    """The fields in which the form and another text differ, in the form's order."""
    found = []
    for name in form.names:
        mine = [text for text in form[name].raw_data or () if text]
        other = [text for text in theirs.get(name, ()) if text]
        if [_plain(text) for text in mine] != [_plain(text) for text in other]:
            label = form[name].label.text
            found.append(
                Difference(name, label, _shown(form, name, mine), _shown(form, name, other))
            )
    return found


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal as its author reads it. `sent`: what its box sends."""

    field: str
    label: str
    said: str
    words: tuple[str, ...]
    sent: str


def offers(form: ListingForm, proposals: Iterable[Proposal]) -> list[Offer]:
    """Put proposals into words: the label of the field, and of the value."""
    return [
        Offer(
            one.field,
            form[one.field].label.text,
            _shown(form, one.field, [one.value]),
            one.words,
            f"{one.field}={one.value}",
        )
        for one in proposals
    ]


def said_in(form: ListingForm) -> list[tuple[str, str, str]]:
    """(step, label, text) of every field that says something, in the order of the steps."""
    content = form.content()
    texts = texts_of(content)
    for name in ("budget_min", "budget_max"):
        if name in texts:
            texts[name] = [show_money(getattr(content, name))]
    if content.deadline:
        texts["deadline"] = [show_date(content.deadline)]
    return [
        (step, form[name].label.text, _shown(form, name, texts[name]))
        for step, names in form.steps.items()
        for name in names
        if texts.get(name)
    ]


def _shown(form: ListingForm, name: str, texts: list[str]) -> str:
    """Texts of a field as a person reads them: codes by their labels."""
    choices = form[name].choices if hasattr(form[name], "choices") else None
    choices = choices() if callable(choices) else choices
    labels = {str(code): str(label) for code, label in dict(choices or {}).items()}
    return ", ".join(labels.get(text, text) for text in texts)
