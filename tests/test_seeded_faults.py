"""Faults put in on purpose, one by one, into a copy of the product: the tests named must notice.

A copy without a fault must pass them all, so that a catch is one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from matchmaker.paths import ROOT

COPIED = ("matchmaker", "templates", "migrations", "seed_data", "tests", "pyproject.toml")
LINKED = Path("matchmaker/engine/data")  # large, and no fault is put in there
CAUGHT, PASSED = 1, 0  # how pytest ends
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Fault:
    """A change of one line in a file below `matchmaker/`, and the tests that notice it."""

    file: str
    right: str
    wrong: str
    noticed_by: str


FAULTS = {
    "guard lets everybody in": Fault(
        "web/guards.py",
        "if (load and subject is None) or not rule.allows(actor, subject):",
        "if load and subject is None:",
        "test_routes.py::test_everybody_else_finds_no_such_page[sqlite-listings.life.pause POST]",
    ),
    "viewers write": Fault(
        "permissions.py",
        '"listing.edit": Rule(WRITES)',
        '"listing.edit": Rule(OWN)',
        "test_routes.py::test_everybody_else_finds_no_such_page[sqlite-listings.life.pause POST]",
    ),
    "a party curates its own pair": Fault(
        "permissions.py",
        '"suggestion.curate": Rule(curator_between_others)',
        '"suggestion.curate": Rule(curator_of_either_side)',
        "curation/test_scope.py::test_suggestions_listed_are_those_that_may_be_decided_on",
    ),
    "an institution is believed about any address": Fault(
        "accounts/institution.py",
        "if email is None or not rules.speaks_for(domains, email):",
        "if email is None:",
        "pages/account/test_institution.py::test_others_are_told_that_there_is_no_account",
    ),
    "an officer needs no app at an institution": Fault(
        "accounts/institution.py",
        "if user.staff_roles and not queries.has_second_factor(session, user.id):",
        "if False:",
        "pages/account/test_institution.py::test_an_officer_without_an_app_is_not_let_in",
    ),
    "a tier raised": Fault(
        "listings/tiers.py",
        'return "members" if actor.is_member else "public"',
        'return "members"',
        "listings/test_tiers.py",
    ),
    "an annex without a promise": Fault(
        "listings/tiers.py",
        'return "confidential" if accepted else "matched"',
        'return "confidential"',
        "listings/test_tiers.py",
    ),
    "a promise for any annex": Fault(
        "cooperation/models.py",
        "return promise is not None and promise.annex_version == annex.annex_version",
        "return promise is not None",
        "cooperation/test_service.py::test_a_promise_is_for_the_annex_as_it_was",
    ),
    "a held pair goes on": Fault(
        "cooperation/rules.py",
        "if pair.is_held_back:",
        "if False:",
        "cooperation/test_rules.py::test_whether_a_pair_may_go_on",
    ),
    "contacts of a suspended organisation": Fault(
        "cooperation/models.py",
        "return self.status in MatchStatus.TOGETHER and self.are_organisations_shown",
        "return self.status in MatchStatus.TOGETHER",
        "cooperation/test_service.py::test_a_suspension_closes_contacts_at_once",
    ),
    "the second of two overwrites": Fault(
        "cooperation/service.py",
        "if version is not None and match.version != version:",
        "if False:",
        "cooperation/test_service.py::test_who_decides_on_an_old_page_is_told",
    ),
    "a move taken back though others moved": Fault(
        "cooperation/rules.py",
        "return own and last.version == version and MOVES[last.move].reversible",
        "return own and MOVES[last.move].reversible",
        "cooperation/test_moves.py::test_it_stands_once_somebody_has_moved_since",
    ),
    "two first words at once make two steps": Fault(
        "cooperation/service.py",
        'session.refresh(match, ["status", "version"], with_for_update=True)',
        "session.flush()",
        "cooperation/test_rounds.py::test_a_few_rounds[postgresql-two first words]",
    ),
    "a match never overdue": Fault(
        "cooperation/service.py",
        "if is_overdue(match.status, match.expires_on, day_of(at)):",
        "if False:",
        "cooperation/test_service.py::test_the_time_to_answer_ends_by_its_date",
    ),
    "an ended session is open": Fault(
        "accounts/queries.py",
        "UserSession.ended_at.is_(None),\n        UserSession.seen_at",
        "UserSession.seen_at",
        "pages/account/test_sign_in.py::test_a_copy_of_the_cookie_opens_nothing_after_signing_out",
    ),
    "an idle session is open": Fault(
        "accounts/queries.py",
        "UserSession.seen_at > at - lifetimes.idle",
        "UserSession.seen_at < at + lifetimes.idle",
        "pages/account/test_sessions.py::test_an_idle_session_ends",
    ),
    "a code counts twice": Fault(
        "accounts/factors.py",
        "if step > factor.last_step and compare_digest(",
        "if compare_digest(",
        "pages/account/test_factor.py::test_a_code_counts_once",
    ),
    "a mailed link works twice": Fault(
        "accounts/links.py",
        "if user is not None and _state(purpose, user) == state:",
        "if user is not None:",
        "pages/account/test_password_reset.py::test_the_link_works_once",
    ),
    "the password is never asked again": Fault(
        "web/guards.py",
        "return minutes > 0 and now() - proved_at > timedelta(minutes=minutes)",
        "return minutes > 0 and now() - proved_at < timedelta(minutes=-minutes)",
        "pages/account/test_prove.py::test_it_is_asked_for_after_a_while",
    ),
    "seals are not compared": Fault(
        "audit/rules.py",
        "return any(hmac.compare_digest(seal(key, *parts), given) for key in keys)",
        "return True",
        "audit/test_chain.py::test_a_forgery_that_is_linked_again_is_found",
    ),
    "the end of the audit log is not compared": Fault(
        "audit/rules.py",
        "if number != count or previous != head or number < max(anchored, default=0):",
        "if number != count:",
        "audit/test_chain.py::test_a_log_cut_off_or_emptied_is_found_by_its_anchor",
    ),
    "another site's form is taken": Fault(
        "web/security.py",
        "abort(403)",
        "pass",
        "web/test_security.py::test_a_write_from_another_site_is_refused",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product and its tests."""
    folder = tmp_path_factory.mktemp("seeded")
    for name in COPIED:
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, folder / name)
        else:
            ignored = shutil.ignore_patterns("__pycache__", "data" if name == "matchmaker" else "")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / LINKED).symlink_to(ROOT / LINKED)
    return folder


@contextmanager
def put_in(folder: Path, fault: Fault) -> Iterator[None]:
    file = folder / "matchmaker" / fault.file
    whole = file.read_text(encoding="utf-8")
    assert whole.count(fault.right) == 1, "the line to be changed is not there, or there twice"
    file.write_text(whole.replace(fault.right, fault.wrong), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(whole, encoding="utf-8")


def run(folder: Path, *tests: str) -> int:
    """How pytest ends in the copy: CAUGHT, PASSED or something else."""
    ids = [f"tests/{test}" for test in tests]
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", *ids]
    environment = {name: os.environ[name] for name in os.environ if not name.startswith("PYTEST")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=300)
    return done.returncode


def test_a_copy_without_a_fault_passes(copy: Path) -> None:
    assert run(copy, *{fault.noticed_by for fault in FAULTS.values()}) == PASSED


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_caught(copy: Path, name: str) -> None:
    with put_in(copy, FAULTS[name]):
        assert run(copy, FAULTS[name].noticed_by) == CAUGHT
