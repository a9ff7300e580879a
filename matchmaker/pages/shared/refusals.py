"""What a rule of the domain forbids, said to the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Refusal, Refused
from matchmaker.pages.shared.curators import own_contacts
from matchmaker.web import error_pages

SENTENCES: Mapping[Refusal, Any] = {
    Refusal.NO_ADDRESS: _l("%(email)s is not an e-mail address."),
    Refusal.ADDRESS_KNOWN: _l("%(email)s already has an account."),
    Refusal.ADDRESS_UNPROVEN: _l("This e-mail address has not been confirmed yet."),
    Refusal.TOO_SHORT: _l("Password: at least %(number)s characters."),
    Refusal.TOO_LONG: _l("Password: at most %(number)s characters."),
    Refusal.TOO_LIKE_ADDRESS: _l("Password: please do not use your e-mail address."),
    Refusal.TOO_COMMON: _l("Password: this one is too common. Please choose another."),
    Refusal.NAMES_SOMEBODY: _l(
        "Password: your name and the names of your organisation and this site are guessed first. "
        "Please choose several words that do not belong together."
    ),
    Refusal.ROWS_OF_KEYS: _l(
        "Password: rows of keys on a keyboard are guessed first. Please choose several words that "
        "do not belong together."
    ),
    Refusal.REPEATS: _l(
        "Password: repeating something does not make it much harder to guess. Please choose "
        "several words that do not belong together."
    ),
    Refusal.SEQUENCES: _l(
        "Password: characters in their usual order are easy to guess. "
        "Please choose several words that do not belong together."
    ),
    Refusal.DATES: _l(
        "Password: dates and years are easy to guess. "
        "Please choose several words that do not belong together."
    ),
    Refusal.EASY_TO_GUESS: _l(
        "Password: this one is easy to guess. Please add a word or two, preferably rare ones."
    ),
    Refusal.FACTOR_STANDS: _l("Your app is already set up. Remove it before you set up another."),
    Refusal.NO_FACTOR: _l("No authenticator app is set up."),
    Refusal.FACTOR_REQUIRED: _l("Your role requires an authenticator app."),
    Refusal.WRONG_CODE: _l(
        "Verification code: wrong code. Check the clock of your telephone, and type the newest "
        "code."
    ),
    Refusal.OWN_ACCOUNT: _l("You cannot suspend your own account."),
    Refusal.ACCOUNT_SUSPENDED: _l("This account is already suspended."),
    Refusal.ACCOUNT_NOT_SUSPENDED: _l("This account is not suspended."),
    Refusal.NO_PROVINCE: _l("A provincial curator needs at least one province."),
    Refusal.HAS_ROLE: _l("This account already has that role."),
    Refusal.LAST_ADMINISTRATOR: _l(
        "This is the last administrator. Give another person that role first."
    ),
    Refusal.NO_ACCOUNT: _l(
        "There is no account here for the e-mail address that %(institution)s gave. Register "
        "your organisation with that address, or ask its account manager for an invitation."
    ),
    Refusal.SIGN_IN_UNLINKED: _l(
        "This sign-in was unlinked from your account. Sign in with your password; "
        "“Your account” allows it again."
    ),
    Refusal.LINKED_OTHERWISE: _l(
        "Another person of %(institution)s is linked to this account. Sign in with your "
        "password and unlink them first."
    ),
    Refusal.OFFICER_WITHOUT_APP: _l(
        "Your role needs an authenticator app for this. "
        "Sign in with your password and set one up first."
    ),
    Refusal.SIGN_IN_SUSPENDED: _l(
        "This account is suspended. Please write to the administrator of this site."
    ),
    Refusal.BELONGS_ALREADY: _l("You already belong to an organisation."),
    Refusal.STAFF_CANNOT_JOIN: _l(
        "Curators, evaluators and administrators cannot belong to an organisation."
    ),
    Refusal.ALREADY_A_MEMBER: _l("E-mail: this person is already a member."),
    Refusal.INVITATIONS_UNVERIFIED: _l(
        "E-mail: before your organisation is verified, you can send %(number)s invitations."
    ),
    Refusal.INVITATION_ACCEPTED: _l("This invitation has already been accepted."),
    Refusal.LAST_OWNER: _l(
        "This is the last account manager. Give another member that role first, so that the "
        "organisation keeps one."
    ),
    Refusal.ORGANISATION_SUSPENDED: _l("This organisation is suspended. Reinstate it first."),
    Refusal.MERGED_ALREADY: _l("One of the two has already become part of another organisation."),
    Refusal.MERGE_NEEDS_TWO_OPEN: _l(
        "One of the two is suspended or closed. Reinstate or verify it first."
    ),
    Refusal.WORK_TOGETHER: _l(
        "The two have a match or an agreement with each other, so they cannot be merged."
    ),
    Refusal.MERGE_STANDS: _l("It was done more than seven days ago. It can no longer be undone."),
    Refusal.MERGE_UNDER_ANOTHER: _l(
        "The organisation that stayed is itself part of another one. Undo that first."
    ),
    Refusal.DATES_IMPOSSIBLE: _l("Please check the dates of the verification."),
    Refusal.CODE_TAKEN: _l(
        "Another organisation has been registered with this code. Refuse the change, or find out "
        "whose code it is."
    ),
    Refusal.CHANGE_OVERTAKEN: _l("The profile has changed since. Please look at it again."),
    Refusal.SECOND_OFFICER: _l("Another curator has to confirm what you have checked."),
    Refusal.APPEAL_TO_ANOTHER: _l(
        "You refused this organisation before. Another curator decides on its appeal."
    ),
    Refusal.REFUSAL_STANDS: _l(
        "A second curator has refused too. Please contact the curators if something has changed."
    ),
    Refusal.NOTHING_SENT: _l("Write something, or choose a file."),
    Refusal.CLAIM_WAITS: _l("You have a request for this account already; it is waiting."),
    Refusal.CLAIM_TOO_SOON: _l(
        "Your last request was refused. Days until you can ask again: %(number)s."
    ),
    Refusal.CLAIM_TOO_EARLY: _l(
        "Those who can object have seven days. Decide when these have passed."
    ),
    Refusal.CLAIM_FILES_ENOUGH: _l("A request takes %(most)s files at most, with all answers."),
    Refusal.CLAIMANT_AWAY: _l("This person cannot sign in at present. Refuse the request."),
    Refusal.OBJECTED_ALREADY: _l("You have already objected. The curators read what you wrote."),
    Refusal.OBJECTION_TOO_LATE: _l(
        "The seven days to object are over. Please write to the curators."
    ),
    Refusal.PEOPLE_ENOUGH: _l("At most %(most)s people can be named."),
    Refusal.KIND_NOT_OPEN: _l("The organisation may not post listings of this kind."),
    Refusal.ORGANISATION_UNVERIFIED: _l(
        "Only verified organisations can publish. The verification is missing or has lapsed."
    ),
    Refusal.LISTING_INCOMPLETE: _l(
        "The listing is not complete yet. Open it to see what is missing."
    ),
    Refusal.DEADLINE_PASSED: _l("The deadline has passed. Please choose a later one."),
    Refusal.LISTING_MOVE_CLOSED: _l("The listing is not in a state in which this can be done."),
    Refusal.DEADLINE_NOT_LATER: _l(
        "Please choose a day after the present deadline. An earlier one is a change of the text, "
        "for a curator to read."
    ),
    Refusal.LISTING_UNSAVED: _l(
        "Some of what was typed is not saved yet. Open the form, check it and send it from there."
    ),
    Refusal.LISTING_KEPT: _l("Others have read this listing, so it can be closed but not deleted."),
    Refusal.NO_CLOSE_REASON: _l("Please choose a reason from the list."),
    Refusal.CORRECTION_TAKEN_BACK: _l("This correction has already been undone."),
    Refusal.CORRECTION_APPROVED: _l(
        "A curator has approved the text since, so the correction stays."
    ),
    Refusal.CORRECTION_OVERTAKEN: _l(
        "The listing has changed since. The text before the correction cannot be put back."
    ),
    Refusal.EARLIER_DEADLINE_PASSED: _l("The earlier deadline has passed, so the later one stays."),
    Refusal.TABLE_TOO_LONG: _l(
        "At most %(most)s rows can be imported at once; this table has %(number)s. Please split it."
    ),
    Refusal.TABLE_EMPTY: _l("There are no rows under the headings."),
    Refusal.TABLE_WITHOUT_TITLES: _l("Say for each sheet which column holds the titles."),
    Refusal.RECORD_TYPE: _l(
        "%(name)s: choose an export from CNKI, RIS or EndNote, a DOCX, or a PDF that has text."
    ),
    Refusal.RECORD_EMPTY: _l(
        "%(name)s: no title was found in it. A PDF that was scanned has no text."
    ),
    Refusal.TABLE_WITHOUT_ORGANISATIONS: _l(
        "No column says which organisation a row is of. Call it 单位名称, organisation or entidad."
    ),
    Refusal.NOTHING_ENTERED: _l("There are no rows left to enter."),
    Refusal.NOTHING_PLACED: _l("Choose an organisation for at least one name."),
    Refusal.UNDO_TOO_LATE: _l("This could be undone for one day only, and that day has passed."),
    Refusal.NOT_A_PAIR: _l("A pair is one need and one capability."),
    Refusal.PAIR_OF_ONE_ORGANISATION: _l("Both listings belong to the same organisation."),
    Refusal.PAIR_UNPUBLISHED: _l("Only published listings can be suggested to each other."),
    Refusal.PAIR_SUGGESTED: _l("This pair has already been suggested."),
    Refusal.PAIR_OUT_OF_SCOPE: _l(
        "Choose at least one listing of your own provinces, and none of your own organisation."
    ),
    Refusal.PAIR_IS_MATCH: _l(
        "This pair has already been proposed to both sides and is now a match."
    ),
    Refusal.SUGGESTION_MOVE_CLOSED: _l("This is not possible in the suggestion's current state."),
    Refusal.NO_DISMISS_REASON: _l("Choose why this partner is not for you."),
    Refusal.INTEREST_STANDS: _l(
        "You have expressed interest here. Withdraw it first, on the page of the match."
    ),
    Refusal.INTEREST_EXPRESSED: _l("Your organisation has already answered. See the match page."),
    Refusal.OWN_ORGANISATION_UNVERIFIED: _l(
        "Your organisation has to be verified first. A curator of your province does that."
    ),
    Refusal.LISTING_WITHDRAWN: _l("One of the two listings is not published any more."),
    Refusal.PAIR_HELD_BACK: _l(
        "This pair cannot go on at present. Ask the curators of your province why."
    ),
    Refusal.PARTNER_UNAVAILABLE: _l("One of the two organisations cannot take part at present."),
    Refusal.ANSWER_TOO_LATE: _l(
        "The time to answer is over. Either side may express interest again."
    ),
    Refusal.NO_END_REASON: _l("Choose a reason."),
    Refusal.TAKE_BACK_TOO_LATE: _l("A step can be undone within one day. That day has passed."),
    Refusal.NOT_TO_THIS_STATE: _l("The match cannot be set to this state. Choose another."),
    Refusal.NOT_TOGETHER: _l("This can be done only while both sides want to work together."),
    Refusal.NO_TIMES: _l("Times: propose one to five."),
    Refusal.TIME_PASSED: _l("Times: every time must be in the future."),
    Refusal.TIME_FAR_AHEAD: _l("Times: at most one year ahead."),
    Refusal.TIME_TWICE: _l("Times: propose each time once."),
    Refusal.LENGTH_OUT_OF_RANGE: _l("Length: from 15 minutes to 8 hours."),
    Refusal.NO_WHEREABOUTS: _l("Place or link: please fill in at least one of them."),
    Refusal.TERMS_INCOMPLETE: _l(
        "The agreement is not complete yet. Open it to see what is missing."
    ),
    Refusal.AGREEMENT_NOT_IN_FORCE: _l("This can be done only while the agreement is in force."),
    Refusal.PERSON_BOUND: _l(
        "Name: another agreement has this person full time from %(begin)s to %(end)s. Choose "
        "other days, part time, or another person."
    ),
    Refusal.PERIOD_BACKWARDS: _l("Last day: it must not be before the first."),
    Refusal.DAY_TO_COME: _l("Day: it is in the future. Give today or an earlier day."),
    Refusal.SLOT_OVERLAPS: _l("Begins: this facility already has a slot at this time."),
    Refusal.SLOT_OVER: _l("Begins: this time has passed. Choose a later one."),
    Refusal.CONTRACT_NUMBER_TAKEN: _l(
        "Registration number: another agreement already has it. A contract counts once."
    ),
    Refusal.TECHNOLOGY_OVER_CONTRACT: _l(
        "Technology value as registered: not more than the contract value."
    ),
    Refusal.MATCH_ENDED: _l(
        "The match has ended. What was written stays here; nothing new can be added."
    ),
    Refusal.MESSAGE_EMPTY: _l("Message: write something, or choose a file."),
    Refusal.MESSAGE_TOO_LONG: _l("Message: at most %(longest)s characters."),
    Refusal.TOO_LATE_TO_DELETE: _l(
        "A message can be deleted by its author, within 15 minutes. After that it stays."
    ),
    Refusal.NO_FILE: _l("Files: choose at least one."),
    Refusal.TOO_MANY_FILES: _l("Files: at most %(most)s at once."),
    Refusal.FILE_EMPTY: _l("%(name)s is empty."),
    Refusal.FILE_TOO_LARGE: _l("%(name)s is too large. A file may have 20 MiB at most."),
    Refusal.FILE_TYPE: _l(
        "%(name)s is not of a type that can be sent: PDF, DOCX, XLSX, PPTX, PNG, JPEG or WebP, "
        "without animation. The content counts, not the name."
    ),
    Refusal.FILE_BROKEN: _l("%(name)s cannot be read. Save it again and send that file."),
    Refusal.FILE_PROTECTED: _l("%(name)s is protected by a password. Send it without one."),
    Refusal.FILE_MACROS: _l(
        "%(name)s contains macros, scripts or other files, or fetches them from elsewhere. "
        "Save it without them, for instance by printing it to PDF."
    ),
    Refusal.FILE_TWO_KINDS: _l(
        "%(name)s is more than one kind of file at once. Save it again and send that file."
    ),
    Refusal.FILE_UNPACKS: _l("%(name)s is far larger when unpacked than a document should be."),
    Refusal.FILE_PIXELS: _l("%(name)s has too many pixels. A picture may have 40 million at most."),
    Refusal.FILE_INFECTED: _l("%(name)s was not stored: the virus scanner found something in it."),
    Refusal.SCANNER_SILENT: _l(
        "%(name)s was not stored: the virus scanner does not answer. Please try again later."
    ),
    Refusal.FILES_FULL: _l(
        "%(name)s was not stored: with it, your organisation would have more than %(most)s MiB. "
        "Delete files that are not needed."
    ),
    Refusal.STAFF_CANNOT_APPROACH: _l(
        "Members of organisations take the first step. Curators propose pairs at the desk."
    ),
    Refusal.OWN_ORGANISATION_SUSPENDED: _l(
        "Your organisation is suspended. Once a curator has reinstated it, you can take this step."
    ),
    Refusal.NO_ORGANISATION: _l(
        "You act for an organisation here. Register yours, or ask its account manager to "
        "invite you."
    ),
    Refusal.OWN_LISTING: _l(
        "This is your own organisation's listing. Others can approach you here."
    ),
    Refusal.LISTING_NOT_SHOWN: _l(
        "This listing is not published at present. Once its organisation shows it again, "
        "you can take this step."
    ),
    Refusal.LISTING_MATCHED: _l(
        "Your organisation and theirs are already in touch over this listing."
    ),
    Refusal.NOT_A_WRITER: _l(
        "You can read but not act for your organisation. An account manager or editor can take "
        "this step. An account manager can also make you an editor."
    ),
    Refusal.OTHER_KIND_NOT_OPEN: _l(
        "This needs a listing of the other kind, which your organisation may not post. A curator "
        "of your province can allow it."
    ),
    Refusal.NOTHING_ASKED: _l("Must-haves: choose at least one to ask about."),
    Refusal.ANSWER_INCOMPLETE: _l("Answer: choose one, and say in a few words why."),
    Refusal.TOO_MANY_SEARCHES: _l(
        "You have saved %(number)s searches, which is the most. Delete one first."
    ),
    Refusal.NO_MEASURE: _l("What came of it: choose one from the list."),
    Refusal.AMOUNT_IMPLAUSIBLE: _l(
        "How much: more than zero, and no more than is possible for such a result."
    ),
    Refusal.PERIOD_TOO_EARLY: _l("From: the year 2000 or later."),
    Refusal.PERIOD_IN_FUTURE: _l("Until: today or earlier. Report what has happened."),
    Refusal.RESULT_BACKWARDS: _l("Until: not before the first day."),
    Refusal.NO_EVIDENCE: _l(
        "Evidence: give words, a link, a number or a file, so that it can be checked."
    ),
    Refusal.NO_WEB_ADDRESS: _l("Link: please give an address that begins with https://."),
    Refusal.NO_CONTRACT_NUMBER: _l(
        "Contract number: a contract counts once, by its number. Please give it."
    ),
    Refusal.REPORTED_ALREADY: _l(
        "This result is already on the page of the match. Correct it there if it is wrong."
    ),
    Refusal.CONTRACT_COUNTED: _l(
        "The contract with this number already counts for another result."
    ),
    Refusal.NO_WORDS: _l("Please describe what is wrong."),
    Refusal.FOLLOW_UP_EXPIRED: _l("The time to answer by this link is over."),
    Refusal.NO_PROGRESS_CHOSEN: _l("Choose one of the three answers."),
    Refusal.NOTHING_VERIFIED: _l("Verify at least one result of the match first."),
    Refusal.NO_MARK: _l("Choose a mark from 1 to 5 for each question."),
    Refusal.TOO_FEW_JUDGED: _l("Too few needs have been assessed to measure anything yet."),
}


# Their sentences send the reader to the curators.
ASKING_CURATORS = frozenset(
    {
        Refusal.REFUSAL_STANDS,
        Refusal.OWN_ORGANISATION_UNVERIFIED,
        Refusal.PAIR_HELD_BACK,
        Refusal.OTHER_KIND_NOT_OPEN,
    }
)


def register(app: Flask) -> None:
    app.register_error_handler(Refused, refused)


def refused(error: Refused) -> tuple[str, int]:
    curators = own_contacts() if error.refusal in ASKING_CURATORS else ()
    said = sentence(error.refusal, **error.data)
    return error_pages.page(422, sentence=said, curators=curators)


def sentence(refusal: Refusal, **data: object) -> str:
    """Say the refusal in the reader's language."""
    return str(SENTENCES[refusal]) % data
