"""The must-haves on the page of a match: what is known, what may be asked, what may be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from matchmaker.cooperation import first_steps
from matchmaker.cooperation.models import Match
from matchmaker.db import db
from matchmaker.permissions import may
from matchmaker.recommendation.rules import MustHave
from matchmaker.web.forms import CHOOSE, CodeField, Form, required, text_area
from matchmaker.web.session import current_actor

LONGEST_ANSWER = 1000


class AnswerForm(Form):
    """The answer to one must-have; several stand on a page, so that each has its `place`."""

    must_have = HiddenField()
    verdict = CodeField(_l("Is it met?"), "verdict", [required], blank=CHOOSE)
    words = text_area(
        _l("In your own words"),
        required,
        hint=_l(
            "What your answer is based on. The other side and the curators of both provinces "
            "read this."
        ),
        longest=LONGEST_ANSWER,
        rows=3,
    )
    joins = BooleanField(_l("Add this to our listing too: its form opens with this text"))

    def __init__(self, place: int, **kwargs: object) -> None:
        self.place = place
        super().__init__(prefix=f"must{place}-", **kwargs)


@dataclass(frozen=True, slots=True)
class Line:
    """A must-have with the form to answer it, for the side that may."""

    known: MustHave
    form: AnswerForm | None

    @property
    def is_asked(self) -> bool:
        """It was asked, and waits for the answer."""
        question = self.known.question
        return question is not None and not question.verdict


@dataclass(frozen=True, slots=True)
class Questions:
    """The must-haves of a match as its reader sees them."""

    lines: Sequence[Line]
    may_ask: bool

    @property
    def sent(self) -> AnswerForm | None:
        """The form that came back with errors."""
        return next((one.form for one in self.lines if one.form and one.form.errors), None)


def questions_of(match: Match, sent: Form | None = None) -> Questions | None:
    """Return the must-haves, for members; with the moves for who may write for a side."""
    actor = current_actor()
    known = first_steps.must_haves_of(db.session(), match) if actor.is_member else ()
    if not known:
        return None
    asks, tells = may(actor, "match.ask", match), may(actor, "match.tell", match)
    if not (actor.organisation_verified and first_steps.may_begin(db.session(), match)):
        asks = tells = False
    lines = [
        Line(one, _form(place, one, sent) if tells else None) for place, one in enumerate(known)
    ]
    return Questions(lines, asks and any(one.may_be_asked for one in known))


def _form(place: int, known: MustHave, sent: Form | None) -> AnswerForm | None:
    if not known.may_be_answered:
        return None
    if isinstance(sent, AnswerForm) and sent.place == place:
        return sent
    return AnswerForm(place, formdata=None, data={"must_have": known.text})
