from __future__ import annotations

from enum import StrEnum, nonmember


class ImportStatus(StrEnum):
    """How far a table has come on its way to drafts."""

    MAPPING = "mapping"  # somebody says what its columns hold
    CHECKING = "checking"
    CHECKED = "checked"  # somebody looks at what would come of it
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"

    # The worker goes through the rows.
    AT_WORK = nonmember((CHECKING, RUNNING, UNDOING))
    # No draft has been made of it yet.
    BEFORE = nonmember((MAPPING, CHECKING, CHECKED))


class BatchStatus(StrEnum):
    """How far a table has come that a curator brought."""

    NAMING = "naming"  # somebody says which organisations its rows are of
    CHECKED = "checked"  # somebody looks at the organisations that would come of it
    DONE = "done"
    UNDONE = "undone"


class RowStatus(StrEnum):
    """What comes, or came, of a row."""

    WAITING = "waiting"
    NEW = "new"
    CHANGED = "changed"  # it has something new for a draft made of it before
    SAME = "same"
    REFUSED = "refused"
    CREATED = "created"
    UPDATED = "updated"
    TAKEN_BACK = "taken_back"
    KEPT = "kept"  # not taken back: somebody has worked on the draft since

    TO_TAKE = nonmember((NEW, CHANGED))
    TAKEN = nonmember((CREATED, UPDATED))


class RowFault(StrEnum):
    """Why a row is refused, beside what its cells alone tell (`tables.sheets.Fault`)."""

    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    LONG_LINE = "long_line"
    AMOUNT = "amount"
    TOO_MUCH = "too_much"
    BACKWARDS = "backwards"
    DAY = "day"
    DAY_OVER = "day_over"
    DAY_FAR = "day_far"
    NUMBER = "number"
    MEASURE = "measure"
    KEY_USED = "key_used"
    TITLE_USED = "title_used"
    UNDER_REVIEW = "under_review"
    PUBLISHED = "published"
    CLOSED = "closed"
    EDITED_HERE = "edited_here"


class EntryStatus(StrEnum):
    """What comes, or came, of a row of a table of organisations."""

    NEW = "new"
    HERE = "here"  # by its code, or by the row's own id
    ALIKE = "alike"  # others have nearly the same name: somebody says whether it is another one
    REFUSED = "refused"
    MADE = "made"
    TAKEN_BACK = "taken_back"
    KEPT = "kept"  # not taken back: somebody has worked with it since


class EntryFault(StrEnum):
    """Why a row of a table of organisations is refused, beside `RowFault`."""

    NO_NAME = "no_name"
    NO_KEY = "no_key"
    CODE_LENGTH = "code_length"
    CODE_CHARACTERS = "code_characters"
    CODE_AUTHORITY = "code_authority"
    CODE_CHECK = "code_check"
    TYPE = "type"
    NO_PROVINCE = "no_province"
    PROVINCE_OF_OTHERS = "province_of_others"
    NO_CONTACT = "no_contact"
    EMAIL = "email"
    CODE_USED = "code_used"
    NAME_USED = "name_used"
    EMAIL_USED = "email_used"


class RowRemark(StrEnum):
    """What of a row is not used, beside `tables.rows.Remark`."""

    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_TASK = "unknown_task"
    READ_AS = "read_as"
    UNKNOWN_NUMBER = "unknown_number"
    MORE_THAN_FIT = "more_than_fit"
    RESOURCE_TOLD = "resource_told"
    OTHER_RESOURCE = "other_resource"
    CODE_OF_OTHERS = "code_of_others"  # the code was given in another province
