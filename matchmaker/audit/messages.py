"""The words for an audit record's action, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: Mapping[str, Any] = {
    "account.register": _l("registered"),
    "account.register_again": _l("was told of a registration with an address that has an account"),
    "account.confirm": _l("confirmed the e-mail address"),
    "account.sign_in": _l("signed in"),
    "account.ask_reset": _l("asked for a new password"),
    "account.set_password": _l("changed the password"),
    "account.edit": _l("changed name or language"),
    "account.create": _l("opened the account"),
    "account.suspend": _l("suspended the account"),
    "account.reinstate": _l("reinstated the account"),
    "account.give_role": _l("gave a role"),
    "account.take_role": _l("took a role away"),
    "listing.create": _l("drafted the listing"),
    "listing.revise": _l("changed the listing"),
    "listing.submit": _l("sent the listing for review"),
    "listing.request_changes": _l("asked for changes"),
    "listing.publish": _l("published the listing"),
    "listing.pause": _l("paused the listing"),
    "listing.resume": _l("published the listing again"),
    "listing.renew": _l("renewed the listing"),
    "listing.expire": _l("took the listing down: its deadline has passed"),
    "listing.close": _l("closed the listing"),
    "listing.reindex": _l("wrote the search index anew"),
    "organisation.register": _l("registered the organisation"),
    "organisation.edit": _l("changed the organisation's profile"),
    "organisation.verify": _l("verified the organisation"),
    "organisation.ask_more": _l("asked the organisation for more"),
    "organisation.suspend": _l("suspended the organisation"),
    "organisation.reinstate": _l("reinstated the organisation"),
    "organisation.grant_posting": _l("decided what the organisation may post"),
    "organisation.invite": _l("invited a colleague"),
    "organisation.withdraw_invitation": _l("withdrew an invitation"),
    "organisation.join": _l("joined the organisation"),
    "organisation.change_role": _l("changed a member's role"),
    "organisation.remove_member": _l("removed a member"),
    "organisation.leave": _l("left the organisation"),
    "contacts.see": _l("looked at the organisation's contacts"),
    "contacts.see_annex": _l("looked at the organisation's confidential annex"),
    "organisation.lapse": _l("recorded that the verification has lapsed"),
    "suggestion.shortlist": _l("shortlisted the pair"),
    "suggestion.hold_back": _l("held the pair back"),
    "suggestion.release": _l("put the pair back among the new ones"),
    "suggestion.propose": _l("proposed the pair to both sides"),
    "suggestion.add": _l("added the pair by hand"),
    "suggestion.judge": _l("judged how well the pair fits"),
    "suggestion.unjudge": _l("took back the judgement of the pair"),
    "quality.measure": _l("asked for the match quality to be measured"),
    "suggestion.keep": _l("kept a suggested partner"),
    "suggestion.dismiss": _l("put a suggested partner aside"),
    "suggestion.unmark": _l("took back what was said of a suggested partner"),
    "match.propose": _l("proposed the match to both sides"),
    "match.interest": _l("expressed interest"),
    "match.accept": _l("agreed to meet"),
    "match.decline": _l("declined"),
    "match.withdraw": _l("withdrew the interest"),
    "match.expire": _l("recorded that nobody answered in time"),
    "match.promise": _l("promised not to disclose the other side's annex"),
    "match.nudge": _l("reminded who has not answered"),
    "plan.load": _l("loaded the plan"),
    "audit.seal": _l("sealed the records before this one"),
    "demo.load": _l("loaded the demonstration"),
}

# What records are about.
SUBJECTS: Mapping[str, Any] = {
    "account": _l("Account"),
    "organisation": _l("Organisation"),
    "listing": _l("Listing"),
    "suggestion": _l("Suggestion"),
    "suggestion_mark": _l("Word on a suggestion"),
    "match": _l("Match"),
    "match_quality": _l("Match quality"),
    "plan": _l("Plan"),
    "contacts": _l("Contacts of organisation"),
    "audit": _l("Audit log"),
}


def action_label(action: str) -> str:
    """The action in words; one without words keeps its code."""
    return str(ACTIONS.get(action, action))
