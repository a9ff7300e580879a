"""A large index takes the compiled search over when somebody has compiled it, and never waits."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from matchmaker.engine.index import Index, loading, plain, ready, serving
from matchmaker.engine.index import compile as kernels
from tests.engine.index.test_snapshot import QUERY, filled


@pytest.fixture(autouse=True)
def by_compiled(compiled: serving.Search, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin with scipy; what is compiled is found quickly."""
    serving.use(None)
    monkeypatch.setattr(serving, "_looking", True)
    monkeypatch.setattr(serving, "_has_given_up", False)
    monkeypatch.setattr(serving, "COMPILED_FROM", 100)
    yield
    serving.use(None)


def finish() -> None:
    for thread in threading.enumerate():
        if thread.name == "kernels":
            thread.join()


@pytest.mark.parametrize(
    ("large", "is_ready", "taken"),
    [(100, True, True), (100, False, False), (102, True, False), (102, False, False)],
)
def test_who_takes_the_kernels_over(
    monkeypatch: pytest.MonkeyPatch, large: int, is_ready: bool, taken: bool
) -> None:
    monkeypatch.setattr(serving, "COMPILED_FROM", large)
    monkeypatch.setattr(ready, "is_ready", lambda: is_ready)
    index = filled()
    before = index.top(*QUERY, 5)
    finish()
    assert serving.is_compiled() is taken
    for ours, theirs in zip(before, index.top(*QUERY, 5), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_no_search_waits_for_them_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(serving, "load", lambda: gate.wait(60) and serving.use(ready))  # type: ignore[arg-type]
    index = filled()
    found = [index.top(*QUERY, 1)[0].tolist() for _ in range(3)]
    assert (found, serving.is_compiled()) == ([[200]] * 3, False)
    gate.set()
    finish()
    assert serving.is_compiled()


@pytest.mark.parametrize("error", [ImportError("no LLVM"), RuntimeError("no locator available")])
def test_kernels_that_cannot_be_loaded_are_named_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(loading, "warm", fail)
    index = filled()
    for _ in range(3):
        assert index.top(*QUERY, 1)[0].tolist() == [200]
        finish()
    assert not kernels.make_ready()
    assert [str(error) in message for message in caplog.messages] == [True]


@pytest.mark.parametrize("large", [100, 102])
def test_preparing_loads_them_or_what_scipy_needs(
    monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(serving, "COMPILED_FROM", large)
    index = filled()
    index.prepare(wait=True)
    assert serving.is_compiled() is (large == 100)
    assert len(plain._transposed) == (0 if large == 100 else 2)


def test_segments_opened_again_share_what_scipy_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "COMPILED_FROM", 1000)
    filled().save(tmp_path, "v")
    first, second = Index.open(tmp_path, "v"), Index.open(tmp_path, "v")
    first.prepare()
    second.prepare()
    kept = [plain._transposed[index._state.segments[0].segment] for index in (first, second)]
    assert kept[0] is kept[1]


def test_a_mark_counts_while_all_files_it_names_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    ready._name.cache_clear()
    files = [tmp_path / "a.nbc", tmp_path / "b.nbi"]
    seen = [ready.is_ready()]
    for file in files:
        file.touch()
    ready.note(files)
    seen.append(ready.is_ready())
    files[0].unlink()
    seen.append(ready.is_ready())
    next((tmp_path / "cache").glob("*.ready")).write_text("[")
    seen.append(ready.is_ready())
    monkeypatch.undo()
    ready._name.cache_clear()
    assert seen == [False, True, False, False]


@pytest.mark.parametrize("other", ["source", "processor", "version", "setting"])
def test_a_mark_is_good_for_one_processor_one_version_and_one_source(
    monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    before = ready._name()
    if other == "source":
        monkeypatch.setattr(ready, "SOURCES", ("forward",))
    elif other == "processor":
        monkeypatch.setattr(ready, "_processor", lambda: "another")
    elif other == "version":
        monkeypatch.setattr(ready, "version", lambda _: "0")
    else:
        monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    ready._name.cache_clear()
    after = ready._name()
    ready._name.cache_clear()
    assert before != after


@pytest.mark.parametrize("end", ["", "os.kill(os.getpid(), 9)"])
def test_of_several_one_compiles_and_one_that_dies_lets_the_next(tmp_path: Path, end: str) -> None:
    script = f"""
import os, sys
from matchmaker.engine.index import ready
print("waits", flush=True)
with ready.one_at_a_time():
    print("in", flush=True)
    sys.stdin.readline()
    {end}
"""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    with start() as first:
        assert [first.stdout.readline() for _ in range(2)] == ["waits\n", "in\n"]
        with start() as second:
            assert second.stdout.readline() == "waits\n"
            assert not select.select([second.stdout], [], [], 0.3)[0]
            first.communicate("\n", timeout=60)
            assert second.communicate("\n", timeout=60)[0] == "in\n"


def test_compiling_again_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ready.is_ready()
    monkeypatch.setattr(ready, "one_at_a_time", None)
    assert kernels.make_ready()
    assert serving.is_compiled()
    assert kernels.make_ready()
