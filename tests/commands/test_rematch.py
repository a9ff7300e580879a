"""`matchmaker rematch`, as a process of its own on the tests' SQLite database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.recommendation.models import Suggestion
from matchmaker.services import services
from tests.commands.test_main import SECRET, Machine, Run
from tests.factories import capability, need


@pytest.fixture
def pair(session: Session) -> tuple[int, int]:
    asking, offering = (
        need(language="en", title="Lithium brine"),
        capability(language="en", title="Lithium from brine"),
    )
    capability(language="en", title="Violins")
    return asking.id, offering.id


def rematch(app: Flask, folder: Path, *words: str) -> Run:
    return Machine(folder).run(
        "rematch", *words, MATCHMAKER_HOME=str(services(app).settings.home_path)
    )


def best(session: Session) -> tuple[int, int]:
    session.expire_all()
    found = session.scalars(select(Suggestion).order_by(Suggestion.score.desc())).first()
    assert found is not None
    pair = found.need_id, found.capability_id
    session.commit()  # the command needs the database for itself
    return pair


def test_partners_are_found_though_nothing_is_due(
    app: Flask, session: Session, tmp_path: Path, pair: tuple[int, int]
) -> None:
    done = rematch(app, tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "Suggestions written: 2; removed: 0; the others stand as they were.",
    )
    assert best(session) == pair
    assert "written: 0;" in rematch(app, tmp_path).stdout


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://127.0.0.1:9", "No Dask scheduler answers at tcp://127.0.0.1:9."),
        ("nonsense://x", "No Dask scheduler answers at nonsense://x."),
    ],
)
@pytest.mark.slow  # it waits for an answer
def test_an_address_where_nobody_answers_is_told(
    app: Flask, tmp_path: Path, address: str, told: str
) -> None:
    done = rematch(app, tmp_path, "--scheduler", address)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with one worker, both processes of their own."""
    from distributed import LocalCluster  # noqa: PLC0415  # few tests need a cluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_finds_the_same(
    app: Flask, session: Session, tmp_path: Path, pair: tuple[int, int], scheduler: Any
) -> None:
    done = rematch(app, tmp_path, "--scheduler", scheduler)
    assert "written: 2; removed: 0" in done.stdout, done.stderr
    reasons = session.scalars(select(Suggestion.reasons).where(Suggestion.need_id == pair[0])).all()
    assert any(reason["kind"] == "term" for reasons_of_one in reasons for reason in reasons_of_one)
    assert best(session) == pair
    assert "written: 0;" in rematch(app, tmp_path).stdout, (
        "this process finds them as the cluster has"
    )


def test_without_the_extra_a_sentence_says_what_to_install(app: Flask, tmp_path: Path) -> None:
    home = str(services(app).settings.home_path)
    script = (
        "import sys; sys.modules['distributed'] = None\n"
        "from matchmaker.commands.main import main; "
        "sys.argv = ['matchmaker', 'rematch', '--scheduler', 'tcp://x:1']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={"MATCHMAKER_HOME": home, "MATCHMAKER_SECRET_KEY": SECRET, "PATH": ""},
    )
    assert "pip install 'matchmaker[scale]'" in done.stderr
