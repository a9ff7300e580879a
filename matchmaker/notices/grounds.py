"""Why someone gets a mail: each mail says so at its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from matchmaker.notices.messages import TOPICS
from matchmaker.notices.states import Topic

_ACCOUNT = _l("You get this mail because it is about an account with this address.")
_ADDRESS_GIVEN = _l("You get this mail because someone entered this address on the platform.")
_ASKED = _l("You get this mail because you asked to join an organisation.")
_ASKED_ACCOUNT = _l("You get this mail because you asked for an organisation's account.")
_CONTACT = _l("You get this mail because you are named as the contact of an organisation.")
_CURATOR = _l("You get this mail because you are a curator of a province that it concerns.")
_WATCHING = _l("You get this mail because you watch the listing or have saved the search.")
_MEMBER = _l("You get this mail because it concerns an organisation that you belong to.")

_OF_KIND: dict[str, Any] = {
    "organisation.invitation": _ADDRESS_GIVEN,
    "organisation.first_invitation": _ADDRESS_GIVEN,
    "organisation.person_asked": _ADDRESS_GIVEN,
    "organisation.take_over": _ADDRESS_GIVEN,
    "organisation.joined": _ASKED,
    "organisation.join_declined": _ASKED,
    "organisation.claim_contact": _CONTACT,
    "organisation.claim_approved": _ASKED_ACCOUNT,
    "organisation.claim_refused": _ASKED_ACCOUNT,
    "organisation.claim_question": _ASKED_ACCOUNT,
    "message.curators_invited": _CURATOR,
}
_OF_TOPIC: dict[Topic | None, Any] = {Topic.DESK: _CURATOR, Topic.WATCH: _WATCHING}


def grounds(kinds: Iterable[str], organisation: str = "") -> list[str]:
    """Return why a mail about these kinds comes, in the active language, each reason once.

    `organisation`: which one it is about, for readers who belong to several.
    """
    reasons = list(dict.fromkeys(str(_ground(kind)) for kind in kinds))
    if organisation:
        reasons.append(gettext("It concerns %(organisation)s.", organisation=organisation))
    return reasons


def _ground(kind: str) -> Any:
    if kind.startswith("account."):
        return _ACCOUNT
    return _OF_KIND.get(kind) or _OF_TOPIC.get(TOPICS.get(kind), _MEMBER)
