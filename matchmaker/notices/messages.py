"""Every kind of notice and mail, as texts to be filled in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from matchmaker import codelists
from matchmaker.notices.states import Topic
from matchmaker.notices.texts import claims
from matchmaker.notices.texts.text import Text
from matchmaker.web.i18n import show_date, show_time, show_time_in

CATALOGUE: Mapping[str, Text] = {
    "account.confirm": Text(
        _l("Please confirm your e-mail address"),
        _l(
            "You, or someone using your address, registered on East–West Matchmaker. Open "
            "the link within two days to confirm. If it was not you, ignore this mail."
        ),
        _l("Confirm my address"),
    ),
    "account.exists": Text(
        _l("You already have an account"),
        _l(
            "Someone tried to register with this address, which already has an account. If "
            "it was you, sign in. If not, you need not do anything."
        ),
        _l("Sign in"),
    ),
    "account.reset": Text(
        _l("Choose a new password"),
        _l(
            "A new password was requested for this address. Use the link within one hour; it "
            "works once. If you did not ask for it, ignore this mail: your password stays as "
            "it is."
        ),
        _l("Choose a password"),
    ),
    "account.welcome": Text(
        _l("An account was opened for you"),
        _l(
            "%(name)s, an administrator of East–West Matchmaker opened it. Choose a password "
            "within two weeks; the link works once. If you did not expect this, ignore this mail."
        ),
        _l("Choose a password"),
    ),
    "account.password_changed": Text(
        _l("Your password was changed"),
        _l("If this was not you, choose a new password now. You will be signed out everywhere."),
        _l("Choose a new password"),
    ),
    "account.erased": Text(
        _l("Your account was erased"),
        _l(
            "Your name and your address are no longer in it. "
            "If it was not you, write to the administrator of the site."
        ),
        _l("Open the site"),
    ),
    "account.new_sign_in": Text(
        _l("A new sign-in to your account"),
        _l(
            "%(time)s, from the address %(address)s, with %(browser)s. "
            "If it was not you, end that session and change your password."
        ),
        _l("See where you are signed in"),
    ),
    "account.factor_confirmed": Text(
        _l("Signing in now takes a code of your app"),
        _l("If it was not you who set this up, choose a new password and tell the administrator."),
        _l("Choose a new password"),
    ),
    "account.factor_removed": Text(
        _l("Signing in no longer takes a code of your app"),
        _l("If it was not you who removed it, choose a new password now."),
        _l("Choose a new password"),
    ),
    "account.factor_reset": Text(
        _l("An administrator has removed your authenticator app"),
        _l(
            "You sign in with the password alone and can set up an app again. "
            "If you did not ask for this, tell the administrator."
        ),
        _l("Sign in"),
    ),
    "account.sign_in_linked": Text(
        _l("You can sign in with your account of %(institution)s"),
        _l(
            "It was used for the first time, and belongs to your account here from now on. "
            "If it was not you, unlink it and choose a new password."
        ),
        _l("Look at your account"),
    ),
    "account.sign_in_unlinked": Text(
        _l("Your account of %(institution)s no longer signs you in here"),
        _l("You sign in with your password. If it was not you who unlinked it, choose a new one."),
        _l("Choose a new password"),
    ),
    "account.recovery_code_used": Text(
        _l("A recovery code was used to sign in"),
        _l(
            "You have %(number)s recovery codes left. If it was not you, choose a new password now."
        ),
        _l("Choose a new password"),
    ),
    "account.change_email": Text(
        _l("Please confirm your new e-mail address"),
        _l(
            "You, or someone using your account, asked to sign in with this address from now "
            "on. Open the link within one day to confirm. If it was not you, ignore this "
            "mail."
        ),
        _l("Confirm the new address"),
    ),
    "account.email_changed": Text(
        _l("Your account has another e-mail address now"),
        _l(
            "You sign in with %(email)s from now on. "
            "If you did not change it, take the change back within seven days: "
            "that ends every session and lets you choose a new password."
        ),
        _l("Take the change back"),
    ),
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
        _l("%(organisation)s proposes another identity"),
        _l(
            "Its name, code, province or type would change. Please check it at your desk. Until "
            "then the old one stands."
        ),
        _l("Open the desk"),
    ),
    "organisation.checked": Text(
        _l("The check of %(organisation)s needs a second curator"),
        _l("A curator other than the one who made it has to confirm it."),
        _l("Open the desk"),
        _l("The check of an organisation needs a second curator"),
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
    "organisation.edited": Text(
        _l("%(organisation)s has changed its profile"),
        _l("The desk shows what changed. You can change it back with one click."),
        _l("Open the desk"),
    ),
    "organisation.identity_refused": Text(
        _l("The change of %(organisation)s was not accepted"),
        _l("The verified identity stands. You can propose another. The curator writes: %(note)s"),
        _l("Open your organisation"),
    ),
    "organisation.reverted": Text(
        _l("A curator has changed back the profile of %(organisation)s"),
        _l("Your last change of it is undone. Your curator can tell you why."),
        _l("Open your organisation"),
    ),
    "organisation.more_needed": Text(
        _l("%(organisation)s: more information needed"),
        _l("Please answer on your organisation's page. The curator writes: %(note)s"),
        _l("Open your organisation"),
    ),
    "organisation.answered": Text(
        _l("%(organisation)s has sent papers or an answer"),
        _l("The desk shows them, with what was asked before."),
        _l("Open the desk"),
        _l("An organisation has sent papers or an answer"),
    ),
    "organisation.refused": Text(
        _l("%(organisation)s could not be verified"),
        _l("You may appeal once; another curator then decides. The curator writes: %(note)s"),
        _l("See what you can do"),
    ),
    "organisation.appealed": Text(
        _l("%(organisation)s appeals against the refusal"),
        _l("A curator other than the one who refused decides."),
        _l("Open the desk"),
        _l("An organisation appeals against the refusal"),
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
        _l("Let them in only if you know them. Your page shows the request."),
        _l("See the request"),
        _l("Someone asks to join your organisation"),
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
    "organisation.joined": Text(
        _l("You now belong to %(organisation)s"),
        _l("An account manager has accepted your request."),
        _l("Open your home"),
    ),
    "organisation.join_declined": Text(
        _l("Your request to join was declined"),
        _l("If that is a mistake, ask a colleague, or the curators of your province."),
        _l("Open the site"),
    ),
    "organisation.person_asked": Text(
        _l("May %(organisation)s show you on its page?"),
        _l(
            "%(name)s, it would like to show your name and what you work on, not your address. "
            "You can agree, and take that back by the same link."
        ),
        _l("Answer"),
    ),
    "organisation.verified": Text(
        _l("%(organisation)s is verified"),
        _l(
            "You can now publish, and read what is open to members. The verification is "
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
            "Its listings are not shown for now. Ask the curators of your province how to go on. "
            "The curator's reason: %(note)s"
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
    "organisation.closed_down": Text(
        _l("%(organisation)s has closed"),
        _l("Its page at the desk says why. Verifying it opens it again."),
        _l("Look at the organisation"),
    ),
    "organisation.merged": Text(
        _l("%(merged)s is part of %(organisation)s now"),
        _l(
            "A curator found that the two are one. Listings, matches and members are together; "
            "nothing is lost. The reason given: %(note)s"
        ),
        _l("Open the site"),
        _l("Two organisations have become one"),
    ),
    "organisation.unmerged": Text(
        _l("%(merged)s and %(organisation)s are two organisations again"),
        _l("A curator has undone the merger. Each has its own listings, matches and members."),
        _l("Open the site"),
        _l("A merger of two organisations was undone"),
    ),
    "match.side_merged": Text(
        _l("Your partner %(merged)s is part of %(organisation)s now"),
        _l("Your matches go on as they are, with the same people."),
        _l("Open the site"),
        _l("A partner has become part of another organisation"),
    ),
    "organisation.posting_changed": Text(
        _l("What %(organisation)s may post has changed"),
        _l("See your organisation's page for what you may post now."),
        _l("Open your organisation"),
    ),
    "import.arrived": Text(
        _l("A curator has brought drafts for %(organisation)s"),
        _l(
            "%(name)s has brought a table. Drafts that came of it: %(number)s. "
            "Nobody else sees them until you have checked them and sent them for review."
        ),
        _l("Look at the drafts"),
    ),
    "import.taken_back": Text(
        _l("A curator has taken drafts of %(organisation)s back"),
        _l(
            "%(name)s had brought a table for you. Drafts taken back: %(number)s. "
            "Those that you have changed or sent stay."
        ),
        _l("Look at the drafts"),
    ),
    "listing.submitted": Text(
        _l("“%(title)s” needs review"),
        _l("%(organisation)s has submitted it. Please review it at your desk."),
        _l("Open the review"),
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
    "listing.expired": Text(
        _l("“%(title)s” has passed its deadline"),
        _l("It is no longer shown. One click shows it again; you need not sign in."),
        _l("Renew it"),
    ),
    "listing.deadline_near": Text(
        _l("“%(title)s” is shown until %(until)s"),
        _l(
            "Is it still open then? Renew it with one click; you need not sign in. Otherwise it is "
            "taken from view after that day. Nothing is lost."
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
            "Your organisation, as it is verified now, may not post listings of this kind. A "
            "curator of your province can grant it."
        ),
        _l("Open the listing"),
    ),
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
    "mail.undelivered": Text(
        _l("Mail to %(address)s does not arrive"),
        _l("The mail server says: %(words)s. Please check the address."),
        _l("Open"),
    ),
    "match.listing_changed": Text(
        _l("The text of “%(title)s” has changed"),
        _l("You have a match over it. Its page shows what is new, word by word."),
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
            "They want to know whether it meets what they must have. Please answer on its page. "
            "Your answer counts as evidence for this match."
        ),
        _l("See the questions"),
    ),
    "match.answered": Text(
        _l("%(organisation)s has answered about “%(title)s”"),
        _l("They say whether a must-have is met, in their own words. Read it before you decide."),
        _l("Read the answer"),
    ),
    "watch.changed": Text(
        _l("A listing that you watch is published again: “%(title)s”"),
        _l("Its text or its deadline may have changed."),
        _l("Open the listing"),
    ),
    "watch.gone": Text(
        _l("A listing that you watch is no longer shown: “%(title)s”"),
        _l("It was paused, was closed, or has passed its deadline."),
        _l("See what you keep"),
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
        _l("%(organisation)s has taken back its promise about “%(title)s”"),
        _l("Your annex is closed to them. What they have read stays under their promise."),
        _l("Open the match"),
    ),
    "match.moved": Text(
        _l("%(status)s: “%(need)s” and “%(capability)s”"),
        _l("Your match has come a step further. Its page shows what may come next."),
        _l("Open the match"),
    ),
    "match.taken_back": Text(
        _l("%(organisation)s has taken back its last move: “%(title)s”"),
        _l("The match is again where it was: %(status)s."),
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
            "Nothing has happened in your match for a long time. Without a sign of life it stalls "
            "on %(until)s: contacts close until one side takes it up again."
        ),
        _l("Say where it stands"),
    ),
    "match.report": Text(
        _l("How is the work going? “%(need)s” and “%(capability)s”"),
        _l("Nothing has been recorded in your match for a long time. Please say where it stands."),
        _l("Say where it stands"),
    ),
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
    "match.expired": Text(
        _l("No answer in time: “%(need)s” and “%(capability)s”"),
        _l("You can express interest again."),
        _l("Open the match"),
    ),
    "meeting.proposed": Text(
        _l("%(organisation)s proposes a meeting"),
        _l("It is about “%(title)s”. Please choose a time, or propose others."),
        _l("Choose a time"),
    ),
    "meeting.moved": Text(
        _l("%(organisation)s proposes other times for a meeting"),
        _l("It is about “%(title)s”. Please choose a time, or propose others."),
        _l("Choose a time"),
    ),
    "meeting.unsettled": Text(
        _l("The meeting of %(time)s is moved"),
        _l(
            "Your organisation has proposed other times. "
            "The attached file takes the old time out of your calendar."
        ),
        _l("Open the meeting"),
    ),
    "meeting.accepted": Text(
        _l("A meeting is arranged: %(time)s"),
        _l(
            "You meet %(organisation)s about “%(title)s”. "
            "The attached file puts the meeting into your calendar."
        ),
        _l("Open the meeting"),
    ),
    "meeting.cancelled": Text(
        _l("The meeting of %(time)s is cancelled"),
        _l(
            "%(organisation)s has cancelled it. Their words are on the page of the meeting. "
            "The attached file takes it out of your calendar."
        ),
        _l("Open the meeting"),
    ),
    "meeting.withdrawn": Text(
        _l("%(organisation)s cancels the meeting that was being arranged"),
        _l("It was about “%(title)s”. Their words are on the page of the meeting."),
        _l("Open the meeting"),
    ),
    "meeting.called_off": Text(
        _l("The meeting of %(time)s does not take place"),
        _l("The match has ended. The attached file takes the meeting out of your calendar."),
        _l("Open the meeting"),
    ),
    "meeting.reminder": Text(
        _l("You have a meeting soon: %(time)s"),
        _l("You meet %(organisation)s about “%(title)s”. The page says where."),
        _l("Open the meeting"),
    ),
    "meeting.no_show": Text(
        _l("%(organisation)s noted that you did not come to a meeting"),
        _l("It is the meeting of %(time)s. You can say on its page whether you took part."),
        _l("Open the meeting"),
    ),
    "meeting.minutes": Text(
        _l("%(organisation)s has written minutes of a meeting"),
        _l("It is the meeting of %(time)s. Both sides read the minutes and can add to them."),
        _l("Read the minutes"),
    ),
    "agreement.sent": Text(
        _l("%(organisation)s asks for your consent to “%(title)s”"),
        _l("Read what would be agreed, then consent or send it back with your words."),
        _l("Read the agreement"),
    ),
    "agreement.sent_back": Text(
        _l("%(organisation)s has sent “%(title)s” back"),
        _l("The page of the agreement has their words. You can change it and send it again."),
        _l("Open the agreement"),
    ),
    "agreement.in_force": Text(
        _l("“%(title)s” is in force"),
        _l("Everybody has consented. Its page shows what is due when."),
        _l("Open the agreement"),
    ),
    "agreement.ended": Text(
        _l("%(organisation)s has ended “%(title)s”"),
        _l("The reason given: %(agreement_end_reason)s. All that was recorded stays readable."),
        _l("Open the agreement"),
    ),
    "agreement.overdue": Text(
        _l("A milestone of “%(title)s” is overdue"),
        _l("It was due on %(until)s. Note that it is done, or agree on another day."),
        _l("Open the agreement"),
    ),
    "agreement.booked": Text(
        _l("%(organisation)s has booked a slot: %(time)s"),
        _l("It belongs to “%(title)s”. Please be ready then, or write to them."),
        _l("Open the agreement"),
    ),
    "outcome.reported": Text(
        _l("%(organisation)s reports a result: %(measure)s"),
        _l("Please confirm it, or say what is wrong. It counts once a curator has verified it."),
        _l("Open the results"),
    ),
    "outcome.corrected": Text(
        _l("%(organisation)s has corrected a result: %(measure)s"),
        _l("Please look at it again, and confirm it or say what is wrong."),
        _l("Open the results"),
    ),
    "outcome.confirmed": Text(
        _l("%(organisation)s confirms your result: %(measure)s"),
        _l("A curator of either province verifies it now. Then it counts."),
        _l("Open the results"),
    ),
    "outcome.disputed": Text(
        _l("%(organisation)s disputes your result: %(measure)s"),
        _l("The page has their words. Correct the result, or withdraw it."),
        _l("Open the results"),
    ),
    "outcome.verified": Text(
        _l("Verified: %(measure)s, “%(title)s”"),
        _l("A curator has checked the evidence. The result counts."),
        _l("Open the results"),
    ),
    "outcome.sent_back": Text(
        _l("Sent back by a curator: %(measure)s, “%(title)s”"),
        _l("The page says why. The side that reported the result can correct it."),
        _l("Open the results"),
    ),
    "outcome.to_verify": Text(
        _l("A result needs verification: %(measure)s, “%(title)s”"),
        _l("Both sides stand by it. It counts once a curator of either province has verified it."),
        _l("Open the results"),
    ),
    "outcome.follow_up": Text(
        _l("How is it going with %(organisation)s?"),
        _l(
            "Your listing “%(title)s” brought you together. One click answers; you need not sign "
            "in. What you say is shown to both sides as reported."
        ),
        _l("Answer"),
        answers=(
            ("?answer=going_on", _l("It is still going on")),
            ("?answer=done", _l("It is done")),
            ("?answer=ended", _l("It has ended without a result")),
        ),
    ),
    **claims.ALWAYS,
    **claims.TO_CURATORS,
}

# What people choose about together. Other kinds are about the account, or about who holds an
# organisation: they cannot be turned off.
TOPICS: Mapping[str, Topic] = {
    **dict.fromkeys((kind for kind in CATALOGUE if kind.startswith("meeting.")), Topic.MEETING),
    **dict.fromkeys(
        (kind for kind in CATALOGUE if kind.startswith(("match.", "agreement.", "outcome."))),
        Topic.MATCH,
    ),
    "message.new": Topic.MESSAGE,
    "message.of_curator": Topic.MESSAGE,
    "message.curators_invited": Topic.MESSAGE,
    **dict.fromkeys((kind for kind in CATALOGUE if kind.startswith("watch.")), Topic.WATCH),
    "suggestion.new": Topic.SUGGESTION,
    "suggestion.first": Topic.SUGGESTION,
    "listing.published": Topic.LISTING,
    "listing.changes_requested": Topic.LISTING,
    "listing.expired": Topic.LISTING,
    "listing.right_ended": Topic.LISTING,
    "listing.deadline_near": Topic.LISTING,
    "listing.still_open": Topic.LISTING,
    "listing.unanswered": Topic.LISTING,
    "organisation.identity_refused": Topic.ORGANISATION,
    "organisation.reverted": Topic.ORGANISATION,
    "organisation.more_needed": Topic.ORGANISATION,
    "organisation.verified": Topic.ORGANISATION,
    "organisation.lapsed": Topic.ORGANISATION,
    "organisation.lapses": Topic.ORGANISATION,
    "organisation.refused": Topic.ORGANISATION,
    "organisation.join_asked": Topic.ORGANISATION,
    "organisation.joined": Topic.ORGANISATION,
    "organisation.join_declined": Topic.ORGANISATION,
    "organisation.answered": Topic.DESK,
    "organisation.join_ownerless": Topic.DESK,
    "organisation.appealed": Topic.DESK,
    "organisation.suspended": Topic.ORGANISATION,
    "organisation.reinstated": Topic.ORGANISATION,
    "organisation.closed": Topic.ORGANISATION,
    "organisation.merged": Topic.ORGANISATION,
    "organisation.unmerged": Topic.ORGANISATION,
    "organisation.posting_changed": Topic.ORGANISATION,
    "organisation.registered": Topic.DESK,
    "organisation.taken_over": Topic.DESK,
    "import.arrived": Topic.LISTING,
    "import.taken_back": Topic.LISTING,
    "organisation.changed": Topic.DESK,
    "organisation.checked": Topic.DESK,
    "organisation.edited": Topic.DESK,
    "organisation.closed_down": Topic.DESK,
    "listing.submitted": Topic.DESK,
    "outcome.to_verify": Topic.DESK,
    **dict.fromkeys(claims.TO_CURATORS, Topic.DESK),
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
    return str(ngettext("Your day: %(num)s notice", "Your day: %(num)s notices", number))


def weekly(number: int) -> str:
    return str(ngettext("Your week: %(num)s notice", "Your week: %(num)s notices", number))


def topics(kinds: Iterable[str]) -> list[Topic]:
    """The topics of some kinds, once each and in order; none for kinds about the account."""
    return sorted({TOPICS[kind] for kind in kinds if kind in TOPICS})


def kinds_about(topic: Topic) -> list[str]:
    return [kind for kind, of in TOPICS.items() if of == topic]
