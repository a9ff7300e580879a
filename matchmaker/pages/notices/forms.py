from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from matchmaker.notices.service import Choice
from matchmaker.notices.states import Topic
from matchmaker.web.forms import CodeField, Form, required


class PreferencesForm(Form):
    """For some topics: whether notices are shown on the site, and how often they are mailed."""

    with_words = BooleanField(_l("Include the text of messages in mails, not only a link"))

    def __init__(self, chosen: Mapping[Topic, Choice]) -> None:
        kept: dict[str, object] = {}
        for topic, choice in chosen.items():
            kept |= {_in_app(topic): choice.in_app, _mail(topic): choice.mail}
            if topic == Topic.MESSAGE:
                kept["with_words"] = choice.with_words
        super().__init__(data=kept)
        self.topics: Sequence[Topic] = tuple(chosen)
        for topic in set(Topic) - set(chosen):
            del self[_in_app(topic)], self[_mail(topic)]
        if Topic.MESSAGE not in chosen:
            del self["with_words"]

    def fields_of(self, topic: Topic) -> tuple[Any, Any]:
        return self[_in_app(topic)], self[_mail(topic)]

    def choices(self) -> dict[Topic, Choice]:
        """Return what was chosen for each topic."""
        return {
            topic: Choice(
                self[_in_app(topic)].data,
                self[_mail(topic)].data,
                with_words=topic == Topic.MESSAGE and self["with_words"].data,
            )
            for topic in self.topics
        }


def _in_app(topic: Topic) -> str:
    return f"{topic}_in_app"


def _mail(topic: Topic) -> str:
    return f"{topic}_mail"


for _topic in Topic:
    setattr(PreferencesForm, _in_app(_topic), BooleanField(_l("On the site")))
    setattr(PreferencesForm, _mail(_topic), CodeField(_l("By mail"), "mail_frequency", [required]))
