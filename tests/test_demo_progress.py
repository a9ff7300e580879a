"""Progress is one line on a terminal, a line for every ten percent elsewhere."""

from __future__ import annotations

import io

import pytest

from matchmaker.demo.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, told: list[tuple[int, str]]) -> str:
    line = ProgressLine("Filling", stream)
    for percent, doing in told:
        line(percent, doing)
    return stream.getvalue()


def test_every_ten_percent_is_a_line_on_a_pipe() -> None:
    told = [(percent, "reading" if percent < 50 else "matching") for percent in range(101)]
    lines = shown(io.StringIO(), told).splitlines()
    assert lines == [
        f"Filling: {p} %, {'reading' if p < 50 else 'matching'}" for p in range(0, 101, 10)
    ]


def test_a_leap_is_one_line() -> None:
    assert shown(io.StringIO(), [(0, "a"), (37, "b"), (38, "b"), (100, "c")]).splitlines() == [
        "Filling: 0 %, a",
        "Filling: 30 %, b",
        "Filling: 100 %, c",
    ]


def test_a_terminal_has_one_line_that_fills_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = shown(Terminal(), [(0, "reading"), (50, "matching"), (50, "matching"), (100, "done")])
    assert text.count("\n") == 1
    assert text.endswith("\n")
    states = text.rstrip("\n").split("\r")[1:]
    assert [state.rstrip() for state in states] == [
        f"Filling [{'-' * 24}]   0 %  reading",
        f"Filling [{'#' * 12}{'-' * 12}]  50 %  matching",
        f"Filling [{'#' * 24}] 100 %  done",
    ]
    assert {len(state) for state in states} == {59}


def test_a_narrow_terminal_keeps_to_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert (
        shown(Terminal(), [(10, "finding suggested partners")]) == f"\rFilling [{'#' * 2}{'-' * 8}"
    )
