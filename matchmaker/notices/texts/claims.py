"""What is told about requests for an organisation's account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notices.states import Topic
from matchmaker.notices.texts.text import Text, Texts

_SOMEONE_ASKS = _l("Someone asks to manage your organisation's account")

ALWAYS = {
    "organisation.claim_asked": Text(
        _l("%(name)s asks to manage the account of %(organisation)s"),
        _l(
            "They say that its account manager cannot be reached. You can object within seven "
            "days. After that a curator decides; if the curator agrees, you leave the organisation."
        ),
        _l("Look at it and object"),
        _SOMEONE_ASKS,
    ),
    "organisation.claim_contact": Text(
        _l("%(name)s asks to manage the account of %(organisation)s"),
        _l(
            "You are named as its contact. You can object within seven days by this link; you need "
            "not sign in. After that a curator decides."
        ),
        _l("Look at it and object"),
        _SOMEONE_ASKS,
    ),
    "organisation.claim_ended": Text(
        _l("%(name)s will not manage the account of %(organisation)s"),
        _l("The request was refused or withdrawn. Nothing changes for you."),
        _l("Open the site"),
        _l("A request for your organisation's account has ended"),
    ),
    "organisation.claim_granted": Text(
        _l("%(name)s manages the account of %(organisation)s now"),
        _l(
            "A curator decided this on evidence. The former account managers no longer belong "
            "to it. Write to the curators of the province if this is wrong."
        ),
        _l("Open the site"),
        _l("Your organisation has another account manager"),
    ),
    "organisation.claim_approved": Text(
        _l("You manage the account of %(organisation)s now"),
        _l("A curator has agreed to your request. Check the profile, the contact and the members."),
        _l("Open your home page"),
    ),
    "organisation.claim_refused": Text(
        _l("Your request to manage an organisation's account was refused"),
        _l("You can ask again after 30 days. The curator writes: %(note)s"),
        _l("Look at your request"),
    ),
    "organisation.claim_question": Text(
        _l("A curator asks about your request for an organisation's account"),
        _l("Please answer on the page of your request. The curator writes: %(note)s"),
        _l("Answer"),
    ),
}

TO_CURATORS = {
    "organisation.claim_to_decide": Text(
        _l("%(name)s asks to manage the account of %(organisation)s"),
        _l("The desk shows the evidence, and from when on you can decide."),
        _l("Open the desk"),
        _l("Someone asks to manage an organisation's account"),
    ),
    "organisation.claim_objected": Text(
        _l("Someone objects to the request of %(name)s for the account of %(organisation)s"),
        _l("The desk shows the reason. Compare it with the evidence before you decide."),
        _l("Open the desk"),
        _l("Someone objects to a request for an organisation's account"),
    ),
    "organisation.claim_answered": Text(
        _l("%(name)s has answered about the account of %(organisation)s"),
        _l("The desk shows the answer and its files, with what was asked before."),
        _l("Open the desk"),
        _l("Someone has answered about an organisation's account"),
    ),
}

TEXTS: Texts = {None: ALWAYS, Topic.DESK: TO_CURATORS}
