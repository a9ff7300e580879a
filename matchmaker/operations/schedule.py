"""When the worker runs which job."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from matchmaker.db import day_of

EVERY_MINUTE = (
    "tend_meetings",
    "deliver_mail",
    "report_undelivered",
    "keep_search_snapshot",
    "work_on_imports",
    "refresh_suggestions",
    "measure_quality",
    "keep_kernels",
    "remove_files",
)
EVERY_NIGHT = (
    "anchor_audit",
    "make_backup",
    "lapse_verifications",
    "warn_of_lapses",
    "expire_listings",
    "remind_writers",
    "expire_matches",
    "keep_clocks",
    "tell_overdue_milestones",
    "remind_of_deadlines",
    "tell_finds",
    "ask_how_it_goes",
    "forget_sessions",
    "forget_uses",
    "forget_imports",
    "forget_untaken",
    "forget_stray_files",
    "forget_old_data",
    "forget_security_events",
    "renew_search_snapshot",
    "verify_suggestions",
)
NIGHT_BEGINS = timedelta(hours=2, minutes=10)  # after midnight in China

# After how long without a good run a job is late: a long run holds up what is due each minute.
LATE_AFTER = {
    **dict.fromkeys(EVERY_MINUTE, timedelta(minutes=15)),
    **dict.fromkeys(EVERY_NIGHT, timedelta(hours=26)),
}


def last_night(at: datetime) -> date:
    """The day in China whose night's jobs were due last."""
    return day_of(at - NIGHT_BEGINS)
