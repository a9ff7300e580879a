"""Errors between a service and its caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, nonmember


class ConfigurationError(Exception):
    """The installation's settings do not allow a start; the message says what to change."""


class NotAllowed(Exception):
    """The actor may not do this, or the thing does not exist: the two look alike."""


@dataclass
class Conflict(Exception):
    """Somebody else acted first. The page shows the newest audit records about the subject."""

    subject_type: str
    subject_id: int


@dataclass
class LimitReached(Exception):
    """An act was done as often as it may be; `act` is one of `limits.states.Act`."""

    act: str
    again_at: datetime


class Refusal(StrEnum):
    """Rules of the domains that may forbid a move; `pages.shared.refusals` has the sentences."""

    # accounts
    NO_ADDRESS = "no_address"
    ADDRESS_KNOWN = "address_known"
    ADDRESS_UNPROVEN = "address_unproven"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_LIKE_ADDRESS = "too_like_address"
    TOO_COMMON = "too_common"
    NAMES_SOMEBODY = "names_somebody"
    ROWS_OF_KEYS = "rows_of_keys"
    REPEATS = "repeats"
    SEQUENCES = "sequences"
    DATES = "dates"
    EASY_TO_GUESS = "easy_to_guess"
    FACTOR_STANDS = "factor_stands"
    NO_FACTOR = "no_factor"
    FACTOR_REQUIRED = "factor_required"
    WRONG_CODE = "wrong_code"
    OWN_ACCOUNT = "own_account"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_NOT_SUSPENDED = "account_not_suspended"
    NO_PROVINCE = "no_province"
    HAS_ROLE = "has_role"
    LAST_ADMINISTRATOR = "last_administrator"
    NO_ACCOUNT = "no_account"
    SIGN_IN_UNLINKED = "sign_in_unlinked"
    LINKED_OTHERWISE = "linked_otherwise"
    OFFICER_WITHOUT_APP = "officer_without_app"
    SIGN_IN_SUSPENDED = "sign_in_suspended"

    # organisations
    BELONGS_ALREADY = "belongs_already"
    STAFF_CANNOT_JOIN = "staff_cannot_join"
    ALREADY_A_MEMBER = "already_a_member"
    INVITATIONS_UNVERIFIED = "invitations_unverified"
    INVITATION_ACCEPTED = "invitation_accepted"
    LAST_OWNER = "last_owner"
    ORGANISATION_SUSPENDED = "organisation_suspended"
    DATES_IMPOSSIBLE = "dates_impossible"
    CODE_TAKEN = "code_taken"
    CHANGE_OVERTAKEN = "change_overtaken"
    SECOND_OFFICER = "second_officer"
    APPEAL_TO_ANOTHER = "appeal_to_another"
    REFUSAL_STANDS = "refusal_stands"
    NOTHING_SENT = "nothing_sent"
    PEOPLE_ENOUGH = "people_enough"
    CLAIM_WAITS = "claim_waits"
    CLAIM_TOO_SOON = "claim_too_soon"
    CLAIM_TOO_EARLY = "claim_too_early"
    CLAIM_FILES_ENOUGH = "claim_files_enough"
    CLAIMANT_AWAY = "claimant_away"
    OBJECTED_ALREADY = "objected_already"
    OBJECTION_TOO_LATE = "objection_too_late"
    MERGED_ALREADY = "merged_already"
    MERGE_NEEDS_TWO_OPEN = "merge_needs_two_open"
    WORK_TOGETHER = "work_together"
    MERGE_STANDS = "merge_stands"
    MERGE_UNDER_ANOTHER = "merge_under_another"

    # listings
    KIND_NOT_OPEN = "kind_not_open"
    ORGANISATION_UNVERIFIED = "organisation_unverified"
    LISTING_INCOMPLETE = "listing_incomplete"
    DEADLINE_PASSED = "deadline_passed"
    LISTING_MOVE_CLOSED = "listing_move_closed"
    DEADLINE_NOT_LATER = "deadline_not_later"
    LISTING_UNSAVED = "listing_unsaved"
    LISTING_KEPT = "listing_kept"
    NO_CLOSE_REASON = "no_close_reason"
    CORRECTION_TAKEN_BACK = "correction_taken_back"
    CORRECTION_APPROVED = "correction_approved"
    CORRECTION_OVERTAKEN = "correction_overtaken"
    EARLIER_DEADLINE_PASSED = "earlier_deadline_passed"

    # tables that are brought
    TABLE_TOO_LONG = "table_too_long"
    TABLE_EMPTY = "table_empty"
    TABLE_WITHOUT_TITLES = "table_without_titles"
    TABLE_WITHOUT_ORGANISATIONS = "table_without_organisations"
    NOTHING_PLACED = "nothing_placed"
    NOTHING_ENTERED = "nothing_entered"
    UNDO_TOO_LATE = "undo_too_late"
    RECORD_TYPE = "record_type"
    RECORD_EMPTY = "record_empty"

    # suggestions
    NOT_A_PAIR = "not_a_pair"
    PAIR_OF_ONE_ORGANISATION = "pair_of_one_organisation"
    PAIR_UNPUBLISHED = "pair_unpublished"
    PAIR_SUGGESTED = "pair_suggested"
    PAIR_OUT_OF_SCOPE = "pair_out_of_scope"
    PAIR_IS_MATCH = "pair_is_match"
    SUGGESTION_MOVE_CLOSED = "suggestion_move_closed"
    NO_DISMISS_REASON = "no_dismiss_reason"
    INTEREST_STANDS = "interest_stands"

    # matches
    INTEREST_EXPRESSED = "interest_expressed"
    OWN_ORGANISATION_UNVERIFIED = "own_organisation_unverified"
    LISTING_WITHDRAWN = "listing_withdrawn"
    PAIR_HELD_BACK = "pair_held_back"
    PARTNER_UNAVAILABLE = "partner_unavailable"
    ANSWER_TOO_LATE = "answer_too_late"
    NO_END_REASON = "no_end_reason"
    TAKE_BACK_TOO_LATE = "take_back_too_late"
    NOT_TO_THIS_STATE = "not_to_this_state"

    # what follows once both sides want to work together
    NOT_TOGETHER = "not_together"

    # meetings
    NO_TIMES = "no_times"
    TIME_PASSED = "time_passed"
    TIME_FAR_AHEAD = "time_far_ahead"
    TIME_TWICE = "time_twice"
    LENGTH_OUT_OF_RANGE = "length_out_of_range"
    NO_WHEREABOUTS = "no_whereabouts"

    # agreements
    TERMS_INCOMPLETE = "terms_incomplete"
    AGREEMENT_NOT_IN_FORCE = "agreement_not_in_force"
    PERSON_BOUND = "person_bound"
    PERIOD_BACKWARDS = "period_backwards"
    DAY_TO_COME = "day_to_come"
    SLOT_OVERLAPS = "slot_overlaps"
    SLOT_OVER = "slot_over"
    CONTRACT_NUMBER_TAKEN = "contract_number_taken"
    TECHNOLOGY_OVER_CONTRACT = "technology_over_contract"

    # results
    NO_MEASURE = "no_measure"
    AMOUNT_IMPLAUSIBLE = "amount_implausible"
    PERIOD_TOO_EARLY = "period_too_early"
    PERIOD_IN_FUTURE = "period_in_future"
    RESULT_BACKWARDS = "result_backwards"
    NO_EVIDENCE = "no_evidence"
    NO_WEB_ADDRESS = "no_web_address"
    NO_CONTRACT_NUMBER = "no_contract_number"
    REPORTED_ALREADY = "reported_already"
    CONTRACT_COUNTED = "contract_counted"
    NO_WORDS = "no_words"
    FOLLOW_UP_EXPIRED = "follow_up_expired"
    NO_PROGRESS_CHOSEN = "no_progress_chosen"
    NO_MARK = "no_mark"
    NOTHING_VERIFIED = "nothing_verified"

    # threads
    MATCH_ENDED = "match_ended"
    MESSAGE_EMPTY = "message_empty"
    MESSAGE_TOO_LONG = "message_too_long"
    TOO_LATE_TO_DELETE = "too_late_to_delete"

    # files
    NO_FILE = "no_file"
    TOO_MANY_FILES = "too_many_files"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    FILE_TYPE = "file_type"
    FILE_BROKEN = "file_broken"
    FILE_PROTECTED = "file_protected"
    FILE_MACROS = "file_macros"
    FILE_TWO_KINDS = "file_two_kinds"
    FILE_UNPACKS = "file_unpacks"
    FILE_PIXELS = "file_pixels"
    FILE_INFECTED = "file_infected"
    SCANNER_SILENT = "scanner_silent"
    FILES_FULL = "files_full"

    # the first step towards a listing, and questions about must-haves
    STAFF_CANNOT_APPROACH = "staff_cannot_approach"
    OWN_ORGANISATION_SUSPENDED = "own_organisation_suspended"
    NO_ORGANISATION = "no_organisation"
    OWN_LISTING = "own_listing"
    LISTING_NOT_SHOWN = "listing_not_shown"
    LISTING_MATCHED = "listing_matched"
    NOT_A_WRITER = "not_a_writer"
    OTHER_KIND_NOT_OPEN = "other_kind_not_open"
    NOTHING_ASKED = "nothing_asked"
    ANSWER_INCOMPLETE = "answer_incomplete"

    # searches
    TOO_MANY_SEARCHES = "too_many_searches"

    # quality
    TOO_FEW_JUDGED = "too_few_judged"

    # What is wrong with files that came with a form.
    OF_FILES = nonmember(
        (
            NO_FILE,
            CLAIM_FILES_ENOUGH,
            TOO_MANY_FILES,
            FILE_EMPTY,
            FILE_TOO_LARGE,
            FILE_TYPE,
            FILE_BROKEN,
            FILE_PROTECTED,
            FILE_MACROS,
            FILE_TWO_KINDS,
            FILE_UNPACKS,
            FILE_PIXELS,
            FILE_INFECTED,
            SCANNER_SILENT,
            FILES_FULL,
        )
    )


class Refused(Exception):
    """A rule of the domain forbids the move; `data` fills the sentence that a page makes of it."""

    def __init__(self, refusal: Refusal, **data: object) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.data = data


class UnusableFile(Exception):
    """A data file is not what it should be; the message names it and says why."""
