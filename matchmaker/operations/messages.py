"""The words for jobs and for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.operations.states import JobState, Trouble

JOBS: Mapping[str, Any] = {
    "tend_meetings": _l("Remind of meetings"),
    "deliver_mail": _l("Deliver mail"),
    "report_undelivered": _l("Report undelivered mail"),
    "keep_search_snapshot": _l("Keep the search index on disk"),
    "refresh_suggestions": _l("Find partners for what has changed"),
    "measure_quality": _l("Measure the quality of suggestions where asked"),
    "keep_kernels": _l("Compile the search"),
    "anchor_audit": _l("Anchor the audit log"),
    "make_backup": _l("Back up"),
    "lapse_verifications": _l("Let verifications lapse"),
    "warn_of_lapses": _l("Warn about verifications that end soon"),
    "expire_listings": _l("Take down listings past their deadline"),
    "expire_matches": _l("End matches that nobody answered"),
    "keep_clocks": _l("Remind both sides of matches without news"),
    "tell_overdue_milestones": _l("Report overdue milestones"),
    "ask_how_it_goes": _l("Ask both sides about progress after 30, 90 and 365 days"),
    "remind_writers": _l("Remind writers of listings that end or were not confirmed"),
    "remind_of_deadlines": _l("Remind watchers of a listing's deadline"),
    "tell_finds": _l("Report new results of saved searches"),
    "forget_sessions": _l("Delete old sessions"),
    "forget_old_data": _l("Delete personal data whose time is up"),
    "forget_security_events": _l("Delete old security events"),
    "work_on_imports": _l("Process the rows of imported tables"),
    "forget_imports": _l("Delete the rows of old tables"),
    "forget_untaken": _l("Delete organisations that nobody took over"),
    "forget_uses": _l("Delete old rate-limit counts"),
    "remove_files": _l("Remove deleted files"),
    "forget_stray_files": _l("Remove files that were never used"),
    "renew_search_snapshot": _l("Write the search index again"),
    "verify_suggestions": _l("Find everybody's partners again"),
}
STATES: Mapping[JobState, Any] = {
    JobState.GOOD: _l("OK"),
    JobState.FAILED: _l("failed"),
    JobState.LATE: _l("late"),
    JobState.NEVER: _l("not run yet"),
}
TROUBLES: Mapping[Trouble, Any] = {
    Trouble.NO_DATABASE: _l("The database does not answer."),
    Trouble.NOT_MIGRATED: _l("The database is not at this release's revision."),
    Trouble.DISK_FULL: _l("The disk is full or almost full: soon nothing can be stored."),
    Trouble.WORKER_SILENT: _l(
        "The worker is not responding: no mail is sent and no partners are found."
    ),
}
