"""What is told about listings: tables of them, their lives, and what somebody watches."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notices.states import Topic
from matchmaker.notices.texts.text import Text, Texts

TO_WRITERS = {
    "import.arrived": Text(
        _l("A curator has prepared drafts for %(organisation)s"),
        _l(
            "%(name)s has imported a table for you. Drafts made from it: %(number)s. "
            "Nobody else sees them until you have checked them and sent them for review."
        ),
        _l("Look at the drafts"),
    ),
    "import.taken_back": Text(
        _l("A curator has withdrawn drafts of %(organisation)s"),
        _l(
            "%(name)s had imported a table for you. Drafts withdrawn: %(number)s. Those "
            "that you have changed or sent for review stay."
        ),
        _l("Look at the drafts"),
    ),
    "listing.published": Text(
        _l("“%(title)s” is published"),
        _l("Suggested partners will appear below it within a few minutes."),
        _l("Open the listing"),
    ),
    "listing.changes_requested": Text(
        _l("Please change “%(title)s”"),
        _l("Please change it and send it for review again. The curator writes: %(note)s"),
        _l("Open the listing"),
    ),
    "listing.taken_back": Text(
        _l("A correction of “%(title)s” was undone"),
        _l(
            "Readers see the earlier text again. Your next change goes through review. "
            "The curator writes: %(reason)s"
        ),
        _l("Open the listing"),
    ),
    "listing.expired": Text(
        _l("“%(title)s” has passed its deadline"),
        _l("It is no longer shown. One click shows it again; you need not sign in."),
        _l("Renew it"),
    ),
    "listing.deadline_near": Text(
        _l("“%(title)s” is shown until %(until)s"),
        _l(
            "If it is still open then, renew it with one click; you need not sign in. "
            "Otherwise it is hidden after that day. Nothing is lost."
        ),
        _l("Renew it"),
    ),
    "listing.still_open": Text(
        _l("Is “%(title)s” still open?"),
        _l(
            "Nobody has said so for %(days)s days. One click is enough; you need not sign in. "
            "Without an answer it is paused after a month. Nothing is lost."
        ),
        _l("Say that it is still open"),
    ),
    "listing.unanswered": Text(
        _l("“%(title)s” is paused"),
        _l(
            "Nobody has said that it is still open, so it is no longer shown. Nothing is lost: one "
            "click shows it again, and you need not sign in."
        ),
        _l("Show it again"),
    ),
    "listing.right_ended": Text(
        _l("“%(title)s” is paused"),
        _l(
            "With its present verification, your organisation may not post listings of "
            "this kind. A curator of your province can allow it."
        ),
        _l("Open the listing"),
    ),
}

TO_WATCHERS = {
    "watch.changed": Text(
        _l("A listing that you watch is published again: “%(title)s”"),
        _l("Its text or its deadline may have changed."),
        _l("Open the listing"),
    ),
    "watch.gone": Text(
        _l("A listing that you watch is no longer shown: “%(title)s”"),
        _l("It was paused, was closed, or has passed its deadline."),
        _l("See your saved items"),
    ),
    "watch.deadline": Text(
        _l("The deadline of a listing that you watch is near: “%(title)s”"),
        _l("It is shown until %(until)s."),
        _l("Open the listing"),
    ),
    "watch.found": Text(
        _l("New for your search “%(search)s”: %(number)s"),
        _l("The newest: “%(title)s”."),
        _l("See what was found"),
    ),
}

TO_CURATORS = {
    "listing.submitted": Text(
        _l("“%(title)s” needs review"),
        _l("%(organisation)s has submitted it. Please review it at your desk."),
        _l("Open the review"),
    ),
}

TEXTS: Texts = {Topic.LISTING: TO_WRITERS, Topic.WATCH: TO_WATCHERS, Topic.DESK: TO_CURATORS}
