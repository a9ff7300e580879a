"""What is told about partners: suggestions, matches, and what the sides write."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notices.states import Topic
from matchmaker.notices.texts.text import Text, Texts

SUGGESTIONS = {
    "suggestion.new": Text(
        _l("New suggested partners for “%(title)s”"),
        _l("Best suggestion: “%(partner)s”. See why they fit, and decide."),
        _l("See the partners"),
    ),
    "suggestion.first": Text(
        _l("A partner is found for “%(title)s”"),
        _l(
            "There was no suitable partner before. The best one now: “%(partner)s”. See why they "
            "fit, and decide."
        ),
        _l("See the partners"),
    ),
}

MATCHES = {
    "match.side_merged": Text(
        _l("Your partner %(merged)s is now part of %(organisation)s"),
        _l("Your matches go on as they are, with the same people."),
        _l("Open the site"),
        _l("A partner has become part of another organisation"),
    ),
    "match.listing_changed": Text(
        _l("The text of “%(title)s” has changed"),
        _l("It is part of one of your matches. Its page shows what is new, word by word."),
        _l("See what has changed"),
    ),
    "match.proposed": Text(
        _l("A curator proposes a match: “%(need)s” and “%(capability)s”"),
        _l("Please answer by %(until)s. The curator writes: %(note)s"),
        _l("Answer"),
    ),
    "match.interest": Text(
        _l("%(organisation)s is interested in “%(title)s”"),
        _l("Please answer by %(until)s. If you agree, you both see each other's contacts."),
        _l("Answer"),
    ),
    "match.asked": Text(
        _l("%(organisation)s asks about “%(title)s”"),
        _l(
            "They want to know whether it meets their must-haves. Please answer on the "
            "page of the match. Your answer counts as evidence."
        ),
        _l("See the questions"),
    ),
    "match.answered": Text(
        _l("%(organisation)s has answered about “%(title)s”"),
        _l("They say in their own words whether a must-have is met. Read this before you decide."),
        _l("Read the answer"),
    ),
    "match.mutual": Text(
        _l("You both agreed: “%(need)s” and “%(capability)s”"),
        _l("You can now see each other's contact details. Please get in touch."),
        _l("Open the match"),
    ),
    "match.reminder": Text(
        _l("Please answer: “%(need)s” and “%(capability)s”"),
        _l("Your answer is still missing. Please reply by %(until)s."),
        _l("Answer"),
    ),
    "match.cancelled": Text(
        _l("%(organisation)s has withdrawn its interest in “%(title)s”"),
        _l("You no longer need to answer."),
        _l("Open the match"),
    ),
    "match.declined": Text(
        _l("%(organisation)s declined: “%(title)s”"),
        _l("Reason: %(reason)s. Any message from them is on the match page."),
        _l("Open the match"),
    ),
    "match.ended": Text(
        _l("%(organisation)s has ended the match over “%(title)s”"),
        _l("The reason given: %(end_reason)s. Contacts and annexes are closed from now on."),
        _l("Open the match"),
    ),
    "match.revoked": Text(
        _l("%(organisation)s has withdrawn its promise of confidentiality for “%(title)s”"),
        _l("They can no longer open your annex. Their promise still covers what they have read."),
        _l("Open the match"),
    ),
    "match.moved": Text(
        _l("%(status)s: “%(need)s” and “%(capability)s”"),
        _l("Your match has moved on. Its page shows what can come next."),
        _l("Open the match"),
    ),
    "match.taken_back": Text(
        _l("%(organisation)s has undone its last step: “%(title)s”"),
        _l("The match is back at its earlier stage: %(status)s."),
        _l("Open the match"),
    ),
    "match.put_right": Text(
        _l("A curator has corrected where a match stands: “%(need)s” and “%(capability)s”"),
        _l("Its stage is now: %(status)s. The curator writes: %(note)s"),
        _l("Open the match"),
    ),
    "match.quiet": Text(
        _l("How is it going? “%(need)s” and “%(capability)s”"),
        _l(
            "Nothing has happened in your match for a long time. If that does not "
            "change, it stalls on %(until)s. Contacts then close until one side resumes "
            "it."
        ),
        _l("Say where it stands"),
    ),
    "match.report": Text(
        _l("How is the work going? “%(need)s” and “%(capability)s”"),
        _l("Nothing has been recorded in your match for a long time. Please say where it stands."),
        _l("Say where it stands"),
    ),
    "match.expired": Text(
        _l("No answer in time: “%(need)s” and “%(capability)s”"),
        _l("You can express interest again."),
        _l("Open the match"),
    ),
}

CONVERSATIONS = {
    "message.new": Text(
        _l("%(organisation)s has written to you about “%(title)s”"),
        _l("The message is on the page of the match."),
        _l("Read and answer"),
        quoting=_l("They write: %(words)s"),
    ),
    "message.of_curator": Text(
        _l("A curator has written to you about “%(title)s”"),
        _l("The message is on the page of the match."),
        _l("Read and answer"),
        quoting=_l("They write: %(words)s"),
    ),
    "message.curators_invited": Text(
        _l("%(organisation)s asks you to take part in the thread about “%(title)s”"),
        _l("You can read what both sides write, and write there yourself."),
        _l("Open the thread"),
    ),
}

TEXTS: Texts = {Topic.SUGGESTION: SUGGESTIONS, Topic.MATCH: MATCHES, Topic.MESSAGE: CONVERSATIONS}
