"""What is told about an organisation: to its people, and to its curators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notices.states import Topic
from matchmaker.notices.texts.text import Text, Texts

ALWAYS = {
    "organisation.invitation": Text(
        _l("%(inviter)s invites you to join %(organisation)s"),
        _l(
            "Your role will be: %(role)s. Please accept within two weeks. If you do not know the "
            "sender, ignore this mail."
        ),
        _l("See the invitation"),
    ),
    "organisation.first_invitation": Text(
        _l("%(inviter)s invites you to join %(organisation)s"),
        _l(
            "Your role will be: %(role)s. Please accept within two weeks. No curator has "
            "verified this organisation yet: accept only if you know the sender."
        ),
        _l("See the invitation"),
        _l("You are invited to join an organisation"),
    ),
    "organisation.take_over": Text(
        _l("%(organisation)s is listed here: take its account over"),
        _l(
            "%(inviter)s, a curator, has entered it and named you as its contact. Open the link "
            "within two weeks to manage its account. If you do not belong to it, ignore this mail."
        ),
        _l("Take it over"),
        _l("Your organisation is listed here: take its account over"),
    ),
    "organisation.handed_over": Text(
        _l("An administrator has decided who manages the account of %(organisation)s"),
        _l(
            "You belong to it or are a curator of its province. Someone else may manage its "
            "account now. Write to the administrator if this is wrong."
        ),
        _l("Open the site"),
        _l("An administrator has decided who manages the account of an organisation"),
    ),
    "organisation.person_asked": Text(
        _l("May %(organisation)s show you on its page?"),
        _l(
            "%(name)s, it would like to show your name and what you work on, but not "
            "your address. You can agree, and change your mind later with the same link."
        ),
        _l("Answer"),
    ),
    "mail.undelivered": Text(
        _l("Mail to %(address)s does not arrive"),
        _l("The mail server says: %(words)s. Please check the address."),
        _l("Open"),
    ),
}

TO_MEMBERS = {
    "organisation.identity_refused": Text(
        _l("The change of %(organisation)s was not accepted"),
        _l(
            "Your verified details stay as they were. You can propose another change. The "
            "curator writes: %(note)s"
        ),
        _l("Open your organisation"),
    ),
    "organisation.reverted": Text(
        _l("A curator has changed back the profile of %(organisation)s"),
        _l("Your last change has been undone. Your curator can tell you why."),
        _l("Open your organisation"),
    ),
    "organisation.more_needed": Text(
        _l("%(organisation)s: more information needed"),
        _l("Please answer on your organisation's page. The curator writes: %(note)s"),
        _l("Open your organisation"),
    ),
    "organisation.refused": Text(
        _l("%(organisation)s could not be verified"),
        _l("You may appeal once; another curator then decides. The curator writes: %(note)s"),
        _l("See what you can do"),
    ),
    "organisation.lapses": Text(
        _l("The verification of %(organisation)s ends on %(until)s"),
        _l(
            "Send what has changed since the last one, or say that nothing has. "
            "Without a new verification your suggestions pause from then on."
        ),
        _l("Ask for the renewal"),
    ),
    "organisation.join_asked": Text(
        _l("%(name)s asks to join %(organisation)s"),
        _l("Accept only people whom you know. The request is on your organisation's page."),
        _l("See the request"),
        _l("Someone asks to join your organisation"),
    ),
    "organisation.joined": Text(
        _l("You now belong to %(organisation)s"),
        _l("An account manager has accepted your request."),
        _l("Open your home page"),
    ),
    "organisation.join_declined": Text(
        _l("Your request to join was declined"),
        _l("If that is a mistake, ask a colleague, or the curators of your province."),
        _l("Open the site"),
    ),
    "organisation.verified": Text(
        _l("%(organisation)s is verified"),
        _l(
            "You can now publish, and read what only members see. The verification is "
            "valid until %(until)s."
        ),
        _l("Open your organisation"),
    ),
    "organisation.lapsed": Text(
        _l("The verification of %(organisation)s has lapsed"),
        _l(
            "Your published listings stay visible. Publishing and suggested partners pause until "
            "you are verified again."
        ),
        _l("Ask for the renewal"),
    ),
    "organisation.suspended": Text(
        _l("%(organisation)s has been suspended"),
        _l(
            "Its listings are not shown for now. Ask the curators of your province what "
            "to do next. The curator's reason: %(note)s"
        ),
        _l("Open the site"),
    ),
    "organisation.reinstated": Text(
        _l("%(organisation)s is no longer suspended"),
        _l("Your organisation's account works again."),
        _l("Open your organisation"),
    ),
    "organisation.closed": Text(
        _l("%(organisation)s has been closed"),
        _l(
            "Its listings are closed and its matches have ended. A curator of your province can "
            "open it again by verifying it. The reason given: %(note)s"
        ),
        _l("Open the site"),
    ),
    "organisation.merged": Text(
        _l("%(merged)s is now part of %(organisation)s"),
        _l(
            "A curator found that they are the same organisation. Listings, matches and "
            "members are now together; nothing is lost. The reason given: %(note)s"
        ),
        _l("Open the site"),
        _l("Two organisations have been merged"),
    ),
    "organisation.unmerged": Text(
        _l("%(merged)s and %(organisation)s are two organisations again"),
        _l("A curator has undone the merger. Each has its own listings, matches and members."),
        _l("Open the site"),
        _l("A merger of two organisations was undone"),
    ),
    "organisation.posting_changed": Text(
        _l("What %(organisation)s may post has changed"),
        _l("See your organisation's page for what you may post now."),
        _l("Open your organisation"),
    ),
}

TO_CURATORS = {
    "organisation.taken_over": Text(
        _l("%(organisation)s has an account manager and needs verification"),
        _l("%(name)s has taken it over. Please check it and verify it at your desk."),
        _l("Open the desk"),
        _l("An organisation needs verification"),
    ),
    "organisation.registered": Text(
        _l("%(organisation)s needs verification"),
        _l("It has registered in your province. Please check it and verify it at your desk."),
        _l("Open the desk"),
        _l("An organisation needs verification"),
    ),
    "organisation.changed": Text(
        _l("%(organisation)s asks to change its verified details"),
        _l(
            "Its name, code, province or type would change. Please check this at your "
            "desk. Until then the old details remain."
        ),
        _l("Open the desk"),
    ),
    "organisation.checked": Text(
        _l("The check of %(organisation)s needs a second curator"),
        _l("A curator other than the one who made it has to confirm it."),
        _l("Open the desk"),
        _l("The check of an organisation needs a second curator"),
    ),
    "organisation.edited": Text(
        _l("%(organisation)s has changed its profile"),
        _l("The desk shows what changed. You can change it back with one click."),
        _l("Open the desk"),
    ),
    "organisation.answered": Text(
        _l("%(organisation)s has sent papers or an answer"),
        _l("The desk shows them, with what was asked before."),
        _l("Open the desk"),
        _l("An organisation has sent papers or an answer"),
    ),
    "organisation.appealed": Text(
        _l("%(organisation)s appeals against the refusal"),
        _l("A curator other than the one who refused decides."),
        _l("Open the desk"),
        _l("An organisation appeals against the refusal"),
    ),
    "organisation.join_ownerless": Text(
        _l("%(name)s asks to join %(organisation)s, which has no account manager"),
        _l(
            "Nobody there can answer. Check who the person is. An administrator then gives the "
            "organisation to its rightful account manager."
        ),
        _l("Open the desk"),
        _l("Someone asks to join an organisation without an account manager"),
    ),
    "organisation.closed_down": Text(
        _l("%(organisation)s has closed"),
        _l("Its page at the desk says why. Verifying it opens it again."),
        _l("Look at the organisation"),
    ),
}

TEXTS: Texts = {None: ALWAYS, Topic.ORGANISATION: TO_MEMBERS, Topic.DESK: TO_CURATORS}
