"""Hundreds of visitors who keep their connections, for minutes, on each Python at hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.load import served, visit
from matchmaker.paths import ROOT

pytestmark = pytest.mark.slow

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MINUTES, VISITORS, MOST_VISITORS = 10, 200, 600
MOST_GROWTH = 0.05


@pytest.fixture(params=PYTHONS)
def python(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An interpreter of the version with matchmaker's libraries; this one if it fits."""
    if sys.version.startswith(f"{request.param}."):
        return sys.executable
    found = interpreter(request.param)
    if found is None:
        pytest.skip(f"there is no Python {request.param} on this machine")
    place = f"VENV={tmp_path / 'venv'}"
    subprocess.run(
        ["make", f"PYTHON={found}", place, tmp_path / "venv" / ".run"], cwd=ROOT, check=True
    )
    return str(tmp_path / "venv" / "bin" / "python")


def interpreter(version: str) -> str | None:
    """The path of an interpreter of the version that can be started, if there is one."""
    found = subprocess.run(
        ["sh", ROOT / "tests" / "find-python", version], check=False, capture_output=True, text=True
    )
    return found.stdout.strip() or None


def test_no_process_dies_and_memory_stays_as_it_is(python: str, tmp_path: Path) -> None:
    with served(tmp_path / "home", python) as site:
        report = visit(site, VISITORS, MINUTES * 60)
    assert (report.deaths, dict(report.cut_off), set(report.answers)) == ([], {}, {200})
    assert max(report.growth().values()) <= MOST_GROWTH


def test_of_too_many_visitors_none_is_cut_off(tmp_path: Path) -> None:
    with served(tmp_path / "home") as site:
        report = visit(site, MOST_VISITORS, MINUTES * 60)
    assert (report.deaths, dict(report.cut_off)) == ([], {})
    assert set(report.answers) <= {200, 503}
