"""The words for an audit record's action and details, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from matchmaker import codelists, phrasing, regions
from matchmaker.permissions import SYSTEM
from matchmaker.web.i18n import show_date

ACTIONS: Mapping[str, Any] = {
    "account.register": _l("registered"),
    "account.register_again": _l("was told of a registration with an address that has an account"),
    "account.confirm": _l("confirmed the e-mail address"),
    "account.sign_in": _l("signed in"),
    "account.act_for": _l("chose which organisation to act for"),
    "account.sign_out": _l("signed out"),
    "account.end_sessions": _l("ended sessions on other devices"),
    "account.set_up_factor": _l("began to set up an authenticator app"),
    "account.confirm_factor": _l("set up an authenticator app"),
    "account.use_recovery_code": _l("signed in with a recovery code"),
    "account.renew_recovery_codes": _l("made new recovery codes"),
    "account.remove_factor": _l("removed the authenticator app"),
    "account.link_sign_in": _l("linked the sign-in by their institution"),
    "account.unlink_sign_in": _l("unlinked the sign-in by their institution"),
    "account.allow_sign_in": _l("allowed their institution to link its sign-in again"),
    "account.change_email": _l("changed the e-mail address"),
    "account.revert_email": _l("undid a change of the e-mail address"),
    "account.ask_reset": _l("asked for a new password"),
    "account.set_password": _l("changed the password"),
    "account.edit": _l("changed name or language"),
    "account.make_feed_address": _l("made a secret address for calendar and feeds"),
    "account.end_feed_address": _l("cancelled the secret address for calendar and feeds"),
    "account.choose_notices": _l("changed the notice settings"),
    "account.unsubscribe": _l("stopped mails with the link in a mail"),
    "account.export": _l("got a copy of the data about themselves"),
    "account.erase": _l("erased the account"),
    "data.forget": _l("deleted data whose time was up"),
    "account.create": _l("opened the account"),
    "account.suspend": _l("suspended the account"),
    "account.set_contact": _l("changed how organisations reach the curator"),
    "account.reinstate": _l("reinstated the account"),
    "account.give_role": _l("gave a role"),
    "account.ask_role": _l("asked a second administrator to give a role"),
    "account.drop_role": _l("decided against giving a role"),
    "account.take_role": _l("took a role away"),
    "listing.create": _l("drafted the listing"),
    "listing.revise": _l("changed the listing"),
    "listing.write": _l("began to write a change of the listing"),
    "listing.delete": _l("deleted the draft"),
    "listing.submit": _l("sent the listing for review"),
    "listing.request_changes": _l("asked for changes"),
    "listing.publish": _l("published the listing"),
    "listing.pause": _l("paused the listing"),
    "listing.resume": _l("published the listing again"),
    "listing.correct": _l("corrected the published text, without a review"),
    "listing.take_back": _l("undid a small correction of the published text"),
    "listing.confirm": _l("said that the listing is still open"),
    "listing.remind": _l("reminded writers of the listing"),
    "listing.renew": _l("renewed the listing"),
    "listing.expire": _l("took the listing down: its deadline has passed"),
    "listing.close": _l("closed the listing"),
    "listing.add_annex_files": _l("added files to the confidential annex"),
    "listing.remove_annex_file": _l("deleted a file of the confidential annex"),
    "listing.fill": _l("filled the draft from a file"),
    "listing.reindex": _l("rebuilt the search index"),
    "import.begin": _l("imported a table"),
    "import.begin_for": _l("imported a table for the organisation"),
    "import.begin_batch": _l("imported a table of several organisations"),
    "import.take_batch": _l("entered the organisations of the table"),
    "import.undo_batch": _l("undid the entry of the table's organisations"),
    "import.map": _l("said what the columns of the table hold"),
    "import.run": _l("had drafts made from the table"),
    "import.finish": _l("recorded the result of the import"),
    "import.undo": _l("undid the import of the table"),
    "import.discard": _l("discarded the table"),
    "import.forget": _l("deleted the rows of old tables"),
    "organisation.register": _l("registered the organisation"),
    "organisation.enter": _l("entered the organisation from a table"),
    "organisation.invite_owner": _l("asked someone to take the organisation over"),
    "organisation.keep": _l("kept the organisation, which nobody had taken over"),
    "organisation.remove": _l("deleted the organisation, which nobody had taken over"),
    "organisation.edit": _l("changed the organisation's profile"),
    "organisation.propose_identity": _l("proposed another identity of the organisation"),
    "organisation.withdraw_identity": _l("withdrew the proposed identity"),
    "organisation.refuse_identity": _l("refused the proposed identity"),
    "organisation.revert": _l("changed the organisation's profile back"),
    "organisation.check": _l("checked the organisation, for a second curator to confirm"),
    "organisation.hand_over": _l("gave the organisation to its rightful account manager"),
    "organisation.verify": _l("verified the organisation"),
    "organisation.ask_more": _l("asked the organisation for more"),
    "organisation.send_papers": _l("sent papers or an answer for the verification"),
    "organisation.refuse": _l("refused to verify the organisation"),
    "organisation.appeal": _l("appealed against the refusal"),
    "organisation.warn": _l("warned that the verification ends soon"),
    "organisation.ask_join": _l("asked to join the organisation"),
    "organisation.decline_join": _l("declined a request to join"),
    "organisation.withdraw_join": _l("withdrew a request to join"),
    "organisation.ask_account": _l("asked to manage the organisation's account"),
    "organisation.object_account": _l("objected to a request for the account"),
    "organisation.question_account": _l("asked about a request for the account"),
    "organisation.answer_account": _l("answered a question about their request for the account"),
    "organisation.withdraw_account": _l("withdrew a request for the account"),
    "organisation.refuse_account": _l("refused a request for the account"),
    "organisation.give_account": _l("gave the account to the person who asked for it"),
    "organisation.name_person": _l("named a person and asked for consent"),
    "organisation.person_agrees": _l("recorded that a named person agrees to be shown"),
    "organisation.person_objects": _l("recorded that a named person does not agree"),
    "organisation.remove_person": _l("removed a named person"),
    "organisation.suspend": _l("suspended the organisation"),
    "organisation.reinstate": _l("reinstated the organisation"),
    "organisation.close": _l("closed the organisation"),
    "organisation.merge": _l("merged two organisations"),
    "organisation.unmerge": _l("undid the merger of two organisations"),
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
    "suggestion.judge": _l("assessed how well the pair fits"),
    "suggestion.unjudge": _l("withdrew the assessment of the pair"),
    "quality.measure": _l("requested a measurement of suggestion quality"),
    "suggestion.keep": _l("kept a suggested partner"),
    "suggestion.dismiss": _l("put a suggested partner aside"),
    "suggestion.unmark": _l("undid a decision on a suggested partner"),
    "match.propose": _l("proposed the match to both sides"),
    "match.interest": _l("expressed interest"),
    "match.accept": _l("agreed to meet"),
    "match.decline": _l("declined"),
    "match.cancel": _l("withdrew the interest"),
    "match.withdraw": _l("withdrew the interest"),  # as earlier versions recorded it
    "match.expire": _l("recorded that nobody answered in time"),
    "match.promise": _l("promised not to disclose the other side's annex"),
    "match.revoke": _l("withdrew the promise not to disclose the annex"),
    "match.end": _l("ended the match"),
    "match.note_contact": _l("got in touch"),
    "match.negotiate": _l("recorded that both sides are negotiating"),
    "match.agree": _l("recorded an agreement that both sides confirmed"),
    "match.register": _l("recorded the registration of the contract"),
    "match.deliver": _l("recorded that the work has begun"),
    "match.complete": _l("recorded that the work is complete"),
    "match.verify": _l("verified what came of the match"),
    "match.stall": _l("recorded that nothing has happened for a long time"),
    "match.resume": _l("resumed the match"),
    "match.take_back": _l("undid the last step"),
    "match.put_right": _l("corrected where the match stands"),
    "match.follow_up": _l("followed up a match without an answer"),
    "match.nudge": _l("sent a reminder"),
    "meeting.propose": _l("proposed a meeting"),
    "meeting.accept": _l("accepted a time for the meeting"),
    "meeting.move": _l("proposed other times for the meeting"),
    "meeting.cancel": _l("cancelled the meeting"),
    "meeting.call_off": _l("called the meeting off: the match had ended"),
    "meeting.remind": _l("reminded both sides of the meeting"),
    "meeting.note_attendance": _l("recorded who came to the meeting"),
    "meeting.write_minutes": _l("wrote minutes of the meeting"),
    "agreement.draft": _l("drafted an agreement"),
    "agreement.save_draft": _l("continued drafting the agreement"),
    "agreement.discard_draft": _l("discarded the draft"),
    "agreement.send": _l("sent the agreement for consent"),
    "agreement.consent": _l("consented to the agreement"),
    "agreement.send_back": _l("sent the agreement back"),
    "agreement.take_back": _l("withdrew what was sent"),
    "agreement.in_force": _l("brought the agreement into force"),
    "agreement.end": _l("ended the agreement"),
    "agreement.name_person": _l("named a person for a post"),
    "agreement.note_consent": _l("recorded that a person agreed to be named"),
    "agreement.remove_person": _l("removed a person's name"),
    "agreement.add_milestone": _l("added a milestone"),
    "agreement.edit_milestone": _l("changed a milestone"),
    "agreement.finish_milestone": _l("marked a milestone as reached"),
    "agreement.reopen_milestone": _l("recorded that a milestone was not reached after all"),
    "agreement.remove_file": _l("deleted a file of a milestone"),
    "agreement.remove_milestone": _l("removed a milestone"),
    "agreement.note_payment": _l("recorded a payment"),
    "agreement.undo_payment": _l("undid the record of a payment"),
    "agreement.log_service": _l("wrote an entry of the service log"),
    "agreement.strike_service": _l("crossed out an entry of the service log"),
    "agreement.choose_facility": _l("chose the facility to be booked"),
    "agreement.offer_slots": _l("offered slots"),
    "agreement.withdraw_slot": _l("withdrew a slot"),
    "agreement.book_slot": _l("booked a slot"),
    "agreement.release_slot": _l("released a slot"),
    "agreement.prepare_registration": _l("prepared the registration of the contract"),
    "agreement.register_contract": _l("recorded the registration number of the contract"),
    "match.invite_curators": _l("invited the curators to take part in the thread"),
    "match.dismiss_curators": _l("withdrew the invitation of the curators"),
    "message.post": _l("wrote a message"),
    "message.delete": _l("deleted a message"),
    "file.store": _l("stored a file"),
    "file.delete": _l("deleted a file"),
    "match.ask": _l("asked about must-haves"),
    "match.answer": _l("answered about a must-have"),
    "bookmark.keep": _l("kept a listing"),
    "bookmark.watch": _l("kept a listing, to be told of changes"),
    "bookmark.remove": _l("no longer keeps a listing"),
    "search.save": _l("saved a search"),
    "search.delete": _l("deleted a saved search"),
    "outcome.report": _l("reported a result"),
    "outcome.correct": _l("corrected a result"),
    "outcome.confirm": _l("confirmed a result"),
    "outcome.dispute": _l("disputed a result"),
    "outcome.withdraw": _l("withdrew a result"),
    "outcome.verify": _l("verified a result"),
    "outcome.send_back": _l("sent a result back"),
    "outcome.revoke": _l("withdrew the verification of a result"),
    "outcome.ask": _l("asked both sides about progress"),
    "outcome.answer": _l("reported progress"),
    "outcome.rate": _l("said how satisfied they are"),
    "plan.load": _l("loaded the plan"),
    "audit.seal": _l("sealed the records before this one"),
    "demo.load": _l("loaded the demonstration"),
}

# What records are about.
SUBJECTS: Mapping[str, Any] = {
    "account": _l("Account"),
    "organisation": _l("Organisation"),
    "listing": _l("Listing"),
    "import": _l("Table"),
    "import_batch": _l("Table of several organisations"),
    "suggestion": _l("Suggestion"),
    "suggestion_mark": _l("Answer to a suggestion"),
    "match": _l("Match"),
    "meeting": _l("Meeting"),
    "agreement": _l("Agreement"),
    "bookmark": _l("Bookmark"),
    "saved_search": _l("Saved search"),
    "match_quality": _l("Quality of suggestions"),
    "message": _l("Message"),
    "file": _l("File"),
    "outcome": _l("Result of a match"),
    "satisfaction": _l("Satisfaction"),
    "plan": _l("Plan"),
    "data": _l("Personal data"),
    "contacts": _l("Contacts of organisation"),
    "audit": _l("Audit log"),
}


def action_label(action: str) -> str:
    """The action in words; one without words keeps its code."""
    return str(ACTIONS.get(action, action))


# What a record or a security event says beside its columns.
DETAILS: Mapping[str, Any] = {
    "account": _l("Account"),
    "action": _l("What"),
    "after": _l("After"),
    "before": _l("Before"),
    "by": _l("To be done by"),
    "capabilities": _l("May post capabilities"),
    "capability": _l("Capability"),
    "choices": _l("Choices"),
    "cleared": _l("Members removed"),
    "code": _l("Code"),
    "contract_type": _l("Type of contract"),
    "days": _l("Days"),
    "deadline": _l("Deadline"),
    "due": _l("Due date"),
    "entry": _l("Entry"),
    "facility": _l("Facility"),
    "fields": _l("Fields"),
    "file": _l("File"),
    "files": _l("Files"),
    "grade": _l("Assessment"),
    "identity": _l("Identity"),
    "imports": _l("Tables"),
    "instrument": _l("Kind of agreement"),
    "issuer": _l("Institution"),
    "kept": _l("Organisation that stays"),
    "kind": _l("Kind"),
    "listing": _l("Listing"),
    "listings": _l("Listings"),
    "mails": _l("Mails"),
    "match": _l("Match"),
    "merged": _l("Organisation that becomes part of it"),
    "milestone": _l("Milestone"),
    "need": _l("Need"),
    "needs": _l("May post needs"),
    "notices": _l("Notices"),
    "number": _l("Number"),
    "of": _l("Account number"),
    "organisation": _l("Organisation"),
    "papers": _l("Papers"),
    "path": _l("Address"),
    "person": _l("Person"),
    "place": _l("Place in the list"),
    "progress": _l("Progress"),
    "provinces": _l("Provinces"),
    "purpose": _l("Purpose"),
    "query": _l("Filters"),
    "reason": _l("Reason"),
    "records": _l("Records"),
    "registrations": _l("Registrations"),
    "role": _l("Role"),
    "rows": _l("Rows"),
    "scope": _l("Scope"),
    "sessions": _l("Sessions"),
    "sha256": _l("Checksum (SHA-256)"),
    "side": _l("Side of the pair"),
    "size": _l("Size in bytes"),
    "slot": _l("Slot"),
    "slots": _l("Slots"),
    "status": _l("State"),
    "suggestion": _l("Suggestion"),
    "they_came": _l("The other side came"),
    "title": _l("Title"),
    "topics": _l("Topics"),
    "until": _l("Until"),
    "user": _l("Account number"),
    "version": _l("Version"),
    "we_came": _l("Our side came"),
    "why": _l("Reason"),
}
# Names of fields, as "fields" and "identity" list them.
FIELDS: Mapping[str, Any] = {
    "annex": _l("Confidential annex"),
    "budget_max": _l("Budget up to"),
    "budget_min": _l("Budget from"),
    "city": _l("City or prefecture"),
    "contact_email": _l("Contact's e-mail"),
    "contact_name": _l("Contact person"),
    "contact_phone": _l("Contact's telephone (optional)"),
    "deadline": _l("Deadline"),
    "deployments": _l("Where it is in use"),
    "description": _l("Description"),
    "details": _l("Details"),
    "evidence": _l("Evidence"),
    "fund_source": _l("Source of funds"),
    "goal": _l("Goal"),
    "ip_status": _l("Intellectual property"),
    "language": _l("Language of the text"),
    "licences": _l("Licensing options"),
    "modes": _l("Ways to cooperate"),
    "must_haves": _l("Must have"),
    "name_other": _l("Name in English or Spanish"),
    "name_zh": _l("Name in Chinese"),
    "nice_to_haves": _l("Nice to have"),
    "other_language": _l("Language of that name"),
    "province": _l("Province"),
    "references": _l("Patents, papers and standards"),
    "resource": _l("What it is"),
    "seats": _l("Places for trainees"),
    "sectors": _l("Sectors"),
    "summary": _l("Summary"),
    "summary_language": _l("Language of this text"),
    "talent_kind": _l("People"),
    "talent_months": _l("For how many months"),
    "talent_number": _l("How many people"),
    "tasks": _l("Key tasks"),
    "title": _l("Title"),
    "trl": _l("Readiness level (TRL)"),
    "trl_high": _l("Readiness level, up to"),
    "type": _l("Kind of organisation"),
    "uscc": _l("Unified social credit code"),
    "website": _l("Website"),
}
# Details that are codes: the lists that may hold them, the first that does tells.
CODED: Mapping[str, tuple[str, ...]] = {
    "after": ("match_status",),
    "before": ("match_status",),
    "by": ("milestone_by",),
    "grade": ("pair_grade",),
    "kind": ("listing_kind",),
    "progress": ("match_progress",),
    "reason": (
        "close_reason", "decline_reason", "end_reason", "cancel_reason", "put_right_reason",
        "hold_reason", "dismiss_reason", "agreement_end_reason",
    ),
    "role": ("organisation_role", "staff_role"),
    "side": ("listing_kind",),
    "status": ("organisation_status", "match_status"),
    "topics": ("notice_topic",),
}  # fmt: skip


DATES = frozenset({"due", "until", "deadline"})  # as ISO 8601
# Details that are codes of no list.
WORDED: Mapping[str, Mapping[str, Any]] = {
    "by": {"administrator": _l("An administrator"), "curator": _l("A curator")},
    "purpose": {
        "annex": _l("Confidential annex"),
        "message": _l("Message"),
        "milestone": _l("Milestone"),
        "result": _l("Result of a match"),
        "verification": _l("Verification"),
    },
}


def actor_told(name: str) -> str:
    """Who a record says it was: a person, the jobs, or somebody without an account."""
    if name == SYSTEM.name:
        return str(gettext("The platform"))
    return name or str(gettext("A visitor"))


def details_told(details: Mapping[str, Any], language: str) -> str:
    """Return what a record says beside its columns, in the reader's language."""
    return _in_a_row(
        (_name_told(name, value), _value_told(name, value, language))
        for name, value in details.items()
        if value not in ("", [], {})
    )


def _in_a_row(pairs: Iterable[tuple[str, str]]) -> str:
    told = [str(gettext("%(name)s: %(value)s", name=name, value=value)) for name, value in pairs]
    return str(gettext("; ")).join(told)


def _name_told(name: str, value: Any) -> str:
    if name == "by" and value not in codelists.codes("milestone_by"):  # who looked at contacts
        return str(gettext("Seen by"))
    return str(DETAILS.get(name, name))


def _choices_told(choices: Mapping[str, Sequence[Any]], language: str) -> str:
    """Return how somebody wants to be told, topic by topic."""
    on_the_site = str(gettext("On the site"))
    return _in_a_row(
        (
            codelists.label("notice_topic", topic, language),
            phrasing.listed(
                [
                    *([on_the_site] if in_app else []),
                    codelists.label("mail_frequency", mail, language),
                ],
                language,
            ),
        )
        for topic, (in_app, mail, *_) in choices.items()
    )


def _value_told(name: str, value: Any, language: str) -> str:
    match value:
        case bool():
            return str(gettext("Yes") if value else gettext("No"))
        case list():
            return phrasing.listed([_value_told(name, one, language) for one in value], language)
        case dict() if name == "choices":
            return _choices_told(value, language)
        case dict():
            return details_told(value, language)
        case None:
            return "–"
    text = str(value)
    if name in DATES:
        return show_date(date.fromisoformat(text))
    if name in {"fields", "identity"}:
        return str(FIELDS.get(text, text))
    if name == "provinces" and text in regions.all_regions():
        return regions.region_name(text, language)
    if text in WORDED.get(name, {}):
        return str(WORDED[name][text])
    for codelist in CODED.get(name, ()):
        if text in codelists.codes(codelist):
            return codelists.label(codelist, text, language)
    return text
