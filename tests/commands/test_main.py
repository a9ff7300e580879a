"""The command in a folder of its own: as a process of its own where that is the point."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from matchmaker.audit.anchors import as_line
from matchmaker.audit.rules import key_from, make_anchor
from matchmaker.commands.main import main, warn_of_proxy
from matchmaker.config import Settings
from matchmaker.notices.letter import message_id
from matchmaker.paths import ROOT
from tests.notices.test_bounces import ID, POSTFIX, WORDS

SECRET = "k9vJw2Qx7LmZp4TsRb8NcYd3HfGa6EuW"
Run = subprocess.CompletedProcess[str]


class Machine:
    """A folder with its own home, where `matchmaker …` is run."""

    def __init__(self, folder: Path, code: Path = ROOT) -> None:
        self.folder, self.code = folder, code

    def settings(self, told: Mapping[str, str]) -> dict[str, str]:
        own = {"MATCHMAKER_HOME": str(self.folder / "home"), "MATCHMAKER_SECRET_KEY": SECRET}
        return own | dict(told)

    def run(self, *words: str, typed: str = "", **settings: str) -> Run:
        """Run the command as a process of its own."""
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")
        }
        environ |= {"PYTHONPATH": str(self.code), **self.settings(settings)}
        return subprocess.run(
            [sys.executable, "-m", "matchmaker", *words],
            input=typed,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environ,
            timeout=120,
        )

    def run_here(self, *words: str, typed: str = "", **settings: str) -> Result:
        """Run the command in this process, which has imported everything already."""
        environ: dict[str, str | None] = {
            name: None for name in os.environ if name.startswith("MATCHMAKER_")
        }
        environ |= self.settings(settings)
        mask = os.umask(0)
        os.umask(mask)
        try:
            with contextlib.chdir(self.folder):
                done = CliRunner().invoke(main, words, input=typed, env=environ)
        finally:
            os.umask(mask)  # the command lets nobody else read what it writes
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "home" / "matchmaker.sqlite") as connection:
            rows = connection.execute(statement).fetchall()
        connection.close()
        return rows


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


ADMINISTRATOR = ("--email", "ana@example.org", "--name", "Ana", "--password", "correct-horse-7")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """An empty installation whose administrator typed the answers."""
    machine = Machine(tmp_path_factory.mktemp("first"))
    done = machine.run("init", typed="ana@example.org\nAna\ncorrect-horse-7\ncorrect-horse-7\n")
    assert done.returncode == 0, done.stderr
    return machine


@pytest.fixture
def installed(machine: Machine, first: Machine) -> Machine:
    """A copy of the first installation."""
    shutil.copytree(first.folder / "home", machine.folder / "home")
    return machine


def test_init_makes_an_empty_installation_with_its_first_administrator(first: Machine) -> None:
    assert first.sql("SELECT email FROM users") == [("ana@example.org",)]
    assert first.sql("SELECT role FROM staff_roles") == [("administrator",)]
    assert first.sql("SELECT count(*) FROM key_tasks") == [(20,)]
    assert first.sql("SELECT count(*) FROM organisations") == [(0,)]


def test_nobody_else_on_the_machine_reads_what_is_stored(first: Machine) -> None:
    home = first.folder / "home"
    modes = {path: path.stat().st_mode & 0o777 for path in (home, *home.rglob("*"))}
    wrong = {path for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)}
    assert (home / "matchmaker.sqlite") in modes
    assert wrong == set()


def test_a_home_that_others_could_read_is_closed(installed: Machine) -> None:
    home = installed.folder / "home"
    home.chmod(0o755)
    installed.run_here("migrate")
    assert home.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("words", [("init", *ADMINISTRATOR), ("migrate",), ("plan", "load")])
def test_what_writes_the_log_needs_the_secret_that_seals_it(
    machine: Machine, words: tuple[str, ...]
) -> None:
    done = machine.run(*words, MATCHMAKER_SECRET_KEY="")
    assert done.returncode == 1
    assert "MATCHMAKER_SECRET_KEY is missing or weak" in done.stderr


def test_init_refuses_a_weak_password_and_leaves_nobody_behind(machine: Machine) -> None:
    done = machine.run_here(
        "init", "--email", "ana@example.org", "--name", "Ana", "--password", "short"
    )
    assert done.exit_code != 0
    assert "password" in done.stderr.lower()
    assert machine.sql("SELECT count(*) FROM users") == [(0,)]


@pytest.mark.parametrize("secret", ["", "changeme", "a" * 40])
def test_a_production_start_refuses_a_missing_or_weak_secret(machine: Machine, secret: str) -> None:
    done = machine.run("serve", MATCHMAKER_SECRET_KEY=secret)
    assert done.returncode == 1
    assert "MATCHMAKER_SECRET_KEY is missing or weak" in done.stderr


def test_a_production_start_refuses_a_database_that_was_not_migrated(machine: Machine) -> None:
    done = machine.run("serve", MATCHMAKER_SECRET_KEY=SECRET)
    assert done.returncode == 1
    assert "matchmaker migrate" in done.stderr


def test_plans_load_once(machine: Machine) -> None:
    machine.run_here("migrate")
    assert machine.run_here("plan", "load").stdout.startswith("Loaded")
    assert machine.run_here("plan", "load").stdout.startswith("Already there")


def test_a_file_that_is_no_plan_is_refused_with_a_sentence(installed: Machine) -> None:
    (installed.folder / "plan.yaml").write_text("colour: red")
    done = installed.run_here("plan", "load", "plan.yaml")
    assert done.exit_code == 1
    assert "not a plan" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_audit_log_is_verified_and_tampering_found(installed: Machine) -> None:
    whole = "The audit log is whole; anchors compared: 0.\n"
    assert installed.run_here("audit", "verify").stdout == whole
    installed.sql("UPDATE audit_records SET actor_name = 'Eva' WHERE id = 1")
    done = installed.run_here("audit", "verify")
    assert (done.exit_code, done.stderr) == (
        1,
        "Broken at record 1: it was altered, removed or put in.\n",
    )


def test_a_log_is_compared_with_anchors_kept_elsewhere(installed: Machine) -> None:
    at, number, hash_ = datetime(2026, 5, 1, tzinfo=UTC), 2, "f" * 64
    anchor = as_line(make_anchor(key_from(SECRET), at, number, hash_))
    kept = installed.folder / "kept.jsonl"
    kept.write_text(json.dumps(anchor | {"event": "audit.anchor"}))
    done = installed.run_here("audit", "verify", "--anchors", str(kept))
    assert done.stderr == "Broken at record 2: it is another one than was anchored.\n"
    kept.write_text("no anchor")
    done = installed.run_here("audit", "verify", "--anchors", str(kept))
    assert done.stderr == f"Error: {kept}: line 1 is not an anchor.\n"


def test_a_log_sealed_with_another_secret_is_not_taken_for_ours(installed: Machine) -> None:
    done = installed.run_here("audit", "verify", MATCHMAKER_SECRET_KEY=SECRET[::-1])
    assert done.stderr.startswith("Broken at record 1: it is not sealed with this secret key")
    both = {"MATCHMAKER_SECRET_KEY": SECRET[::-1], "MATCHMAKER_OLD_SECRET_KEYS": SECRET}
    assert installed.run_here("audit", "verify", **both).exit_code == 0


def test_the_search_index_can_be_written_anew(installed: Machine) -> None:
    assert installed.run_here("reindex").stdout == "Indexed 0 listings.\n"


def test_the_readme_names_every_command() -> None:
    named = set(re.findall(r"^\| `matchmaker (\w+)", (ROOT / "README.md").read_text(), re.M))
    assert named == set(main.list_commands(click.Context(main)))


def test_an_unknown_setting_is_named(machine: Machine) -> None:
    done = machine.run("migrate", MATCHMAKER_COLOUR="red")
    assert done.returncode == 1
    assert done.stderr == "Error: MATCHMAKER_COLOUR is not a setting of matchmaker\n"


@pytest.mark.parametrize("command", ["serve", "worker", "demo", "rematch"])
def test_an_encoder_that_is_not_there_is_said_at_the_start(machine: Machine, command: str) -> None:
    done = machine.run(command, MATCHMAKER_SECRET_KEY=SECRET, MATCHMAKER_ENCODER="models/e5")
    assert done.returncode == 2
    assert done.stderr == "Error: MATCHMAKER_ENCODER: there is no folder models/e5\n"
    assert not (machine.folder / "home" / "matchmaker.sqlite").exists()


def test_the_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    machine = Machine(tmp_path, code=site)
    done = machine.run("init", *ADMINISTRATOR)
    assert done.returncode == 0, done.stderr
    assert machine.sql("SELECT count(*) FROM key_tasks") == [(20,)]
    for part in (
        "templates/base.html",
        "migrations/env.py",
        "seed_data/demo",
        "seed_data/codelists.yaml",
    ):
        assert (site / "matchmaker" / "bundled" / part).exists()
    for language in ("zh_Hans", "es"):
        assert (
            site / "matchmaker" / "translations" / language / "LC_MESSAGES" / "messages.mo"
        ).exists()


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_taken_port_is_said_before_anything_is_begun(machine: Machine, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        done = machine.run(command, "--port", str(port), MATCHMAKER_SECRET_KEY=SECRET)
    assert done.returncode == 1
    assert re.fullmatch(
        rf"Error: Port {port} is in use\. Port (\d+) is free: .*matchmaker {command} --port \1\n",
        done.stderr,
    )
    assert not (machine.folder / "home").exists()


def test_make_run_takes_a_port() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "run", "PORT=8123"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "-m matchmaker demo --port 8123\n" in told.stdout


def test_a_bounce_is_noted(installed: Machine) -> None:
    settings = Settings(secret_key=SECRET, mail_from="matchmaker@example.org")
    installed.sql(
        "INSERT INTO outbox_mails (id, recipient, language, kind, params, path, frequency,"
        " created_at, bundle_id, sent_at, attempts, next_attempt_at, last_error) VALUES"
        " (7, 'gone@example.com', 'en', 'account.exists', '{}', '', 'at_once', '2026-11-23', 7,"
        " '2026-11-23', 1, '2026-11-23', '')"
    )
    for identifier, answer in (
        (message_id(settings, 7), "Recorded."),
        (message_id(settings, 7), "It is known already, or no longer kept."),
        ("<outbox-7@example.org>", "This is no report of a mail that was sent from here."),
    ):
        said = installed.run_here(
            "bounce", typed=POSTFIX.replace(ID, identifier), MATCHMAKER_SECRET_KEY=SECRET
        )
        assert (said.exit_code, said.stdout.strip()) == (0, answer)
    assert installed.sql("SELECT last_error FROM outbox_mails") == [(WORDS,)]


@pytest.mark.parametrize(
    ("base_url", "proxies", "warned"),
    [
        ("https://match.example.org", 0, True),
        ("https://match.example.org", 1, False),
        ("http://127.0.0.1:8000", 0, False),
    ],
)
def test_a_proxy_that_was_not_declared_is_asked_for(
    base_url: str, proxies: int, warned: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    warn_of_proxy(Settings(base_url=base_url, proxies=proxies))
    assert ("Set MATCHMAKER_PROXIES=1" in capsys.readouterr().err) is warned


def test_a_lost_app_is_removed(machine: Machine) -> None:
    settings = {"MATCHMAKER_SECRET_KEY": SECRET}
    words = ["--email", "root@example.org", "--name", "Root", "--password", "a lake in winter"]
    assert machine.run_here("init", *words, **settings).exit_code == 0
    with sqlite3.connect(machine.folder / "home" / "matchmaker.sqlite") as connection:
        connection.execute("INSERT INTO second_factors VALUES (1, 'A', '2026-01-01', 0)")
    connection.close()
    done = machine.run_here("account", "remove-app", "Root@example.org", **settings)
    assert done.exit_code == 0, done.stderr
    assert machine.sql("SELECT count(*) FROM second_factors") == [(0,)]
    assert machine.sql("SELECT kind FROM outbox_mails") == [("account.factor_reset",)]
    again = machine.run_here("account", "remove-app", "root@example.org", **settings)
    assert "No authenticator app is set up." in again.stderr
    unknown = machine.run_here("account", "remove-app", "eve@example.org", **settings)
    assert "There is no account with the address eve@example.org." in unknown.stderr
