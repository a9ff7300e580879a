"""/admin/operations and /metrics."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from matchmaker import home
from matchmaker.db import now
from matchmaker.notices.models import OutboxMail
from matchmaker.operations.service import note_beat, note_run
from matchmaker.pages.operations import facts
from matchmaker.services import services
from tests import factories
from tests.client import PageClient

TOKEN = {"Authorization": "Bearer a-token-for-tests"}


@pytest.fixture
def admin(client: PageClient) -> PageClient:
    return client.sign_in(factories.staff("administrator"))


def beat(session: Session) -> None:
    note_beat(session, "host-of-the-worker", 4711, now())
    session.commit()


def mail(session: Session, attempts: int, error: str, **fields: object) -> None:
    values = {"recipient": "ana@example.org", "language": "zh", "kind": "account.reset"}
    session.add(
        OutboxMail(
            **{**values, **fields},
            params={},
            path="/",
            created_at=now(),
            next_attempt_at=now(),
            attempts=attempts,
            last_error=error,
        )
    )
    session.commit()


@pytest.mark.both_databases
def test_a_site_that_works_is_called_so(admin: PageClient, session: Session) -> None:
    beat(session)
    note_run(session, "deliver_mail", 1.25, result=7)
    session.commit()
    text = admin.page("/admin/operations").text
    assert "Everything runs as it should." in text
    assert "host-of-the-worker, process 4711" in text
    assert "Deliver mail each minute OK" in text
    assert "not set up" in text


def test_what_is_wrong_stands_first(
    admin: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "free_space", lambda _: 0)
    note_run(session, "make_backup", 1.0, error=OSError("No space left on device"))
    mail(session, 12, "550 mailbox unknown", given_up_at=now())
    text = admin.page("/admin/operations").text
    assert "Everything runs" not in text
    assert "The worker is not responding" in text
    assert "The disk is full" in text
    assert "Back up: failed OSError: No space left on device" in text
    assert "1 mail was given up" in text
    assert "ana@example.org account.reset 12 550 mailbox unknown" in text


@pytest.mark.both_databases
def test_mails_are_counted_by_how_they_stand(admin: PageClient, session: Session) -> None:
    mail(session, 0, "")
    mail(session, 2, "OSError: no route")
    mail(session, 3, "OSError: no route")
    mail(session, 12, "OSError: no route", given_up_at=now())
    mail(session, 1, "", sent_at=now())
    mail(session, 1, "550 came back", sent_at=now(), given_up_at=now())
    text = admin.page("/admin/operations").text
    assert "Waiting: 1 · refused so far: 2 · given up: 2" in text


@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_the_page_is_told_in_each_language(
    admin: PageClient, session: Session, language: str
) -> None:
    beat(session)
    mail(session, 12, "OSError: no route", given_up_at=now())
    note_run(session, "make_backup", 1.0, error=OSError("no"))
    session.commit()
    admin.speak(language).page("/admin/operations")


def test_slow_pages_are_named_by_their_pattern(
    admin: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "SLOW_SHOWN", 1000)  # other tests have counted their pages too
    admin.page("/admin/operations")
    assert "GET /admin/operations" in admin.page("/admin/operations").text


@pytest.mark.both_databases
def test_figures_are_given_to_who_has_the_token(
    app: Flask, client: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(services(app).settings, metrics_token="a-token-for-tests")
    monkeypatch.setattr(services(app), "settings", settings)
    beat(session)
    mail(session, 12, "OSError: no route", given_up_at=now())
    note_run(session, "make_backup", 3.0, error=OSError("no"))
    session.commit()
    client.page("/plan")
    answer = client.get("/metrics", headers=TOKEN)
    figures = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert figures["matchmaker_ready",] == 1
    assert figures["matchmaker_mails", "given_up"] == 1
    assert figures["matchmaker_job_good", "make_backup"] == 0
    assert figures["matchmaker_job_seconds", "make_backup"] == 3.0
    assert figures["matchmaker_worker_seen_seconds",] < 60
    assert figures["matchmaker_page_seconds_count", "GET", "/plan"] >= 1
    assert figures["matchmaker_answers_total", "200"] >= 1


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        ("", {}, 404),
        ("", {"Authorization": "Bearer "}, 404),
        ("a-token-for-tests", {}, 401),
        ("a-token-for-tests", {"Authorization": "Bearer a-token-for-guess"}, 401),
        ("a-token-for-tests", {"Authorization": "Bearer \xe9"}, 401),
        ("a-token-for-tests", TOKEN, 200),
    ],
)
def test_nobody_else_is_given_figures(
    app: Flask,
    client: PageClient,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    given: dict[str, str],
    status: int,
) -> None:
    monkeypatch.setattr(
        services(app), "settings", replace(services(app).settings, metrics_token=token)
    )
    assert client.get("/metrics", headers=given).status_code == status


def test_a_backup_is_shown_with_its_age(
    app: Flask, admin: PageClient, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("nights")
    (folder / "matchmaker-20260501-120000.tar.gz").write_bytes(b"0" * 3 * 2**20)
    settings = replace(services(app).settings, backup_folder=str(folder))
    monkeypatch.setattr(services(app), "settings", settings)
    assert "(3 MiB)" in admin.page("/admin/operations").text
    figures = admin.get("/metrics", headers=TOKEN).text
    assert "matchmaker_backup_age_seconds" in figures


@pytest.mark.parametrize("late", [timedelta(minutes=5), timedelta(minutes=30)])
def test_a_job_that_should_have_run_is_called_late(
    admin: PageClient, session: Session, late: timedelta
) -> None:
    beat(session)
    note_run(session, "deliver_mail", 1.0, at=now() - late)
    session.commit()
    is_late = "Deliver mail: late" in admin.page("/admin/operations").text
    assert is_late is (late > timedelta(minutes=15))
