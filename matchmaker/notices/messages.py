"""Every kind of notice and mail, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, ngettext

from matchmaker import codelists
from matchmaker.notices.states import Topic
from matchmaker.notices.texts import (
    accounts,
    agreements,
    claims,
    cooperation,
    listings,
    meetings,
    organisations,
    outcomes,
)
from matchmaker.notices.texts.text import Text, Texts
from matchmaker.web.i18n import show_date, show_time, show_time_in

PARTS: tuple[Texts, ...] = (
    accounts.TEXTS,
    organisations.TEXTS,
    claims.TEXTS,
    listings.TEXTS,
    cooperation.TEXTS,
    meetings.TEXTS,
    agreements.TEXTS,
    outcomes.TEXTS,
)
CATALOGUE: Mapping[str, Text] = {
    kind: text for part in PARTS for texts in part.values() for kind, text in texts.items()
}
TOPICS: Mapping[str, Topic] = {
    kind: topic for part in PARTS for topic, texts in part.items() if topic for kind in texts
}

# Parameters that are codes and need the reader's language: name → code list.
CODED = {
    "role": "organisation_role",
    "reason": "decline_reason",
    "end_reason": "end_reason",
    "status": "match_status",
    "agreement_end_reason": "agreement_end_reason",
    "measure": "outcome_measure",
}
DATES = {"until"}  # as ISO 8601
TIMES = {"time"}  # as ISO 8601; as the clocks of the parameter "zone" show them, if it is given


def in_language(params: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the parameters with labels for codes, and dates as the active language writes them."""
    shown = dict(params)
    for name, value in params.items():
        if name in CODED and value:
            shown[name] = codelists.label(CODED[name], value, language)
        elif name in DATES and value:
            shown[name] = show_date(date.fromisoformat(value))
        elif name in TIMES and value:
            at, zone = datetime.fromisoformat(value), params.get("zone")
            shown[name] = show_time_in(at, zone) if zone else show_time(at)
    return shown


def subject(kind: str, params: Mapping[str, Any], language: str) -> str:
    """The sentence of a notice, in the language that is active."""
    return str(CATALOGUE[kind].subject) % in_language(params, language)


def body(kind: str, params: Mapping[str, Any], language: str) -> str:
    text = CATALOGUE[kind]
    quotes = text.quoting is not None and "words" in params
    return str(text.quoting if quotes else text.body) % in_language(params, language)


def mail_subject(kind: str, params: Mapping[str, Any], language: str) -> str:
    """The subject of a mail, without words of people whom nobody has verified."""
    text = CATALOGUE[kind]
    return str(text.mail_subject) if text.mail_subject else subject(kind, params, language)


def and_more(sentence: str, number: int) -> str:
    """The first of several sentences, and how many more there are."""
    if number == 1:
        return sentence
    return str(gettext("%(first)s – and %(more)s more", first=sentence, more=number - 1))


def daily(number: int) -> str:
    return str(ngettext("Today: %(num)s notice", "Today: %(num)s notices", number))


def weekly(number: int) -> str:
    return str(ngettext("This week: %(num)s notice", "This week: %(num)s notices", number))


def topics(kinds: Iterable[str]) -> list[Topic]:
    """The topics of some kinds, once each and in order; none for kinds about the account."""
    return sorted({TOPICS[kind] for kind in kinds if kind in TOPICS})


def kinds_about(topic: Topic) -> list[str]:
    return [kind for kind, of in TOPICS.items() if of == topic]
